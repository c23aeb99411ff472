"""A live server with everything on that an operator may leave out, for the browser tests of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

from fastapi import FastAPI

from chatbot.api import create_app
from chatbot.feedback.store import FeedbackStore
from chatbot.own_article import routes
from chatbot.own_article.limits import UploadLimits
from tests.browser.conftest import article_bot, serving
from tests.fake_bot import FakeBot


@dataclass(frozen=True)
class FullServer:
    """Where it is, its application, the bot behind it and where its feedback goes."""

    url: str
    app: FastAPI
    bot: FakeBot
    feedback: FeedbackStore


@contextmanager
def full_server(folder: Path, *, embed_origins: tuple[str, ...] = ()) -> Iterator[FullServer]:
    """Serve with feedback, own articles and the given origins."""
    bot = article_bot()
    store = FeedbackStore(folder / "feedback.db")
    # Tests bring more articles in a minute than a visitor does.
    with patch.object(routes, "ALLOWANCE", "1000/minute"):
        app = create_app(
            bot,  # type: ignore[arg-type]
            feedback=store.path,
            own_articles=UploadLimits(megabytes=0.25),
            embed_origins=embed_origins,
        )
    with serving(app) as url:
        yield FullServer(url, app, bot, store)
