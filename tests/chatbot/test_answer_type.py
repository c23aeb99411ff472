"""What a question asks for, told from its wording."""

import pytest

from chatbot.answer_type import expected_kind, sought


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("海天的创始人是谁？", "span"),
        ("2023年外贸总额是多少", "span"),
        ("项目在哪里？", "span"),
        ("请问有没有说一共多少家企业？", "span"),
        ("注塑机 吨位", "span"),
        ("为什么要建设科创区？", "passage"),
        ("工业社区是怎么服务企业的", "passage"),
        ("宁波是沿海城市吗？", "passage"),
        ("甬商是不是断过代？", "passage"),
        ("这样做有什么好处？", "passage"),
        ("收购了哪些品牌？", "list"),
        ("三大通道分别是什么？", "list"),
        ("有哪几条路线", "list"),
    ],
)
def test_expected_kind(question: str, kind: str) -> None:
    assert expected_kind(question) == kind


@pytest.mark.parametrize(
    ("question", "thing", "strict"),
    [
        ("年销售收入有多少亿元？", "quantity", True),
        ("现在有多少名员工？", "quantity", True),
        ("续航里程多长？", "quantity", True),
        ("有几家企业？", "quantity", False),
        ("哪个市人口最多？", "other", False),
        ("什么决定了两者的距离？", "other", False),
        ("哪家企业排名第一？", "other", False),
        ("建成于西元几年？", "time", False),
        ("默哀的时间是多久？", "quantity", True),
    ],
)
def test_what_is_sought_and_whether_nothing_else_will_do(
    question: str, thing: str, strict: bool
) -> None:
    wanted = sought(question)
    assert (wanted.thing, wanted.strict) == (thing, strict)


@pytest.mark.parametrize(
    ("question", "text", "found"),
    [
        ("哪一年打下第一根桩？", "1979年1月10日打下第一根桩", ["1979年"]),
        ("哪一天打下第一根桩？", "1979年1月10日打下第一根桩", ["1979年1月10日"]),
        ("历仕几朝？", "历仕三朝，在位七年", ["三朝"]),
        ("有几家企业？", "1995年有30家企业", ["30家"]),
        ("体长多少公分？", "体长12公分", ["12公分"]),
        ("是第几届？", "这是第 26 届", ["第 26 届"]),
    ],
)
def test_places_of_what_is_sought(question: str, text: str, found: list[str]) -> None:
    assert [text[slice(*place)] for place in sought(question).places(text)] == found
