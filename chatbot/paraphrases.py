"""Other words for what a question says: which of them a sentence has, and how alike they are.

`words/paraphrases.txt` holds a line for each notion: wordings of questions, ` => `, and what
articles say for them (老外投的钱 => 利用外资、外商投资).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from importlib import resources
from math import sqrt

from chatbot.asking_words import asks
from chatbot.plain_wording import folded
from chatbot.word_cutting import cut

_ARROW, _BETWEEN = " => ", "、"
# Wordings of questions, and what may be said for them.
Line = tuple[Sequence[str], Sequence[str]]
# How alike two words must be for a search to take the one for the other (`Paraphrases.alike`).
_ALIKE = 0.12


class Paraphrases:
    """What articles may say for wordings of questions. Safe to share between threads."""

    def __init__(self, lines: Iterable[Line]) -> None:
        """`lines` as `parsed` yields them (lower case); a wording may stand in several."""
        self._said: dict[str, tuple[str, ...]] = {}
        self._notions: list[tuple[str, ...]] = []
        self._in: dict[str, list[int]] = {}
        for number, (asked, said) in enumerate(lines):
            for word in asked:
                self._said[word] = (*self._said.get(word, ()), *said)
            self._notions.append(tuple(dict.fromkeys((*asked, *said))))
            for word in self._notions[-1]:
                self._in.setdefault(word, []).append(number)
        self._longest = max(map(len, self._in), default=0)

    def of(self, question: str) -> Iterator[tuple[str, Sequence[str]]]:
        """Yield the wordings in `question`, in lower case, and what may be said for each.

        Whole words only, the longest at each place; none overlaps the next.
        """
        for word in self._found(question, self._said.__contains__):
            yield word, self._said[word]

    def instead(self, question: str) -> dict[str, dict[str, float]]:
        """Return for words of `question` what texts may say instead, and how alike it is (to 1).

        Found as by `of`, but words of articles too, and none that asks; other words of two
        characters and more that are not in the question.
        """
        lower = folded(question).lower()
        found = {}
        for word in self._found(question, lambda word: word in self._in and not asks(word)):
            others = {
                other: alike
                for other, alike in self.alike(word).items()
                if alike >= _ALIKE and len(other) > 1 and other not in lower
            }
            if others:
                found[word] = others
        return found

    def alike(self, word: str) -> dict[str, float]:
        """Return how alike to `word` (above 0, to 1) other words are, wordings or of articles.

        The cosine of the lines that two words stand in, where a line of n words weighs 1 / n.
        """
        shared: dict[str, float] = defaultdict(float)
        for number in self._in.get(word, ()):
            notion = self._notions[number]
            for other in notion:
                shared[other] += 1 / len(notion)
        own = shared.pop(word, 0.0)
        return {other: both / sqrt(own * self._square(other)) for other, both in shared.items()}

    def _square(self, word: str) -> float:
        return sum(1 / len(self._notions[number]) for number in self._in[word])

    def _found(self, question: str, known: Callable[[str], bool]) -> Iterator[str]:
        """Yield the longest words of `question`, in lower case, that are known; none overlaps."""
        lower = folded(question).lower()
        edges = [0]
        for word in cut(lower):
            edges.append(edges[-1] + len(word))
        ends = frozenset(edges)
        done = 0
        for at in edges:
            if at < done:
                continue
            for end in range(min(len(lower), at + self._longest), at + 1, -1):
                if end in ends and known(lower[at:end]):
                    yield lower[at:end]
                    done = end
                    break

    @classmethod
    @cache
    def shipped(cls) -> Paraphrases:
        """Return those that come with wenda."""
        text = resources.files("chatbot").joinpath("words/paraphrases.txt").read_text("utf-8")
        return cls(parsed(text.splitlines()))


def parsed(lines: Iterable[str]) -> Iterator[Line]:
    """Yield the lines of the file; `#` begins a comment."""
    for line in lines:
        asked, arrow, said = line.partition(_ARROW)
        if arrow and not line.startswith("#"):
            yield asked.split(_BETWEEN), said.split(_BETWEEN)
