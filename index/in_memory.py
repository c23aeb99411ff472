"""An index that is never written down: for an article that is soon gone again."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from corpus.document import Document
from index.bm25 import LexicalIndex, lexical_settings
from index.embedding import Encoder, Progress
from index.faiss_store import FaissStore
from index.generation import Index, paragraph_texts


def index_in_memory(
    documents: Sequence[Document], encoder: Encoder, progress: Progress | None = None
) -> Index:
    """Return an index of `documents` without a folder; nothing touches the disk.

    `progress` is called with (encoded, to encode); what it raises ends the work.
    """
    wanted = tuple(documents)
    texts = paragraph_texts(wanted)
    return Index(
        documents=wanted,
        store=FaissStore.build(encoder.encode_paragraphs(texts, progress)),
        lexical=LexicalIndex.build(texts),
        model=encoder.identity,
        generation="",
        directory=Path(),
        made_with=lexical_settings(),
    )
