"""How many things a question asks for, where its wording tells: 哪三家 three, A和B分别 two."""

from __future__ import annotations

import re

import rjieba

_NUMERALS = {"两": 2} | {numeral: n for n, numeral in enumerate("二三四五六七八九十", start=2)}
# One thing is no list, and more than these are hardly asked for by number.
_MOST = 12
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
# Of five among which some are sought (五家中哪些) the number is not asked for.
_SOME = re.compile(r"哪些|哪几|[中里]的?哪")
_EACH = re.compile(r"分别|各(?![种类地界方级项位样族国行])")
# 一期二期三期.
_SERIES = re.compile(
    r"([一二三四五六七八九十](?P<of>[期段批号级届区楼]))(?:、?[一二三四五六七八九十](?P=of))+"
)
_CLAUSE = re.compile(r"[，,；;。？?！!]")
_AND = frozenset(("、", "和", "与", "跟", "及", "以及"))
# Fewer than `asking_words.asks` knows: why and whether ask for no thing of a list.
_ASKS_FOR_THING = re.compile(r"谁|什么|啥|哪|多少|多[大久远高长重深宽]|几|何[时地人]")


def asked_number(question: str) -> int | None:
    """Return how many things `question` asks for (2 to 12), None where it does not tell."""
    counted = _COUNTED.search(question)
    if counted is None and (parts := _coordinated(question)):
        return parts
    if counted is None and not _SOME.search(question):
        counted = _COUNTED_BEFORE.search(question)
    if counted is not None and not _SERIES.search(question):
        return _NUMERALS.get(counted["number"]) or int(counted["number"])
    return _asked_in_turn(question)


def _coordinated(question: str) -> int | None:
    """Return how many are named before 分别 or 各: 石羊坪、老鹰嘴和青泥沟各有 three."""
    each = _EACH.search(question)
    if each is None:
        return None
    series = _SERIES.search(question[: each.start()])
    if series is not None:
        return len(series[0]) // len(series[1])
    for clause in reversed(_CLAUSE.split(question[: each.start()])):
        parts = 1 + sum(word in _AND for word in rjieba.cut(clause))
        if 1 < parts <= _MOST:
            return parts
    return None


def _asked_in_turn(question: str) -> int | None:
    """Return how many clauses ask for something of their own: 馆长是谁，接任的又是谁 two."""
    if _SOME.search(question) or _EACH.search(question):
        return None  # one of the clauses asks for several by itself
    asking = sum(bool(_ASKS_FOR_THING.search(clause)) for clause in _CLAUSE.split(question))
    return asking if 1 < asking <= _MOST else None
