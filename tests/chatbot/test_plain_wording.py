"""Courtesies, widths and scripts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatbot.plain_wording import in_script_of, plain


@pytest.mark.parametrize(
    ("question", "bare"),
    [
        ("您好，请问海天的创始人是谁？谢谢！", "海天的创始人是谁？"),
        ("各位好，想咨询一下海天的创始人是谁呀，盼复", "海天的创始人是谁？"),
        ("我有个问题想请教：第一枚邮票是什么呢？给您添麻烦了", "第一枚邮票是什么？"),
        ("请问继峰股份呢？", "继峰股份呢？"),
        ("老师是谁？", "老师是谁？"),
        ("有事业单位多少家？", "有事业单位多少家？"),
        ("麻烦问一下海天的创始人是谁？", "海天的创始人是谁？"),
        ("能不能告诉我海天的创始人是谁吗？", "海天的创始人是谁？"),
        ("极氪００７有多少订单？", "极氪007有多少订单？"),
        ("<<飘>>是谁写的", "《飘》是谁写的"),
        ('什么是"小巨人"企业', "什么是“小巨人”企业"),
        ("海天能不能造大机器？", "海天能不能造大机器？"),
        ("谢谢", "谢谢"),
        ("", ""),
    ],
)
def test_a_question_is_put_plainly(question: str, bare: str) -> None:
    assert plain(question) == bare


@given(st.text(max_size=40))
def test_no_question_becomes_nothing(question: str) -> None:
    assert bool(plain(question)) == bool(question)


def test_the_script_is_that_of_the_articles() -> None:
    simplified = frozenset("继峰股份并购了德国企业哪家")
    assert in_script_of("繼峰股份併購了哪家德國企業", simplified) == "继峰股份并购了哪家德国企业"
    traditional = frozenset("繼峰股份併購了德國企業哪家")
    assert in_script_of("继峰股份并购了哪家德国企业", traditional).startswith("繼峰股份")
    assert in_script_of("北仑在哪里", frozenset("北仑在哪里")) == "北仑在哪里"
