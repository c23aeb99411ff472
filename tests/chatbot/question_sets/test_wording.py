"""What is written for testers of what they expected."""

import pytest

from chatbot.question_sets.question_set import Question
from chatbot.question_sets.wording import expected


@pytest.mark.parametrize(
    ("answers", "items", "words"),
    [
        (("5%", "百分之五"), (), "5% | 百分之五"),
        ((), ("海天", "申洲"), "海天、申洲"),
        (("海天和申洲",), ("海天", "申洲"), "海天和申洲（或列举 海天、申洲）"),
    ],
)
def test_both_answers_and_items_are_told(
    answers: tuple[str, ...], items: tuple[str, ...], words: str
) -> None:
    assert expected(Question("a", "哪些？", answers, items, answerable=True)) == words
