"""The clauses that tell."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatbot.clauses import clauses, clauses_around


def around(sentence: str, words: str) -> str:
    start = sentence.index(words)
    left, right = clauses_around(sentence, start, start + len(words))
    return sentence[left:right]


@pytest.mark.parametrize(
    ("sentence", "words", "told"),
    [
        (
            "李伟平说，正是当地政府一任接一任的支持，吉利才有了底气。",
            "一任接一任",
            "正是当地政府一任接一任的支持",
        ),
        ("他认为：因为下雨，路滑，所以迟到。", "下雨，路滑", "因为下雨，路滑"),
        ("这样的表彰，并不多见。", "不多见", "并不多见"),
        ("表彰很高，罕见。", "罕见", "表彰很高，罕见"),
        ("只要“进一扇门，找一个人”，就能解决。", "找一个人", "“进一扇门，找一个人”"),
        ("甲乙丙。", "乙", "甲乙丙"),
    ],
)
def test_whole_clauses_without_who_says_them(sentence: str, words: str, told: str) -> None:
    assert around(sentence, words) == told


@given(st.text(alphabet="甲乙说，；：。“”《》—", min_size=1, max_size=20), st.data())
def test_the_result_lies_in_the_sentence(sentence: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(sentence) - 1))
    end = data.draw(st.integers(start + 1, len(sentence)))
    left, right = clauses_around(sentence, start, end)
    assert 0 <= left < right <= len(sentence)


@pytest.mark.parametrize(
    ("text", "parted"),
    [
        ("甲来，乙走；丙留。丁呢？", ["甲来", "乙走", "丙留", "丁呢"]),
        ("他说：“来，走。”共1,200人，好。", ["他说", "“来，走。”", "共1,200人", "好"]),
        ("《红，白》，（黑；灰）两部——", ["《红，白》", "（黑；灰）两部"]),
        ("……", []),
    ],
)
def test_clauses_are_what_stands_between_marks_outside_pairs(text: str, parted: list[str]) -> None:
    assert [text[start:end] for start, end in clauses(text)] == parted
