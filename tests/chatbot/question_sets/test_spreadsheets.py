"""Question sets in workbooks: read as a person sees them."""

from __future__ import annotations

import datetime
import tracemalloc
from pathlib import Path
from typing import Any

import pytest
from openpyxl.worksheet.worksheet import Worksheet

from chatbot.question_sets.loading import load_question_set
from chatbot.question_sets.question_set import BrokenQuestionSetError, Question
from tests.chatbot.question_sets.workbooks import claiming, with_part, workbook

SHEET = "xl/worksheets/sheet1.xml"


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return Path("题.xlsx")


def mistakes(path: Path, content: bytes) -> list[str]:
    path.write_bytes(content)
    with pytest.raises(BrokenQuestionSetError) as caught:
        load_question_set(path)
    return str(caught.value).splitlines()


def test_all_columns_in_any_order_in_both_languages(path: Path) -> None:
    header = [
        "标签",
        "备注",
        "Question",
        " 可答 ",
        "答案（可以有几个）",
        "前文",
        "ID",
        "列举",
        "依据*",
    ]
    row = [
        "数字|追问",
        "随便",
        "它呢？",
        "是",
        "5%｜百分之五",
        "甲？|乙？",
        7,
        "镰刀 | 锄头",
        "研发",
    ]
    path.write_bytes(workbook({"题": [header, row]}))
    assert load_question_set(path) == [
        Question(
            "7", "它呢？", ("5%", "百分之五"), ("镰刀", "锄头"), "研发", True, ("甲？", "乙？"),
            ("数字", "追问"),
        )
    ]  # fmt: skip


def test_empty_rows_are_left_out_and_row_numbers_are_those_of_the_sheet(path: Path) -> None:
    rows: list[list[Any]] = [[], ["问题"], ["甲？"], [], [None], [" "], ["乙？"], []]
    path.write_bytes(workbook({"题": rows}))
    assert [question.id for question in load_question_set(path)] == ["3", "7"]


@pytest.mark.parametrize(
    ("value", "format", "shown"),
    [
        (5, "General", "5"),
        (5.0, "General", "5"),
        (0.1 + 0.2, "General", "0.3"),
        (0.05, "0%", "5%"),
        (0.125, "0.0%", "12.5%"),
        (2800, "#,##0", "2,800"),
        (1234.5, '"¥"#,##0.00', "¥1,234.50"),
        (3, '0"家"', "3家"),
        (7, "000", "007"),
        (datetime.date(2020, 8, 5), 'yyyy"年"m"月"d"日"', "2020年8月5日"),
        (datetime.date(2020, 8, 5), "mm-dd-yy", "2020/8/5"),
        (datetime.datetime(2020, 8, 5, 9, 30), "yyyy-mm-dd hh:mm", "2020-08-05 09:30"),
        (datetime.time(9, 5), "h:mm", "9:05"),
        (True, "General", "TRUE"),
        ("=5", "@", "=5"),
    ],
)
def test_numbers_and_dates_as_they_are_shown(
    path: Path, value: Any, format: str, shown: str
) -> None:
    def fill(sheet: Worksheet) -> None:
        sheet["B2"].value = value
        if value == "=5":
            sheet["B2"].data_type = "s"
        sheet["B2"].number_format = format

    path.write_bytes(workbook({"题": [["问题", "答案"], ["多少？"]]}, fill))
    assert load_question_set(path)[0].answers == (shown,)


def test_a_date_in_the_built_in_format_of_a_chinese_excel(path: Path) -> None:
    content = workbook({"题": [["问题", "答案"], ["何时？", 44048]]})
    content = with_part(
        content,
        "xl/styles.xml",
        lambda xml: xml.replace(
            b'<cellXfs count="1"><xf numFmtId="0"', b'<cellXfs count="1"><xf numFmtId="31"'
        ),
    )
    path.write_bytes(content)
    assert load_question_set(path)[0].answers == ("2020年8月5日",)


@pytest.mark.parametrize(
    ("cell", "answerable"),
    [
        *(("是", True), ("TRUE", True), (True, True), (1, True), ("可答", True), (" Ｙes ", True)),
        *(("否", False), (False, False), (0, False), (0.0, False), ("不可答", False), ("×", False)),
    ],
)
def test_yes_and_no(path: Path, cell: Any, answerable: bool) -> None:
    path.write_bytes(workbook({"题": [["问题", "可答"], ["甲？", cell]]}))
    assert load_question_set(path)[0].answerable is answerable


def test_several_sheets_are_one_set_and_notes_are_none(path: Path) -> None:
    sheets = {
        "说明": [["这是说明"], ["问题写在后面的表里"]],
        "数字": [["问题", "编号"], ["甲？"], ["乙？", "b"]],
        "空": [],
        "拒答": [["可答", "问题"], ["否", "丙？"]],
    }
    path.write_bytes(workbook(sheets))
    assert [question.id for question in load_question_set(path)] == ["数字:2", "b", "拒答:2"]


