"""A question that leans on the one before it is read together with it, and no other is."""

import pytest

from chatbot.conversation import understand

LAST = "海天把多少收入投到研发？"


@pytest.mark.parametrize(
    "question",
    ["它的创始人呢？", "那继峰股份呢？", "他说了什么？", "其中国家级的有几家？", "去年呢"],
)
def test_a_leaning_question_gets_the_last_one_in_front(question: str) -> None:
    assert understand(question, ["更早的问题？", LAST]) == f"{LAST} {question}"


@pytest.mark.parametrize(
    "question",
    [
        "海天的创始人是谁？",
        "海天的创始人是谁呢？",
        "为什么会这样呢",
        "有多少家企业呢？",
        "他们在梅山保税港区建成的那几个贸易平台后来都叫什么名字，有什么用？",
    ],
)
def test_a_question_that_stands_alone_is_left_as_it_is(question: str) -> None:
    assert understand(question, [LAST]) == question


def test_without_history_nothing_is_put_in_front() -> None:
    assert understand("它的创始人呢？", []) == "它的创始人呢？"
