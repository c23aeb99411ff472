"""Words of a text with their classes, at their places."""

from __future__ import annotations

from dataclasses import dataclass

from chatbot.word_cutting import tagged


@dataclass(frozen=True, slots=True)
class Word:
    """`text` at [start, end) of what was cut; `tag` is jieba's class of it ("n", "v", "ns", …)."""

    start: int
    end: int
    text: str
    tag: str

    @property
    def names_somebody(self) -> bool:
        """Whether it is a person's name."""
        return self.tag.startswith("nr")

    @property
    def is_proper(self) -> bool:
        """Whether it names one person, place, organisation or other thing."""
        return self.tag[:2] in ("nr", "ns", "nt", "nz")

    @property
    def is_nominal(self) -> bool:
        """Whether it may stand in the name of something: nouns, and what is put before them."""
        return self.tag[:1] in ("n", "j") or self.tag in ("vn", "an", "b", "eng", "s")


def cut_words(text: str) -> list[Word]:
    """Return the words of `text` in order; together they are all of it."""
    return [Word(start, end, text[start:end], tag) for start, end, tag in tagged(text)]