def test_a_sheet_is_named_where_several_hold_questions(path: Path) -> None:
    sheets = {"甲": [["问题", "可答"], ["甲？", "也许"]], "乙": [["问题", "编号"], [None, "a"]]}
    assert mistakes(path, workbook(sheets)) == [
        "题.xlsx 工作表“甲” 第 2 行 B 列：字段 可答 应当是 是 或 否（true 或 false）；这里是“也许”",
        "题.xlsx 工作表“乙” 第 2 行 A 列：没有问题；字段 问题 要写上要问的话",
    ]


def test_the_result_of_a_formula_counts(path: Path) -> None:
    content = workbook({"题": [["问题", "答案"], ["多少？", "=2+3"], ["几个？", "=1/0"]]})
    computed = with_part(
        content,
        SHEET,
        lambda xml: (
            xml.replace(b"<f>2+3</f><v></v>", b"<f>2+3</f><v>5</v>")
            .replace(b"<f>2+3</f><v />", b"<f>2+3</f><v>5</v>")
            .replace(b'<c r="B3"><f>1/0</f><v></v>', b'<c r="B3" t="e"><f>1/0</f><v>#DIV/0!</v>')
            .replace(b'<c r="B3"><f>1/0</f><v />', b'<c r="B3" t="e"><f>1/0</f><v>#DIV/0!</v>')
        ),
    )
    assert mistakes(path, computed) == [
        "题.xlsx 第 3 行 B 列：字段 答案 是出错的公式（#DIV/0!）；请改成文字"
    ]
    without = "是公式，文件里没有存它的结果；请在 Excel 里打开并保存，或改成文字"
    assert mistakes(path, content) == [
        f"题.xlsx 第 2 行 B 列：字段 答案 {without}",
        f"题.xlsx 第 3 行 B 列：字段 答案 {without}",
    ]


def test_a_formula_does_not_hide_what_else_is_wrong_with_its_row(path: Path) -> None:
    rows = [
        ["编号", "问题", "答案", "可答"],
        ["a", "多少？", "5%"],
        ["a", "=A1", "。", "也许"],
    ]
    assert mistakes(path, workbook({"题": rows})) == [
        "题.xlsx 第 3 行 B 列：字段 问题 是公式，文件里没有存它的结果；"
        "请在 Excel 里打开并保存，或改成文字",
        "题.xlsx 第 3 行 C 列：字段 答案 “。”里没有可以比较的字；比较时不看标点和空白",
        "题.xlsx 第 3 行 D 列：字段 可答 应当是 是 或 否（true 或 false）；这里是“也许”",
        "题.xlsx 第 3 行 A 列：编号“a”与第 2 行的重复；每题的编号要不同",
    ]


def test_merged_cells_are_reported_in_our_columns_only(path: Path) -> None:
    def merge(sheet: Worksheet) -> None:
        sheet.merge_cells("B2:B3")
        sheet.merge_cells("C2:C3")

    rows = [["问题", "标签", "备注"], ["甲？", "数字", "一"], ["乙？"]]
    assert mistakes(path, workbook({"题": rows}, merge)) == [
        "题.xlsx 第 2 行 B 列：B2:B3 是合并的单元格；取消合并，每一格都写上内容"
    ]


def test_a_claim_of_a_gigabyte_is_refused_before_anything_is_unpacked(path: Path) -> None:
    zeros = with_part(
        workbook({"题": [["问题"], ["甲？"]]}), SHEET, lambda xml: xml + b" " * 150_000_000
    )
    tracemalloc.start()
    try:
        assert mistakes(path, zeros)[0].startswith("题.xlsx：解开后有 150 MB（")
        assert tracemalloc.get_traced_memory()[1] < 5_000_000
    finally:
        tracemalloc.stop()
    (said,) = mistakes(path, claiming(workbook({"题": [["问题"], ["甲？"]]}), 1_000_000_000))
    assert said.startswith("题.xlsx：解开后有 1,000 MB（")


def test_a_row_at_the_end_of_the_world_costs_no_time(path: Path) -> None:
    content = workbook({"题": [["问题"], ["甲？"]]})
    far = with_part(content, SHEET, lambda xml: xml.replace(b'r="2"', b'r="99999999999"'))
    assert mistakes(path, far) == [
        "题.xlsx：里面有损坏的部分，读不了；请在 Excel 或 WPS 里打开，另存为 .xlsx"
    ]


def test_entities_do_not_unfold(path: Path) -> None:
    entities = b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "' + b"&a;" * 1000 + b'">]>'
    content = with_part(workbook({"题": [["问题"], ["甲？"]]}), SHEET, lambda xml: entities + xml)
    assert mistakes(path, content) == [
        "题.xlsx：里面有损坏的部分，读不了；请在 Excel 或 WPS 里打开，另存为 .xlsx"
    ]
