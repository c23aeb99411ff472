"""Which errors are for whoever typed a command, and typer's own in Chinese."""

from __future__ import annotations

import re
import sys

import typer


def meant_for_the_user() -> tuple[type[Exception], ...]:
    """Return the kinds of error whose message is meant for whoever typed the command."""
    from chatbot.feedback.store import FeedbackFileError
    from chatbot.question_sets.question_set import QuestionSetError
    from corpus.readers import CorpusError
    from index.bundled_model import ModelFileError
    from index.embedding import EncoderError
    from index.generation import IndexFileError

    kinds = (
        CorpusError,
        EncoderError,
        FeedbackFileError,
        IndexFileError,
        ModelFileError,
        QuestionSetError,
    )
    # Only `serve` has loaded the API, and only it can fail to listen.
    api = sys.modules.get("chatbot.api")
    return (*kinds, api.ListenError) if api is not None else kinds


def in_chinese(error: typer.TyperException) -> str:
    """Say what is wrong with a command line, from what typer found."""
    # typer keeps these classes to itself; their names and fields are what can be told apart by.
    kind = type(error).__name__
    option = getattr(error, "option_name", None)
    parameter = getattr(error, "param", None)
    help_hint = "用 wenda --help 查看用法"
    if kind == "NoSuchOption":
        near = getattr(error, "possibilities", None)
        meant = f"，是不是 {'、'.join(near)}" if near else ""
        return f"没有选项 {option}{meant}；{help_hint}"
    if kind == "BadOptionUsage":
        return f"选项 {option} 缺少它的值；{help_hint}"
    if kind == "MissingParameter" and parameter is not None:
        return f"缺少 {parameter.metavar or parameter.name}；{help_hint}"
    if kind == "BadParameter" and parameter is not None:
        name = parameter.opts[0] if parameter.param_type_name == "option" else parameter.metavar
        variable = f"（或 {parameter.envvar}）" if getattr(parameter, "envvar", None) else ""
        message = str(getattr(error, "message", error))
        if "boolean" in message:
            message = "应是 1（打开）或 0（关掉）"
        return f"{name}{variable}：{message}；{help_hint}"
    text = error.format_message()
    unknown = re.match(r"No such command ['\"]?(.+?)['\"]?\.", text)
    if unknown:
        known = "serve、ask、index、test、compare、draft、feedback"
        return f"没有命令 {unknown.group(1)}；可用的有 {known}"
    extra = re.match(r"Got unexpected extra argument(?:s|\(s\))? \((.+)\)", text)
    if extra:
        return f"多出了参数 {extra.group(1)}；问题里有空格时请加引号"
    return f"{text}；{help_hint}"
