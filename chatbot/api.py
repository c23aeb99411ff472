"""The HTTP side: the JSON API, health, and the web chat on the same port."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

from fastapi import APIRouter, FastAPI
from fastapi.responses import JSONResponse
from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from pydantic_core import PydanticCustomError
from starlette.exceptions import HTTPException
from starlette.middleware.cors import CORSMiddleware
from starlette.middleware.gzip import GZipMiddleware

from chatbot.feedback.routes import closed_feedback_routes, feedback_routes
from chatbot.feedback.store import FeedbackStore
from chatbot.lobby import Lobby
from chatbot.own_article import routes as own_article
from chatbot.own_article.limits import UploadLimits
from chatbot.own_article.routes import own_article_routes
from chatbot.own_article.shelf import Shelf, sweeping
from chatbot.problems import Problem, documented, handle_problems
from chatbot.protection import BodyLimit, SafeHeaders, TrustedHosts, hosts_for
from chatbot.serving import ListenError, PortInUseError, serve
from chatbot.settings import QUESTION_LIMIT

if TYPE_CHECKING:
    from chatbot.bot import Bot
    from corpus.document import Document

__all__ = ["ListenError", "PortInUseError", "create_app", "serve"]


def _encodable(text: str) -> str:
    """Refuse lone surrogates: JSON can spell them ("\\ud800"), no response could hold them."""
    try:
        text.encode()
    except UnicodeEncodeError:
        raise PydanticCustomError("surrogate", "lone surrogate") from None
    return text


Text = Annotated[str, AfterValidator(_encodable)]


class AskRequest(BaseModel):
    """A question, and the conversation it stands in."""

    model_config = ConfigDict(extra="forbid")

    question: Text = Field(description=f"问题，最多 {QUESTION_LIMIT} 个字符")
    history: list[Text] = Field(default=[], description="同一对话里先前的问题，按先后")
    document: Text | None = Field(default=None, description="只在这篇文章里找；默认在所有文章里")
    id: Text | None = Field(default=None, description="原样放进回答记录")
    article: Text | None = Field(
        default=None, description="只问自己放入的文章：POST /api/articles 返回的 article"
    )


class CitationRecord(BaseModel):
    """Where an answer stands; `start` and `end` count characters of the document's text."""

    document: str
    title: str
    section: str | None
    paragraph: int
    start: int
    end: int
    text: str


class SpanRecord(BaseModel):
    """One of several things asked for, or of the answers that may be meant (`asks_back`)."""

    answer: str
    citation: CitationRecord
    confidence: float | None = Field(description="反问时，这一处是答案的把握；否则为 null")
    sentence: str | None = Field(
        description="这一处所在的句子：反问时，或各处不在同一句里时；否则为 null"
    )
    question: str | None = Field(description="反问时，只问这一处的问法；没有就是 null")


class PassageRecord(BaseModel):
    """A paragraph that came close."""

    document: str
    paragraph: int
    score: float


class AnswerRecord(BaseModel):
    """The answer record, the same everywhere in wenda."""

    id: str | None
    question: str
    understood: str
    answered: bool
    kind: Literal["span", "list", "passage", "refusal", "chat"]
    answer: str | None
    sentence: str | None
    answers: list[SpanRecord]
    asks_back: bool = Field(description="有几处都像答案，请访客在 answers 里选")
    confidence: float
    citation: CitationRecord | None
    passages: list[PassageRecord]
    suggestions: list[str]
    reply: str
    milliseconds: float


class DocumentSummary(BaseModel):
    """An article in the list of articles."""

    id: str
    title: str
    path: str
    paragraphs: int = Field(description="段落数")
    sections: list[str] = Field(description="小标题")


class SectionRecord(BaseModel):
    """A heading and the stretch of text under it."""

    title: str
    heading_start: int
    heading_end: int
    start: int
    end: int


class ParagraphRecord(BaseModel):
    """A paragraph of an article: `text[start:end]`."""

    number: int
    section: str | None
    start: int
    end: int


class DocumentRecord(BaseModel):
    """A whole article with its offsets."""

    id: str
    title: str
    path: str
    text: str
    sections: list[SectionRecord]
    paragraphs: list[ParagraphRecord]


class Health(BaseModel):
    """How the server does."""

    status: Literal["ok"]


