"""What speaks for an answer to a follow-up."""

from __future__ import annotations

import pytest

from chatbot.follow_up_support import ENOUGH, evidence, support

TEXT = "海天集团创始人张静章说，海天每年投入销售收入的5%。"
PLACE = (0, len(TEXT))


def signs(question: str, margin: float, about: str, *, repeats: bool = False) -> dict[str, float]:
    return evidence([question], TEXT, PLACE, margin, [about], TEXT, repeats)


def test_signs_are_shares() -> None:
    assert signs("他投入多少？", 4.0, "海天") == {
        "told": 1.0,
        "characters": 2 / 3,  # 他 stands nowhere
        "margin": 0.5,
        "about": 1.0,
        "repeats": 0.0,
    }
    assert evidence(["多少？"], TEXT, PLACE, -9.0, [], "", True)["margin"] == 0.0


@pytest.mark.parametrize("wording", [["他花了多少？", "他投入多少？"], ["他投入多少？"]])
def test_other_words_for_it_tell_too(wording: list[str]) -> None:
    assert evidence(wording, TEXT, PLACE, 4.0, [], TEXT, False)["told"] == 1.0


def test_what_is_told_is_supported_and_what_is_not_is_not() -> None:
    assert support(signs("他投入多少？", 4.0, "海天")) >= ENOUGH
    assert support(signs("他毕业于哪所学校？", 0.0, "海天")) < ENOUGH


def test_what_was_told_before_is_no_answer_where_nothing_asked_is_told() -> None:
    assert support(signs("其中外资的呢？", 9.0, "海天")) >= ENOUGH
    assert support(signs("其中外资的呢？", 9.0, "海天", repeats=True)) == 0.0
    assert support(signs("他投入多少？", 9.0, "海天", repeats=True)) >= ENOUGH


def test_each_sign_counts() -> None:
    whole = support(signs("他投入多少？", 4.0, "海天"))
    assert support(signs("他投入多少？", 0.0, "海天")) < whole
    assert support(signs("他投入多少？", 4.0, "拓普")) < whole
    assert support(signs("他投入多少？", 4.0, "海天", repeats=True)) < whole
