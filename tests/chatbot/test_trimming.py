"""A span is trimmed to whole things and never leaves its text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatbot.trimming import after_asked_words, trim

TEXT = "全年实现总额4501.6亿元，占10.78%；《甬商》杂志说，用好“最大资源”、2600多亩土地。"


@pytest.mark.parametrize(
    ("given_words", "whole"),
    [
        ("4501", "4501.6亿元"),
        ("501.6", "4501.6亿元"),
        ("4501.6亿元，", "4501.6亿元"),
        ("10", "10.78%"),
        ("10.78%；", "10.78%"),
        ("《甬商", "《甬商》"),
        ("甬商》", "《甬商》"),
        ("甬商", "甬商"),
        ("“最大资源", "“最大资源”"),
        ("最大资源”", "“最大资源”"),
        ("2600", "2600多亩"),
        ("，占", "占"),
        ("杂志说", "杂志"),
    ],
)
def test_trimming(given_words: str, whole: str) -> None:
    start = TEXT.index(given_words)
    found = trim(TEXT, start, start + len(given_words))
    assert found is not None
    assert TEXT[slice(*found)] == whole


def test_a_half_without_its_other_goes() -> None:
    text = "他说“好。这是另一句。"
    found = trim(text, 2, 4)
    assert found is not None
    assert text[slice(*found)] == "好"


def test_nothing_but_punctuation_is_nothing() -> None:
    assert trim("甲，。乙", 1, 3) is None


@given(st.text(alphabet="甲乙1.5,%《》“”（）。， \n亿元", max_size=30), st.data())
def test_a_trimmed_span_lies_in_its_text(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    found = trim(text, start, end)
    if found is not None:
        assert 0 <= found[0] < found[1] <= len(text)
        assert any(character.isalnum() for character in text[slice(*found)])


@pytest.mark.parametrize(
    ("given_words", "whole"),
    [
        ("万二千元", "十一万二千元"),
        ("十一万", "十一万二千元"),
        ("发十一", "发十一万二千元"),
        ("八名学生", "二十八名学生"),
        ("二十八名", "二十八名"),
    ],
)
def test_a_number_in_words_is_not_cut(given_words: str, whole: str) -> None:
    text = "向二十八名学生补发十一万二千元，院长免职。"
    start = text.index(given_words)
    found = trim(text, start, start + len(given_words))
    assert found is not None
    assert text[slice(*found)] == whole


@pytest.mark.parametrize(
    ("question", "answer", "rest"),
    [
        ("普通鸣冠雉又名什么？", "又名鸣官鸟", "鸣官鸟"),
        ("冠饰角龙类分布在哪里？", "分布于现今的北美洲与东亚", "现今的北美洲与东亚"),
        ("龙山国小的前身是什么？", "前身为「第二公学校」", "「第二公学校」"),
        ("什么是静电感应？", "静电感应是电荷重新分布", "电荷重新分布"),
        ("达特穆尔是什么地方？", "达特穆尔（Dartmoor）是英国的荒原", "英国的荒原"),
        # A name is no lead, a purpose no definition, a reason no thing.
        ("海天集团是哪家公司？", "海天集团有限公司", "海天集团有限公司"),
        ("请问海天集团是哪家公司？", "海天集团有限公司", "海天集团有限公司"),
        ("过适现象用什么避免？", "过适现象为了避免，须用技巧", "过适现象为了避免，须用技巧"),
        ("巴沟站为什么得名？", "巴沟站是因村得名", "巴沟站是因村得名"),
        ("海天是民企吗？", "海天是民企", "海天是民企"),
        ("它位于哪里？", "位于沪", "位于沪"),
    ],
)
def test_what_the_question_says_itself_is_no_answer(question: str, answer: str, rest: str) -> None:
    text = f"据悉，{answer}。"
    start = after_asked_words(question, text, 3, 3 + len(answer))
    assert text[start : 3 + len(answer)] == rest


def test_the_letters_of_a_number_are_a_part_of_it() -> None:
    text = "上海轨道交通18号线，编号L5，为规划线路。"
    at = text.index("L5") + 1
    found = trim(text, at, at + 1)
    assert found is not None
    assert text[slice(*found)] == "L5"
