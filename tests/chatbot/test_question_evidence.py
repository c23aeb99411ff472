"""What a follow-up asks must be told near its answer."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chatbot.question_evidence import TOLD_ENOUGH, told_share

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


def test_half_told_is_enough_and_nothing_is_not() -> None:
    assert 0 < TOLD_ENOUGH <= 0.5


@settings(deadline=None)
@given(st.text(max_size=30), st.text(max_size=40), st.integers(0, 40), st.integers(0, 40))
def test_it_is_a_share(question: str, text: str, start: int, end: int) -> None:
    assert 0.0 <= told_share(question, text, (start, end)) <= 1.0
