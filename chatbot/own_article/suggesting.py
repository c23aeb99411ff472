"""Questions made from a visitor's own article, to be suggested while it is asked about.

Made once the visitor may ask, in a thread of their own, gently and for a short while; kept nowhere.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from itertools import takewhile
from typing import TYPE_CHECKING

from chatbot.question_making.proving import ProvenQuestion, candidates, prove

if TYPE_CHECKING:
    from chatbot.bot import Bot

logger = logging.getLogger(__name__)

# Three are shown at a time, and of those tried about half are kept (`wenda index` says how many).
_TRIED = 16
SECONDS = 30.0


class Suggesting:
    """Makes questions of one article after the other. Safe to share between threads."""

    def __init__(self, seconds: float = SECONDS) -> None:
        """Take at most `seconds` for an article, half of them resting."""
        self._seconds = seconds
        self._one_at_a_time = threading.Lock()

    def make(self, bot: Bot, wanted: Callable[[], bool], leaving: threading.Event) -> None:
        """Let `bot` offer questions made from its articles, the most various first.

        It ends once they are no longer `wanted` or `leaving` is set. What goes wrong is logged: the
        article is answered all the same.
        """
        with self._one_at_a_time:
            try:
                self._make(bot, wanted, leaving)
            except Exception:
                logger.exception("no questions made of an own article")

    def _make(self, bot: Bot, wanted: Callable[[], bool], leaving: threading.Event) -> None:
        began = time.monotonic()
        deadline = began + self._seconds

        def staying(_: object = None) -> bool:
            return not leaving.is_set() and wanted() and time.monotonic() < deadline

        def done() -> None:
            nonlocal began
            # As long as the question took: visitors find a processor free.
            leaving.wait(time.monotonic() - began)
            began = time.monotonic()

        for document in bot.documents:
            if not staying():
                return
            proven: list[ProvenQuestion] = []
            tried = takewhile(staying, candidates(document, _TRIED))
            for question in prove(bot, tried, document, done):
                proven.append(question)
                bot.offers.add(document.id, proven)
