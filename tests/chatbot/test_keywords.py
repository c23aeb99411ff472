"""Keyword queries and the questions they stand for."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chatbot.keywords import asked_in_full


@pytest.mark.parametrize(
    ("query", "question"),
    [
        ("海天 员工 人数", "海天员工有多少人？"),
        ("海铁联运线路 条数", "海铁联运线路有多少条？"),
        ("自贸试验区 获批时间", "自贸试验区获批是什么时候？"),
        ("海天 占地面积", "海天的占地面积是多少？"),
        ("申洲国际 董事局主席", "申洲国际的董事局主席是谁？"),
        ("凯莉 任教大学", "凯莉的任教大学是哪所？"),
        ("印刷所 年产 邮票", "印刷所年产邮票多少？"),
        ("海天 荣誉", "海天的荣誉是什么？"),
    ],
)
def test_keywords_become_a_question(query: str, question: str) -> None:
    assert asked_in_full(query) == question


@pytest.mark.parametrize(
    "query",
    ["海天", "海天创始人", "海天 创始人 是谁", "海天，宁波 的", "hello world", "", "你好 吗？"],
)
def test_what_is_no_keyword_query_stays(query: str) -> None:
    assert asked_in_full(query) == query


def test_a_title_gets_its_marks() -> None:
    assert asked_in_full("山路 女主角", "《山路》上映，《山路》") == "《山路》的女主角是谁？"
    assert asked_in_full("山路 长度", "山路、山路、《山路》") == "山路的长度是多少？"


@settings(deadline=None)
@given(st.text(max_size=50))
def test_no_query_becomes_nothing(query: str) -> None:
    assert bool(asked_in_full(query)) == bool(query)
