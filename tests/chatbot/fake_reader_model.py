"""A reader's network without weights: points at the words it is told, else anywhere."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from chatbot.reader_model import STATE
from chatbot.reader_tokens import Tokens


class FakeReaderModel:
    """Every character is a token. Where the words for a question stand in a window, it points.

    `words` gives them by question. For other questions the scores are drawn from a hash of
    question and window, so they are arbitrary and always the same.
    """

    def __init__(self, words: Mapping[str, str] | None = None) -> None:
        self.words = {self._ids(question): found for question, found in (words or {}).items()}
        self.windows: list[tuple[int, ...]] = []
        self.lead_ups: list[str] = []

    @staticmethod
    def _ids(text: str) -> tuple[int, ...]:
        return tuple(map(ord, text))

    def tokenise(self, text: str) -> Tokens:
        return Tokens(list(self._ids(text)), [(at, at + 1) for at in range(len(text))])

    def question_state(self, question: str) -> NDArray[np.float32]:
        seed = hashlib.sha256(question.encode()).digest()
        return np.random.default_rng(int.from_bytes(seed[:8], "big")).normal(size=STATE)

    def scores(
        self,
        question: Sequence[int],
        windows: Sequence[Sequence[int]],
        lead_ups: Sequence[Sequence[int]],
    ) -> list[tuple[NDArray[np.float32], NDArray[np.float32], float]]:
        found = []
        self.lead_ups += ["".join(map(chr, before)) for before in lead_ups]
        for window in windows:
            self.windows.append(tuple(window))
            words = self.words.get(tuple(question))
            if words is None:
                seed = hashlib.sha256(repr((list(question), list(window))).encode()).digest()
                random = np.random.default_rng(int.from_bytes(seed[:8], "big"))
                starts, ends = random.normal(0, 3, (2, len(window))).astype(np.float32)
                found.append((starts, ends, float(random.normal())))
                continue
            starts, ends = np.zeros((2, len(window)), np.float32)
            at = "".join(map(chr, window)).find(words)
            if at >= 0:
                starts[at] = ends[at + len(words) - 1] = 5.0
            found.append((starts, ends, 1.0))
        return found
