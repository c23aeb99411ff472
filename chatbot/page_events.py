"""What the page's events answer: a question, the first sight of the page, an article."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from typing import Any

from chatbot.lobby import Lobby, NotReadyError
from chatbot.rendering import render_answer, render_document, render_welcome
from chatbot.settings import QUESTION_LIMIT

logger = logging.getLogger(__name__)

# How many earlier questions a follow-up can lean on.
HISTORY = 20


async def ask(lobby: Lobby, request: object) -> dict[str, Any]:
    """Answer one question of the page: `{"turn", "question", "history"}`, by `{"turn", "html"}`.

    Beside the HTML stand the quoted words (`answer`, None where there are none). Whatever the
    browser sends, what comes back is something to show: an answer, or a `failure` in Chinese with
    the turn it belongs to.
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
    try:
        answer = await lobby.ask(_readable(question), [_readable(q) for q in history[-HISTORY:]])
        documents = {document.id: document for document in lobby.ready().documents}
        return {"turn": turn, "html": render_answer(answer, documents), "answer": answer.answer}
    except NotReadyError as error:
        return {"turn": turn, "failure": str(error)}
    except Exception:
        logger.exception("no answer")
        return {"turn": turn, "failure": "回答时出了错，已记入服务器日志。"}


async def welcome(lobby: Lobby) -> AsyncIterator[tuple[dict[str, Any], str]]:
    """Yield what the two panes show on loading: that it is being prepared, then the real thing."""
    waited = False
    while lobby.bot is None:
        if lobby.failure is not None:
            yield {"failure": "问答没能准备好，请看服务器上的说明。"}, ""
            return
        if not waited:
            yield {"waiting": "正在准备……"}, ""
            waited = True
        await asyncio.sleep(0.25)
    bot = lobby.bot
    examples = await asyncio.to_thread(bot.examples)
    article = render_document(bot.documents[0], bot.documents) if bot.documents else ""
    yield {"ready": True, "html": render_welcome(bot.documents, examples)}, article


def show_document(lobby: Lobby, id: object) -> str | None:
    """Return the article of that id as HTML, None if there is none."""
    documents = lobby.bot.documents if lobby.bot is not None else ()
    for document in documents:
        if document.id == id:
            return render_document(document, documents)
    return None


def _readable(text: str) -> str:
    """Return `text` without lone surrogates, which no encoder takes."""
    return text.encode("utf-8", "replace").decode("utf-8")
