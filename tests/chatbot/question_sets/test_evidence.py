"""The quoted words in their paragraphs: always the whole paragraph, marked where they stand."""

from typing import Any

from hypothesis import given as for_any
from hypothesis import strategies as st

from chatbot.question_sets.evidence import CitedParagraph, Piece, cited_paragraphs
from tests.chatbot.question_sets.records import given, refused

TEXT = "5%是多少？海天每年拿出5%用于研发，2%用于培训。"


def citing(*spans: tuple[str, int], text: str = TEXT, paragraph: int = 1) -> list[dict[str, Any]]:
    """Return answers whose paragraph begins at 100 in the document."""
    citation = {
        "document": "a",
        "title": "甲",
        "section": "乙",
        "paragraph": paragraph,
        "text": text,
    }
    return [
        {"answer": words, "citation": {**citation, "start": 100 + at, "end": 100 + at + len(words)}}
        for words, at in spans
    ]


def record(answers: list[dict[str, Any]], sentence: str) -> dict[str, Any]:
    return {
        **given(answers[0]["answer"], sentence),
        "citation": answers[0]["citation"],
        "answers": answers,
    }


def marked(paragraph: CitedParagraph) -> str:
    return "".join(f"【{it.text}】" if it.quoted else it.text for it in paragraph.pieces)


def test_the_words_are_marked_in_their_sentence_not_where_they_stand_first() -> None:
    answers = citing(("5%", 12))
    (found,) = cited_paragraphs(record(answers, "海天每年拿出5%用于研发，2%用于培训。"))
    assert found.place == "《甲》·乙·第 1 段"
    assert marked(found) == "5%是多少？海天每年拿出【5%】用于研发，2%用于培训。"


def test_several_answers_of_one_paragraph_are_marked_in_it_once() -> None:
    answers = citing(("2%", 19), ("5%", 12))
    (found,) = cited_paragraphs(record(answers, "海天每年拿出5%用于研发，2%用于培训。"))
    assert marked(found) == "5%是多少？海天每年拿出【5%】用于研发，【2%】用于培训。"


def test_answers_of_several_paragraphs_show_each() -> None:
    answers = citing(("5%", 12)) + citing(("张静章", 0), text="张静章说。", paragraph=2)
    found = cited_paragraphs(record(answers, "海天每年拿出5%用于研发，2%用于培训。"))
    assert [marked(it) for it in found] == [
        "5%是多少？海天每年拿出【5%】用于研发，2%用于培训。",
        "【张静章】说。",
    ]


def test_a_refusal_cites_nothing() -> None:
    assert cited_paragraphs(refused()) == ()


def test_words_that_are_not_there_leave_the_paragraph_unmarked() -> None:
    (found,) = cited_paragraphs(record(citing(("不在", 3)), "不在这里"))
    assert found.pieces == (Piece(TEXT, False),)


SPANS = st.lists(st.tuples(st.text("5%海天。", max_size=4), st.integers(-200, 60)), min_size=1)


@for_any(SPANS, st.text("5%海天。", max_size=30), st.text("5%海天。", max_size=9))
def test_nothing_of_a_paragraph_is_lost(
    spans: list[tuple[str, int]], text: str, sentence: str
) -> None:
    for found in cited_paragraphs(record(citing(*spans, text=text), sentence)):
        assert "".join(piece.text for piece in found.pieces) == text
        assert all(piece.text for piece in found.pieces)
