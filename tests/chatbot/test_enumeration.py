"""Lists taken apart."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatbot.enumeration import enumerated


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
