"""Outcomes in an answers file and back; reasons; the spool."""

import json
from pathlib import Path
from typing import Any

import pytest

from chatbot.question_sets.outcomes import Outcome, outcome, read_outcomes
from chatbot.question_sets.question_set import AnswersFileError, Question
from chatbot.question_sets.spool import Spool
from tests.chatbot.question_sets.records import given, refused

SHARE = Question(
    "a",
    "多少？",
    answers=("5%", "百分之五"),
    evidence="研发",
    answerable=True,
    history=("海天呢？",),
    tags=("数字",),
    source="题.jsonl",
)
WEATHER = Question("b", "天气？", answerable=False)
CHAT = Question("c", "你好？")


def write(path: Path, outcomes: list[Outcome]) -> Path:
    lines = (json.dumps(it.line(), ensure_ascii=False) + "\n" for it in outcomes)
    path.write_text("".join(lines), "utf-8")
    return path


def test_a_line_is_the_record_with_what_was_expected_and_scored() -> None:
    record = given("张静章", "张静章说。")
    line = outcome(SHARE, record).line()
    assert {name: line[name] for name in line if name != "test"} == {**record, "id": "a"}
    assert line["test"] == {
        "source": "题.jsonl",
        "question": "多少？",
        "answer": ["5%", "百分之五"],
        "evidence": "研发",
        "answerable": True,
        "history": ["海天呢？"],
        "tags": ["数字"],
        "right": False,
        "paragraph": True,
        "sentence": False,
        "exact": False,
        "f1": 0.0,
        "reason": "reading",
    }


def test_outcomes_come_back_from_an_answers_file(tmp_path: Path) -> None:
    outcomes = [outcome(SHARE, given()), outcome(WEATHER, refused()), outcome(CHAT, given())]
    back = list(read_outcomes(write(tmp_path / "答.jsonl", outcomes)))
    assert [it.question for it in back] == [SHARE, WEATHER, CHAT]
    assert [it.question.source for it in back] == ["题.jsonl", "", ""]
    assert [it.score for it in back] == [it.score for it in outcomes]
    assert [it.line() for it in back] == [it.line() for it in outcomes]


def test_a_plain_record_is_an_outcome_that_expects_nothing(tmp_path: Path) -> None:
    path = tmp_path / "答.jsonl"
    path.write_text(json.dumps({**given(), "id": 7, "question": "多少？"}) + "\n\n", "utf-8")
    (found,) = read_outcomes(path)
    assert found.question == Question("7", "多少？")
    assert found.score.right is None


def test_a_last_line_that_was_not_finished_is_left_out(tmp_path: Path) -> None:
    path = write(tmp_path / "答.jsonl", [outcome(SHARE, given()), outcome(CHAT, given())])
    path.write_bytes(path.read_bytes()[:-40])
    assert [it.question.id for it in read_outcomes(path)] == ["a"]


@pytest.mark.parametrize(
    "line",
    [
        "{",
        "[]",
        "5",
        "{}",
        '{"id": "a"}',
        '{"id": "a", "question": "?", "answered": true}',
        "[" * 9,
    ],
)
def test_what_is_no_answer_record_is_said_with_its_row(tmp_path: Path, line: str) -> None:
    path = write(tmp_path / "答.jsonl", [outcome(SHARE, given())])
    path.write_text(f"{path.read_text('utf-8')}{line}\n", "utf-8")
    with pytest.raises(AnswersFileError) as caught:
        list(read_outcomes(path))
    assert str(caught.value) == (
        f"{path} 第 2 行：不是回答记录；要用 wenda test --answers 写出的文件"
    )


@pytest.mark.parametrize("content", [b"", b"\n\n", b'{"id": "a", "quest'])
def test_a_file_without_a_record_is_no_run_to_compare_with(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "答.jsonl"
    path.write_bytes(content)
    with pytest.raises(AnswersFileError) as caught:
        list(read_outcomes(path))
    assert str(caught.value) == (
        f"{path}：里面没有一条回答记录，没有可比的；"
        "请换成一次跑完了的 wenda test --answers 的文件，或重新跑一次来写它"
    )


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(AnswersFileError) as caught:
        list(read_outcomes(tmp_path / "没有.jsonl"))
    assert str(caught.value) == f"{tmp_path / '没有.jsonl'}：读不了，没有这个文件或文件夹"


WRONG = given("张静章", "张静章说。", "张静章说，天气好。")
RIGHT_PARAGRAPH = given("张静章", "海天拿出5%。")


@pytest.mark.parametrize(
    ("question", "record", "reason"),
    [
        (SHARE, given(), None),
        (CHAT, given(), None),
        (WEATHER, refused(), None),
        (WEATHER, given(), "invented"),
        (SHARE, RIGHT_PARAGRAPH, "reading"),
        (SHARE, WRONG, "paragraph"),
        (SHARE, refused(), "refused"),
        (Question("d", "多少？", ("5%",), answerable=True), WRONG, "answer"),
        # The right paragraph read directly: right where retrieval missed.
        (SHARE, {**WRONG, "oracle": given()}, "retrieval"),
        (SHARE, {**refused(), "oracle": given()}, "retrieval"),
        (SHARE, {**refused(), "oracle": RIGHT_PARAGRAPH}, "reading"),
        (SHARE, {**WRONG, "oracle": refused()}, "reading"),
        (SHARE, {**WRONG, "oracle": None}, "paragraph"),
    ],
)
def test_reasons(question: Question, record: dict[str, Any], reason: str | None) -> None:
    assert outcome(question, record).reason == reason


def test_a_spool_gives_outcomes_back_in_order_again_and_again() -> None:
    with Spool() as spool:
        spool.add(2, outcome(CHAT, {**given(), "reply": "\ud800"}))
        spool.add(0, outcome(SHARE, given()))
        spool.add(1, outcome(WEATHER, refused()))
        assert len(spool) == 3
        for _ in range(2):
            found = list(spool)
            assert [it.question for it in found] == [SHARE, WEATHER, CHAT]
            assert found[2].record["reply"] == "\ud800"
        # Two at once do not lose each other's place.
        pairs = list(zip(spool, spool, strict=True))
        assert all(left == right for left, right in pairs)
