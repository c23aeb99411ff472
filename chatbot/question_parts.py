"""What a question asks by parts: A和B分别是谁 asks 「A是谁」 and 「B是谁」."""

from __future__ import annotations

import re
from collections.abc import Sequence

from chatbot.word_cutting import cut

# More parts than these are hardly asked for.
_MOST = 12
# Several are asked for by one clause: how many is not said.
SOME = re.compile(r"哪些|哪几|[中里]的?哪")
# 各 of its own, not that of 各地.
EACH = re.compile(r"分别|各自|各(?![种类地界方级项位样族国行区县市省部])")
# 一期二期三期.
_SERIES = re.compile(
    r"([一二三四五六七八九十](?P<of>[期段批号级届区楼]))(?:、?[一二三四五六七八九十](?P=of))+"
)
_CLAUSE = re.compile(r"[，,；;。？?！!]")
_AND = frozenset(("、", "和", "与", "跟", "及", "以及"))
# Fewer than `asking_words.asks` knows: whether asks for no thing of a list, nor does 谁都.
_ASKS_FOR_THING = re.compile(
    r"(?<!那个)谁(?!都)|(?<!个)(?:什么|啥)(?!都)|哪|多少(?!有点)|多[大久远高长重深宽]|何[时地人]"
)
_WHY = re.compile(r"为(?:什么|何|啥)|凭(?:什么|啥)|缘何")
_ASKS_HOW_MANY = re.compile(r"几(?!乎)")
# A clause that only leads to what is asked: 写着谁负责的图，; 论藏品多少，.
_LEADS = re.compile(
    rf"(?:{_ASKS_FOR_THING.pattern})[^，]+[^是]的[\u4e00-\u9fff]{{1,6}}$|^[无不]?论|^不管"
)


def parts_of(question: str) -> tuple[str, ...]:
    """Return the questions (2 to 12) that `question` asks at once, in order; none for a plain one.

    Two kinds are known: of each of several things the same (A和B分别…), and clauses that ask in
    turn (馆长是谁，接任的又是谁).
    """
    each = EACH.search(question)
    found = _asked_in_turn(question) if each is None else _asked_of_each(question, each)
    return tuple(found) if 1 < len(found) <= _MOST else ()


def _asked_of_each(question: str, each: re.Match[str]) -> list[str]:
    """Return the question for each of the things that are named before 分别 or 各."""
    rest = question[each.end() :]
    series = _SERIES.search(question[: each.start()])
    if series is not None:
        things = re.findall(rf"[一二三四五六七八九十]{series['of']}", series[0])
        lead = question[: series.start()]
        return [f"{lead}{thing}{question[series.end() : each.start()]}{rest}" for thing in things]
    ends = [match.start() for match in _CLAUSE.finditer(question[: each.start()])]
    starts = [0, *(end + 1 for end in ends)]
    for start, end in reversed([*zip(starts, [*ends, each.start()], strict=True)]):
        things = _coordinated(question[start:end])
        if len(things) > 1:
            lead, between = question[:start], question[end : each.start()]
            return [f"{lead}{thing}{between}{rest}" for thing in things]
    return []


def _coordinated(clause: str) -> list[str]:
    """Return the things that a clause joins, each with what is said of all behind the last."""
    things = [""]
    for word in cut(clause):
        if word in _AND:
            things.append("")
        else:
            things[-1] += word
    if len(things) > 1 and all(things):
        # 伞厂和公司的带头人: what follows 的 holds for each, where they have none of their own.
        own, of, shared = things[-1].partition("的")
        if of and shared and not any("的" in thing for thing in things[:-1]):
            things = [f"{thing}{of}{shared}" for thing in [*things[:-1], own]]
    return things if all(things) else []


def _asked_in_turn(question: str) -> list[str]:
    """Return the clauses that ask for something of their own, each after what leads to them all."""
    if SOME.search(question) or _WHY.search(question):
        return []  # one of the clauses asks for several by itself, or for what takes clauses
    clauses = [clause for clause in _CLAUSE.split(question) if clause]
    asking = [n for n, clause in enumerate(clauses) if _asks(clause, clauses[n + 1 :])]
    if not asking:
        return []
    lead = "".join(f"{clause}，" for clause in clauses[: asking[0]])
    return [lead + clauses[number] for number in asking]


def _asks(clause: str, behind: Sequence[str]) -> bool:
    """Tell whether a clause asks for something: 几 only where none `behind` it asks otherwise, for
    好几种东西，是谁 asks for one thing.
    """
    if _LEADS.search(clause):
        return False
    if _ASKS_FOR_THING.search(clause):
        return True
    return bool(_ASKS_HOW_MANY.search(clause)) and not any(
        _ASKS_FOR_THING.search(other) and not _ASKS_HOW_MANY.search(other) for other in behind
    )
