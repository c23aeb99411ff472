"""docs/question-sets.md: what it shows is a question set, and no field is left out."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from chatbot.question_sets.loading import load_question_set
from chatbot.question_sets.rows import FIELDS

PAGE = Path(__file__).parents[3] / "docs" / "question-sets.md"
BLOCKS = re.findall(r"^```(jsonl|json|yaml|csv)\n(.*?)^```", PAGE.read_text("utf-8"), re.M | re.S)


def test_every_format_but_the_workbook_is_shown() -> None:
    assert [kind for kind, _ in BLOCKS] == ["csv", "jsonl", "json", "yaml"]


@pytest.mark.parametrize(("kind", "text"), BLOCKS, ids=[kind for kind, _ in BLOCKS])
def test_what_is_shown_loads(tmp_path: Path, kind: str, text: str) -> None:
    path = tmp_path / f"题.{kind}"
    path.write_text(text, "utf-8")
    questions = load_question_set(path)
    assert len(questions) >= 2
    assert any(question.answerable is False for question in questions)


def test_every_field_is_told() -> None:
    page = PAGE.read_text("utf-8")
    for name, chinese in FIELDS.items():
        assert f"| {chinese} | `{name}` |" in page
