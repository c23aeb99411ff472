"""What a follow-up asks must be told near its answer."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chatbot.question_evidence import named_share, told_characters, told_share

TEXT = "制造业是名片。海天集团创始人张静章说，海天2023年投入5%。员工很多。总部在北仑。"
SENTENCE = (7, 31)


@pytest.mark.parametrize(
    ("question", "share"),
    [
        ("他毕业于哪所学校？", 0.0),
        ("其中外资企业有几家？", 0.0),
        ("它的创始人是谁？", 1.0),
        ("那张静章呢？", 1.0),
        ("2022年呢？", 0.0),
        ("那2023年呢？", 1.0),
        ("员工呢？", 1.0),  # in the next sentence
        ("总部呢？", 0.0),  # one sentence further on
        ("他是什么职务？", 1.0),  # asks for a sort of thing, which nobody says
        ("", 1.0),
    ],
)
def test_the_share_of_a_follow_up_that_is_told(question: str, share: float) -> None:
    assert TEXT[slice(*SENTENCE)] == "海天集团创始人张静章说，海天2023年投入5%。"
    assert told_share(question, TEXT, SENTENCE) == share


def test_a_sort_of_thing_needs_no_telling_where_something_else_is_asked() -> None:
    assert told_share("它投入哪种货币？", TEXT, SENTENCE) == 1.0
    assert told_share("它用哪种货币？", TEXT, SENTENCE) == 0.0


def test_a_word_beside_light_ones_stands_alone() -> None:
    assert told_share("他说过什么？", TEXT, SENTENCE) == 1.0


def test_characters_are_told_one_by_one() -> None:
    assert told_characters("人投进了多少？", TEXT, SENTENCE) == 2 / 3  # 人, 投 and not 进


def test_a_name_is_told_by_its_pairs() -> None:
    assert named_share("海天集团", "海天的集团") == 2 / 3
    assert named_share("《海天》", "海天") == 1.0
    assert named_share("海", "天") == 0.0


@settings(deadline=None)
@given(st.text(max_size=30), st.text(max_size=40), st.integers(0, 40), st.integers(0, 40))
def test_it_is_a_share(question: str, text: str, start: int, end: int) -> None:
    assert 0.0 <= told_share(question, text, (start, end)) <= 1.0
