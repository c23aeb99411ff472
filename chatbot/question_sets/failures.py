"""Questions to which no answer could be had, though the run went on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from chatbot.question_sets.question_set import Question

_SHOWN = 10


@dataclass(frozen=True, slots=True)
class Failure:
    """A question that got no answer in round `round` (from 1), and why, in one line.

    It has no score: neither right nor wrong, but no run with one of them passes.
    """

    question: Question
    message: str
    round: int = 1

    @property
    def name(self) -> str:
        """What it is called in a list: id, words, and the round where it is not the first."""
        again = f"（第 {self.round} 遍）" if self.round > 1 else ""
        return f"{self.question.id} {self.question.question}{again}"


def total(failures: Sequence[Failure]) -> str:
    """Return the line that counts them."""
    return f"没有得到回答：{len(failures)} 次提问，不进分数，也不算通过"


def lines(failures: Sequence[Failure]) -> Iterator[str]:
    """Yield the count and the first few; none where there are none."""
    if not failures:
        return
    yield total(failures)
    for failure in failures[:_SHOWN]:
        yield f"  {_flat(failure.name)}：{_flat(failure.message)}"
    if len(failures) > _SHOWN:
        yield f"  ……等 {len(failures)} 次；全部在 --report 和 --junit 里"


def _flat(text: str) -> str:
    """Return `text` on one line and without what a terminal would obey."""
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())
