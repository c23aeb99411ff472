"""Which passages are read again, and which side by side."""

from __future__ import annotations

from chatbot.second_look import likeliest, side_by_side
from corpus.document import Paragraph
from index.passage import Passage


def passage(text: str, start: int, document: str = "a") -> Passage:
    paragraph = Paragraph(document, None, 1, start, start + len(text))
    return Passage(paragraph, text, 0.5, 1.0, 0.0, lead_up="题。")


ONE, TWO, THREE, FOUR = (passage(f"第{n}段。", 10 * n) for n in range(1, 5))


def test_the_three_likeliest_are_read_again_each_once() -> None:
    passages = [ONE, TWO, TWO, THREE, FOUR]
    assert likeliest(passages, [1.0, 2.0, 9.0, 8.0, 3.0]) == [TWO, THREE, FOUR]
    assert likeliest([], []) == []


def test_passages_stand_side_by_side_in_the_order_of_their_documents() -> None:
    other = passage("别的。", 0, document="b")
    beside, places = side_by_side([other, THREE, ONE], [4, 4, 4], room=50, overlap=10)
    assert beside is not None
    assert beside.text == "第1段。\n第3段。\n别的。"
    assert beside.lead_up == ""
    for own, at in places.items():
        assert beside.text[at : at + len(own.text)] == own.text
    assert set(places) == {ONE, THREE, other}


def test_those_that_do_not_fit_in_three_windows_are_left_out() -> None:
    # Windows of 20 tokens that share 5 show 20 + 15 + 15; a passage ends with a line break.
    beside, places = side_by_side([ONE, TWO, THREE], [24, 24, 1], room=20, overlap=5)
    assert beside is not None
    assert set(places) == {ONE, TWO}
    assert side_by_side([ONE, TWO, THREE], [24, 25, 1], room=20, overlap=5) == (None, {})


def test_one_passage_has_nothing_beside_it() -> None:
    assert side_by_side([ONE], [4], room=50, overlap=10) == (None, {})
    assert side_by_side([], [], room=50, overlap=10) == (None, {})
