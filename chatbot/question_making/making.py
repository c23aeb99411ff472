"""From the sentences of an article to questions: a clause with one of its things asked for.

Chinese asks in place, so no sentence has to be turned round: 海天每年拿出销售收入的5%用于技术研发
becomes 海天每年拿出销售收入的多少用于技术研发？ What can go wrong is only that the
clause does not stand by itself, and most of what follows passes over such clauses. Few good
questions are wanted, not many clumsy ones.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from chatbot.question_making.clauses import (
    Clause,
    after_subject,
    clauses_of,
    has_subject,
    has_verb,
    is_name_only,
    is_time,
)
from chatbot.question_making.standing import (
    FRAGMENT_END,
    LEANING_BEGINNING,
    SAYING,
    stands_alone,
)
from chatbot.question_making.things import Thing, ThingKind, called, find_things
from chatbot.question_making.words import cut_words
from corpus.document import Document, Paragraph
from corpus.sentences import split_sentences

_SUPERLATIVE = re.compile(r"第一|唯一|首[个批座家枚部次任位]|最[^后终近新初]")
_HEDGED_END = re.compile(r"(?:左右|上下|以上|以下|等|之多|之久|了)$")
# A noun before a name that says what somebody is, though it may be taken for a verb.
_APPOSED = re.compile(r"(?:选手|队员|球员|演员|代表|编导|指导|领导|同志)$")
_LINKING = re.compile(r"(?<=[\u4e00-\u9fff])[则也](?=[是在于要])|(?<=[年天候])(?:也|就(?!是))")


@dataclass(frozen=True, slots=True)
class MadeQuestion:
    """A question in place; what it asks for is `text[start:end]` of its document.

    `document` is the document's id, `paragraph` its number from 1, `section` its title or None.
    """

    question: str
    document: str
    paragraph: int
    section: str | None
    start: int
    end: int
    kind: ThingKind


def make_questions(document: Document) -> list[MadeQuestion]:
    """Return the questions that the sentences of `document` ask in place, in reading order.

    Of none is it known yet whether its answer is found. No two are the same, and none contains
    the words that answer it.
    """
    topics = _topics(document)
    found: dict[str, MadeQuestion] = {}
    for paragraph in document.paragraphs:
        text = document.paragraph_text(paragraph)
        for start, end in split_sentences(text):
            for question, thing in _of_sentence(text[start:end], topics):
                answer = text[start + thing.start : start + thing.end]
                if answer in question or _common(document, thing, answer):
                    continue
                offset = paragraph.start + start
                made = _made(question, paragraph, offset, thing)
                found.setdefault(question, made)
    return list(found.values())


def _made(question: str, paragraph: Paragraph, offset: int, thing: Thing) -> MadeQuestion:
    return MadeQuestion(
        question,
        paragraph.document,
        paragraph.number,
        paragraph.section,
        offset + thing.start,
        offset + thing.end,
        thing.kind,
    )


def _topics(document: Document) -> frozenset[str]:
    """Return the words of the title: what an article is about needs no proper name."""
    return frozenset(
        word.text for word in cut_words(document.title) if len(word.text) > 1 and word.is_nominal
    )


def _common(document: Document, thing: Thing, answer: str) -> bool:
    """Tell whether a person, place or company is what the whole article is about."""
    return thing.kind in ("person", "organisation", "place") and (
        answer in document.title or document.text.count(answer) > 8
    )


def _of_sentence(sentence: str, topics: frozenset[str]) -> Iterator[tuple[str, Thing]]:
    """Yield the questions of one sentence, each with the thing it asks for."""
    if sentence.startswith("其中"):
        return
    words = cut_words(sentence)
    clauses = clauses_of(sentence, words)
    things = find_things(sentence, words)
    for number, clause in enumerate(clauses):
        inside = [
            thing for thing in things if clause.start <= thing.start and thing.end <= clause.end
        ]
        inside += _named(clause)
        for thing in inside:
            question = _question(sentence, clauses, number, thing)
            if question is None or is_name_only(clause):
                continue
            question = _LINKING.sub("", question)
            if stands_alone(question, topics, thing):
                yield question, thing


def _named(clause: Clause) -> Iterator[Thing]:
    """Yield what a clause says that something is called, or is: 世界上第一枚邮票是黑便士."""
    name = called(clause.text)
    if name is not None:
        start, end = (clause.start + at for at in name)
        yield Thing(start, end, "name", "什么", start, end)
        return
    copulas = [word for word in clause.words if word.text == "是" and word.tag == "v"]
    if len(copulas) != 1:
        return
    subject = clause.text[: copulas[0].start - clause.start]
    said = clause.text[copulas[0].end - clause.start :]
    if (
        len(subject) >= 6
        and _SUPERLATIVE.search(subject)
        and 2 <= len(said) <= 12
        and not re.search(r"之一|、|[0-9]|的$", said)
    ):
        # 英国的黑便士 is asked for, 黑便士 is what it is called.
        start = copulas[0].end + said.rfind("的") + 1
        yield Thing(start, clause.end, "name", "什么", copulas[0].end, clause.end)


def _question(sentence: str, clauses: Sequence[Clause], number: int, thing: Thing) -> str | None:
    """Return the whole question for `thing` in the clause of that number, None if there is none."""
    clause = clauses[number]
    if thing.role is not None:
        start, end = thing.role
        return f"{sentence[max(start, clause.start) : end]}是谁？"
    if thing.kind == "time":
        return _when(sentence, clauses, number, thing)
    main = _asked_in_place(sentence, clause, thing)
    if main is None:
        return None
    earlier = clauses[number - 1] if number else None
    if has_subject(clause, thing):
        if earlier is not None and is_time(earlier.text):
            main = f"{earlier.text}{main}"
        return f"{main}？"
    # Its subject is that of the clause before.
    if (
        earlier is None
        or sentence[earlier.end : clause.start].strip() != "，"
        or SAYING.search(earlier.text)
        or FRAGMENT_END.search(earlier.text)
        or not has_subject(earlier, None)
        or not has_verb(earlier.words)
        or LEANING_BEGINNING.match(clause.text)
    ):
        return None
    return f"{earlier.text}，{main}？"


def _asked_in_place(sentence: str, clause: Clause, thing: Thing) -> str | None:
    """Return a clause with the asking words in place of the thing."""
    before = sentence[clause.start : thing.asked_start]
    after = sentence[thing.asked_end : clause.end]
    if thing.kind in ("number", "work"):
        # 88家企业、2.5万名员工: the rest of a list is another question's.
        head = after.split("、")[0]
        after = after if re.search(r"[的和与及“《]", head) else head
    if thing.kind == "number":
        if re.search(r"[0-9]+[^，]{1,8}、[^，]{0,6}$", before) or "之一" in after:
            return None
        after = _HEDGED_END.sub("", after) if len(after) <= 2 else after
        leads = [word for word in clause.words if word.end <= thing.asked_start]
        if not leads:
            return None
        if not after and thing.asking in ("多少", "百分之多少") and leads[-1].is_nominal:
            return f"{before}是多少"
        if not after and not has_verb(leads) and leads[-1].is_nominal:
            counts = thing.asking[-1:] in "家个座条名位人种项件"
            return f"{before}{'有' if counts else '是'}{thing.asking}"
        # 海天8800吨超大型注塑机: how heavy it is is part of its name there.
        if after.startswith("的") and leads[-1].text in ("不到", "超过", "达", "高达", "仅"):
            return None  # 体重不到63千克的他
        if not has_verb(leads) and (not after or leads[-1].tag not in ("a", "ad", "d", "p")):
            return None
    subject = thing.start == clause.start
    if thing.kind in ("person", "organisation"):
        follows = next((word for word in clause.words if word.start >= thing.end), None)
        leads = [word for word in clause.words if word.end <= thing.start]
        if subject and (
            follows is None or follows.tag not in ("v", "d", "p", "ad", "a") or "之一" in after
        ):
            return None
        if not subject and not (leads and leads[-1].tag in ("v", "p", "ul")):
            return None
        if not subject and _APPOSED.search(before):
            return None  # 被中国选手谁夺得
        if not subject and follows is not None and follows.tag not in ("v", "d"):
            return None
    if _defines(clause, thing):
        return None
    return f"{before}{thing.asking}{after}"


def _defines(clause: Clause, thing: Thing) -> bool:
    """Tell whether a thing stands inside what something is: 是中华邮政在新疆发行的邮票."""
    return thing.kind in ("time", "place", "organisation") and (
        any(word.text == "是" and word.end <= thing.start for word in clause.words)
        and any(word.text == "的" and word.start >= thing.end for word in clause.words)
    )


def _when(sentence: str, clauses: Sequence[Clause], number: int, thing: Thing) -> str | None:
    """Return the question for a time: put behind the subject where the time leads the clause."""
    clause = clauses[number]
    before = sentence[clause.start : thing.start]
    after = sentence[thing.end : clause.end]
    if not before.strip() or before.strip() in ("在", "于", "到了", "早在"):
        if not after.strip():
            if (
                number + 1 >= len(clauses)
                or sentence[clause.end : clauses[number + 1].start] != "，"
            ):
                return None
            told = clauses[number + 1]
        else:
            told = Clause(
                thing.end,
                clause.end,
                after,
                tuple(word for word in clause.words if word.start >= thing.end),
            )
        split = after_subject(told)
        if split is None or _TELLS_TIME.search(told.text) or is_name_only(told):
            return None
        return f"{told.text[:split]}{thing.asking}{told.text[split:]}？"
    if not has_subject(clause, thing) or re.search(r"[的》]$", before) or after.startswith("的"):
        return None
    if _TELLS_TIME.search(before + after) or before.endswith("时") or _defines(clause, thing):
        return None
    follows = next((word for word in clause.words if word.start >= thing.end), None)
    if follows is not None and follows.tag not in ("v", "d", "p", "vn", "ad"):
        return None
    return f"{before}{thing.asking}{after}？"


_TELLS_TIME = re.compile(r"[0-9]{4}年|[0-9]月|这一[天年]|当[天年]|[0-9]日")
