"""Feedback exported: it loads as a question set and expects what the visitor said is right."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from chatbot.feedback.entry import Feedback
from chatbot.feedback.question_set import question_set, to_json_lines
from chatbot.question_sets import Question, load_question_set

SENTENCE = "他每年拿出5%和100万元做研发。"
ANSWERED: dict[str, Any] = {
    "answered": True,
    "answer": "5%",
    "sentence": SENTENCE,
    "answers": [{"answer": "5%"}],
}
REFUSED: dict[str, Any] = {"answered": False, "answer": None, "sentence": None, "answers": []}
ENTRY = Feedback("a1", "2026-11-24T12:00:00+00:00", "up", "投入多少？", (), None, ANSWERED)


def loaded(tmp_path: Path, *entries: Feedback) -> list[Question]:
    path = tmp_path / "set.jsonl"
    path.write_text(to_json_lines(question_set(entries)), encoding="utf-8")
    return [replace(question, source="") for question in load_question_set(path)]


@pytest.mark.parametrize(
    ("entry", "question"),
    [
        (
            ENTRY,
            Question("feedback-a1", "投入多少？", ("5%",), (), SENTENCE, True),
        ),
        (
            replace(
                ENTRY, record={**ANSWERED, "answers": [{"answer": "5%"}, {"answer": "100万元"}]}
            ),
            Question("feedback-a1", "投入多少？", (), ("5%", "100万元"), SENTENCE, True),
        ),
        (
            replace(
                ENTRY,
                record={
                    **ANSWERED,
                    "asks_back": True,
                    "answers": [{"answer": "5%"}, {"answer": "100万元"}],
                },
            ),
            Question("feedback-a1", "投入多少？", ("5%", "100万元"), (), SENTENCE, True),
        ),
        (
            replace(ENTRY, record=REFUSED),
            Question("feedback-a1", "投入多少？", answerable=False),
        ),
        (
            replace(ENTRY, rating="down", proposed="6%", evidence="是6%。", history=("谁？",)),
            Question("feedback-a1", "投入多少？", ("6%",), (), "是6%。", True, ("谁？",)),
        ),
        (
            replace(ENTRY, rating="down", proposed="6%", record=REFUSED),
            Question("feedback-a1", "投入多少？", ("6%",), (), None, True),
        ),
        (
            replace(ENTRY, rating="down", answerable=False, reason="没有说"),
            Question("feedback-a1", "投入多少？", answerable=False),
        ),
    ],
)
def test_what_was_said_is_what_is_expected(
    tmp_path: Path, entry: Feedback, question: Question
) -> None:
    tags = ("feedback", "赞" if entry.rating == "up" else "踩")
    assert loaded(tmp_path, entry) == [replace(question, tags=tags)]


def test_a_complaint_without_the_right_answer_waits_for_a_tester(tmp_path: Path) -> None:
    entry = replace(ENTRY, rating="down", reason="不对")
    (question,) = loaded(tmp_path, entry)
    assert (question.answers, question.answerable) == ((), None)
    assert question.tags == ("feedback", "踩", "待补答案")
    (row,) = question_set([entry])
    assert (row["given"], row["reason"]) == ("5%", "不对")


def test_what_several_said_alike_is_asked_once(tmp_path: Path) -> None:
    again = replace(ENTRY, id="a2", reason="很好")
    other = replace(ENTRY, id="a3", rating="down", proposed="6%")
    assert [question.id for question in loaded(tmp_path, ENTRY, again, other)] == [
        "feedback-a1",
        "feedback-a3",
    ]
    assert question_set([ENTRY, again])[0]["reason"] == "很好"


def test_an_answer_of_marks_alone_still_loads(tmp_path: Path) -> None:
    record = {**ANSWERED, "answer": "——", "answers": [{"answer": "——"}]}
    (question,) = loaded(tmp_path, replace(ENTRY, record=record))
    assert (question.answers, question.evidence) == ((), SENTENCE)


def test_mark_up_and_turned_text_are_exported_as_they_are(tmp_path: Path) -> None:
    hostile = "<script>1</script>**粗** $$x$$ [点](javascript:1)\u202e反\u202c = @"
    (question,) = loaded(
        tmp_path, replace(ENTRY, question=hostile, proposed=hostile, history=(hostile,))
    )
    assert question.question == question.answers[0] == question.history[0] == hostile
    # In the file itself nothing turns what stands after it.
    text = to_json_lines(question_set([replace(ENTRY, question=hostile)]))
    assert "\u202e" not in text and "\\u202e反\\u202c" in text
    assert json.loads(text)["question"] == hostile
