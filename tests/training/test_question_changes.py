"""Questions worded anew: shorter, with another number, asked of another subject."""

from __future__ import annotations

import random

import pytest

from training.question_changes import (
    another_asked,
    asked_of,
    bare_title,
    other_number,
    said_otherwise,
    shortened,
)
from training.word_classes import word_classes

CONTEXT = "海天集团成立于1966年，总部在宁波北仑，每年拿出销售收入的5%用于技术研发。"
QUESTION = "海天集团每年拿出销售收入的多少用于技术研发？"


@pytest.mark.parametrize("seed", range(20))
def test_a_shorter_question_still_asks_and_shares_a_word_with_its_passage(seed: int) -> None:
    short = shortened(QUESTION, "海天集团", CONTEXT, random.Random(seed))
    assert len(short) < len(QUESTION) and "多少" in short
    assert any(word in short for word in ("每年", "拿出", "销售", "收入", "用于", "技术", "研发"))


def test_the_subject_mostly_stays() -> None:
    drawn = [shortened(QUESTION, "海天集团", CONTEXT, random.Random(seed)) for seed in range(200)]
    assert sum("海天集团" in question for question in drawn) > 150


def test_what_shares_no_word_with_its_passage_stays_as_it_is() -> None:
    assert shortened("谁写了它？", "", CONTEXT, random.Random(1)) == "谁写了它？"


@pytest.mark.parametrize("seed", range(20))
def test_another_number_is_one_that_the_passage_does_not_tell(seed: int) -> None:
    changed = other_number("1966年成立了哪家公司？", CONTEXT, random.Random(seed))
    assert changed is not None and changed.endswith("年成立了哪家公司？")
    assert changed[:4] not in CONTEXT and abs(int(changed[:4]) - 1966) <= 12


@pytest.mark.parametrize("question", ["哪家公司在宁波？", "2001年成立了哪家公司？"])
def test_without_a_told_number_there_is_no_other(question: str) -> None:
    assert other_number(question, CONTEXT, random.Random(1)) is None


def test_a_question_is_asked_of_another_subject() -> None:
    asked = asked_of("红翅旋壁雀的俗名是什么？", "红翅旋壁雀", "海天集团", CONTEXT)
    assert asked == "海天集团的俗名是什么？"


def test_but_not_where_the_passage_may_answer_it() -> None:
    assert asked_of("申洲国际的总部在哪里？", "申洲国际", "海天集团", CONTEXT) is None


@pytest.mark.parametrize("subject", ["", "申洲国际"])
def test_nor_where_it_does_not_name_its_own(subject: str) -> None:
    assert asked_of("它的俗名是什么？", subject, "海天集团", CONTEXT) is None


@pytest.mark.parametrize(
    ("title", "called"),
    [
        ("江苏路街道 (上海市)", "江苏路街道"),
        ("王栋（足球运动员）", "王栋"),
        ("黄独", "黄独"),
        ("", ""),
    ],
)
def test_a_title_without_what_tells_namesakes_apart(title: str, called: str) -> None:
    assert bare_title(title) == called


USUAL = {"成立": 3, "建立": 2, "作者": 5, "译者": 2, "收入": 4, "产业": 1}


@pytest.mark.parametrize("seed", range(20))
def test_other_words_mean_the_same_and_are_not_the_passages(seed: int) -> None:
    question = "海天集团在哪里成立？"
    changed = said_otherwise(
        question, "海天集团", CONTEXT, random.Random(seed), word_classes(), USUAL
    )
    assert changed.startswith("海天集团")
    if "成立" not in changed:
        new = max(
            (word for word in word_classes().same("成立") if changed.endswith(f"{word}？")), key=len
        )
        assert new not in CONTEXT


def test_asking_words_are_put_as_people_talk() -> None:
    drawn = {
        said_otherwise("谁写了它？", "", CONTEXT, random.Random(seed), word_classes(), USUAL)
        for seed in range(50)
    }
    assert "哪位写了它？" in drawn and "谁写了它？" in drawn


def test_what_something_is_called_is_not_asked_for_a_reason() -> None:
    for seed in range(50):
        changed = said_otherwise(
            "它被称为什么？", "", CONTEXT, random.Random(seed), word_classes(), USUAL
        )
        assert changed in ("它被称为什么？", "它被称为啥？")


@pytest.mark.parametrize("seed", range(20))
def test_another_word_of_its_sort_asks_what_the_passage_does_not_tell(seed: int) -> None:
    told = "《北仑故事》的作者是王程，2019年出版。"
    changed = another_asked(
        "《北仑故事》的作者是谁？", "北仑故事", told, random.Random(seed), word_classes(), USUAL
    )
    assert changed == "《北仑故事》的译者是谁？"


def test_a_word_that_the_passage_tells_as_well_is_not_put_in() -> None:
    told = "《北仑故事》的作者是王程，译者是李平。"
    assert (
        another_asked(
            "《北仑故事》的作者是谁？", "北仑故事", told, random.Random(1), word_classes(), USUAL
        )
        is None
    )
