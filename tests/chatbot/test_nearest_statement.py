from __future__ import annotations

import pytest

from chatbot.nearest_statement import nearest_statement

LONG = (
    "上午的会上大家说了许多别的事情，也看了新修的码头、道路和学校，一直到傍晚才散，"
    "后来又谈到员工宿舍和食堂，最后说海天的员工一年比一年多，晚上还要加班，周末也不休息，大家都很累。"
)


def test_the_sentence_with_the_words_of_the_question_is_told() -> None:
    text = "北仑是座港城。海天每年拿出5%做研发。海天在北仑。"
    assert nearest_statement("海天去年的研发怎么样？", text) == "海天每年拿出5%做研发。"


def test_of_equal_ones_it_is_the_first() -> None:
    assert nearest_statement("明天下雨吗？", "甲说一。乙说二。") == "甲说一。"


@pytest.mark.parametrize("text", ["", "  \n"])
def test_nothing_is_told_of_nothing(text: str) -> None:
    assert nearest_statement("海天有多少员工？", text) == ""


def test_a_long_sentence_is_cut_to_the_clauses_that_tell() -> None:
    told = nearest_statement("海天有多少员工？", LONG, 30)
    assert told == "……最后说海天的员工一年比一年多，晚上还要加班，周末也不休息，大……"
    assert told.strip("…") in LONG


def test_what_is_not_cut_gets_no_ellipsis() -> None:
    assert nearest_statement("上午的会", LONG, 30).startswith("上午的会上")
    assert nearest_statement("上午的会", LONG, len(LONG)) == LONG
