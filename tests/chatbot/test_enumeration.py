"""Lists taken apart."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatbot.enumeration import clauses_of, enumerated, listed
from corpus.sentences import split_sentences


def things(sentence: str, words: str) -> list[str]:
    start = sentence.index(words)
    return [sentence[a:b] for a, b in enumerated(sentence, start, start + len(words))]


@pytest.mark.parametrize(
    ("sentence", "words", "listed"),
    [
        ("在芯片、高分子、装备等领域攻关。", "芯片、高分子、装备等领域", "芯片|高分子|装备"),
        ("在芯片、高分子、装备等领域攻关。", "芯片", "芯片|高分子|装备"),
        ("将沃尔沃、宝腾、路特斯收入囊中。", "将沃尔沃、宝腾、路特斯", "沃尔沃|宝腾|路特斯"),
        ("更是连续将沃尔沃、宝腾收入囊中。", "宝腾", "沃尔沃|宝腾"),
        ("形成“园区化、社区化、网格化”模式。", "“园区化、社区化、网格化”", "园区化|社区化|网格化"),
        ("由张三、李四和王五主演。", "张三、李四和王五", "张三|李四|王五"),
        (
            "有《红》、《罪与罚》和《飘》。",
            "《红》、《罪与罚》和《飘》",
            "《红》|《罪与罚》|《飘》",
        ),
        ("甲书记、乙书记李四说，这很好。", "甲书记、乙书记李四说，这很好", "甲书记|乙书记李四"),
        ("由张三和李四主演。", "张三和李四", "张三和李四"),
        ("只有镰刀。", "镰刀", "镰刀"),
        ("甲、乙、", "甲、乙、", "甲|乙"),
    ],
)
def test_the_things_of_a_list(sentence: str, words: str, listed: str) -> None:
    assert things(sentence, words) == listed.split("|")


@given(st.text(alphabet="甲乙、和等，。“”《》将", min_size=1, max_size=20), st.data())
def test_things_lie_in_the_sentence_in_order(sentence: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(sentence) - 1))
    end = data.draw(st.integers(start + 1, len(sentence)))
    found = enumerated(sentence, start, end)
    assert found
    assert all(0 <= a < b <= len(sentence) for a, b in found)
    assert all(b <= c for (_, b), (c, _) in pairwise(found))


def test_a_quotation_that_was_cut_does_not_reach_over_the_next_thing() -> None:
    sentence = "“““““乙、”"
    found = enumerated(sentence, 5, 8)
    assert all(b <= c for (_, b), (c, _) in pairwise(found))


def listed_things(text: str, words: str, number: int | None = None) -> str:
    start = text.index(words)
    sentence = next(s for s in split_sentences(text) if s[0] <= start < s[1])
    found = listed(text, sentence, start, start + len(words), number)
    return "|".join(text[a:b] for a, b in found)


@pytest.mark.parametrize(
    ("text", "words", "number", "things"),
    [
        ("做镰刀、锄头。", "镰刀", None, "镰刀|锄头"),
        # Clauses in a row, without what puts them there.
        (
            "先截污，再清淤，最后种草、养鱼。",
            "先截污，再清淤，最后种草、养鱼",
            None,
            "截污|清淤|种草、养鱼",
        ),
        ("涨价；招人；另设三个岗。", "涨价；招人", None, "涨价|招人"),
        ("投1,200万元，招人。", "投1,200万元，招人", None, "投1,200万元|招人"),
        ("电梯、车棚、绿地，都修了。", "电梯、车棚、绿地，都修", None, "电梯|车棚|绿地"),
        # Behind a colon, where the span is one of them, not a word inside one.
        (
            "条件有三：减到二十颗；厂设在铜井，不搬；由康如月掌舵。",
            "减到二十颗",
            None,
            "减到二十颗|厂设在铜井|由康如月掌舵",
        ),
        ("有三难：过半收入系于渔业；卫星寿命短。", "渔业", None, "渔业"),
        # Numbered, over sentences too, also from what leads to them.
        ("成果三项：一是编成名录。二是查明成因，写成书。", "编成名录", None, "编成名录|查明成因"),
        ("靠的是三项改变。一是换芯片，二是用流水线。", "三项改变", None, "换芯片|用流水线"),
        ("其一，减少供应商，逐卷检验；其二，一票否决。", "减少供应商", None, "减少供应商|一票否决"),
        ("一是路远。后来十年，二是人少。", "十年", None, "十年"),
        ("一是路远。三是人少。", "路远", None, "路远"),
        # By 和 alone, where it is a word of its own and no mark parts them.
        ("沟里栽了菖蒲和美人蕉。", "菖蒲和美人蕉", None, "菖蒲|美人蕉"),
        ("船叫「甲一号」和「甲二号」。", "甲一号」和「甲二号", 2, "「甲一号」|「甲二号」"),
        ("出自中华人民共和国。", "中华人民共和国", None, "中华人民共和国"),
        ("设药学、膜科学与工程。", "药学、膜科学与工程", None, "药学|膜科学|工程"),
        ("侧重商品和服务，承担班列。", "侧重商品和服务", 3, "侧重商品和服务"),
        # Of several ways the one that gives as many as are asked for.
        ("先截污，再清淤，最后种草、养鱼。", "先截污，再清淤，最后种草、养鱼", 2, "最后种草|养鱼"),
    ],
)
def test_a_paragraph_lists_by_marks_clauses_and_numbers(
    text: str, words: str, number: int | None, things: str
) -> None:
    assert listed_things(text, words, number) == things


@pytest.mark.parametrize(
    ("text", "words", "number", "clauses"),
    [
        (
            "各管一摊：甲段管车站，乙段管线路，丙段管机车。",
            "车站",
            3,
            "甲段管车站|乙段管线路|丙段管机车",
        ),
        ("甲区重散货，乙区重医药。", "散货", 2, "甲区重散货|乙区重医药"),
        ("甲区重散货，乙区重医药。", "散货", 3, ""),
        (
            "甲厂投产早，产刀盘；乙厂投产晚，修刀盘。",
            "刀盘",
            2,
            "甲厂投产早，产刀盘|乙厂投产晚，修刀盘",
        ),
    ],
)
def test_as_many_clauses_as_things_tell_one_each(
    text: str, words: str, number: int, clauses: str
) -> None:
    found = clauses_of(text, (0, len(text)), text.index(words), number)
    assert "|".join(text[a:b] for a, b in found) == clauses


@given(
    st.text(alphabet="甲乙一二是、和，；：。“”《先再", min_size=1, max_size=30),
    st.sampled_from([None, 2, 3]),
    st.data(),
)
def test_what_is_listed_lies_in_the_paragraph_in_order(
    text: str, number: int | None, data: st.DataObject
) -> None:
    sentence = data.draw(st.sampled_from(split_sentences(text)))
    start = data.draw(st.integers(sentence[0], sentence[1] - 1))
    end = data.draw(st.integers(start + 1, sentence[1]))
    found = listed(text, sentence, start, end, number)
    assert found
    assert all(0 <= a < b <= len(text) for a, b in found)
    assert all(b <= c for (_, b), (c, _) in pairwise(found))
