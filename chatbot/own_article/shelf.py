"""Where visitors' own articles are kept while they are asked about: in memory, each by its token.

The token is a secret that only the browser that brought the article knows; there is no list. So no
visitor sees another's article, without cookies and accounts.
"""

from __future__ import annotations

import asyncio
import contextlib
import secrets
import threading
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from chatbot.own_article.limits import UploadLimits

if TYPE_CHECKING:
    from chatbot.bot import Bot


class GoneError(LookupError):
    """An own article that is not, or no longer, there; the message is for the visitor."""

    def __init__(self) -> None:
        """Say what to do."""
        super().__init__("您放入的文章已经不在了（太久没有提问，或服务重启过）；请重新放入。")


@dataclass(slots=True)
class _Place:
    bot: Bot
    characters: int
    used: float
    leaving: float | None = None  # the time at which it goes, where nobody asks before


class Shelf:
    """Bots over visitors' articles, each one's own. Safe to share between threads."""

    def __init__(self, limits: UploadLimits, clock: Callable[[], float] = time.monotonic) -> None:
        """Keep what `limits` allow; `clock` gives seconds."""
        self.limits = limits
        self._clock = clock
        self._lock = threading.Lock()
        # The least recently used first.
        self._places: dict[str, _Place] = {}

    def put(self, bot: Bot) -> str:
        """Keep `bot`, in place of what was longest unused where there is no room; the token."""
        token = secrets.token_urlsafe(24)
        characters = sum(len(document.text) for document in bot.documents)
        with self._lock:
            self._drop_idle()
            self._places[token] = _Place(bot, characters, self._clock())
            while len(self._places) > 1 and self._is_over():
                del self._places[next(iter(self._places))]
        return token

    def get(self, token: str) -> Bot:
        """Return the bot over the article of that token, which counts as used.

        Raises GoneError where there is none.
        """
        with self._lock:
            self._drop_idle()
            place = self._places.pop(token, None)
            if place is None:
                raise GoneError
            place.used = self._clock()
            place.leaving = None
            self._places[token] = place
            return place.bot

    def holds(self, token: str) -> bool:
        """Tell whether the article of that token is still kept, which does not count as used."""
        with self._lock:
            return token in self._places

    def remove(self, token: str) -> None:
        """Drop an article; raises GoneError where there is none."""
        with self._lock:
            if self._places.pop(token, None) is None:
                raise GoneError

    def leave(self, token: str, seconds: float) -> None:
        """Drop an article after so many seconds in which nobody used it.

        Raises GoneError where there is none. So a page can say that it is closed, and one that was
        only loaded anew can take it back.
        """
        with self._lock:
            place = self._places.get(token)
            if place is None:
                raise GoneError
            place.leaving = self._clock() + seconds

    def sweep(self) -> None:
        """Drop what was unused or left too long; to be called now and then, to free memory."""
        with self._lock:
            self._drop_idle()

    def __len__(self) -> int:
        """Return how many articles are kept."""
        with self._lock:
            return len(self._places)

    def _drop_idle(self) -> None:
        now = self._clock()
        oldest = now - self.limits.minutes * 60
        for token, place in list(self._places.items()):
            if place.used < oldest or (place.leaving is not None and place.leaving <= now):
                del self._places[token]

    def _is_over(self) -> bool:
        characters = sum(place.characters for place in self._places.values())
        return len(self._places) > self.limits.articles or characters > self.limits.characters


@contextlib.asynccontextmanager
async def sweeping(shelf: Shelf | None, seconds: float = 60.0) -> AsyncIterator[None]:
    """Sweep `shelf`, where there is one, every so many seconds while the server runs."""

    async def sweep() -> None:
        while shelf is not None:
            await asyncio.sleep(seconds)
            shelf.sweep()

    task = asyncio.create_task(sweep())
    try:
        yield
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
