"""How many things a question asks for, where its wording tells: 哪三家 three, A和B分别 two."""

from __future__ import annotations

import re

from chatbot.question_parts import SOME, parts_of

_NUMERALS = {"两": 2} | {numeral: n for n, numeral in enumerate("二三四五六七八九十", start=2)}
_NUMBER = r"(?P<number>[两二三四五六七八九十]|[2-9]|1[0-2])"
# What follows a number of things: not a time, a share or an amount.
_THINGS = (
    r"(?![0-9十百千万亿年月天日时点分秒周岁成倍元块角吨斤米里亩两]|个(?:月|小时|钟头|星期|世纪))"
)
# 哪三家, 前三名.
_COUNTED = re.compile(rf"[哪前头]{_NUMBER}{_THINGS}")
# 三位…分别, 三个…叫什么.
_COUNTED_BEFORE = re.compile(
    rf"(?<![第0-9]){_NUMBER}{_THINGS}[^，。？?中里]{{1,16}}"
    r"(?:分别|各|都?[叫是](?:什么|啥|谁|哪)|都?有(?:谁|什么|啥))"
)


def asked_number(question: str) -> int | None:
    """Return how many things `question` asks for (2 to 12), None where it does not tell."""
    counted = _COUNTED.search(question)
    parts = parts_of(question)
    if counted is None and parts:
        return len(parts)
    # Of five among which some are sought (五家中哪些) the number is not asked for.
    if counted is None and not SOME.search(question):
        counted = _COUNTED_BEFORE.search(question)
    if counted is None:
        return None
    return _NUMERALS.get(counted["number"]) or int(counted["number"])
