from __future__ import annotations

import doctest
import json
import unicodedata
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import corpus.cleaning
import corpus.line_shapes
import corpus.loading
import corpus.sentences
from corpus.cleaning import clean
from corpus.document import Repair
from corpus.line_shapes import is_caption, is_jump_line, is_list_item, numbered_heading_kind

CASES = Path(__file__).parent / "cases"


def cases(name: str) -> list[Any]:
    rows = json.loads((CASES / name).read_text(encoding="utf-8"))
    return [pytest.param(row, id=row["label"]) for row in rows]


@pytest.mark.parametrize(
    "module", [corpus.cleaning, corpus.line_shapes, corpus.loading, corpus.sentences]
)
def test_the_examples_in_docstrings_hold(module: Any) -> None:
    failed, tried = doctest.testmod(module)
    assert tried > 0
    assert failed == 0


@pytest.mark.parametrize(
    "case", cases("cleaning-in-the-wild.json") + cases("cleaning-synthetic.json")
)
def test_scars_are_repaired(case: dict[str, Any]) -> None:
    text, repairs = clean(case["input"])
    assert text == case["expected"]
    if case["repairs"] is not None:
        assert sorted(repair.kind for repair in repairs) == sorted(case["repairs"])


@pytest.mark.parametrize("case", cases("cleaning-negative.json"))
def test_good_text_passes_through_unchanged(case: dict[str, Any]) -> None:
    assert clean(case["input"]) == (case["input"], ())


@pytest.mark.parametrize("case", cases("cleaning-known-failures.json"))
@pytest.mark.xfail(strict=True, reason="known failure, see the case's comment")
def test_known_failures(case: dict[str, Any]) -> None:
    assert clean(case["input"])[0] == case["expected"]


def test_repairs_say_what_they_did_and_where() -> None:
    raw = (
        "北仑奋楫\r\n"
        "\r\n"
        "　　港口\u200b繁忙，航线如网，码头智能，货轮如梭，\r\n"
        "(下转第4版)\r\n"
        "桥吊林立。\r\n"
    )
    assert clean(raw) == (
        "北仑奋楫\n\n港口繁忙，航线如网，码头智能，货轮如梭，桥吊林立。\n\n(下转第4版)",
        (
            Repair("line-ending", 1, "CRLF", "LF"),
            Repair("control-character", 3, "　　港口\u200b繁", "　　港口繁"),
            Repair(
                "surrounding-space",
                3,
                "　　港口繁忙，航线如网，码头智能，货轮如梭，",
                "港口繁忙，航线如网，码头智能，货轮如梭，",
            ),
            Repair(
                "jump-line-moved",
                4,
                "网，码头智能，货轮如梭，\n\n(下转第4版)\n\n桥吊林立。",
                "网，码头智能，货轮如梭，桥吊林立。\n\n(下转第4版)",
            ),
            Repair(
                "broken-sentence",
                5,
                "网，码头智能，货轮如梭，\n\n(下转第4版)\n\n桥吊林立。",
                "网，码头智能，货轮如梭，桥吊林立。",
            ),
        ),
    )


JUMP_LINES = [
    "(下转第4版)",
    "（上接第1版）",
    "【下转A3版】",
    "(上接第一版)",
    "上接第2版",
    "(转第4版)",
]
JUMP_LINES += ["▲(下转第4版)", "（紧接第二版·要闻）", "下转 A3 版", "〔下转第十二版〕"]


@pytest.mark.parametrize("line", JUMP_LINES)
def test_jump_lines_are_recognised(line: str) -> None:
    assert is_jump_line(line)


@pytest.mark.parametrize(
    "line", ["下转", "(第4版)", "他说(下转第4版)", "(见第4版)", "转第4版。", "(下转第4版", "版"]
)
def test_other_lines_are_no_jump_lines(line: str) -> None:
    assert not is_jump_line(line)


@pytest.mark.parametrize(
    "line",
    [
        "宁波北仑梅山湾鸟瞰。顾红侠摄(中经视觉)",
        "宁波北仑梅山湾鸟瞰。新华社记者 顾红侠 摄",
        "宁波北仑梅山湾鸟瞰。（顾红侠 摄）",
        "宁波北仑梅山湾鸟瞰 顾红侠/摄",
        "图为宁波北仑梅山湾。",
        "梅山湾鸟瞰。中经视觉供图",
    ],
)
def test_captions_are_recognised(line: str) -> None:
    assert is_caption(line)


