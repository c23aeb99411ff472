"""Ctrl-C during a run: the first ends it in good order, the second at once."""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


@contextmanager
def set_by_interrupt(stopping: threading.Event | None) -> Iterator[None]:
    """Let the first Ctrl-C set `stopping` and say so; a second one is Ctrl-C as ever.

    A KeyboardInterrupt would come anywhere, in the middle of a record's line as well. Does nothing
    for None, nor outside the main thread, where no signal arrives.
    """
    if stopping is None or threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.getsignal(signal.SIGINT)

    def stop(number: int, frame: FrameType | None) -> None:
        signal.signal(signal.SIGINT, before)
        stopping.set()
        print(
            "\n停下来：等已经问出的题答完，再给出报告；再按一次 Ctrl-C 就立即结束。",
            file=sys.stderr,
        )

    signal.signal(signal.SIGINT, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
