"""Choosing few of many questions: from all articles, sections and kinds, not the first ones."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Protocol, TypeVar


class Placed(Protocol):
    """A question with what it should differ in from those beside it."""

    @property
    def question(self) -> str:
        """The words."""
        ...

    @property
    def document(self) -> str:
        """Id of its document."""
        ...

    @property
    def section(self) -> str | None:
        """Title of its section."""
        ...

    @property
    def paragraph(self) -> int:
        """Number of its paragraph."""
        ...

    @property
    def kind(self) -> str:
        """What kind of thing it asks for."""
        ...


P = TypeVar("P", bound=Placed)


def most_various(
    questions: Sequence[P], count: int, worth: Iterable[float] | None = None
) -> list[P]:
    """Return `count` of `questions`, or all, each as unlike those before it as can be.

    Unlike in its document first, then in section, kind and paragraph; of equally unlike ones that
    of the greatest `worth` comes first (one for each question; without it a question of some 20
    characters, as people ask), then the earlier. Takes time in proportion to `count` times
    `questions`.
    """
    given = list(worth) if worth is not None else [-abs(len(q.question) - 20.0) for q in questions]
    left = list(range(len(questions)))
    seen: Counter[object] = Counter()
    chosen: list[P] = []
    while left and len(chosen) < count:

        def likeness(number: int) -> tuple[float, ...]:
            one = questions[number]
            return (*(seen[trait] for trait in _traits(one)), -given[number], number)

        best = min(left, key=likeness)
        left.remove(best)
        chosen.append(questions[best])
        seen.update(_traits(questions[best]))
    return chosen


def _traits(one: Placed) -> tuple[object, ...]:
    return (
        ("document", one.document),
        ("section", one.document, one.section),
        ("kind", one.kind),
        ("paragraph", one.document, one.paragraph),
    )
