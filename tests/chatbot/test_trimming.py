"""A span is trimmed to whole things and never leaves its text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatbot.trimming import trim

TEXT = "全年实现总额4501.6亿元，占10.78%；《甬商》杂志说，用好“最大资源”、2600多亩土地。"


@pytest.mark.parametrize(
    ("given_words", "whole"),
    [
        ("4501", "4501.6亿元"),
        ("501.6", "4501.6亿元"),
        ("4501.6亿元，", "4501.6亿元"),
        ("10", "10.78%"),
        ("10.78%；", "10.78%"),
        ("《甬商", "《甬商》"),
        ("甬商》", "《甬商》"),
        ("甬商", "甬商"),
        ("“最大资源", "“最大资源”"),
        ("最大资源”", "“最大资源”"),
        ("2600", "2600多亩"),
        ("，占", "占"),
        ("杂志说", "杂志"),
    ],
)
def test_trimming(given_words: str, whole: str) -> None:
    start = TEXT.index(given_words)
    found = trim(TEXT, start, start + len(given_words))
    assert found is not None
    assert TEXT[slice(*found)] == whole


def test_a_half_without_its_other_goes() -> None:
    text = "他说“好。这是另一句。"
    found = trim(text, 2, 4)
    assert found is not None
    assert text[slice(*found)] == "好"


def test_nothing_but_punctuation_is_nothing() -> None:
    assert trim("甲，。乙", 1, 3) is None


@given(st.text(alphabet="甲乙1.5,%《》“”（）。， \n亿元", max_size=30), st.data())
def test_a_trimmed_span_lies_in_its_text(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    found = trim(text, start, end)
    if found is not None:
        assert 0 <= found[0] < found[1] <= len(text)
        assert any(character.isalnum() for character in text[slice(*found)])
