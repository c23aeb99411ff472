"""`POST /api/feedback`: a visitor's word on an answer."""

from __future__ import annotations

import logging
import uuid
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Literal

from anyio import to_thread
from fastapi import APIRouter, Request
from fastapi.exceptions import RequestValidationError
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints
from pydantic_core import PydanticCustomError
from starlette.exceptions import HTTPException

from chatbot.feedback.entry import PROPOSAL_LIMIT, REASON_LIMIT, Feedback, find_evidence
from chatbot.feedback.store import FeedbackFileError, FeedbackStore
from chatbot.problems import documented
from chatbot.question_sets.comparison import fold
from chatbot.rate_limits import RateLimit
from chatbot.settings import QUESTION_LIMIT

if TYPE_CHECKING:
    from chatbot.answer import Answer
    from chatbot.lobby import Lobby

logger = logging.getLogger(__name__)

# A visitor who judges every answer comes nowhere near.
ALLOWANCE = "30/minute;300/hour"
_HISTORY = 50


def _storable(text: str) -> str:
    """Refuse what no question set could hold: half characters and NUL."""
    try:
        text.encode()
    except UnicodeEncodeError:
        raise PydanticCustomError("surrogate", "lone surrogate") from None
    if "\0" in text:
        raise PydanticCustomError("nul", "NUL")
    return text


def _worded(text: str) -> str:
    """Refuse what has nothing in it to ask or to compare."""
    if not fold(text):
        raise PydanticCustomError("wordless", "nothing to compare")
    return text


_STORABLE = AfterValidator(_storable)
Text = Annotated[str, _STORABLE]
Question = Annotated[str, StringConstraints(min_length=1, max_length=QUESTION_LIMIT), _STORABLE]
Reason = Annotated[str, StringConstraints(max_length=REASON_LIMIT), _STORABLE]
Proposal = Annotated[
    str, StringConstraints(max_length=PROPOSAL_LIMIT), _STORABLE, AfterValidator(_worded)
]


class FeedbackRequest(BaseModel):
    """What a visitor says of the answer to a question."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    rating: Literal["up", "down"] = Field(description="up：对；down：不对")
    question: Question = Field(description="所问的问题")
    history: list[Question] = Field(
        default=[], max_length=_HISTORY, description="提问时同一对话里先前的问题"
    )
    document: Text | None = Field(default=None, description="提问时只在哪篇文章里找")
    answer: Text | None = Field(
        default=None,
        description="看到的回答（拒答为 null）；给出时与现在的回答核对，不同就不收（409）",
    )
    reason: Reason | None = Field(default=None, description="哪里不对")
    proposed: Proposal | None = Field(default=None, description="正确的回答")
    answerable: bool | None = Field(default=None, description="false：文章里没有说，应当拒答")
    id: str | None = Field(default=None, description="更正先前的反馈：那次返回的编号")


class Receipt(BaseModel):
    """What was kept."""

    id: str = Field(description="编号；用它可以更正这条反馈")


def feedback_routes(lobby: Lobby, store: FeedbackStore) -> APIRouter:
    """Return the route that takes feedback into `store`.

    The record is not the caller's: the question is answered once more, which always gives the same
    answer, so nobody can put words into the articles' mouth.
    """
    router = APIRouter()
    limit = RateLimit(ALLOWANCE)

    @router.post(
        "/api/feedback",
        status_code=201,
        response_model=Receipt,
        responses=documented(400, 404, 409, 413, 422, 429, 503),
        summary="评价一个回答",
    )
    async def give(request: Request, said: FeedbackRequest) -> Receipt:
        limit.count(request)
        if said.proposed is not None and said.answerable is False:
            raise _conflicting()
        documents = lobby.ready().documents
        if said.document is not None and said.document not in {one.id for one in documents}:
            raise HTTPException(404, f"没有编号为“{said.document}”的文章。")
        answer = await lobby.ask(said.question, said.history, said.document)
        _check_seen(said, answer)
        record = answer.record()
        evidence = find_evidence(said.proposed, record, documents) if said.proposed else None
        feedback = Feedback(
            id=said.id or uuid.uuid4().hex,
            given=datetime.now(UTC).isoformat(timespec="seconds"),
            rating=said.rating,
            question=said.question,
            history=tuple(said.history),
            document=said.document,
            record=record,
            reason=said.reason or None,
            proposed=said.proposed,
            evidence=evidence,
            answerable=said.answerable,
        )
        try:
            await to_thread.run_sync(_keep, store, feedback, said.id is not None)
        except FeedbackFileError as error:
            logger.error("%s", error)
            raise HTTPException(503, "反馈没能存下，请稍后再试。") from error
        return Receipt(id=feedback.id)

    return router


def closed_feedback_routes() -> APIRouter:
    """Return the route of a server that takes no feedback: it says so."""
    router = APIRouter()

    @router.post("/api/feedback", include_in_schema=False)
    async def refuse() -> None:
        raise HTTPException(403, "这个服务不收评价。")

    return router


def _keep(store: FeedbackStore, feedback: Feedback, amends: bool) -> None:
    """Store feedback; raises 404 where it amends one that is not there or of another question."""
    if amends:
        earlier = store.get(feedback.id)
        if earlier is None or earlier.question != feedback.question:
            raise HTTPException(404, "没有这条反馈可以更正。")
    store.save(feedback)


def _check_seen(said: FeedbackRequest, answer: Answer) -> None:
    """Raise 409 where the visitor saw another answer than the one that would be kept."""
    if "answer" not in said.model_fields_set:
        return
    given = None if answer.answer is None else answer.answer.strip()
    if said.answer != given:
        raise HTTPException(409, "这个问题现在的回答已经不同，请再问一次，再评价。")


def _conflicting() -> RequestValidationError:
    return RequestValidationError(
        [{"type": "proposed_and_refused", "loc": ("body", "answerable"), "msg": "", "input": False}]
    )
