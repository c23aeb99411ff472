"""Which words are shown: what the article lists itself, and what else answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from chatbot.quoting import quote
from chatbot.reader import Span
from corpus.document import Paragraph
from index.passage import Passage

TEXT = "厂里做镰刀、锄头。后来添了犁，再后来又有水车。"


def span(words: str) -> Span:
    start = TEXT.index(words)
    stop = TEXT.index("。") + 1
    sentence = (0, stop) if start < stop else (stop, len(TEXT))
    passage = Passage(Paragraph("d", None, 1, 0, len(TEXT)), TEXT, 0.0, 0.0, 0.0)
    return Span(passage, start, start + len(words), *sentence, 5.0, 5.0, 0.0, 0.0, 1.0, 0.0, 1.0)


@pytest.mark.parametrize(
    ("found", "number", "asked_for", "things"),
    [
        ("犁", None, [None], ["犁", "水车"]),
        ("犁", 2, [1], ["犁", "水车"]),
        ("镰刀", None, [], ["镰刀", "锄头"]),
        ("镰刀", 2, [], ["镰刀", "锄头"]),
        ("镰刀", 4, [2], ["镰刀", "锄头", "犁", "水车"]),
    ],
)
def test_others_are_asked_for_where_things_are_missing(
    found: str, number: int | None, asked_for: list[int | None], things: list[str]
) -> None:
    asked: list[int | None] = []

    def others(most: int | None) -> Sequence[Span]:
        asked.append(most)
        return [span(words) for words in ("犁", "水车") if words != found]

    quotation = quote("list", span(found), TEXT, others, number)
    assert asked == asked_for
    assert [TEXT[slice(*thing)] for thing in quotation.things] == things
    # Two of two things, each in a clause of its own, are all that the sentence tells.
    whole = {("犁", 2): "犁，再后来又有水车", ("犁", None): "犁"}.get((found, number), "镰刀、锄头")
    assert TEXT[slice(*quotation.whole)] == whole


SHARES = "收入一亿元，增长两成。出口六成，进口三成，其余自用。"


@pytest.mark.parametrize(
    ("others", "number", "things"),
    [
        (["一亿元", "三成"], None, ["六成", "三成"]),
        (["一亿元"], None, ["一亿元", "六成"]),
        (["两成"], 3, ["六成", "进口三成", "其余自用"]),
        (["三成"], 3, ["六成", "三成", "其余自用"]),
    ],
    ids=["of one measure", "no other of it", "a clause each", "words in their clause"],
)
def test_things_of_a_list_are_of_one_sort_and_one_a_clause(
    others: list[str], number: int | None, things: list[str]
) -> None:
    first = SHARES.index("出口")
    passage = Passage(Paragraph("d", None, 1, 0, len(SHARES)), SHARES, 0.0, 0.0, 0.0)

    def at(words: str) -> Span:
        start = SHARES.index(words)
        place = (start, start + len(words), first, len(SHARES))
        return Span(passage, *place, 5.0, 5.0, 0.0, 0.0, 1.0, 0.0, 1.0)

    quotation = quote("list", at("六成"), SHARES, lambda _: [at(w) for w in others], number)
    assert [SHARES[slice(*thing)] for thing in quotation.things] == things


@pytest.mark.parametrize(
    ("parts", "things", "whole"),
    [
        # In the order in which they are asked for.
        (["锄头", "镰刀"], ["锄头", "镰刀"], "镰刀、锄头"),
        (["水车", "犁"], ["水车", "犁"], "犁，再后来又有水车"),
        (["水车", "犁", "锄头"], ["水车", "犁", "锄头"], "犁，再后来又有水车"),
    ],
    ids=["of one list", "of clauses", "some in another sentence"],
)
def test_what_answers_each_part_of_a_question_is_shown(
    parts: list[str], things: list[str], whole: str
) -> None:
    found = span(parts[0])
    quotation = quote(
        "list", found, TEXT, lambda _: [], len(parts), parts=[span(words) for words in parts]
    )
    assert [TEXT[slice(*thing)] for thing in quotation.things] == things
    assert TEXT[slice(*quotation.whole)] == whole


@pytest.mark.parametrize(
    ("margin", "decided", "shown"),
    [(5.0, False, "犁"), (5.0, True, "后来添了犁"), (-1.0, False, "后来添了犁")],
)
def test_whole_clauses_decide_or_tell_what_no_words_do(
    margin: float, decided: bool, shown: str
) -> None:
    found = replace(span("犁"), margin=margin)
    quotation = quote("passage", found, TEXT, lambda _: [], decided=decided)
    assert TEXT[slice(*quotation.whole)] == shown
    assert quotation.things == (quotation.whole,)
