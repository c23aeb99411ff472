"""Any text is cut into words."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from chatbot.question_parts import parts_of
from chatbot.word_cutting import cut, whole


def test_chinese_is_cut_into_words() -> None:
    assert cut("共和国和菖蒲") == ["共和国", "和", "菖蒲"]


@given(st.text(st.characters()))
def test_the_words_joined_are_the_text(text: str) -> None:
    assert "".join(cut(text)) == text
    assert len(whole(text)) == len(text)


def test_a_question_with_half_a_character_is_taken_apart() -> None:
    assert parts_of("\ud800和乙分别是谁？") == ("\ud800是谁？", "乙是谁？")