def create_app(
    bot: Bot | Callable[[], Bot],
    *,
    web: bool = True,
    host: str = "127.0.0.1",
    allowed_hosts: Sequence[str] = (),
    feedback: Path | None = None,
    own_articles: UploadLimits | None = None,
    embed_origins: Sequence[str] = (),
) -> FastAPI:
    """Return the application. `bot` may be a builder, which runs in the background once it serves.

    `web` adds the chat page. `host` is where it will listen; from it follow the host names it
    answers for, `allowed_hosts` adds to them ("*" for any). `feedback` is the file that visitors'
    feedback is kept in, None to take none; raises FeedbackFileError for one that cannot be used.
    `own_articles` are the limits on articles that visitors bring, None where they may bring none.
    Pages of `embed_origins` ("https://www.example.com") may show the chat in a frame.
    """
    lobby = Lobby(bot)
    if own_articles is not None:
        lobby.shelf = Shelf(own_articles)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        lobby.open()
        async with sweeping(lobby.shelf):
            yield

    # No /docs and /redoc: those pages load their scripts from another host.
    app = FastAPI(
        title="问答",
        description="只用文章原话回答问题的问答机器人。",
        version=_version(),
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,
    )
    app.state.lobby = lobby
    handle_problems(app)
    app.include_router(_routes(lobby))
    extras = []
    if feedback is None:
        app.include_router(closed_feedback_routes())
    else:
        store = FeedbackStore(feedback)
        store.check()
        app.include_router(feedback_routes(lobby, store))
        extras.append("feedback")
    larger: dict[str, int] = {}
    if lobby.shelf is not None:
        app.include_router(own_article_routes(lobby, lobby.shelf))
        larger[own_article.PATH] = lobby.shelf.limits.bytes
        extras.append("own-article")
    _document_problems(app)

    # The last one added is the first to see a request. CORS without any origin: no other site may
    # read an answer through a visitor's browser, and Gradio keeps its own, open policy to itself.
    app.add_middleware(BodyLimit, larger=larger)
    app.add_middleware(GZipMiddleware, minimum_size=1024)
    app.add_middleware(CORSMiddleware, allow_origins=[])
    app.add_middleware(TrustedHosts, allowed=(*hosts_for(host), *allowed_hosts))
    app.add_middleware(SafeHeaders, embed_origins=embed_origins)
    if web:
        from chatbot.web import mount_page

        mount_page(app, lobby, extras)
    return app


def _routes(lobby: Lobby) -> APIRouter:
    """Return our own routes: all that /openapi.json shows."""
    router = APIRouter()

    @router.post(
        "/api/ask",
        response_model=AnswerRecord,
        responses=documented(400, 404, 413, 422, 503),
        summary="提问",
    )
    async def ask(request: AskRequest) -> JSONResponse:
        if len(request.question) > QUESTION_LIMIT:
            raise HTTPException(413, f"问题超过 {QUESTION_LIMIT} 个字符。")
        if request.document is not None:
            _document(lobby.bot_for(request.article), request.document)
        answer = await lobby.ask(
            request.question,
            request.history,
            request.document,
            request.id,
            article=request.article,
        )
        return JSONResponse(answer.record())

    @router.get(
        "/api/documents",
        response_model=list[DocumentSummary],
        responses=documented(503),
        summary="文章目录",
    )
    async def documents() -> list[DocumentSummary]:
        return [_summary(document) for document in lobby.ready().documents]

    @router.get(
        "/api/documents/{id:path}",
        response_model=DocumentRecord,
        responses=documented(404, 503),
        summary="一篇文章的全文",
    )
    async def document(id: str) -> DocumentRecord:
        return _record(_document(lobby.ready(), id))

    @router.get("/health/live", response_model=Health, summary="服务器在运行")
    async def live() -> Health:
        return Health(status="ok")

    @router.get(
        "/health/ready",
        response_model=Health,
        responses=documented(503),
        summary="可以提问了",
    )
    async def ready() -> Health:
        lobby.ready()
        return Health(status="ok")

    return router


def _document(bot: Bot, id: str) -> Document:
    """Return the document of that id; 404 if there is none."""
    for document in bot.documents:
        if document.id == id:
            return document
    raise HTTPException(404, f"没有编号为“{id}”的文章。")


def _summary(document: Document) -> DocumentSummary:
    return DocumentSummary(
        id=document.id,
        title=document.title,
        path=document.path,
        paragraphs=len(document.paragraphs),
        sections=[section.title for section in document.sections],
    )


def _record(document: Document) -> DocumentRecord:
    return DocumentRecord(
        id=document.id,
        title=document.title,
        path=document.path,
        text=document.text,
        sections=[
            SectionRecord(
                title=section.title,
                heading_start=section.heading_start,
                heading_end=section.heading_end,
                start=section.start,
                end=section.end,
            )
            for section in document.sections
        ],
        paragraphs=[
            ParagraphRecord(
                number=paragraph.number,
                section=paragraph.section,
                start=paragraph.start,
                end=paragraph.end,
            )
            for paragraph in document.paragraphs
        ],
    )


def _document_problems(app: FastAPI) -> None:
    """Put problem details into the OpenAPI document, in place of FastAPI's own error schema."""
    plain = app.openapi

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            schema = plain()
            template = "#/components/schemas/{model}"
            problem = Problem.model_json_schema(ref_template=template)
            schemas = schema["components"]["schemas"]
            schemas.update(problem.pop("$defs"), Problem=problem)
            for unused in ("HTTPValidationError", "ValidationError"):
                schemas.pop(unused, None)
            for path in schema["paths"].values():
                for operation in path.values():
                    refers = str(operation["responses"].get("422", ""))
                    if "HTTPValidationError" in refers:
                        operation["responses"].update(
                            {str(code): text for code, text in documented(422).items()}
                        )
        assert app.openapi_schema is not None
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]


def _version() -> str:
    try:
        return version("wenda")
    except PackageNotFoundError:  # run from a checkout that was not installed
        return "0"
