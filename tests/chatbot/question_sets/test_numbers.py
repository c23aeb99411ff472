"""Where numbers stand in a text, and what they are: worked out by hand."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatbot.question_sets.numbers import find_numbers, numbers


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("５％", {("5", "%")}),
        ("5 %", {("5", "%")}),
        ("5.0%", {("5", "%")}),
        ("百分之五", {("5", "%")}),
        ("百分之5", {("5", "%")}),
        ("千分之三", {("3", "‰")}),
        ("2,800家", {("2800", "")}),
        ("3.5亿元", {("350000000", "")}),
        ("三点五亿", {("350000000", "")}),
        ("3百万", {("3000000", "")}),
        ("三点五十分", {("3", ""), ("50", "")}),
        ("一亿三千万", {("130000000", "")}),
        ("一万亿", {("1000000000000", "")}),
        ("两千八百零三", {("2803", "")}),
        ("十五", {("15", "")}),
        ("一百一十", {("110", "")}),
        ("二〇二三年5月", {("2023", ""), ("5", "")}),
        ("第十二届", {("12", "")}),
        ("亿元", {("100000000", "")}),
        ("唯一一家", {("1", "")}),
        ("-5℃", {("-5", "")}),
        ("（－5）", {("-5", "")}),
        ("2019年-2020年", {("2019", ""), ("2020", "")}),
        ("5-6人", {("5", ""), ("6", "")}),
        ("covid-19", {("19", "")}),
        ("海天", set()),
        ("", set()),
    ],
)
def test_numbers(text: str, told: set[tuple[str, str]]) -> None:
    assert numbers(text) == {(Decimal(value), sign) for value, sign in told}


def test_they_stand_where_the_text_has_them() -> None:
    text = "占１５％，约三点五亿元，-5"
    assert [text[start:end] for start, end in find_numbers(text)] == ["１５％", "三点五亿", "-5"]


NUMERIC = "一二十百千万亿零〇两点分之0123,.%-％５年"


@given(st.text(alphabet=NUMERIC, max_size=20) | st.text(max_size=20))
def test_any_text_has_numbers_or_none(text: str) -> None:
    assert bool(numbers(text)) == bool(find_numbers(text))
