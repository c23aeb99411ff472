"""What the page's events answer: a question, the first sight of the page, an article."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from typing import Any

from chatbot.article_rendering import render_document
from chatbot.lobby import Lobby, NotReadyError
from chatbot.own_article.shelf import GoneError
from chatbot.rendering import render_answer, render_welcome
from chatbot.settings import QUESTION_LIMIT

logger = logging.getLogger(__name__)

# How many earlier questions a follow-up can lean on.
HISTORY = 20


# Seconds after which a visitor is told what is being done.
SOON = 1.0


async def answering(lobby: Lobby, request: object) -> AsyncIterator[dict[str, Any]]:
    """Yield what becomes of a question: after a second what is being done, then what `ask` says."""
    begun = asyncio.Event()
    answer = asyncio.create_task(ask(lobby, request, begun))
    turn = request.get("turn") if isinstance(request, dict) else None
    try:
        await asyncio.wait({answer}, timeout=SOON)
        if not answer.done() and not begun.is_set():
            yield {"turn": turn, "doing": "前面还有别人的问题，轮到就回答……"}
            start = asyncio.create_task(begun.wait())
            await asyncio.wait({answer, start}, return_when=asyncio.FIRST_COMPLETED)
            start.cancel()
        if not answer.done():
            yield {"turn": turn, "doing": "正在逐段细读最相近的几段……"}
        yield await answer
    finally:
        answer.cancel()


async def ask(lobby: Lobby, request: object, begun: asyncio.Event | None = None) -> dict[str, Any]:
    """Answer one question of the page.

    `{"turn", "question", "history", "document"}` is answered by `{"turn", "html", "record"}`: what
    to show, and the answer record to keep. `article` is the secret token of the visitor's own
    article, where that is what is asked about. Whatever the browser sends, what comes back is
    something to show: an answer, or a `failure` in Chinese with the turn it belongs to, with `gone`
    where what was to be asked is no longer there: the "document" or the visitor's own "article".
    `begun` is set once it is this question's turn.
    """
    data = request if isinstance(request, dict) else {}
    turn = data.get("turn")
    question = data.get("question")
    earlier = data.get("history")
    if not isinstance(question, str) or len(question) > QUESTION_LIMIT:
        return {"turn": turn, "failure": f"问题应是文字，最多 {QUESTION_LIMIT} 个字符。"}
    history = (
        [item for item in earlier if isinstance(item, str)] if isinstance(earlier, list) else []
    )
    document = data.get("document")
    try:
        article = _article(data)
        documents = {document.id: document for document in lobby.bot_for(article).documents}
        if document is not None and not (isinstance(document, str) and document in documents):
            return {"turn": turn, "failure": _gone(len(documents)), "gone": "document"}
        answer = await lobby.ask(
            _readable(question),
            [_readable(earlier) for earlier in history[-HISTORY:]],
            document,
            article=article,
            begun=begun,
        )
        return {
            "turn": turn,
            "html": render_answer(answer, documents),
            "record": answer.record(),
        }
    except NotReadyError as error:
        return {"turn": turn, "failure": str(error)}
    except GoneError as error:
        return {"turn": turn, "failure": str(error), "gone": "article"}
    except Exception:
        logger.exception("no answer")
        return {"turn": turn, "failure": "回答时出了错，已记入服务器日志。"}


async def welcome(lobby: Lobby) -> AsyncIterator[tuple[dict[str, Any], dict[str, str] | None]]:
    """Yield what the two panes show on loading: that it is being prepared, then the real thing."""
    waited = False
    while lobby.bot is None:
        if lobby.failure is not None:
            yield {"failure": "问答没能准备好，请看服务器上的说明。"}, None
            return
        if not waited:
            yield {"waiting": "正在准备……"}, None
            waited = True
        await asyncio.sleep(0.25)
    bot = lobby.bot
    examples = await asyncio.to_thread(bot.examples)
    first = bot.documents[0].id if bot.documents else None
    greeting = {
        "ready": True,
        "html": render_welcome(bot.documents, examples),
        "documents": [
            {"id": document.id, "title": document.title, "paragraphs": len(document.paragraphs)}
            for document in bot.documents
        ],
    }
    yield greeting, show_document(lobby, {"document": first})


def opened(lobby: Lobby, request: object) -> dict[str, Any] | None:
    """Return `show_document` of a request, `{"gone"}` with the document's id where it is no more.

    None where nothing can be said: there is no bot yet, or no document is named.
    """
    shown = show_document(lobby, request)
    document = request.get("document") if isinstance(request, dict) else None
    if shown is None and lobby.bot is not None and isinstance(document, str):
        return {"gone": document}
    return shown


def show_document(lobby: Lobby, request: object) -> dict[str, str] | None:
    """Return `{"html"}` of the article that `{"document"}` names, None if there is none.

    Of a large one comes the part with that `paragraph` or that `heading`, else its first part.
    With `article`, the secret token of a visitor's own article, only that one is there.
    """
    data = request if isinstance(request, dict) else {}
    try:
        documents = lobby.bot_for(_article(data)).documents
    except (NotReadyError, GoneError):
        return None
    for document in documents:
        if document.id == data.get("document"):
            at = {key: data.get(key) for key in ("paragraph", "heading")}
            return {"html": render_document(document, documents, **at)}
    return None


def _gone(documents: int) -> str:
    """Return what to do where the chosen document is no more and so many others are there."""
    if documents > 1:
        return "要找的那篇文章已经不在了；可以在全部文章里再试一次，也可以在输入框上面另选。"
    return "要找的那篇文章已经不在了；可以在现有的文章里再试一次。"


def _article(data: dict[str, Any]) -> str | None:
    """Return the token of the visitor's own article that a request is about, None if there is none.

    What is no text is a token that opens nothing.
    """
    article = data.get("article")
    return article if article is None else str(article)


def _readable(text: str) -> str:
    """Return `text` without lone surrogates, which no encoder takes."""
    return text.encode("utf-8", "replace").decode("utf-8")
