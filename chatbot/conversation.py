"""Conversation: what a question may mean after the questions before it.

Candidate readings are written out by rule; which of them is meant is told by what retrieval and
reader find for each (`chatbot/bot.py`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from chatbot.asking_words import masked
from chatbot.quantities import find_times

# Earlier turns that are looked at; what lies further back is seldom meant.
TURNS = 4
# Words that stand for something named before. Not 其他, 其实, 吉他, 这样 and their like.
_PRONOUN = re.compile(
    r"(?P<it>它们?|(?<!其)(?<!吉)他们?(?!的?国|乡|山)|她们?|(?<![\u4e00-\u9fff])[这该那](?:家|位|个|座|款|项|条|种|所|支|款|篇)"
    r"(?:公司|企业|集团|人|地方|城市|项目|工厂|系统|平台|车|产品|学校|单位|部门|港口?)?|该(?:公司|企业|集团|校|市|区|项目)"
    r"|[这那]里|此[人地]|此事|其(?![中他它实次余间后前]))"
)
_PERSON = re.compile(r"[他她]|[这那]位|此人|人$")
# Whose answer names what a pronoun may stand for.
_ASKS_PERSON = re.compile(r"谁|哪一?位|什么人|叫什么")
_ASKS_NAME = re.compile(r"谁|哪|什么(?!时候|意|样)|叫什么|哪里|哪儿")
# A part of what was just told.
_AMONG = re.compile(r"^(?:那么?)?(?:其中|里面|这其中|这里面|前者|后者|这些|那些|这个数|这一)")
_AND_THAT = re.compile(
    r"^(?:那么?|还有|以及|然后|另外|换成)?(?P<new>[^？?]{1,16}?)(?:呢|又如何|怎么样)[？?。]?$"
)
_LEADS_ON = re.compile(r"^(?:那么?|还有|然后|另外|以及|再|又|接着)")
# 「创始人呢」 asks for another side of the same thing, 「继峰股份呢」 for the same of another.
_ATTRIBUTE = re.compile(
    r"(?:人|长|员|总|者|额|量|积|率|价|格|间|点|址|名|因|度|数|期|龄|史|重|比|位|业|口|果|法|值|景|称|型|程|籍|处|部|费|入|出|利|色|用)$"
)
# What is no part of a name at its edges.
_EDGES = "的在是有和与了把被对从向到于为中上里个以及又也都还就"
_LONGEST_NAME = 20


@dataclass(frozen=True, slots=True)
class Turn:
    """An earlier question as it was understood, and what was told: "" where nothing was.

    `texts` are the passages that came closest to it, `place` is (document id, start, end) of the
    answer.
    """

    question: str
    answer: str
    texts: tuple[str, ...]
    place: tuple[str, int, int] | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to read a question. `asked` is the part whose wording says what kind of answer."""

    text: str
    asked: str


def leans(question: str) -> bool:
    """Tell whether the wording of `question` needs what was said before it."""
    bare = question.strip()
    return bool(_AMONG.match(bare) or _is_and_that(bare) or _PRONOUN.search(bare[:12]))


def own_part(question: str) -> str:
    """Return what a follow-up itself says: X of 「那X呢？」, nothing that only leads on."""
    bare = question.strip()
    return _LEADS_ON.sub("", _is_and_that(bare) or bare)


def readings(question: str, turns: Sequence[Turn]) -> list[Reading]:
    """Return the ways to read `question` after `turns`, likelier ones first.

    A question whose wording leans on nothing is first read as it stands. With no earlier turn
    that is the only reading.
    """
    alone = Reading(question, question)
    if not turns:
        return [alone]
    found = _in_context(question.strip(), turns)
    if not leans(question):
        found.insert(0, alone)
    return list(dict.fromkeys(found)) or [alone]


def _in_context(question: str, turns: Sequence[Turn]) -> list[Reading]:
    """Return readings that take something from earlier turns."""
    last = turns[-1]
    glued = Reading(f"{last.question.strip()} {question}", question)
    if _AMONG.match(question):
        return [glued]
    if (new := _is_and_that(question)) is not None:
        pronoun = _PRONOUN.match(new)
        if pronoun is None:
            return _swapped(new, last) or [Reading(glued.text, last.question)]
        question = new
    pronoun = _PRONOUN.search(question[:12])
    if pronoun is not None:
        found = []
        for name in _meant(pronoun["it"], turns):
            start, end = pronoun.span("it")
            before = _LEADS_ON.sub("", question[:start])
            whole = f"{before}{name}{_joined(pronoun['it'], question[end:])}"
            found.append(Reading(whole, whole))
        return [*found[:2], glued] if found else [glued]
    name = _subject(last)
    if name and name not in question:
        whole = f"{name}{_LEADS_ON.sub('', question)}"
        return [Reading(whole, whole)]
    return []


def _joined(pronoun: str, rest: str) -> str:
    """Return what follows a name put for `pronoun`: 其总部 is 海天的总部."""
    return f"的{rest}" if pronoun == "其" and not rest.startswith("的") else rest


def _is_and_that(question: str) -> str | None:
    """Return X of 「那X呢？」, None for any other question."""
    match = _AND_THAT.match(question)
    if match is None or masked(match["new"]) != match["new"]:
        return None
    return match["new"]


def _meant(pronoun: str, turns: Sequence[Turn]) -> list[str]:
    """Return what a pronoun may stand for, likelier first: what was told, what was asked about."""
    names = []
    person = bool(_PERSON.search(pronoun))
    for turn in reversed(turns):
        told = turn.answer.strip("“”《》。， ")
        asks = _ASKS_PERSON if person else _ASKS_NAME
        if told and len(told) <= _LONGEST_NAME and asks.search(turn.question):
            names.append(turn.answer)
        subject = _subject(turn)
        if subject:
            names.append(subject)
        if names and not person:
            break
    if not person:
        names.reverse()  # what the talk is about rather than what was just told
    return list(dict.fromkeys(names))


def _swapped(new: str, last: Turn) -> list[Reading]:
    """Return the last question with `new` put for what it takes the place of."""
    times = find_times(last.question)
    if find_times(new) and times:
        start, end = times[0]
        whole = last.question[:start] + new + last.question[end:]
        return [Reading(whole, whole)]
    named = _names(last.question, last.texts)
    found = []
    if named:
        start, end = named[0]
        whole = last.question[:start] + new + last.question[end:]
        found.append(Reading(whole, whole))
        subject = last.question[start:end]
        if _ATTRIBUTE.search(new):
            whole = f"{subject}的{new}是什么？"
            found.insert(0, Reading(whole, whole))
    return found


def _subject(turn: Turn) -> str:
    """Return what a turn asked about: the first name of its question; "" if there is none."""
    named = _names(turn.question, turn.texts)
    return turn.question[slice(*named[0])] if named else ""


def _names(question: str, texts: Sequence[str]) -> list[tuple[int, int]]:
    """Return the stretches of `question` that stand in `texts`, longest first come, as offsets.

    Names need no dictionary: what the article writes the same way is one. Two characters at least.
    """
    bare = masked(question)
    found = []
    at = 0
    while at < len(bare):
        end = at
        while end < len(bare) and any(bare[at : end + 1] in text for text in texts):
            end += 1
        start, stop = at, end
        while start < stop and bare[start] in _EDGES:
            start += 1
        while stop > start and bare[stop - 1] in _EDGES:
            stop -= 1
        if stop - start > 1:
            found.append((start, stop))
        at = max(end, at + 1)
    return found
