"""Where visitors wait: the server answers at once while the bot is still being built."""

from __future__ import annotations

import asyncio
import logging
import os
import threading
import time
from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

import anyio
from anyio import to_thread

from chatbot.own_article.shelf import GoneError, Shelf

if TYPE_CHECKING:
    from chatbot.answer import Answer
    from chatbot.bot import Bot

logger = logging.getLogger(__name__)


class NotReadyError(Exception):
    """The bot is not there yet, or could not be built."""


class Lobby:
    """Holds the one bot of a server, and builds it in the background where it gets a builder.

    `bot` is None until it is built, and stays None where building failed; `failure` then holds
    the reason and `on_failure`, if set, is called with it (in the building thread).
    """

    def __init__(self, source: Bot | Callable[[], Bot]) -> None:
        """Hold `source`, or be ready to build with it."""
        self.bot: Bot | None = None
        self.failure: Exception | None = None
        self.on_ready: Callable[[], None] | None = None
        self.on_failure: Callable[[], None] | None = None
        # What is done with the bot once visitors may ask, in the thread that built it; it ends soon
        # after the event that it is given is set.
        self.afterwards: Callable[[Bot, threading.Event], object] | None = None
        # Where visitors' own articles are, None where they may bring none.
        self.shelf: Shelf | None = None
        self._build: Callable[[], Bot] | None = None
        self._opened = threading.Lock()
        self._thread: threading.Thread | None = None
        self._others: list[threading.Thread] = []
        self._leaving = threading.Event()
        if callable(source):
            self._build = source
        else:
            self.bot = source
        # Answering is computing: more of it at once than there are processors only makes every
        # visitor wait longer. The web chat and the API share this one limit.
        self._limiter = anyio.CapacityLimiter(os.cpu_count() or 1)
        self._threads = anyio.CapacityLimiter(os.cpu_count() or 1)

    def open(self) -> None:
        """Start building, once; returns at once."""
        if self._build is None or not self._opened.acquire(blocking=False):
            return
        # A daemon: Ctrl-C ends the server also in the middle of encoding a large corpus.
        self._thread = threading.Thread(target=self._fill, name="wenda-build", daemon=True)
        self._thread.start()

    def leave(self, patience: float = 3.0) -> bool:
        """Ask what runs in the background to end; tell whether it did within `patience` seconds.

        A Python that ends while a thread of its own is inside native code may abort.
        """
        self._leaving.set()
        deadline = time.monotonic() + patience
        running = [self._thread, *self._others] if self._thread is not None else [*self._others]
        for thread in running:
            thread.join(max(0.0, deadline - time.monotonic()))
        return not any(thread.is_alive() for thread in running)

    def meanwhile(self, work: Callable[[threading.Event], object]) -> None:
        """Do `work` in the background; it ends soon after the event that it is given is set."""
        thread = threading.Thread(
            target=work, args=(self._leaving,), name="wenda-meanwhile", daemon=True
        )
        self._others = [*(other for other in self._others if other.is_alive()), thread]
        thread.start()

    def _fill(self) -> None:
        assert self._build is not None
        try:
            self.bot = bot = self._build()
        except Exception as error:
            self.failure = error
            logger.debug("the bot could not be built", exc_info=True)
            if self.on_failure is not None:
                self.on_failure()
        else:
            if self.on_ready is not None:
                self.on_ready()
            if self.afterwards is not None:
                try:
                    self.afterwards(bot, self._leaving)
                except Exception:
                    logger.exception("what follows readiness failed; questions are answered")

    def ready(self) -> Bot:
        """Return the bot; raises NotReadyError with a word for the visitor when it is not there."""
        if self.bot is not None:
            return self.bot
        if self.failure is not None:
            raise NotReadyError("问答没能准备好，请看服务器上的说明。")
        raise NotReadyError("正在准备，请稍候再问。")

    def bot_for(self, article: str | None) -> Bot:
        """Return the bot over a visitor's own article of that token, without one the bot.

        Raises NotReadyError, and GoneError where there is no such article.
        """
        if article is None:
            return self.ready()
        if self.shelf is None:
            raise GoneError
        return self.shelf.get(article)

    async def ask(
        self,
        question: str,
        history: Sequence[str] = (),
        document: str | None = None,
        id: str | None = None,
        *,
        article: str | None = None,
        begun: asyncio.Event | None = None,
    ) -> Answer:
        """Answer in a worker thread, waiting for a free one, then setting `begun`.

        Raises as `bot_for` does.
        """
        bot = self.bot_for(article)
        call = partial(bot.ask, question, history=history, document=document, id=id)
        async with self._limiter:
            if begun is not None:
                begun.set()
            return await to_thread.run_sync(call, limiter=self._threads)
