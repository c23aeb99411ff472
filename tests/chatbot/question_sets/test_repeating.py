"""--repeat: answers that differ from one round to the next."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from chatbot.question_sets import Report, run_question_sets
from tests.chatbot.question_sets.records import given, refused


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    path = Path("题.jsonl")
    path.write_text(
        '{"id": "a", "question": "甲？", "answer": "5%"}\n{"question": "乙？"}\n', "utf-8"
    )
    return path


class Rounds:
    """Answers 甲 with one record after another, and 乙 always with the same."""

    def __init__(self, *records: dict[str, Any]) -> None:
        self.records = list(records)
        self.asked: list[str] = []

    def ask(self, question: str, history: Sequence[str], id: str) -> dict[str, Any]:
        self.asked.append(question)
        return self.records.pop(0) if question == "甲？" else given(milliseconds=len(self.asked))


def run(path: Path, asker: Rounds, **options: Any) -> tuple[Report, list[str]]:
    out = Console(file=io.StringIO(), width=80)
    report = run_question_sets([path], asker, out=out, **options)
    return report, out.file.getvalue().splitlines()  # type: ignore[attr-defined]


def test_every_question_is_asked_so_often_round_by_round(path: Path) -> None:
    asker = Rounds(given(milliseconds=1), given(milliseconds=2), given(milliseconds=3))
    seen: list[tuple[int, int]] = []
    report, shown = run(path, asker, repeat=3, progress=lambda *done: seen.append(done))
    assert asker.asked == ["甲？", "乙？"] * 3
    assert (report.held, report.unsteady) == (True, ())
    assert seen[-1] == (6, 6)
    assert not any("回答变了" in line for line in shown)


@pytest.mark.parametrize(
    ("records", "line"),
    [
        (
            [given(), given(confidence=0.91), given()],
            "回答变了：编号 a，第 2 遍的 confidence 不同（先是“5%”）",
        ),
        (
            [given(), given(), refused()],
            "回答变了：编号 a，第 3 遍的 answered、kind、answer、sentence、answers、confidence、"
            "citation 不同（先是“5%”，变成拒答）",
        ),
        (
            [refused(), given("长" * 50, confidence=0.1), given()],
            "回答变了：编号 a，第 2 遍的 answered、kind、answer、sentence、answers、citation 不同"
            f"（先是拒答，变成“{'长' * 40}……”）",
        ),
    ],
)
def test_an_answer_that_changes_fails_the_run(
    path: Path, records: list[dict[str, Any]], line: str
) -> None:
    report, shown = run(path, Rounds(*records), repeat=3, fail_under=["0"])
    assert line in shown
    assert (report.held, report.status) == (False, 1)
    assert [unsteady.id for unsteady in report.unsteady] == ["a"]


def test_scores_and_records_are_those_of_the_first_round(path: Path) -> None:
    report, _ = run(path, Rounds(given(), refused()), repeat=2, answers=Path("答.jsonl"))
    assert [score.id for score in report.scores] == ["a", "2"]
    assert report.scores[0].right is True
    lines = Path("答.jsonl").read_text("utf-8").splitlines()
    assert [(json.loads(line)["id"], json.loads(line)["answer"]) for line in lines] == [
        ("a", "5%"),
        ("2", "5%"),
    ]


def test_retries_are_no_difference(path: Path) -> None:
    asker = Rounds({**given(), "retries": 0}, {**given(), "retries": 2})
    report, _ = run(path, asker, repeat=2)
    assert report.held
    assert report.retries == {"a": 2}
