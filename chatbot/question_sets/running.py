"""A run: every question asked, every answer written at once, and the scores of all."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from chatbot.question_sets.answers_file import beside, open_answers, write_answer
from chatbot.question_sets.asking import Asker, BotAsker, HttpAsker
from chatbot.question_sets.failures import Failure
from chatbot.question_sets.gates import check_tags, judge, parse_gates
from chatbot.question_sets.interruption import set_by_interrupt
from chatbot.question_sets.last_run import LastRun
from chatbot.question_sets.loading import load_question_sets
from chatbot.question_sets.oracle import Oracle
from chatbot.question_sets.outcomes import outcome
from chatbot.question_sets.outputs import Outputs
from chatbot.question_sets.question_set import (
    AnswersFileError,
    AskError,
    NoAnswerError,
    OracleError,
    Question,
    ReportFileError,
    why_not,
)
from chatbot.question_sets.repeating import Steadiness
from chatbot.question_sets.rounds import put
from chatbot.question_sets.run_report import (
    BROKEN_OFF,
    INTERRUPTED,
    Report,
    Stop,
    show_report,
)
from chatbot.question_sets.scoring import QuestionScore
from chatbot.question_sets.selection import select as select_questions
from chatbot.question_sets.summary import summarise

if TYPE_CHECKING:
    from rich.console import Console

# So many questions in a row that met no server, and it is gone; each was tried again before.
_GONE_AFTER = 3


def run_question_sets(
    paths: Sequence[Path],
    asker: Asker | Callable[[], Asker],
    *,
    out: Console | None = None,
    answers: Path | None = None,
    fail_under: Sequence[str] = (),
    concurrency: int = 1,
    progress: Callable[[int, int], None] | None = None,
    repeat: int = 1,
    select: Sequence[str] = (),
    last_run: LastRun | None = None,
    oracle: bool = False,
    stopping: threading.Event | None = None,
    outputs: Outputs | None = None,
) -> Report:
    """Ask all questions of `paths` and report; with `out`, `show_report` there.

    `asker` may be a function that opens it: it is called only once the sets have been read, so
    that a misspelt field costs no model's loading, and what it opened is closed again. `answers`
    takes one answer record a line as they come, flushed each, in the order of the sets unless
    `concurrency` (questions under way at once) is more than 1; what the file held before stays
    until the first answer. `progress` is called with (answered, all).

    `select` names what is asked of the sets: tags, or "failed" for what was wrong in `last_run`,
    which also takes down what is wrong now. `repeat` asks all that often; scores and records are
    those of the first round. With `oracle`, a wrong answer whose question has evidence is followed
    by one read from the right paragraph alone, which goes under `oracle` in the record. The first
    Ctrl-C sets `stopping`; whoever sets it ends the run after what is under way. `outputs` are
    written of what was asked, also when that is not all.

    Where `answers` is the baseline of `outputs` too, it is replaced only by a whole run that broke
    nothing; what another run answered stays beside it.

    Raises QuestionSetError, whose message is for the user, before anything is asked if sets, gates
    or the answers file are no good. A question that gets no answer is reported as such, and the run
    goes on. Where the server is gone or a disk is full it ends with a report of what was asked
    before, or with the error if that is nothing.
    """
    gates = parse_gates(fail_under)
    loaded = load_question_sets(paths)
    questions = select_questions(loaded, select, last_run)
    check_tags(gates, (tag for question in questions for tag in question.tags))
    sets = [Path(source) for source in dict.fromkeys(question.source for question in loaded)]
    folders = [path for path in paths if path.is_dir()]
    outputs = outputs or Outputs()
    outputs.check(sets, folders, answers)
    with outputs:
        outputs.check_baseline(questions)
        rolling = answers is not None and outputs.is_baseline(answers)
        writing = beside(answers) if answers is not None and rolling else answers
        with open_answers(writing, sets, folders) as file, _opened(asker) as ready:
            found = _oracle(oracle, ready, questions)
            run = _Run(questions, found, file, outputs, repeat, progress)
            run.ask(ready, concurrency, stopping)
        scores = run.scores_in_order()
        summary = summarise(scores)
        report = Report(
            tuple(scores),
            summary,
            judge(gates, summary),
            comparison=outputs.comparison(loaded),
            stopped=run.stopped,
            unsteady=run.steadiness.unsteady(),
            retries=run.retries,
            misses=run.misses if oracle else None,
            notes=_remembered(last_run, run),
            failures=tuple(run.failures),
        )
        if answers is not None and rolling:
            report = _rolled(report, answers, whole=len(questions) == len(loaded))
        report = _written(outputs, report, run)
    if out is not None:
        show_report(report, out)
    return report


def _rolled(report: Report, baseline: Path, *, whole: bool) -> Report:
    """Let the answers of a whole run that broke nothing take the place of the baseline.

    A baseline that took in what a run broke would call it the same the next time, and one of a part
    of the set (not `whole`, because of --select) would call the rest new.
    """
    fresh = beside(baseline)
    held = report.comparison is not None and report.comparison.held
    answered = report.stopped is None and not report.failures
    if whole and answered and held:
        try:
            # What a link points to is replaced, not the link.
            fresh.replace(baseline.resolve())
            return report
        except OSError as error:
            line = f"--answers {baseline}：换不了，{why_not(error)}；这次的回答在 {fresh}"
            return replace(report, stopped=Stop(line, BROKEN_OFF))
    why = "有题变坏" if whole and answered else "没有全部问到"
    line = f"{why}，基准 {baseline} 没有换；这次的回答在 {fresh}"
    return replace(report, notes=(*report.notes, line))


def _written(outputs: Outputs, report: Report, run: _Run) -> Report:
    """Write the outputs; a disk that is full by now must not take the table with it."""
    asked = run.scores.keys() | run.failed
    unasked = [it for number, it in enumerate(run.questions) if number not in asked]
    try:
        return replace(report, written=outputs.write(report, unasked))
    except ReportFileError as error:
        return replace(report, stopped=report.stopped or Stop(str(error), BROKEN_OFF))


@contextmanager
def _opened(asker: Asker | Callable[[], Asker]) -> Iterator[Asker]:
    """Open an asker that is yet to be opened, and close that one again."""
    if not callable(asker):
        yield asker
        return
    opened = asker()
    with opened if isinstance(opened, HttpAsker) else nullcontext():
        yield opened


def _oracle(wanted: bool, asker: Asker, questions: Sequence[Question]) -> Oracle | None:
    if not wanted:
        return None
    if not isinstance(asker, BotAsker):
        raise OracleError("--oracle 要在本机读文章，不能与 --url 同用；请去掉其中一个")
    return Oracle(asker.bot, questions)


class _Run:
    """The asking, and what is kept of it.

    Only scores are kept: ten thousand records with their paragraphs would be a heap of text.
    """

    def __init__(
        self,
        questions: Sequence[Question],
        oracle: Oracle | None,
        file: TextIO | None,
        outputs: Outputs,
        repeat: int,
        progress: Callable[[int, int], None] | None,
    ) -> None:
        self.questions = questions
        self.scores: dict[int, QuestionScore] = {}
        self.steadiness = Steadiness()
        self.retries: Counter[str] = Counter()
        self.misses: Counter[str] = Counter()
        self.stopped: Stop | None = None
        self.failures: list[Failure] = []
        self.failed: set[int] = set()
        self._why_ended: str | None = None
        self._gone = 0  # so many questions in a row met no server
        self._gone_after = _GONE_AFTER
        self._oracle = oracle
        self._file = file
        self._outputs = outputs
        self._repeat = repeat
        self._progress = progress
        self._done = 0

    def scores_in_order(self) -> list[QuestionScore]:
        """Return the scores in the order of the questions."""
        return [self.scores[number] for number in sorted(self.scores)]

    def ask(self, asker: Asker, concurrency: int, stopping: threading.Event | None) -> None:
        """Ask all questions, round after round, until done or stopped."""
        stop = stopping or threading.Event()

        def stops() -> bool:
            return stop.is_set() or self._why_ended is not None

        # One moment without a server takes all that are under way.
        self._gone_after = _GONE_AFTER + concurrency - 1
        try:
            with set_by_interrupt(stopping):
                for round in range(1, self._repeat + 1):
                    for number, record in put(self.questions, asker, concurrency, stops):
                        if not isinstance(record, NoAnswerError):
                            self._take(round, number, record)
                        elif not stop.is_set():  # or else its wait for another try was cut short
                            self._take_failure(round, number, record)
        except AskError as error:
            if not self._done and not stop.is_set():
                raise
            self._end(error)
        if self._why_ended is not None:
            # Only now: with several at once, some more came in after it.
            part = f"\n{self._so_far()}" if self._done < self._all() else ""
            self.stopped = Stop(self._why_ended + part, BROKEN_OFF)
        if self._gone and self._gone == self._done and not stop.is_set():
            # Not one answer, and never a server: the address is wrong, or it was not started.
            raise AskError(self.failures[-1].message)
        if stop.is_set() and self._done < self._all():
            self.stopped = Stop(f"被 Ctrl-C 打断：{self._so_far()}", INTERRUPTED)

    def _end(self, error: Exception) -> None:
        self._why_ended = self._why_ended or str(error)

    def _take_failure(self, round: int, number: int, error: NoAnswerError) -> None:
        self.failures.append(Failure(self.questions[number], str(error), round))
        self.failed.add(number)
        self._gone = self._gone + 1 if error.no_server else 0
        self._count()
        if self._gone >= self._gone_after and self._done < self._all():
            self._end(AskError(f"{error}\n接连 {self._gone} 次都问不到服务，不再问下去"))

    def _count(self) -> None:
        self._done += 1
        if self._progress is not None:
            self._progress(self._done, self._all())

    def _take(self, round: int, number: int, record: dict[str, Any]) -> None:
        question = self.questions[number]
        if record.get("retries"):
            self.retries[question.id] += record["retries"]
        if round == 1:
            self._take_first(number, question, record)
        elif number in self.scores:
            self.steadiness.compare(number, question.id, round, record)
        self._gone = 0
        self._count()

    def _take_first(self, number: int, question: Question, record: dict[str, Any]) -> None:
        """Score a record, look into what went wrong, and write it.

        A disk that is full ends the run, but with the report of what was asked. Raises the error
        where that is nothing.
        """
        found = outcome(question, record)
        if self._oracle is not None and found.score.right is False:
            second = self._oracle.ask(question)
            if second is not None:
                record["oracle"] = second
                found = outcome(question, record)
                self.misses[found.reason or ""] += 1
        first = not self.scores
        try:
            if self._file is not None:
                write_answer(self._file, found.line(), first=first)
        except AnswersFileError as error:
            if first:
                raise
            self._file = None
            self._end(error)
        try:
            self._outputs.add(number, found)
        except ReportFileError as error:
            if first:
                raise
            self._end(error)
        self.scores[number] = found.score
        if self._repeat > 1:
            self.steadiness.remember(number, record)

    def _all(self) -> int:
        return len(self.questions) * self._repeat

    def _so_far(self) -> str:
        rounds = f"（每题 {self._repeat} 遍）" if self._repeat > 1 else ""
        return f"{self._all()} 次提问{rounds}只问了 {self._done} 次，以上只是问过的；不算通过"


def _remembered(last_run: LastRun | None, run: _Run) -> tuple[str, ...]:
    """Take down what was wrong for `--select failed`; return a line if that cannot be done."""
    if last_run is None:
        return ()
    unsteady = {found.id for found in run.steadiness.unsteady()}
    asked = (
        (run.questions[number], scored.right is False or scored.id in unsteady)
        for number, scored in run.scores.items()
    )
    failed = ((run.questions[number], True) for number in run.failed)
    try:
        last_run.remember(chain(asked, failed))
    except OSError as error:
        return (f"记不下答错的题，下次不能用 --select failed：{why_not(error)}",)
    return ()
