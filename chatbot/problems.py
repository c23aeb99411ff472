"""Errors over HTTP: RFC 9457 problem details, in Chinese, with a status that fits."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException

from chatbot.lobby import NotReadyError
from chatbot.own_article.shelf import GoneError

logger = logging.getLogger(__name__)

TITLES = {
    400: "请求有误",
    403: "不允许",
    404: "没有找到",
    405: "不支持这种请求方法",
    409: "与现状不符",
    413: "内容太长",
    415: "格式不对",
    421: "主机名不对",
    422: "请求内容有误",
    429: "太频繁",
    500: "服务器出错",
    503: "暂时不能回答",
}

# What pydantic found wrong, for the caller. Anything else gets the general word.
_FINDINGS = {
    "missing": "缺少这个字段",
    "string_type": "应是文字",
    "surrogate": "含有不成对的代理字符，不是合法的文字",
    "list_type": "应是列表",
    "extra_forbidden": "没有这个字段",
    "model_attributes_type": "应是 JSON 对象",
    "dict_type": "应是 JSON 对象",
    "bool_type": "应是 true 或 false",
    "bool_parsing": "应是 true 或 false",
    "literal_error": "不是可用的值",
    "string_too_short": "是空的",
    "string_too_long": "太长，最多 {max_length} 个字符",
    "too_long": "太多，最多 {max_length} 个",
    "nul": "含有空字符（NUL）",
    "wordless": "没有可以比较的文字",
    "proposed_and_refused": "是 false（文章没有说），却给了 proposed；去掉其中一样",
}


class Finding(BaseModel):
    """One thing wrong with a request."""

    field: str = Field(description="哪个字段")
    message: str = Field(description="哪里不对")


class Problem(BaseModel):
    """An error as problem details."""

    type: str = Field(default="about:blank")
    title: str = Field(description="出了什么问题")
    status: int = Field(description="HTTP 状态码")
    detail: str = Field(description="给人看的说明")
    errors: list[Finding] = Field(default=[], description="每一处不对的地方（只在 422 时）")


class ProblemResponse(JSONResponse):
    """Problem details as a response."""

    media_type = "application/problem+json"

    def __init__(
        self,
        status: int,
        detail: str,
        errors: Sequence[Finding] = (),
        headers: dict[str, str] | None = None,
    ) -> None:
        """Make the problem of that status; the title follows from it."""
        problem = Problem(
            title=TITLES.get(status, "请求没有成功"),
            status=status,
            detail=detail,
            errors=list(errors),
        )
        content = problem.model_dump(exclude=set() if errors else {"errors"})
        super().__init__(content, status_code=status, headers=headers)


def documented(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Return the `responses` of a route that answers with these errors, for the OpenAPI page."""
    return {
        status: {
            "description": TITLES[status],
            "content": {
                "application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}
            },
        }
        for status in statuses
    }


def handle_problems(app: FastAPI) -> None:
    """Make every error of `app` problem details; what went wrong inside stays in the log."""

    @app.exception_handler(HTTPException)
    async def of_http(request: Request, error: HTTPException) -> ProblemResponse:
        details = {
            404: f"这里没有 {request.url.path}。",
            405: f"{request.url.path} 不支持 {request.method}。",
        }
        # Starlette's own details are its English titles; a detail of ours is Chinese.
        own = isinstance(error.detail, str) and not error.detail.isascii()
        detail = error.detail if own else details.get(error.status_code, "请求没有成功。")
        headers = dict(error.headers) if error.headers else None
        return ProblemResponse(error.status_code, detail, headers=headers)

    @app.exception_handler(RequestValidationError)
    async def of_validation(request: Request, error: RequestValidationError) -> ProblemResponse:
        found = error.errors()
        if any(item["type"] == "json_invalid" for item in found):
            return ProblemResponse(400, "请求内容不是合法的 JSON。")
        findings = [
            Finding(
                field=".".join(str(part) for part in item["loc"] if part != "body") or "请求内容",
                message=_FINDINGS.get(item["type"], "不合要求").format_map(item.get("ctx", {})),
            )
            for item in found
        ]
        detail = "；".join(f"{finding.field}：{finding.message}" for finding in findings)
        return ProblemResponse(422, f"{detail}。", findings)

    @app.exception_handler(NotReadyError)
    async def of_waiting(request: Request, error: NotReadyError) -> ProblemResponse:
        return ProblemResponse(503, str(error), headers={"Retry-After": "2"})

    @app.exception_handler(GoneError)
    async def of_what_is_gone(request: Request, error: GoneError) -> ProblemResponse:
        return ProblemResponse(404, str(error))

    @app.exception_handler(Exception)
    async def of_anything(request: Request, error: Exception) -> ProblemResponse:
        # Starlette raises the error again after this, so the server logs it with its traceback.
        return ProblemResponse(500, "服务器内部出错，已记入日志。")
