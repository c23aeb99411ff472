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
        ("哪个市人口最多？", "place", False),
        ("海天集团的创始人是谁？", "person", False),
        ("主设计师叫什么？", "person", False),
        ("张静章是谁？", "other", False),
        ("拓普集团的工厂在波兰哪座城市？", "place", False),
        ("有什么好处？", "other", False),
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
        ("在全市排老几？", "产值30亿元，全市第三", ["第三"]),
        ("星期几闭馆？", "每周一闭馆，来过47万人", ["每周一"]),
        ("啥时候搬的家？", "第一批在2023年春节前搬家", ["2023年春节前"]),
        ("试了几回才成？", "上百次试验，40余个打孔任务", ["上百次"]),
        ("有几个人不舒服？", "三个剂量组中有九人恶心", ["九人"]),
        ("刚开张时有几号人？", "1993年办起，最初七个人", ["七个"]),
        ("谈了多长时间？", "2025年3月谈了四个小时", ["四个小时"]),
        ("一共发了多少个奖项？", "甲、乙、丙等8位代表获15个奖项", ["15个"]),
    ],
)
def test_places_of_what_is_sought(question: str, text: str, found: list[str]) -> None:
    assert [text[slice(*place)] for place in sought(question).places(text)] == found


def test_a_name_that_the_question_gives_is_not_what_it_seeks() -> None:
    text = "拓普集团在波兰建厂，创始人张静章说。"
    assert [text[a:b] for a, b in sought("谁是海天的创始人？").places(text)] == ["张静章"]
    assert [text[a:b] for a, b in sought("工厂建在哪个国家？").places(text)] == ["波兰"]
    assert sought("工厂建在波兰的哪里？").places(text) == []


def test_what_is_counted_in_the_words_of_the_question_goes_first() -> None:
    text = "这里有几十个品牌，140多家企业。"
    places = sought("有多少家企业？").places(text)
    assert [text[a:b] for a, b in places] == ["140多家"]
    text = "这里有几十个品牌。"
    assert [text[a:b] for a, b in sought("有多少种企业？").places(text)] == ["几十个"]


def test_the_year_alone_where_only_it_is_asked_for() -> None:
    text = "2020年8月获批。"
    assert [text[a:b] for a, b in sought("哪年获批的？").places(text)] == ["2020年"]
    assert [text[a:b] for a, b in sought("哪年哪月获批的？").places(text)] == ["2020年8月"]
