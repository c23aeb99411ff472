"""What the commands say on stderr: progress, changes of the index, and what the user did wrong."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from rich.progress import TaskID

    from chatbot.answer import Answer
    from chatbot.bot import Bot
    from chatbot.settings import Settings
    from index.updating import IndexUpdate


def open_bot(settings: Settings) -> Bot:
    """Open the bot, with progress and a word on what changed in the index."""
    from chatbot.bot import Bot

    with progress_bar("编码段落") as progress:
        return Bot.open(settings, progress=progress, on_update=say_update)


# How often a log shows that there is life; what is done sooner says nothing.
_LOG_SECONDS = 30.0


@contextmanager
def progress_bar(what: str) -> Iterator[Callable[[int, int], None]]:
    """Give a function to report (done, all) to, shown on stderr.

    A bar on a terminal, else, as in the log of a CI server, a line every half minute.
    """
    if not sys.stderr.isatty():
        yield _log_lines(what)
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task: list[TaskID] = []

        def report(done: int, total: int) -> None:
            if not task:
                task.append(bar.add_task(what, total=total))
            bar.update(task[0], completed=done, total=total)

        yield report


def _log_lines(what: str) -> Callable[[int, int], None]:
    last = monotonic()

    def report(done: int, total: int) -> None:
        nonlocal last
        now = monotonic()
        if now - last >= _LOG_SECONDS:
            last = now
            print(f"{what}：{done} / {total}", file=sys.stderr, flush=True)

    return report


def say_update(update: IndexUpdate, always: bool = False) -> None:
    """Say on stderr what changed in the index, and why an old one was not used."""
    if update.reason:
        print(update.reason, file=sys.stderr)
    if not always and not update.encoded and not update.removed:
        return
    parts = [
        f"{word} {len(ids)} 篇"
        for word, ids in (
            ("新增", update.added),
            ("更改", update.changed),
            ("删除", update.removed),
            ("未变", update.unchanged),
        )
        if ids
    ]
    print(f"索引：{'，'.join(parts) or '没有文章'}；编码 {update.encoded} 段。", file=sys.stderr)


def chosen_question(line: str, before: Answer | None) -> str:
    """Return the question that a typed number chooses where the answer before asks back.

    Any other line is a question itself.
    """
    if before is None or not before.asks_back or not line.isdecimal():
        return line
    number = int(line)
    if not 1 <= number <= len(before.answers):
        return line
    return before.answers[number - 1].question or line


def choosing_hint(answer: Answer) -> str:
    """Return how to choose among the answers of one that asks back; "" where there is no choice."""
    numbers = [str(n) for n, choice in enumerate(answer.answers, 1) if choice.question]
    if not answer.asks_back or not numbers:
        return ""
    return f"输入 {' 或 '.join(numbers)} 选一个，或者接着问。"


def fail(message: str) -> NoReturn:
    """End with a line for the user (a broken question set has one for each mistake)."""
    print(f"wenda：{message}", file=sys.stderr)
    sys.exit(2)
