"""docs/question-sets.md: what it shows is a question set, and no field is left out."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from chatbot.question_sets.loading import load_question_set
from chatbot.question_sets.rows import FIELDS
from chatbot.question_sets.summary import LABELS

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


@pytest.mark.parametrize("command", ["test", "compare"])
def test_every_option_is_told_as_the_help_names_it(command: str) -> None:
    from typer.main import get_command

    from chatbot.cli import app

    page = PAGE.read_text("utf-8")
    options = [
        name
        for parameter in get_command(app).commands[command].params  # type: ignore[attr-defined]
        for name in parameter.opts
        if name.startswith("--")
    ]
    assert "--allow-broken" in options
    told = re.findall(r"--[a-z][a-z-]+", page)
    assert [name for name in options if name not in told] == []
    # Other commands, and an option of serve, are mentioned too; nothing else may be.
    elsewhere = {"--help"}
    known = {
        name
        for other in get_command(app).commands.values()  # type: ignore[attr-defined]
        for parameter in other.params
        for name in parameter.opts
    }
    assert set(told) - known - elsewhere == set()


def test_every_score_is_told() -> None:
    page = PAGE.read_text("utf-8")
    for name, label in LABELS.items():
        assert f"| {label} | `{name}` |" in page


def test_every_field_is_told() -> None:
    page = PAGE.read_text("utf-8")
    for name, chinese in FIELDS.items():
        assert f"| {chinese} | `{name}` |" in page