@pytest.mark.parametrize("line", ["他喜欢摄影", "记者在现场拍摄", "（他在拍摄）", "摄", ""])
def test_other_lines_are_no_captions(line: str) -> None:
    assert not is_caption(line)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("1. 苹果", True),
        ("1、苹果", True),
        ("（一）苹果", True),
        ("一、苹果", True),
        ("① 苹果", True),
        ("- apple", True),
        ("• 苹果", True),
        ("第三条 苹果", True),
        ("1.5亿元", False),
        ("9、10月份", False),
        ("一、二线城市", False),
        ("-5℃", False),
        ("17）；诺丁汉郡", False),
        ("·坎通和科学家", False),
        ("2023年", False),
        ("第三条船", False),
        ("", False),
    ],
)
def test_list_items(line: str, expected: bool) -> None:
    assert is_list_item(line) is expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("第一章 总则", "chapter"),
        ("第十二节", "chapter"),
        ("一、总则", "number"),
        ("（二）总则", "bracket"),
        ("一、总则完毕。", None),
        ("一、二线城市", None),
        ("第一章节很长", None),
    ],
)
def test_numbered_headings(line: str, expected: str | None) -> None:
    assert numbered_heading_kind(line) == expected


PIECES = [
    *"北仑向海而生，。！？；：、“”‘’（）()《》…—·",
    *"aZ09.,!?-# \n\r\t\u3000\u2028\x0c\x1c\x1f\x85\x00\u200b\u200d\ufeff\u202e\ud800\ue000😀",
    "\n\n",
    "……",
    "(下转第4版)",
    "【上接A1版】",
    "科创聚力",
    "第一章 总则",
    "一、",
    "# ",
    "| ",
    "图为",
    "顾红侠摄(中经视觉)",
    "本报记者 张三",
    "港口是北仑最显著的标识之一，由此拉开了北仑开发开放的序幕，获浙江省改",
    "从宁波市中心东行五十公里有个北仑区它向海\n",
]
ARTICLES = st.one_of(
    st.text(),
    st.text(st.characters(exclude_categories=())),
    st.lists(st.sampled_from(PIECES), max_size=60).map("".join),
)
"""Arbitrary text, lone surrogates among it, and text made of what the repairs look for."""


def visible(text: str) -> str:
    """Return what cleaning may not lose: all but white space and what cannot be seen."""
    kept = (
        char
        for char in text
        if not char.isspace() and unicodedata.category(char) not in ("Cc", "Cs", "Cf")
    )
    return "".join(kept)


def without_jumps(text: str) -> str:
    for jump in ("(下转第4版)", "【上接A1版】"):
        text = text.replace(jump, "")
    return text


@given(ARTICLES)
@settings(max_examples=500, deadline=None)
def test_nothing_is_lost(raw: str) -> None:
    text, repairs = clean(raw)
    moved = any(repair.kind == "jump-line-moved" for repair in repairs)
    if moved:
        assert sorted(visible(text)) == sorted(visible(raw))
        assert without_jumps(visible(text)) == without_jumps(visible(raw))
    else:
        assert visible(text) == visible(raw)


@given(ARTICLES)
@settings(max_examples=500, deadline=None)
def test_repairs_account_for_every_dropped_character(raw: str) -> None:
    text, repairs = clean(raw)
    dropped = sum(
        len(repair.before) - len(repair.after)
        for repair in repairs
        if repair.kind == "control-character"
    )
    characters = sum(not char.isspace() for char in raw)
    assert characters - sum(not char.isspace() for char in text) == dropped


@given(ARTICLES)
@settings(max_examples=500, deadline=None)
def test_cleaning_a_cleaned_text_changes_nothing(raw: str) -> None:
    text, _ = clean(raw)
    assert clean(text) == (text, ())


@given(ARTICLES)
@settings(max_examples=300, deadline=None)
def test_blocks_are_single_stripped_lines(raw: str) -> None:
    text, _ = clean(raw)
    for block in text.split("\n\n") if text else []:
        assert block == block.strip() != ""
        assert len(block.splitlines()) == 1
