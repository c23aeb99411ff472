"""An encoder without a model, and documents made by hand."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from corpus.document import Document, Paragraph, Section


class FakeEncoder:
    """Unit vectors drawn from a text's hash; counts what it is given.

    The same text gives the same vector whatever the batch, and different texts are about
    orthogonal: exactly the question "which paragraph is this?" answered.
    """

    def __init__(self, identity: str = "fake@1", dimension: int = 16, seconds: float = 0.0) -> None:
        self.identity = identity
        self.dimension = dimension
        self.seconds = seconds
        self.questions: list[str] = []
        self.paragraphs: list[str] = []

    def encode_questions(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.questions += texts
        return self._vectors(texts)

    def encode_paragraphs(
        self, texts: Sequence[str], progress: Callable[[int, int], None] | None = None
    ) -> NDArray[np.float32]:
        for done in range(len(texts)):
            time.sleep(self.seconds)
            if progress is not None:
                progress(done + 1, len(texts))
        self.paragraphs += texts
        return self._vectors(texts)

    def _vectors(self, texts: Sequence[str]) -> NDArray[np.float32]:
        vectors = np.empty((len(texts), self.dimension), np.float32)
        for row, text in enumerate(texts):
            digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()
            random = np.random.default_rng(int.from_bytes(digest[:8], "big"))
            vector = random.standard_normal(self.dimension)
            vectors[row] = vector / np.linalg.norm(vector)
        return vectors


def document(id: str, *texts: str, section: str | None = None) -> Document:
    """A document of these paragraphs, its title (the id) standing first in the text."""
    paragraphs, at = [], len(id)
    for number, text in enumerate(texts, start=1):
        paragraphs.append(Paragraph(id, section, number, at, at + len(text)))
        at += len(text)
    text = id + "".join(texts)
    sections = (Section(section, 0, len(id), len(id), at),) if section else ()
    return Document(id, id, f"{id}.txt", text, sections, tuple(paragraphs))
