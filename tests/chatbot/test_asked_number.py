"""How many things a question asks for."""

from __future__ import annotations

import pytest

from chatbot.asked_number import asked_number


@pytest.mark.parametrize(
    ("question", "number"),
    [
        ("出海的是哪三家企业？", 3),
        ("女子组的前三名是哪几位？", 3),
        ("三位带头人分别是谁？", 3),
        ("三座亭子各叫什么？", 3),
        ("厂里那两种刀都叫什么", 2),
        ("厂长和会计分别是谁？", 2),
        ("石羊坪、老鹰嘴、青泥沟各自最大的难处是什么？", 3),
        ("改制那年，祝铁山和纪云鹏各自怎么样了？", 2),
        ("“嗅肺”用狗和用电子鼻，准确度各是多少？", 2),
        ("卸任的馆长是谁，接她位子的又是谁？", 2),
        ("玩一次要多少钱，去年来了多少人", 2),
        ("四合仓的总投资和库容各是多少？", 2),
        ("前七个月出口和进口各是多少", 2),
        ("一期二期三期各有多少人参加", 3),
        # No number is asked for: some of several, the number of a time, a name with 和 in it.
        ("五家企业中哪些出了海？", None),
        ("头三年里办了哪些事？", None),
        ("前七个月办了哪些事？", None),
        ("盈余分成哪几份，各派什么用场", None),
        ("2023年和2024年的产值", None),
        ("共和国各地的特产", None),
        ("各类工人里最缺哪些？", None),
        ("北仑有哪些港区？", None),
        ("海天的创始人是谁？", None),
        ("第三家企业叫什么？", None),
        ("", None),
    ],
)
def test_asked_number(question: str, number: int | None) -> None:
    assert asked_number(question) == number
