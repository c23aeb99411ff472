"""Putting the questions of a run, in order or several at once, until done or stopped."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from itertools import islice
from typing import Any

from chatbot.question_sets.asking import Asker
from chatbot.question_sets.question_set import Question

# How often a wait for answers looks up: on Windows a Ctrl-C is only noticed between two waits.
_LOOK_UP_SECONDS = 0.5


def put(
    questions: Sequence[Question],
    asker: Asker,
    concurrency: int = 1,
    stop: Callable[[], bool] = lambda: False,
) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield (index of the question, its record) as they come, `concurrency` under way at once.

    Once `stop` says so, or an answer cannot be had, no further question is put, but what is under
    way is waited for and yielded: it was answered, and must not be lost. Then raises the first
    error, an AskError unless it is a fault of the asker's.
    """
    if concurrency == 1:
        for number, question in enumerate(questions):
            if stop():
                return
            yield number, _ask(asker, question)
        return
    waiting = iter(enumerate(questions))
    under_way: dict[Future[dict[str, Any]], int] = {}
    failure: BaseException | None = None
    pool = ThreadPoolExecutor(concurrency)
    try:
        while True:
            if failure is None and not stop():
                for number, question in islice(waiting, concurrency - len(under_way)):
                    under_way[pool.submit(_ask, asker, question)] = number
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
        pool.shutdown(wait=True, cancel_futures=True)
    if failure is not None:
        raise failure


def _ask(asker: Asker, question: Question) -> dict[str, Any]:
    record = asker.ask(question.question, question.history, question.id)
    return {**record, "id": question.id}
