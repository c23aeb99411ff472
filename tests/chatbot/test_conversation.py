"""What a question may mean after the questions before it, on hand-made turns."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatbot.conversation import Turn, leans, readings

TEXT = (
    "海天集团创始人张静章说，海天每年拿出销售收入的5%用于技术研发。继峰股份成功并购格拉默，"
    "拓普集团在波兰建厂。国际集装箱航线达250多条，2023年外贸4501.6亿元。"
)
MONEY = Turn("海天把多少收入投到研发？", "5%", (TEXT,))
FOUNDER = Turn("海天集团的创始人是谁？", "张静章", (TEXT,))
TRADE = Turn("2023年的外贸总额是多少？", "4501.6亿元", (TEXT,))


def texts(question: str, *turns: Turn) -> list[str]:
    return [reading.text for reading in readings(question, turns)]


@pytest.mark.parametrize(
    ("question", "turn", "meant"),
    [
        ("它的创始人是谁？", MONEY, "海天的创始人是谁？"),
        ("那它有多少员工？", MONEY, "海天有多少员工？"),
        ("他说了什么？", FOUNDER, "张静章说了什么？"),
        ("这家公司在哪里？", MONEY, "海天在哪里？"),
        ("其总部在哪？", MONEY, "海天的总部在哪？"),
        ("那继峰股份呢？", MONEY, "继峰股份把多少收入投到研发？"),
        ("2022年呢", TRADE, "2022年的外贸总额是多少？"),
        ("创始人呢？", MONEY, "海天的创始人是谁？"),
        ("每年投入多少？", MONEY, "海天每年投入多少？"),
    ],
)
def test_what_was_said_before_is_put_in(question: str, turn: Turn, meant: str) -> None:
    assert meant in texts(question, turn)


@pytest.mark.parametrize("question", ["其中国家级的有几家？", "这些里面最大的是哪个？"])
def test_a_part_of_what_was_told_is_asked_with_the_last_question(question: str) -> None:
    (reading,) = readings(question, [MONEY])
    assert reading.text == f"{MONEY.question} {question}"
    assert reading.asked == question


@pytest.mark.parametrize(
    "question",
    [
        "宁波有多少人？",
        "海天的创始人是谁？",
        "海天的创始人是谁呢？",
        "有多少家企业呢？",
        "吉他怎么弹",
    ],
)
def test_a_question_that_stands_alone_is_first_read_as_it_stands(question: str) -> None:
    assert not leans(question)
    assert texts(question, MONEY)[0] == question


def test_a_person_is_the_one_just_named_and_a_thing_what_the_talk_is_about() -> None:
    assert texts("他多大了？", MONEY, FOUNDER)[0] == "张静章多大了？"
    assert texts("它在哪里？", FOUNDER)[0] == "海天集团在哪里？"


def test_without_earlier_turns_a_question_is_as_it_stands() -> None:
    assert texts("它的创始人呢？") == ["它的创始人呢？"]


@given(st.text(max_size=30), st.text(max_size=30), st.text(max_size=10))
def test_there_is_always_a_reading(question: str, before: str, answer: str) -> None:
    found = readings(question, [Turn(before, answer, (TEXT,))])
    assert found
    assert all(isinstance(reading.text, str) for reading in found)
