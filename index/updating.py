"""Bringing the index on disk up to date with the articles, encoding only what is new."""

from __future__ import annotations

import contextlib
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from corpus.document import Document
from index.bm25 import LexicalIndex, lexical_settings
from index.embedding import Encoder, EncoderError, Progress
from index.faiss_store import FaissStore
from index.generation import (
    Index,
    IndexFileError,
    has_leftovers,
    load_index,
    paragraph_texts,
    remove_leftovers,
    write_generation,
    writing,
)

# Another wenda that builds the same index is waited for this long, in seconds: two servers that
# start together on a new corpus share the work, as long as it takes.
_PATIENCE = 600.0


@dataclass(frozen=True, slots=True)
class IndexUpdate:
    """What an update found and did.

    `added`, `changed`, `removed` and `unchanged` are ids of documents, against the index as it
    stood (all are `added` where it could not be read). `encoded` counts the paragraph texts that
    went through the model. `reason` says in Chinese why what was there had to be built again, None
    when it had not. `index` is the current one, `generation` its name.
    """

    index: Index
    added: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]
    unchanged: tuple[str, ...]
    encoded: int
    reason: str | None
    generation: str


def update_index(
    documents: Sequence[Document],
    directory: Path,
    encoder: Encoder,
    *,
    rebuild: bool = False,
    progress: Progress | None = None,
) -> IndexUpdate:
    """Return an index of exactly `documents`, in their order, taking from `directory` what holds.

    Only paragraph texts that the index does not hold are encoded; `progress` is called with
    (encoded, to encode). When nothing changed nothing is written, no lock is taken and the model
    is not loaded, so that an index on a read-only disk serves. An index that is damaged, of an
    older format or of another model is built anew, and `reason` says so; `rebuild` encodes
    everything again in any case.

    Raises IndexFileError for an index of a newer format (never overwritten, not by `rebuild`
    either), one that another process keeps writing, or a folder that cannot be written;
    EncoderError for a model that does not give every text a unit vector; ValueError for two
    documents of one id.
    """
    wanted = tuple(documents)
    twice = [id for id, times in Counter(one.id for one in wanted).items() if times > 1]
    if twice:
        raise ValueError(f"documents must have ids of their own, {twice[0]!r} is there twice")
    plan = _plan(wanted, directory, encoder.identity, rebuild)
    if plan.old is None or not plan.holds:
        with writing(directory, _PATIENCE):
            # Looked at again: another process may just have done the work.
            plan = _plan(wanted, directory, encoder.identity, rebuild)
            if plan.old is None or not plan.holds:
                remove_leftovers(directory)
                return _carry_out(plan, directory, encoder, progress)
    if has_leftovers(directory):
        # Not at the price of this start: the disk may be read-only, or what looks left over may be
        # another process at work.
        with contextlib.suppress(IndexFileError), writing(directory, seconds=0):
            remove_leftovers(directory)
    return _update(plan, plan.old, encoded=0)


@dataclass(frozen=True, slots=True)
class _Plan:
    """What is wanted, what is there (None: nothing that can be read), and what it is good for."""

    wanted: tuple[Document, ...]
    old: Index | None
    vectors_hold: bool
    reason: str | None

    @property
    def holds(self) -> bool:
        """Whether the index that is there is the one that is wanted."""
        return self.old is not None and self.reason is None and self.old.documents == self.wanted


def _plan(wanted: tuple[Document, ...], directory: Path, model: str, rebuild: bool) -> _Plan:
    try:
        old = load_index(directory)
    except IndexFileError as error:
        if error.trouble in ("newer", "unusable"):
            raise
        reason = None if error.trouble == "missing" else _done(str(error))
        return _Plan(wanted, None, False, reason)
    if old.model != model:
        reason = f"索引来自另一个模型（{_short(old.model)}），现在是 {_short(model)}；已重建"
        return _Plan(wanted, old, False, reason)
    if rebuild:
        return _Plan(wanted, old, False, "按 --rebuild 全部重建")
    if dict(old.made_with) != lexical_settings():
        return _Plan(wanted, old, True, "词语索引是旧的切分法或参数；已重建（向量照旧）")
    return _Plan(wanted, old, True, None)


def _carry_out(
    plan: _Plan, directory: Path, encoder: Encoder, progress: Progress | None
) -> IndexUpdate:
    """Encode what is new and write a generation; the lock is held."""
    known: dict[str, NDArray[np.float32]] = {}
    if plan.old is not None and plan.vectors_hold:
        known = dict(zip(plan.old.texts, plan.old.store.vectors(), strict=True))
    texts = paragraph_texts(plan.wanted)
    missing = [text for text in dict.fromkeys(texts) if text not in known]
    if missing:
        known.update(zip(missing, _encode(encoder, missing, progress), strict=True))
    if texts:
        vectors = np.stack([known[text] for text in texts])
    else:  # no vector to take the dimension from, and no need to load a model for it
        vectors = np.zeros((0, 1), dtype=np.float32)
    index = write_generation(
        directory,
        plan.wanted,
        FaissStore.build(vectors),
        LexicalIndex.build(texts),
        encoder.identity,
    )
    return _update(plan, index, encoded=len(missing))


def _encode(encoder: Encoder, texts: list[str], progress: Progress | None) -> NDArray[np.float32]:
    vectors = encoder.encode_paragraphs(texts, progress)
    # Once written down they would spoil every answer, so a broken model is stopped here.
    norms = np.linalg.norm(vectors, axis=1) if vectors.ndim == 2 else np.zeros(0)
    if len(norms) != len(texts) or not np.allclose(norms, 1.0, atol=1e-3):
        raise EncoderError(
            f"模型 {_short(encoder.identity)}：没有给每个段落一个长度为 1 的向量；"
            "请用 WENDA_MODEL 指定另一个模型"
        )
    return vectors


def _update(plan: _Plan, index: Index, encoded: int) -> IndexUpdate:
    before = {} if plan.old is None else {one.id: one for one in plan.old.documents}
    now = {one.id: one for one in plan.wanted}
    return IndexUpdate(
        index=index,
        added=tuple(id for id in now if id not in before),
        changed=tuple(id for id in now if id in before and before[id] != now[id]),
        removed=tuple(id for id in before if id not in now),
        unchanged=tuple(id for id in now if before.get(id) == now[id]),
        encoded=encoded,
        reason=plan.reason,
        generation=index.generation,
    )


def _done(message: str) -> str:
    """Return a load error as the reason of a rebuild: what to do about it is done."""
    return f"{message.rpartition('；')[0]}；已重建"


def _short(identity: str) -> str:
    """Return an identity short enough for a message."""
    return re.sub(r"(sha256:[0-9a-f]{12})[0-9a-f]+", r"\1…", identity)
