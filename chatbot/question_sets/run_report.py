"""What a run found, and how it is shown in the terminal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from chatbot.question_sets import comparison_table, failures
from chatbot.question_sets.baseline import Comparison
from chatbot.question_sets.failures import Failure
from chatbot.question_sets.gates import Verdict, in_one_line
from chatbot.question_sets.repeating import Unsteady
from chatbot.question_sets.scoring import QuestionScore
from chatbot.question_sets.summary import Summary
from chatbot.question_sets.table import tables

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import Console

# Exit statuses; the last is what shells give whatever Ctrl-C ended.
HELD, MISSED, BROKEN_OFF, INTERRUPTED = 0, 1, 2, 130
_IDS_SHOWN = 10


@dataclass(frozen=True, slots=True)
class Stop:
    """Why a run ended before all was asked: the line that says so, and its exit status."""

    line: str
    status: int


@dataclass(frozen=True, slots=True)
class Report:
    """What a run found: each question's score in the order of the sets, the summary, the gates.

    `comparison` is the one with the baseline, None without. `stopped` says why only a part was
    asked; None when all was. `unsteady` are the questions whose answers differed when asked again,
    `retries` how often a server had to be asked once more, by id and only where it had, `misses`
    how many wrong answers were retrieval's and reading's fault (None without --oracle). `notes` are
    further lines for the tester, `written` the files of the report, `failures` the questions that
    got no answer though the run went on.
    """

    scores: tuple[QuestionScore, ...]
    summary: Summary
    verdicts: tuple[Verdict, ...]
    comparison: Comparison | None = None
    stopped: Stop | None = None
    unsteady: tuple[Unsteady, ...] = ()
    retries: Mapping[str, int] = field(default_factory=dict)
    misses: Mapping[str, int] | None = None
    notes: tuple[str, ...] = ()
    written: tuple[Path, ...] = ()
    failures: tuple[Failure, ...] = ()

    @property
    def held(self) -> bool:
        """Whether all was asked, no answer differed and every threshold was reached."""
        return self.status == HELD

    @property
    def status(self) -> int:
        """The exit status: 2 or 130 where not all was answered, 1 where a thing did not hold."""
        if self.stopped is not None:
            return self.stopped.status
        if self.failures:
            return BROKEN_OFF
        held = (
            not self.unsteady
            and all(verdict.held for verdict in self.verdicts)
            and (self.comparison is None or self.comparison.held)
        )
        return HELD if held else MISSED

    @property
    def totals(self) -> tuple[str, ...]:
        """The lines on retries and on --oracle, where there is anything to say."""
        retried = (_retried(self.retries),) if self.retries else ()
        return retried if self.misses is None else (*retried, _missed(self.misses))


def show_report(report: Report, out: Console) -> None:
    """Print the tables and the line of each finding and gate to `out`.

    Apart from the run, so that a progress bar can be gone before: on one terminal the first line
    of the table would stand behind it.
    """
    for shown in (*tables(report.summary), *_lines(report)):
        # No emoji: an id may be 题库:A:12.
        out.print(
            shown, markup=False, highlight=False, emoji=False, soft_wrap=isinstance(shown, str)
        )


def _lines(report: Report) -> Iterator[str]:
    yield from report.totals
    yield from map(str, report.unsteady)
    yield from failures.lines(report.failures)
    yield from report.notes
    if report.comparison is not None:
        yield from comparison_table.lines(report.comparison)
    yield from map(str, report.verdicts)
    if len(report.verdicts) > 1:
        yield in_one_line(report.verdicts)
    if report.stopped is not None:
        yield report.stopped.line


def _retried(retries: Mapping[str, int]) -> str:
    """Return how often a server had to be asked again, and for which questions."""
    ids = list(retries)
    more = f" 等 {len(ids)} 题" if len(ids) > _IDS_SHOWN else ""
    asked = "、".join(f"{id}（{retries[id]} 次）" for id in ids[:_IDS_SHOWN])
    return f"重试：{len(ids)} 题共 {sum(retries.values())} 次；编号 {asked}{more}"


def _missed(misses: Mapping[str, int]) -> str:
    """Return whose fault the wrong answers were."""
    total = sum(misses.values())
    if not total:
        return "直接读对的段落（--oracle）：没有要再读的题（答错了，又写明了依据的）"
    return (
        f"直接读对的段落（--oracle）：答错的 {total} 题里，"
        f"检索失误 {misses.get('retrieval', 0)} 题，阅读失误 {misses.get('reading', 0)} 题"
    )
