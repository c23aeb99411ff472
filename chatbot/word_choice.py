"""Of several words for one thing, the one that the articles use."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from chatbot.asking_words import masked
from chatbot.spelling import LONGEST_CORPUS

_BLANK = "\x00"


class WordChoice:
    """A list of words, and the articles that tell which of them are theirs.

    Safe to share between threads.
    """

    def __init__(self, others: Mapping[str, Sequence[str]], text: str) -> None:
        """`others` are what a word (in lower case) may be read as; `text` is all the articles'."""
        self._others = others
        self._text = text
        self._paragraphs = text.split("\n") if len(text) <= LONGEST_CORPUS else []

    def of(self, word: str, question: str) -> str:
        """Return what to read `word` as, "" where nothing is known."""
        return next(iter(self.ranked(word, question)), "")

    def ranked(self, word: str, question: str) -> list[str]:
        """Return what `word` may be read as: first what stands where the question's names do.

        Then what stands in the articles at all, then the rest, each in the order of the list.
        """
        others = self._others.get(word, ())
        near = self._around(question) if len(others) > 1 else []

        def rank(other: str) -> tuple[bool, bool]:
            return not any(other in text for text in near), not self.stands(other)

        return sorted(others, key=rank)

    def stands(self, word: str) -> bool:
        """Tell whether the articles use `word`."""
        return word in self._text

    def _around(self, question: str) -> list[str]:
        """Return the paragraphs that share most pairs of characters with the question, if any."""
        bare = masked(question)
        pairs = {bare[at : at + 2] for at in range(len(bare) - 1)}
        names = [pair for pair in sorted(pairs) if not pair.isascii() and _BLANK not in pair]
        shared = [sum(name in text for name in names) for text in self._paragraphs]
        most = max(shared, default=0)
        return [
            text for text, count in zip(self._paragraphs, shared, strict=True) if count == most > 0
        ]
