"""Other words for what a question says, as evidence: which of them a sentence has.

`words/paraphrases.txt` holds a line for each notion: wordings of questions, ` => `, and what
articles say for them (老外投的钱 => 利用外资、外商投资).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from importlib import resources

from chatbot.plain_wording import folded
from chatbot.word_cutting import cut

_ARROW, _BETWEEN = " => ", "、"


class Paraphrases:
    """What articles may say for wordings of questions. Safe to share between threads."""

    def __init__(self, words: Mapping[str, Sequence[str]]) -> None:
        """`words` are what may be said for a wording (letters in lower case)."""
        self._words = words
        self._longest = max(map(len, words), default=0)

    def of(self, question: str) -> Iterator[tuple[str, Sequence[str]]]:
        """Yield the wordings in `question`, in lower case, and what may be said for each.

        Whole words only, the longest at each place; none overlaps the next.
        """
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
                others = self._words.get(lower[at:end]) if end in ends else None
                if others:
                    yield lower[at:end], others
                    done = end
                    break

    @classmethod
    @cache
    def shipped(cls) -> Paraphrases:
        """Return those that come with wenda."""
        text = resources.files("chatbot").joinpath("words/paraphrases.txt").read_text("utf-8")
        return cls(parsed(text.splitlines()))


def parsed(lines: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Return what may be said for each wording, by lines of the file; `#` begins a comment."""
    found: dict[str, tuple[str, ...]] = {}
    for line in lines:
        asked, arrow, said = line.partition(_ARROW)
        if not arrow or line.startswith("#"):
            continue
        others = tuple(said.split(_BETWEEN))
        for word in asked.split(_BETWEEN):
            found[word] = (*found[word], *others) if word in found else others
    return found
