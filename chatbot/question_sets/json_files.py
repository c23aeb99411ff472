"""Question sets in JSON Lines, one object a line, and in JSON, an array of objects."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from chatbot.question_sets.decoding import decode_text
from chatbot.question_sets.rows import Findings, Row, named_once

EXAMPLE = '{"question": "……？", "answer": "……"}'
_WHOLE_EXAMPLE = f"[{EXAMPLE}, ……]"
_SPACE = re.compile(r"[ \t\r\n]*")
# Typed with a Chinese input method where JSON wants its own.
_FULL_WIDTH = {
    "“": '"', "”": '"', "‘": '"', "’": '"', "＂": '"', "：": ":", "，": ",", "｛": "{", "｝": "}",
    "【": "[", "】": "]", "［": "[", "］": "]", "、": ",", "\u3000": " ",
}  # fmt: skip


class _Pairs(list[tuple[str, Any]]):
    """An object of JSON with its names as often as they stand there."""


_DECODER = json.JSONDecoder(object_pairs_hook=_Pairs)


def load_json_lines(content: bytes, findings: Findings) -> list[Row]:
    """Read JSON Lines: one JSON object a line, empty lines allowed."""
    text = decode_text(content, findings)
    if text is None:
        return []
    before = len(findings.mistakes)
    rows = []
    # Not splitlines: U+2028 and its like may stand in a JSON string.
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            rows += _from_line(line.strip(), number, findings)
    if len(findings.mistakes) > before and _is_whole_json(text):
        # One cause, one message, instead of one for each of its lines.
        del findings.mistakes[before:]
        findings.add(None, f"整个文件是一个 JSON 值；JSON Lines 要每行一题，例如 {EXAMPLE}")
        return []
    return rows


def load_json(content: bytes, findings: Findings) -> list[Row]:
    """Read an array of objects, or an object whose `questions` are one.

    A row's number is the line where it begins; its place in the array stands in for its id.
    """
    text = decode_text(content, findings)
    if text is None or not text.strip():
        return []
    try:
        json.loads(text)
    except json.JSONDecodeError as error:
        findings.add(error.lineno, _why_no_json(error, _WHOLE_EXAMPLE))
        return []
    except (ValueError, RecursionError):
        findings.add(None, f"这样的 JSON 读不了；应当是 {_WHOLE_EXAMPLE}")
        return []
    start = _array_start(text)
    if start is None:
        findings.add(None, f'应当是一列题，写成 {_WHOLE_EXAMPLE} 或 {{"questions": [……]}}')
        return []
    rows = []
    line, counted = 1, 0
    for place, (at, value) in enumerate(_elements(text, start), start=1):
        # From where the last one began: from the top each time, a big file takes minutes.
        line, counted = line + text.count("\n", counted, at), at
        rows += _row(value, line, str(place), findings)
    return rows


def _from_line(line: str, number: int, findings: Findings) -> list[Row]:
    """Return the row of one line; none, and what is wrong, for anything but a JSON object."""
    try:
        value = json.loads(line, object_pairs_hook=_Pairs)
    except json.JSONDecodeError as error:
        findings.add(number, _why_no_json(error, f"{EXAMPLE} 这样的一行", in_line=True))
        return []
    except (ValueError, RecursionError):
        # A number of thousands of digits, brackets within brackets without end.
        findings.add(number, f"这样的 JSON 读不了；应当是 {EXAMPLE} 这样的一行")
        return []
    return _row(value, number, str(number), findings)


def _row(value: object, number: int, id: str, findings: Findings) -> list[Row]:
    """Return the row of one value; none, and what is wrong, for anything but a clear object."""
    if not isinstance(value, _Pairs):
        findings.add(number, f"应当是 {EXAMPLE} 这样的一个对象，这里是{kind_of(_plain(value))}")
        return []
    fields, names, repeated = named_once(value)
    if repeated:
        findings.add(number, f"字段 {'、'.join(repeated)} 写了不止一次；只留一个")
        return []
    return [Row(number, id, {name: _plain(part) for name, part in fields.items()}, names)]


def _plain(value: object) -> object:
    """Return a value with dicts for its objects, as far down as a field is looked at."""
    if isinstance(value, _Pairs):
        return dict(value)
    if isinstance(value, list):
        return [dict(one) if isinstance(one, _Pairs) else one for one in value]
    return value


def kind_of(value: object) -> str:
    """Return what a JSON value is, in Chinese."""
    kinds: list[tuple[type, str]] = [
        (bool, " true 或 false"), (int, "数字"), (float, "数字"), (str, "文字"), (list, "一列东西"),
        (dict, "一个对象"),
    ]  # fmt: skip
    return next((name for kind, name in kinds if isinstance(value, kind)), " null")


def _why_no_json(error: json.JSONDecodeError, right: str, *, in_line: bool = False) -> str:
    """Return what is wrong with a text that is not JSON, and what would be right."""
    text, at = error.doc, error.pos
    column = at + 1 if in_line else error.colno
    if at < len(text) and text[at] in _FULL_WIDTH:
        shown = "是全角空格，" if text[at] == "\u3000" else f" {text[at]} "
        return f"第 {column} 个字符{shown}要用半角的 {_FULL_WIDTH[text[at]]}".rstrip()
    if at >= len(text.rstrip()) or error.msg.startswith("Unterminated string"):
        what = "这一行" if in_line else "文件"
        return f"{what}没有写完，缺少结尾的引号或括号；应当是 {right}"
    return f"从第 {column} 个字符“{text[at]}”起不是 JSON；应当是 {right}"


def _is_whole_json(text: str) -> bool:
    """Say whether the file is a JSON array, or one object over several lines."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return False
    return isinstance(value, list) or "\n" in text.strip()


def _array_start(text: str) -> int | None:
    """Return where the array of questions begins in valid JSON; None where there is none."""
    at = _skip(text, 0)
    if text[at] == "[":
        return at
    if text[at] != "{":
        return None
    at = _skip(text, at + 1)
    while text[at] != "}":
        name, at = _DECODER.raw_decode(text, at)
        at = _skip(text, _skip(text, at) + 1)  # past the colon
        if name == "questions":
            return at if text[at] == "[" else None
        _, at = _DECODER.raw_decode(text, at)
        at = _skip(text, at)
        at = _skip(text, at + 1) if text[at] == "," else at
    return None


def _elements(text: str, start: int) -> Iterator[tuple[int, object]]:
    """Yield each element of a valid array with its place, so that its line can be named."""
    at = _skip(text, start + 1)
    while text[at] != "]":
        value, end = _DECODER.raw_decode(text, at)
        yield at, value
        at = _skip(text, end)
        at = _skip(text, at + 1) if text[at] == "," else at


def _skip(text: str, at: int) -> int:
    """Return where the white space of JSON that may begin at `at` ends."""
    match = _SPACE.match(text, at)
    return match.end() if match else at
