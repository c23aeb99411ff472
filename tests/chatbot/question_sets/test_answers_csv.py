"""answers.csv: read back as a spreadsheet would, and no cell of it a formula."""

import csv
from pathlib import Path

import pytest

from chatbot.question_sets.answers_csv import neutral, write_csv
from chatbot.question_sets.outcomes import outcome
from chatbot.question_sets.question_set import Question
from tests.chatbot.question_sets.records import given, refused


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_a_row_for_each_question(tmp_path: Path) -> None:
    share = Question(
        "a",
        "多少？",
        ("5%", "百分之五"),
        evidence="研发",
        answerable=True,
        history=("海天呢？",),
        tags=("数字", "简单"),
        source="题.xlsx",
    )
    weather = Question("b", "天气？", answerable=False)
    path = tmp_path / "answers.csv"
    write_csv(path, [outcome(share, given("张静章", "张静章说。")), outcome(weather, refused())])
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    first, second = rows(path)
    assert first == {
        "编号": "a",
        "文件": "题.xlsx",
        "标签": "数字 | 简单",
        "前文": "海天呢？",
        "问题": "多少？",
        "期望": "5% | 百分之五",
        "依据": "研发",
        "回答": "张静章",
        "原句": "张静章说。",
        "类型": "短语",
        "结论": "错",
        "原因": "阅读失误：读的是对的段落，答案不对",
        "把握": "0.9",
        "段落命中": "1",
        "句子命中": "0",
        "完全一致": "0",
        "字符 F1": "0",
        "列举找全": "",
        "列举无误": "",
        "出处": "《甲》·第 1 段",
        "引的段落": "成绩背后，海天每年拿出销售收入的5%用于技术研发。",
        "毫秒": "40.0",
        "重试": "",
    }
    assert {name: text for name, text in second.items() if text} == {
        "编号": "b",
        "问题": "天气？",
        "期望": "拒答",
        "回答": "（拒答）",
        "类型": "拒答",
        "结论": "对",
        "把握": "0.1",
        "毫秒": "40.0",
    }


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+1",
        "-1",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "\n=1",
        " =1",
        "＝1+1",
        "＋1",
        "－1",
        "＠a",
        "\t",
    ],
)
def test_what_begins_a_formula_is_neutralised(tmp_path: Path, text: str) -> None:
    assert neutral(text) == f"'{text}"
    path = tmp_path / "answers.csv"
    hostile = Question(text, text, (text,), answerable=True, tags=(text,), source=text)
    write_csv(path, [outcome(hostile, given(text, text, text))])
    cells = [cell for row in rows(path) for cell in row.values()]
    assert f"'{text}" in cells
    begins = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r", "\n")
    assert not [cell for cell in cells if cell.lstrip(" ").startswith(begins)]


@pytest.mark.parametrize("text", ["", "5%", "2019-2020", "张静章", "a=b", '"', "'=1", "多\n行"])
def test_all_else_is_left_alone(tmp_path: Path, text: str) -> None:
    assert neutral(text) == text
    path = tmp_path / "answers.csv"
    write_csv(path, [outcome(Question("a", text), given())])
    assert rows(path)[0]["问题"] == text


def test_half_a_character_is_escaped(tmp_path: Path) -> None:
    path = tmp_path / "answers.csv"
    write_csv(path, [outcome(Question("a", "多少？"), given("\ud800"))])
    assert rows(path)[0]["回答"] == "\\ud800"
