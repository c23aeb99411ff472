"""From a question to the passages that may answer it, best first."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from corpus.document import Document, Paragraph
from index.embedding import Encoder, Progress
from index.fusion import DENSE_WEIGHT, weighted_sum
from index.generation import Index
from index.in_memory import index_in_memory
from index.passage import BEFORE, Passage, lead_up

# What texts may say for the words of a question, and how alike it is (above 0, to 1).
Instead = Callable[[str], Mapping[str, Mapping[str, float]]]


class Retriever:
    """Dense and lexical search over one index, fused. Safe to share between threads."""

    def __init__(
        self,
        index: Index,
        encoder: Encoder,
        dense_weight: float = DENSE_WEIGHT,
        instead: Instead | None = None,
    ) -> None:
        """Search `index` with the encoder that made it; lexically also for what `instead` tells.

        Raises ValueError for another encoder (the cosine of two models' vectors means nothing) and
        for a weight outside 0 to 1.
        """
        if index.model != encoder.identity:
            raise ValueError(f"the index is of {index.model}, not of {encoder.identity}")
        if not 0 <= dense_weight <= 1:
            raise ValueError(f"dense_weight must lie between 0 and 1, not {dense_weight}")
        self.index = index
        self._encoder = encoder
        self._dense_weight = dense_weight
        self._instead = instead

    def over(self, documents: Sequence[Document], progress: Progress | None = None) -> Retriever:
        """Return a retriever over other documents, indexed in memory with the same encoder."""
        index = index_in_memory(documents, self._encoder, progress)
        return Retriever(index, self._encoder, self._dense_weight, self._instead)

    def retrieve(self, question: str, k: int = 6, document: str | None = None) -> list[Passage]:
        """Return at most `k` passages, best first; equal ones in the order of the index.

        `document` restricts the search to the document of that id; the scores are then
        standardised over its paragraphs. A blank question, an unknown document or an empty index
        finds nothing.
        """
        return self.retrieve_many([question], k, document)[0]

    def retrieve_many(
        self, questions: Sequence[str], k: int = 6, document: str | None = None
    ) -> list[list[Passage]]:
        """Return `retrieve` of each question, encoded together, which is faster.

        Questions of one batch are padded to one length, so scores may differ from those of single
        questions in the last digits.
        """
        rows = None if document is None else self.index.rows(document)
        searched = self.index.store.count if rows is None else len(rows)
        found: list[list[Passage]] = [[] for _ in questions]
        asked = [at for at, question in enumerate(questions) if question.strip()]
        if not asked or not searched or k <= 0:
            return found
        vectors = self._encoder.encode_questions([questions[at] for at in asked])
        for at, vector in zip(asked, vectors, strict=True):
            found[at] = self._best(questions[at], vector, k, rows)
        return found

    def _best(
        self, question: str, vector: NDArray[np.float32], k: int, rows: NDArray[np.int64] | None
    ) -> list[Passage]:
        index = self.index
        found, scores = index.store.search(vector, index.store.count, rows)
        reading_order = np.argsort(found)
        found, dense = found[reading_order], np.clip(scores[reading_order], -1.0, 1.0)
        lexical = index.lexical.scores(question)
        if self._instead is not None:
            lexical = lexical + index.lexical.scores_otherwise(self._instead(question))
        lexical = lexical[found]
        # Rounded: the row decides a tie, not the last bits of a sum. Adding 0 turns -0.0 into 0.0.
        fused = np.round(weighted_sum(dense, lexical, self._dense_weight), 6) + 0.0
        return [
            Passage(
                paragraph=index.paragraphs[found[at]],
                text=index.texts[found[at]],
                lead_up=self._lead_up(index.paragraphs[found[at]]),
                dense=float(dense[at]),
                lexical=float(lexical[at]),
                fused=float(fused[at]),
            )
            for at in np.argsort(-fused, kind="stable")[:k]
        ]

    def _lead_up(self, paragraph: Paragraph) -> str:
        document = self.index.document(paragraph.document)
        # No more than is wanted: a document may be megabytes long.
        near = document.text[max(0, paragraph.start - BEFORE) : paragraph.start]
        return lead_up(document.title, near)
