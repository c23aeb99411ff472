"""`POST /api/articles`: a visitor brings an article; `DELETE /api/articles/{article}`: it goes."""

from __future__ import annotations

import secrets
import time
from functools import partial
from typing import TYPE_CHECKING, Annotated

import anyio
from anyio import to_thread
from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException

from chatbot.own_article.limits import UploadLimits
from chatbot.own_article.reading import UploadError, clean_name, read_upload
from chatbot.own_article.shelf import Shelf
from chatbot.own_article.suggesting import Suggesting
from chatbot.problems import documented
from chatbot.rate_limits import RateLimit
from corpus.readers import READERS

if TYPE_CHECKING:
    from chatbot.bot import Bot
    from chatbot.lobby import Lobby

# Where articles are sent to, which takes larger bodies than the rest.
PATH = "/api/articles"
ALLOWANCE = "10/minute;60/hour"
# Articles that may wait for the one that is being read; the next is told that it is too busy.
_WAITING = 4
# Seconds by which an article can outlive the page that was closed, which may be one loaded anew.
_LATEST = 600
# Seconds in which it is known that a visitor has gone.
_WORD = 0.02
# Pages elsewhere may send text and forms to this server unasked, but not this.
_MEDIA_TYPE = "application/octet-stream"


class OwnArticle(BaseModel):
    """An article that was taken."""

    article: str = Field(description="凭它提问（/api/ask 的 article）和取走；不要给别人")
    document: str = Field(description="文章编号")
    title: str
    paragraphs: int = Field(description="段落数")
    minutes: float = Field(description="这么多分钟没有人问，就不再保留")


class Terms(BaseModel):
    """What may be brought."""

    formats: list[str] = Field(description="可以读的扩展名")
    megabytes: float = Field(description="最大的文件")
    seconds: float = Field(description="读和准备最多这么多秒")
    minutes: float = Field(description="这么多分钟没有人问，就不再保留")


def own_article_routes(lobby: Lobby, shelf: Shelf) -> APIRouter:
    """Return the routes that put articles onto `shelf` and take them away."""
    router = APIRouter()
    limit = RateLimit(ALLOWANCE)
    # Reading and encoding take all processors as it is: one at a time.
    one_at_a_time = anyio.CapacityLimiter(1)
    suggesting = Suggesting()

    @router.get(PATH, response_model=Terms, summary="自己的文章：可以放入什么")
    async def terms() -> Terms:
        limits = shelf.limits
        return Terms(
            formats=sorted(limits.formats or READERS),
            megabytes=limits.megabytes,
            seconds=limits.seconds,
            minutes=limits.minutes,
        )

    @router.post(
        PATH,
        status_code=201,
        response_model=OwnArticle,
        responses=documented(413, 415, 422, 429, 503),
        summary="放入自己的文章",
        openapi_extra={
            "requestBody": {
                "required": True,
                "content": {_MEDIA_TYPE: {"schema": {"type": "string", "format": "binary"}}},
            }
        },
    )
    async def bring(
        request: Request,
        name: Annotated[str, Query(min_length=1, max_length=500, description="文件名")],
    ) -> OwnArticle:
        bot = lobby.ready()
        if request.headers.get("content-type") != _MEDIA_TYPE:
            raise HTTPException(415, f"Content-Type 应是 {_MEDIA_TYPE}。")
        limit.count(request)
        if one_at_a_time.statistics().tasks_waiting >= _WAITING:
            raise HTTPException(503, "放入文章的人太多，请稍后再试。", {"Retry-After": "10"})
        data = await request.body()
        work = partial(_open, bot, clean_name(name) or "文章", data, shelf.limits)
        try:
            own = await to_thread.run_sync(work, limiter=one_at_a_time)
        except UploadError as error:
            raise HTTPException(422, str(error)) from None
        if await _given_up(request):
            # Nobody would ever ask about it or take it away.
            raise HTTPException(499, "没有等到放好就断开了。")
        (document,) = own.documents
        token = shelf.put(own)
        lobby.meanwhile(partial(suggesting.make, own, partial(shelf.holds, token)))
        return OwnArticle(
            article=token,
            document=document.id,
            title=document.title,
            paragraphs=len(document.paragraphs),
            minutes=shelf.limits.minutes,
        )

    @router.delete(
        PATH + "/{article}", status_code=204, responses=documented(404), summary="取走自己的文章"
    )
    async def take_away(
        article: str,
        after: Annotated[
            float, Query(ge=0, le=_LATEST, description="过这么多秒再取走，其间问到它就不取走")
        ] = 0,
    ) -> None:
        if after:
            shelf.leave(article, after)
        else:
            shelf.remove(article)

    @router.get(
        PATH + "/{article}",
        status_code=204,
        responses=documented(404),
        summary="自己的文章还在不在",
    )
    async def still_there(article: str) -> None:
        shelf.get(article)

    return router


async def _given_up(request: Request) -> bool:
    """Tell whether whoever sent `request`, the body of which was read, has gone.

    `Request.is_disconnected` waits for nothing, not even for what passes word of it on to us.
    """
    with anyio.move_on_after(_WORD):
        message = await request.receive()
        return bool(message["type"] == "http.disconnect")
    return False


def _open(bot: Bot, name: str, data: bytes, limits: UploadLimits) -> Bot:
    """Return a bot over the article in a file alone. Raises UploadError."""
    seconds = limits.seconds
    deadline = time.monotonic() + seconds
    # An id of its own, so that no article of the corpus is taken for it; it is no secret.
    document = read_upload(name, data, f"own:{secrets.token_hex(4)}", seconds, limits.formats)

    def hurry(done: int, total: int) -> None:
        if time.monotonic() > deadline and done < total:
            raise UploadError(
                f"{name}：太长，{seconds:g} 秒只准备好了 {total} 段里的 {done} 段；"
                "请只放入要问的部分。"
            )

    return bot.over((document,), hurry)
