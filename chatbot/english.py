"""English around a Chinese name: put into Chinese by a word list and a little grammar.

「海天 的 founder 是谁」 only has its words replaced; 「Who is the founder of 海天?」 is also put in
Chinese order. Words that no list knows, and those that stand in the articles, stay as they are.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from chatbot.word_choice import WordChoice

_ASKING = {
    "who": "谁", "whom": "谁", "whose": "谁的", "when": "什么时候", "where": "哪里",
    "why": "为什么",
    "how": "怎样", "how many": "多少", "how much": "多少", "how far": "多远", "how long": "多久",
    "how old": "多大", "how big": "多大", "how large": "多大", "how tall": "多高",
    "how high": "多高", "how heavy": "多重", "how often": "多久一次", "what": "什么",
    "which": "哪个", "what year": "哪一年", "which year": "哪一年", "what time": "什么时候",
    "what date": "哪一天", "what day": "哪一天", "which day": "哪一天", "which month": "哪个月",
    "what percentage": "百分之几", "what percent": "百分之几", "what proportion": "百分之几",
}  # fmt: skip
# What stands beside the verb, where Chinese likes to have it; the others stand where the answer is.
_ADVERBS = frozenset(("什么时候", "为什么", "怎样", "哪一年", "哪一天", "哪个月", "多久一次"))
_AUXILIARY = frozenset(
    [
        "is",
        "are",
        "was",
        "were",
        "am",
        "be",
        "been",
        "do",
        "does",
        "did",
        "has",
        "have",
        "had",
        "can",
        "could",
        "will",
        "would",
        "should",
        "may",
        "might",
        "'s",
        "isn't",
        "aren't",
        "wasn't",
        "weren't",
        "doesn't",
        "don't",
        "didn't",
    ]
)
_PLACING = frozenset(
    [
        "of",
        "in",
        "at",
        "on",
        "for",
        "from",
        "by",
        "to",
        "with",
        "about",
        "into",
        "within",
        "among",
        "as",
    ]
)
_AT = frozenset(("at", "in", "on"))
_WHEN = {"after": "后", "before": "前", "during": "期间", "since": "以来"}
_DROPPED = frozenset(
    [
        "the",
        "a",
        "an",
        "there",
        "its",
        "his",
        "her",
        "their",
        "please",
        "tell",
        "me",
        "us",
        "so",
        "very",
        "any",
        "some",
    ]
)
_PRONOUNS = {"it": "它", "he": "他", "she": "她", "they": "他们", "him": "他", "them": "他们"}
# Of which kind of thing one asks: 哪家公司, 哪所大学.
_MEASURES = (
    (re.compile(r"公司|企业|集团|医院|银行|厂$"), "哪家"),
    (re.compile(r"大学|学校|学院|研究[院所]"), "哪所"),
    (re.compile(r"人$|员$|师$|者$|家$|长$|经理|书记|总裁|主席"), "哪位"),
    (re.compile(r"电影|影片|片$"), "哪部"),
)
_PERSON = re.compile(
    r"人$|员$|师$|者$|长$|经理|书记|总裁|总监|主席|主任|主角|主演|导演|作家|歌手|妻子|丈夫|父亲|母亲"
)
_AMOUNT = re.compile(
    r"(?:人口|面积|收入|产值|产量|总值|利润|价格|成本|投资|预算|[额率量数]|占比|比例|份额|距离|[长高宽深]度|重量|规模|速度|温度|年龄|产能)$"
)
# What somebody or something did, where no helping verb says so: which company acquired it.
_DID = re.compile(
    r"(?:\w{2,}ed|won|built|made|bought|sold|held|wrote|began|spent|took|led|gave|got|became|taught|ran|drew|beat|broke|owns"
    r"|makes|runs|leads|holds|produces|publishes|sponsors|organi[sz]es|operates|supplies|uses)"
)
# 迁到哪里, but 在哪里去世: of these the place is where it ends.
_GOING = frozenset(
    ("move", "moved", "relocate", "relocated", "go", "went", "travel", "fly", "sail", "ship",
     "export", "send", "transfer")
)  # fmt: skip
_LONGEST_PHRASE = 4  # words
_TOKEN = re.compile(
    r"(?P<own>'s\b)|(?P<word>[A-Za-z][A-Za-z&\-]*(?:n't)?)|(?P<gap>[\s,.?!？，。！]+)"
    r"|(?P<other>(?:《[^》]*》|“[^”]*”|[^A-Za-z\s,.?!？，。！'])+|')"
)
_HAN_ASKS = re.compile(r"谁|什么|哪|多少|几|怎|为何|何时|吗|呢|是不是|有没有|多[大远久高长]")
_Sort = Literal["asking", "auxiliary", "placing", "when", "own", "word", "name"]


@dataclass(frozen=True, slots=True)
class _Piece:
    """A word of the question, put into Chinese where it is known."""

    sort: _Sort
    text: str
    source: str = ""


def in_chinese_words(question: str, choice: WordChoice) -> str:
    """Return `question` with its English in Chinese; itself where it holds none that is known.

    `choice` knows the word list, and which words the articles use.
    """
    if not re.search(r"[A-Za-z]", question):
        return question
    pieces, known = _pieces(question, choice)
    if not known:
        return question
    english = any(piece.sort not in ("word", "name") for piece in pieces)
    if not english or _HAN_ASKS.search(question):
        return "".join(_in_place(question, choice))
    return _arranged(pieces)


def _in_place(question: str, choice: WordChoice) -> list[str]:
    """Return the parts of a Chinese sentence with its English words replaced."""
    parts: list[str] = []
    matches = list(_TOKEN.finditer(question))
    at = 0
    while at < len(matches):
        length, text = _longest(matches, at, question, choice)
        if not length:
            parts.append(matches[at].group())
            at += 1
            continue
        # Chinese has no spaces between words: 海天 的 创始人 is 海天的创始人.
        if parts and parts[-1].isspace():
            parts.pop()
        parts.append(text)
        at += length
        if at < len(matches) - 1 and matches[at].group().isspace():
            at += 1
    return parts


def _longest(
    matches: Sequence[re.Match[str]], at: int, question: str, choice: WordChoice
) -> tuple[int, str]:
    """Return how many matches from `at` on are the longest phrase the list knows, and its Chinese.

    (0, "") where it knows none.
    """
    best = (0, "")
    words = 0
    for end in range(at, min(len(matches), at + 2 * _LONGEST_PHRASE)):
        if matches[end]["gap"] and not matches[end].group().isspace():
            break
        if matches[end]["gap"]:
            continue
        if not matches[end]["word"] or words == _LONGEST_PHRASE:
            break
        words += 1
        phrase = question[matches[at].start() : matches[end].end()]
        found = choice.of(" ".join(phrase.split()).lower(), question)
        if found:
            best = (end - at + 1, found)
    return best


def _pieces(question: str, choice: WordChoice) -> tuple[list[_Piece], bool]:
    """Return the words of a question, and whether any of its English is known."""
    matches = list(_TOKEN.finditer(question))
    pieces: list[_Piece] = []
    known = False
    at = 0
    while at < len(matches):
        match = matches[at]
        word = match.group().lower()
        at += 1
        if match["gap"]:
            continue
        if match["own"]:
            is_verb = bool(pieces) and pieces[-1].sort == "asking"
            pieces.append(_Piece("auxiliary", "", "is") if is_verb else _Piece("own", "的"))
            continue
        if not match["word"]:
            pieces.append(_Piece("name", match.group().strip("'")))
            continue
        following = matches[at + 1].group().lower() if at + 1 < len(matches) else ""
        asking = _ASKING.get(f"{word} {following}")
        if asking:
            at += 2
        asking = asking or _ASKING.get(word)
        length, text = _longest(matches, at - 1, question, choice)
        if asking:
            pieces.append(_Piece("asking", asking, word))
        elif length > 1 or (length and word not in _AUXILIARY):
            pieces.append(_Piece("word", text, word))
            at += length - 1
        elif word in _AUXILIARY:
            pieces.append(_Piece("auxiliary", text, word))
        elif word in _WHEN:
            pieces.append(_Piece("when", _WHEN[word], word))
        elif word in _PLACING:
            pieces.append(_Piece("placing", "", word))
        elif word in _PRONOUNS:
            pieces.append(_Piece("name", _PRONOUNS[word], word))
        elif word not in _DROPPED:
            pieces.append(_Piece("name", match.group(), word))
            continue
        known = True
    return pieces, known


def _arranged(pieces: list[_Piece]) -> str:
    """Return an English question in Chinese order."""
    asking_at = next((n for n, piece in enumerate(pieces) if piece.sort == "asking"), None)
    if asking_at is None:
        return _whether(pieces) if pieces[0].sort == "auxiliary" else _clause(pieces)
    asking = pieces[asking_at].text
    lead = [piece for piece in pieces[:asking_at] if piece.sort in ("word", "name")]
    rest = pieces[asking_at + 1 :]
    end = next((n for n, piece in enumerate(rest) if piece.sort == "auxiliary"), None)
    if asking in ("谁", "谁的") and rest and end != 0:
        # Who did it, not whom it happened to: the verb comes first.
        first = 1 if not lead and rest[0].sort == "word" else 0
        return f"谁{_clause(rest[:first])}{_clause([*lead, *rest[first:]])}？"
    did = _did(rest) if end is None and not lead else None
    if did:
        return f"{_asked(asking, _clause(rest[:did]))}{rest[did].text}{_clause(rest[did + 1 :])}？"
    thing = _clause(rest[:end]) if end is not None else ""
    being = end is not None and rest[end].source in ("is", "are", "was", "were")
    body = [*lead, *(rest[end + 1 :] if end is not None else rest)]
    clause = _clause(body, far=asking == "多远")
    going = any(piece.source in _GOING for piece in body)
    asked = _asked(asking, thing)
    if thing and body and any(p.sort == "placing" and p.source in _AT for p in pieces[:asking_at]):
        return f"{_with_adverb(body, clause, f'在{asked}')}？"  # at which university
    if not clause:
        return f"{asked}？"
    if asking in _ADVERBS and not thing:
        return f"{_with_adverb(body, clause, asked)}？"
    if asking in ("谁", "什么") and not thing and being:
        return f"{clause}是{_being(asking, clause)}？"
    if asking == "哪里" and body[-1].sort == "name":
        return f"{clause}在{asked}？"
    if asking == "哪里" and not thing and end is not None and not going:
        return f"{_with_adverb(body, clause, '在哪里')}？"
    if asking == "多少" and body[0].sort == "placing":
        return f"{clause}有{asked}？"
    return f"{clause}{asked}？"


def _did(rest: Sequence[_Piece]) -> int | None:
    """Return the place of the verb in 「which company acquired …」, None where there is none."""
    return next(
        (
            at
            for at, piece in enumerate(rest)
            if at and piece.sort == "word" and _DID.fullmatch(piece.source)
        ),
        None,
    )


def _whether(pieces: Sequence[_Piece]) -> str:
    """Return a question of yes or no: its first word is a verb that helps."""
    body = pieces[1:]
    if pieces[0].source in ("is", "are", "was", "were") and len(body) > 1:
        return f"{body[0].text}是{_clause(body[1:])}吗？"
    return f"{_clause(body)}吗？"


def _being(asking: str, clause: str) -> str:
    """Return what 「what is the X」 asks for: a person, an amount or a thing."""
    if asking == "谁" or _PERSON.search(clause):
        return "谁"
    return "多少" if _AMOUNT.search(clause) else "什么"


def _asked(asking: str, thing: str) -> str:
    """Return what stands for the answer: 多少员工, 哪家德国企业."""
    if asking == "哪个":
        for pattern, measure in _MEASURES:
            if pattern.search(thing):
                return f"{measure}{thing}"
    return f"{thing}的{asking}" if asking == "百分之几" and thing else f"{asking}{thing}"


def _with_adverb(body: list[_Piece], clause: str, asked: str) -> str:
    """Return a clause with 什么时候 or 为什么 after what it begins with, as Chinese has it."""
    first = body[0].text if body and body[0].sort == "name" else ""
    if first and clause.startswith(first) and len(clause) > len(first):
        return f"{first}{asked}{clause[len(first) :]}"
    names_only = all(piece.sort in ("name", "word", "placing", "own") for piece in body)
    return f"{clause}是{asked}" if names_only else f"{clause}{asked}"


def _clause(pieces: Sequence[_Piece], far: bool = False) -> str:
    """Return words in Chinese order: what is said of a thing stands before it.

    `far` where a distance is asked for: from A to B is then 离.
    """
    chunks, joints = [""], []
    for number, piece in enumerate(pieces):
        if piece.sort in ("placing", "when"):
            joints.append(piece.text or piece.source)
            chunks.append("")
        elif piece.sort != "auxiliary" or number == len(pieces) - 1:
            chunks[-1] += piece.text  # the last of several is the verb itself: have
    text = chunks[0]
    # With its subject before it the rest is a clause, else it is a name for something.
    told = bool(pieces) and pieces[0].sort == "name"
    for joint, chunk in zip(joints, chunks[1:], strict=True):
        if not chunk:
            continue
        if joint in _WHEN.values():
            text = f"{chunk}{joint}，{text}"
        elif joint == "of":
            text = f"{chunk}的{text}" if text else chunk
        elif joint == "from" and far:
            text = f"{text}离{chunk}"
        elif told or joint not in ("in", "at", "within", "among"):
            text = f"{text}{chunk}"
        else:
            text = f"{chunk}的{text}" if text else chunk
    return text
