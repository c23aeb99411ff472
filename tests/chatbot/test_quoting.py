"""Which words are shown: what the article lists itself, and what else answers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
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
    return Span(
        passage, start, start + len(words), *sentence, 5.0, 5.0, 0.0, 0.0, 1.0, 0.0, 0.0, 1.0
    )


def margins(**words: float) -> Callable[[Sequence[tuple[int, int]]], list[Span]]:
    """Return what gives for each stretch that holds one of `words` these, so much less sure."""

    def best_of(places: Sequence[tuple[int, int]]) -> list[Span]:
        return [
            replace(span(word), margin=5.0 - less)
            for place in places
            for word, less in words.items()
            if place[0] <= TEXT.index(word) < place[1]
        ]

    return best_of


@pytest.mark.parametrize(
    ("found", "number", "less", "things"),
    [
        ("犁", None, {"水车": 4.0}, ["犁", "水车"]),
        ("犁", None, {"水车": 4.0, "厂里": 9.0}, ["犁", "水车"]),
        ("犁", None, {"水车": 7.0, "厂里": 7.5}, ["犁", "水车"]),
        ("犁", None, {"水车": 9.0}, ["犁"]),
        ("犁", 2, {"水车": 9.0}, ["犁", "水车"]),
        ("犁", 2, {"水车": 5.0, "厂里": 3.0}, ["犁", "后来又有水车"]),
        ("镰刀", None, {"犁": 1.0, "水车": 3.0}, ["镰刀", "锄头", "犁"]),
        ("镰刀", 2, {"犁": 1.0, "水车": 3.0}, ["镰刀", "锄头"]),
        ("镰刀", 4, {"犁": 1.0, "水车": 3.0}, ["镰刀", "锄头", "犁", "水车"]),
    ],
    ids=[
        "nearly as sure",
        "one is not",
        "the surer one alone",
        "none",
        "a second is missing",
        "a clause each",
        "beside what is listed",
        "all are listed",
        "two are missing",
    ],
)
def test_of_the_other_clauses_what_answers_nearly_as_well_is_a_thing_too(
    found: str, number: int | None, less: dict[str, float], things: list[str]
) -> None:
    quotation = quote("list", span(found), TEXT, margins(**less), number)
    assert [TEXT[slice(*thing)] for thing in quotation.things] == things
    # From the first to the last of them in the sentence that was found.
    whole = {"镰刀": "镰刀、锄头", "犁": "犁，再后来又有水车" if len(things) > 1 else "犁"}
    wider = {"后来又有水车": "犁，再后来又有水车"}
    assert TEXT[slice(*quotation.whole)] == wider.get(things[-1], whole[found])


SHARES = "收入一亿元，增长两成。出口六成，进口三成，其余自用。"


@pytest.mark.parametrize(
    ("others", "things"),
    [(["两成"], ["六成", "进口三成", "其余自用"]), (["三成"], ["六成", "三成", "其余自用"])],
    ids=["a clause each", "words in their clause"],
)
def test_as_many_clauses_as_things_are_asked_for_tell_one_each(
    others: list[str], things: list[str]
) -> None:
    first = SHARES.index("出口")
    passage = Passage(Paragraph("d", None, 1, 0, len(SHARES)), SHARES, 0.0, 0.0, 0.0)

    def at(words: str) -> Span:
        start = SHARES.index(words)
        place = (start, start + len(words), first, len(SHARES))
        return Span(passage, *place, 5.0, 5.0, 0.0, 0.0, 1.0, 0.0, 0.0, 1.0)

    quotation = quote("list", at("六成"), SHARES, lambda _: [at(w) for w in others], 3)
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
