"""What a run leaves behind besides its answers: --report, --junit, and the look at --baseline."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from chatbot.question_sets.baseline import Comparison, compare, pair, slim
from chatbot.question_sets.outcomes import Outcome, read_outcomes
from chatbot.question_sets.question_set import (
    AnswersFileError,
    Question,
    ReportFileError,
    why_not,
)
from chatbot.question_sets.spool import Spool

if TYPE_CHECKING:
    from chatbot.question_sets.run_report import Report

PAGE, TABLE = "report.html", "answers.csv"


class Outputs:
    """Keeps the outcomes of a run on disk until they are written out or compared.

    `report` is a folder, `junit` a file, `baseline` the answers file of an earlier run, after which
    at most `allow_broken` questions may have become wrong. Use it as a context manager.
    """

    def __init__(
        self,
        *,
        report: Path | None = None,
        junit: Path | None = None,
        baseline: Path | None = None,
        allow_broken: int = 0,
    ) -> None:
        self._report = report
        self._junit = junit
        self._baseline = baseline
        self._allow_broken = allow_broken
        self._before: list[Outcome] = []
        self._spool: Spool | None = None

    def check(
        self,
        sets: Sequence[Path],
        folders: Sequence[Path] = (),
        answers: Path | None = None,
        taken: Sequence[tuple[Path, str]] = (),
    ) -> None:
        """Raise ReportFileError where the report would overwrite what the run reads or writes.

        `sets` are the files of the questions, `folders` those whose files all are question sets;
        `taken` are further files with what they are.
        """
        taken = [*taken, *((path, "问题集本身") for path in sets)]
        taken += [
            (path, f" {option} 的文件")
            for path, option in ((self._baseline, "--baseline"), (answers, "--answers"))
            if path is not None
        ]
        for path, option in self._files():
            for other, what in taken:
                if _same(path, other):
                    raise ReportFileError(f"{option}：这是{what}，写进去就毁了它；请换一个文件名")
            if any(path.resolve().is_relative_to(folder.resolve()) for folder in folders):
                raise ReportFileError(
                    f"{option}：在问题集的文件夹里，下次会被当作问题集；请写到别的文件夹"
                )

    def _files(self) -> Iterator[tuple[Path, str]]:
        """Yield each file to write with the option that asked for it."""
        if self._report is not None:
            for name in (PAGE, TABLE):
                yield self._report / name, f"--report {self._report}"
        if self._junit is not None:
            yield self._junit, f"--junit {self._junit}"

    def __enter__(self) -> Self:
        """Find out that all can be written, and read the baseline, before anything is asked.

        The baseline may be the file that the answers of this run then go to. Raises ReportFileError
        or AnswersFileError.
        """
        if self._baseline is not None:
            self._before = slim(read_outcomes(self._baseline))
        for path, option in self._files():
            _try_to_write(path, option)
        if self._report or self._junit or self._baseline:
            self._spool = Spool()
        return self

    def is_baseline(self, path: Path) -> bool:
        """Say whether `path` is the file of the baseline."""
        return self._baseline is not None and _same(self._baseline, path)

    def check_baseline(self, questions: Sequence[Question]) -> None:
        """Raise AnswersFileError where none of the `questions` to ask stands in the baseline."""
        if self._baseline is not None and not pair(
            [found.question for found in self._before], questions
        ):
            raise AnswersFileError(
                f"--baseline {self._baseline}：这次要问的题，里面一题也没有，没有可比的；"
                "请检查是不是这个问题集的 --answers 文件，或去掉 --baseline"
            )

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Delete what was kept."""
        if self._spool is not None:
            self._spool.close()

    def add(self, number: int, found: Outcome) -> None:
        """Take the outcome of the question with this index. Raises ReportFileError."""
        if self._spool is not None:
            self._spool.add(number, found)

    def comparison(self, sets: Sequence[Question]) -> Comparison | None:
        """Return what changed since the baseline; None where there is none.

        A question that stands in the `sets` and was not asked, for it was not selected or the run
        ended before it, is not gone.
        """
        if self._baseline is None or self._spool is None:
            return None
        found = compare(self._before, self._spool, allowed=self._allow_broken)
        there = pair(sets, found.gone)
        gone = tuple(it for number, it in enumerate(found.gone) if number not in there)
        return replace(found, gone=gone)

    def write(self, report: Report, unasked: Sequence[Question]) -> tuple[Path, ...]:
        """Write what was asked for and return the files. Raises ReportFileError."""
        written = []
        when = datetime.now()
        spool = self._spool if self._spool is not None else ()
        sources = self._spool.sources() if self._spool is not None else ()
        stopped = report.stopped
        if self._report is not None:
            from chatbot.question_sets.answers_csv import write_csv
            from chatbot.question_sets.report_page import write_page

            page, table = self._report / PAGE, self._report / TABLE
            notes = [
                *report.totals,
                *map(str, report.unsteady),
                *report.notes,
                *([stopped.line] if stopped else []),
            ]
            try:
                write_page(
                    page,
                    spool,
                    report.scores,
                    report.summary,
                    when=when,
                    verdicts=report.verdicts,
                    comparison=report.comparison,
                    notes=notes,
                    sources=[Path(source).name for source in sources],
                    failures=report.failures,
                )
                write_csv(table, spool, report.failures)
            except OSError as error:
                raise _no_report(f"--report {self._report}", error) from None
            written += [page, table]
        if self._junit is not None:
            from chatbot.question_sets.junit import checks, write_junit

            try:
                write_junit(
                    self._junit,
                    spool,
                    when=when,
                    unasked=unasked,
                    error=stopped.line if stopped else None,
                    failures=report.failures,
                    checks=checks(report.verdicts, report.unsteady, report.comparison),
                )
            except OSError as error:
                raise _no_report(f"--junit {self._junit}", error) from None
            written.append(self._junit)
        return tuple(written)


def _same(path: Path, other: Path) -> bool:
    """Say whether both are one file, or will be once written."""
    try:
        return path.samefile(other)
    except OSError:
        return path.resolve() == other.resolve()


def _try_to_write(path: Path, option: str) -> None:
    """Raise ReportFileError if `path` cannot be written; what it holds stays."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        there = path.exists()
        path.open("ab").close()
        if not there:
            path.unlink()
    except OSError as error:
        raise _no_report(option, error) from None


def _no_report(option: str, error: OSError) -> ReportFileError:
    if isinstance(error, FileExistsError | NotADirectoryError):
        return ReportFileError(f"{option}：写不了，这里已经有一个文件，不是文件夹")
    return ReportFileError(f"{option}：写不了，{why_not(error)}")
