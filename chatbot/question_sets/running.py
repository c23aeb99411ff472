"""A run: every question asked, every answer written at once, and the scores of all."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from chatbot.question_sets.asking import Asker, HttpAsker
from chatbot.question_sets.gates import Verdict, judge, parse_gates
from chatbot.question_sets.loading import load_question_sets
from chatbot.question_sets.question_set import AnswersFileError, Question, why_not
from chatbot.question_sets.scoring import QuestionScore, score
from chatbot.question_sets.summary import Summary, summarise
from chatbot.question_sets.table import tables

if TYPE_CHECKING:
    from rich.console import Console


@dataclass(frozen=True, slots=True)
class Report:
    """What a run found: each question's score in the order of the sets, the summary, the gates."""

    scores: tuple[QuestionScore, ...]
    summary: Summary
    verdicts: tuple[Verdict, ...]

    @property
    def held(self) -> bool:
        """Whether every threshold was reached; True where none was set."""
        return all(verdict.held for verdict in self.verdicts)


def run_question_sets(
    paths: Sequence[Path],
    asker: Asker | Callable[[], Asker],
    *,
    out: Console | None = None,
    answers: Path | None = None,
    fail_under: Sequence[str] = (),
    concurrency: int = 1,
    progress: Callable[[int, int], None] | None = None,
) -> Report:
    """Ask all questions of `paths` and report; with `out`, `show_report` there.

    `asker` may be a function that opens it: it is called only once the sets have been read, so
    that a misspelt field costs no model's loading, and what it opened is closed again. `answers`
    takes one answer record a line as they come, flushed each, in the order of the sets unless
    `concurrency` (questions under way at once) is more than 1; what the file held before stays
    until the first answer. `progress` is called with (answered, all).

    Raises QuestionSetError, whose message is for the user, before anything is asked if sets, gates
    or the answers file are no good. When an answer cannot be had, those before it are in the file.
    """
    gates = parse_gates(fail_under)
    questions = load_question_sets(paths)
    with _answers_file(answers, paths) as file, _opened(asker) as ready:
        scores = _run(questions, ready, file, concurrency, progress)
    summary = summarise(scores)
    report = Report(tuple(scores), summary, judge(gates, summary))
    if out is not None:
        show_report(report, out)
    return report


def show_report(report: Report, out: Console) -> None:
    """Print the tables and the line of each gate to `out`.

    Apart from the run, so that a progress bar can be gone before: on one terminal the first line
    of the table would stand behind it.
    """
    for shown in (*tables(report.summary), *map(str, report.verdicts)):
        out.print(shown, markup=False, highlight=False, soft_wrap=isinstance(shown, str))


@contextmanager
def _opened(asker: Asker | Callable[[], Asker]) -> Iterator[Asker]:
    """Open an asker that is yet to be opened, and close that one again."""
    if not callable(asker):
        yield asker
        return
    opened = asker()
    with opened if isinstance(opened, HttpAsker) else nullcontext():
        yield opened


def _run(
    questions: Sequence[Question],
    asker: Asker,
    file: TextIO | None,
    concurrency: int,
    progress: Callable[[int, int], None] | None,
) -> list[QuestionScore]:
    """Return the scores in the order of `questions`.

    Only the scores are kept: ten thousand records with their paragraphs would be a heap of text.
    """
    scores: dict[int, QuestionScore] = {}
    for number, record in _records(questions, asker, concurrency):
        if file is not None:
            _write(file, record, first=not scores)
        scores[number] = score(questions[number], record)
        if progress is not None:
            progress(len(scores), len(questions))
    return [scores[number] for number in range(len(questions))]


def _records(
    questions: Sequence[Question], asker: Asker, concurrency: int
) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield (index of the question, its record) as they come."""

    def ask(question: Question) -> dict[str, Any]:
        record = asker.ask(question.question, question.history, question.id)
        return {**record, "id": question.id}

    if concurrency == 1:
        for number, question in enumerate(questions):
            yield number, ask(question)
        return
    waiting = iter(enumerate(questions))
    under_way: dict[Future[dict[str, Any]], int] = {}
    pool = ThreadPoolExecutor(concurrency)
    try:
        while True:
            for number, question in islice(waiting, concurrency - len(under_way)):
                under_way[pool.submit(ask, question)] = number
            if not under_way:
                return
            done, _ = wait(under_way, return_when=FIRST_COMPLETED)
            # Answers first: an error ends the run, and must not take with it what was answered.
            for future in sorted(done, key=lambda future: future.exception() is not None):
                yield under_way.pop(future), future.result()
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _answers_file(path: Path | None, sets: Sequence[Path]) -> TextIO | nullcontext[None]:
    """Open the file for the answers; None for none. What it holds stays until the first answer."""
    if path is None:
        return nullcontext()
    try:
        if path.exists() and any(path.samefile(questions) for questions in sets):
            raise AnswersFileError(
                f"--answers {path}：这是问题集本身，写进去就毁了它；请换一个文件名"
            )
        # What cannot be UTF-8 becomes \udc80, which is how JSON escapes it anyway.
        return path.open("a", encoding="utf-8", errors="backslashreplace", newline="\n")
    except OSError as error:
        raise AnswersFileError(f"--answers {path}：写不了，{why_not(error)}") from None


def _write(file: TextIO, record: dict[str, Any], *, first: bool) -> None:
    """Write one record as one line, at once: a run that is killed keeps what was answered."""
    try:
        if first and Path(file.name).is_file():  # a pipe or a device has nothing to empty
            file.truncate(0)
        file.write(json.dumps(record, ensure_ascii=False) + "\n")
        file.flush()
    except OSError as error:
        with suppress(OSError):  # closing tries to write the rest again
            file.close()
        raise AnswersFileError(f"--answers {file.name}：写不下去了，{why_not(error)}") from None
