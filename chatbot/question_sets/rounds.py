"""Putting the questions of a run, in order or several at once, until done or stopped."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from contextlib import suppress
from itertools import islice
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Any

from chatbot.question_sets.asking import Asker
from chatbot.question_sets.question_set import NoAnswerError, Question

# How often a wait for answers looks up: on Windows a Ctrl-C is only noticed between two waits.
_LOOK_UP_SECONDS = 0.5


def put(
    questions: Sequence[Question],
    asker: Asker,
    concurrency: int = 1,
    stop: Callable[[], bool] = lambda: False,
) -> Iterator[tuple[int, dict[str, Any] | NoAnswerError]]:
    """Yield (index of the question, its record) as they come, `concurrency` under way at once.

    The error in place of the record says that this question alone got no answer.

    Once `stop` says so, or an answer cannot be had, no further question is put, but what is under
    way is waited for and yielded: it was answered, and must not be lost. Then raises the first
    error, an AskError unless it is a fault of the asker's. Whoever closes it, as a second Ctrl-C
    does, waits for nothing.
    """
    if concurrency == 1:
        for number, question in enumerate(questions):
            if stop():
                return
            yield number, _ask(asker, question)
        return
    waiting = iter(enumerate(questions))
    under_way: dict[Future[dict[str, Any] | NoAnswerError], int] = {}
    failure: BaseException | None = None
    workers = _Workers(concurrency)
    try:
        while True:
            if failure is None and not stop():
                for number, question in islice(waiting, concurrency - len(under_way)):
                    under_way[workers.submit(asker, question)] = number
            if not under_way:
                break
            done, _ = wait(under_way, _LOOK_UP_SECONDS, return_when=FIRST_COMPLETED)
            for future in done:
                number = under_way.pop(future)
                error = future.exception()
                if error is None:
                    yield number, future.result()
                failure = failure or error
    finally:
        workers.dismiss()
    if failure is not None:
        raise failure


class _Workers:
    """Threads that ask, each for as long as the run takes.

    No ThreadPoolExecutor, whose threads Python joins before it exits: a second Ctrl-C would wait
    for every answer under way, with a server that hangs for minutes.
    """

    def __init__(self, count: int) -> None:
        self._count = count
        self._jobs: SimpleQueue[
            tuple[Future[dict[str, Any] | NoAnswerError], Asker, Question] | None
        ] = SimpleQueue()
        for _ in range(count):
            Thread(target=self._work, daemon=True).start()

    def submit(self, asker: Asker, question: Question) -> Future[dict[str, Any] | NoAnswerError]:
        future: Future[dict[str, Any] | NoAnswerError] = Future()
        self._jobs.put((future, asker, question))
        return future

    def dismiss(self) -> None:
        """Let the threads end after what they are at; what they have not begun stays undone."""
        with suppress(Empty):
            while True:
                self._jobs.get_nowait()
        for _ in range(self._count):
            self._jobs.put(None)

    def _work(self) -> None:
        while (job := self._jobs.get()) is not None:
            future, asker, question = job
            try:
                future.set_result(_ask(asker, question))
            except BaseException as error:
                future.set_exception(error)


def _ask(asker: Asker, question: Question) -> dict[str, Any] | NoAnswerError:
    try:
        record = asker.ask(question.question, question.history, question.id)
    except NoAnswerError as error:
        return error
    return {**record, "id": question.id}
