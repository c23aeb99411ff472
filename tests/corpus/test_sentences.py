from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.sentences import LONGEST, split_sentences

CASES = json.loads((Path(__file__).parent / "cases" / "sentences.json").read_text("utf-8"))


def split(text: str) -> list[str]:
    return [text[start:end] for start, end in split_sentences(text)]


@pytest.mark.parametrize("case", [pytest.param(case, id=case["label"]) for case in CASES])
def test_sentences(case: dict[str, Any]) -> None:
    assert split(case["input"]) == case["expected"]


def test_a_long_run_is_cut_at_the_last_semicolon_of_the_second_half() -> None:
    text = "字" * 200 + "；" + "字" * 50 + "，" + "字" * 249
    assert split(text) == ["字" * 200 + "；", "字" * 50 + "，" + "字" * 249]


def test_a_long_run_without_a_semicolon_is_cut_at_the_last_comma() -> None:
    text = ("字" * 99 + "，") * 4
    assert split(text) == [("字" * 99 + "，") * 2 + "字" * 99 + "，", "字" * 99 + "，"]


def test_a_run_without_punctuation_is_cut_hard() -> None:
    assert [len(piece) for piece in split("字" * 700)] == [300, 300, 100]


def test_a_hard_cut_spares_accents() -> None:
    text = "e\u0301" * 149 + "xe\u0301" + "e\u0301" * 20
    pieces = split(text)
    assert "".join(pieces) == text
    assert not pieces[1].startswith("\u0301")


@pytest.mark.parametrize(
    "unit", ["字", "句。", '"。', "（《。", "。”", "…a", ". ", "“好。”说", "1."]
)
def test_200_kilobytes_take_less_than_a_second_or_so(unit: str) -> None:
    text = unit * (70_000 // len(unit))
    started = time.perf_counter()
    split_sentences(text)
    # Generous: the machine may be busy. What this must catch is quadratic time (minutes).
    assert time.perf_counter() - started < 5


TEXTS = st.one_of(
    st.text(),
    st.lists(
        st.sampled_from([*"海天说道，。！？；…. \t\n“”‘’（）《》\"'aB1", "字" * 150, "。”他说，"]),
        max_size=80,
    ).map("".join),
)


@given(TEXTS)
@settings(max_examples=500, deadline=None)
def test_sentences_cover_all_but_white_space_once_and_in_order(text: str) -> None:
    spans = split_sentences(text)
    position = 0
    for start, end in spans:
        assert text[position:start].strip() == ""
        assert 0 <= position <= start < end <= len(text)
        assert text[start:end] == text[start:end].strip()
        assert end - start <= LONGEST
        position = end
    assert text[position:].strip() == ""
