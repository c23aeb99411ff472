"""The example that --template writes."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from chatbot.question_sets.loading import load_question_set
from chatbot.question_sets.question_set import TemplateError
from chatbot.question_sets.rows import FIELDS
from chatbot.question_sets.template import write_template
from corpus.loading import DEFAULT_CORPUS, load_corpus


@pytest.mark.parametrize("name", ["题.xlsx", "题.csv", "题.XLSX"])
def test_the_example_is_a_question_set_on_the_article_that_comes_along(
    tmp_path: Path, name: str
) -> None:
    write_template(tmp_path / name)
    questions = load_question_set(tmp_path / name)
    assert len(questions) == 5
    assert any(len(question.answers) > 1 for question in questions)
    assert any(question.history for question in questions)
    assert any(question.answerable is False for question in questions)
    (document,) = load_corpus(DEFAULT_CORPUS)
    for question in questions:
        assert (question.evidence or "") in document.text
        assert not question.answers or any(text in document.text for text in question.answers)


def test_every_field_is_explained(tmp_path: Path) -> None:
    write_template(tmp_path / "题.xlsx")
    book = openpyxl.load_workbook(tmp_path / "题.xlsx")
    explained = {(row[0].value, row[1].value) for row in book["说明"].iter_rows()}
    assert {(chinese, name) for name, chinese in FIELDS.items()} <= explained
    assert [cell.value for cell in book["问题集"][1]] == [*FIELDS.values(), "说明"]


def test_an_answer_typed_into_the_example_stays_the_text_that_it_is(tmp_path: Path) -> None:
    write_template(tmp_path / "题.xlsx")
    book = openpyxl.load_workbook(tmp_path / "题.xlsx")
    assert {cell.number_format for row in book["问题集"].iter_rows() for cell in row} == {"@"}


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("有.xlsx", "已经有这个文件，没有动它；请换一个名字"),
        ("题.jsonl", "只能写 .xlsx 或 .csv 文件"),
        ("题", "只能写 .xlsx 或 .csv 文件"),
        ("没有/题.csv", "写不了，没有这个文件或文件夹"),
    ],
)
def test_what_cannot_be_written(tmp_path: Path, name: str, message: str) -> None:
    kept = tmp_path / "有.xlsx"
    kept.write_bytes(b"mine")
    with pytest.raises(TemplateError) as caught:
        write_template(tmp_path / name)
    assert str(caught.value) == f"--template {tmp_path / name}：{message}"
    assert kept.read_bytes() == b"mine"
