"""Tables as Excel, WPS, LibreOffice and exporters write them: what openpyxl's own never contain."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from chatbot.question_sets.loading import load_question_set
from chatbot.question_sets.question_set import BrokenQuestionSetError, Question
from tests.chatbot.question_sets.workbooks import hand_made, inline, workbook

HEADER = f'<row r="1">{inline("A1", "问题")}{inline("B1", "答案")}</row>'


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return Path("题.xlsx")


def mistakes(path: Path, content: bytes) -> list[str]:
    path.write_bytes(content)
    with pytest.raises(BrokenQuestionSetError) as caught:
        load_question_set(path)
    return str(caught.value).splitlines()


def answer(path: Path, cell: str, **rest: object) -> str:
    """Return the answer read from the XML of the cell B2."""
    rows = f'{HEADER}<row r="2">{inline("A2", "多少？")}{cell}</row>'
    path.write_bytes(hand_made(rows, **rest))  # type: ignore[arg-type]
    (only,) = load_question_set(path)
    (text,) = only.answers
    return text


def test_shared_strings_with_runs_phonetic_marks_and_ends_of_lines(path: Path) -> None:
    shared = (
        "<si><t>问题</t></si><si><t>答案</t></si>"
        '<si><r><t>海天的</t></r><r><rPr><b/></rPr><t xml:space="preserve">创始人 </t></r>'
        "<r><t>是谁？</t></r></si>"
        '<si><t>张静章</t><rPh sb="0" eb="3"><t>zhāng</t></rPh><phoneticPr fontId="1"/></si>'
        "<si><t>先_x000D_\n后？</t></si>"
    )
    cells = [["A1", "B1"], ["A2", "B2"], ["A3"]]
    index = iter(range(5))
    rows = "".join(
        f'<row r="{at}" spans="1:2">'
        + "".join(f'<c r="{cell}" t="s"><v>{next(index)}</v></c>' for cell in row)
        + "</row>"
        for at, row in enumerate(cells, start=1)
    )
    path.write_bytes(hand_made(rows, shared=shared))
    first, second = load_question_set(path)
    assert first == Question("2", "海天的创始人 是谁？", ("张静章",), answerable=True)
    assert second.question == "先\r\n后？"


def test_runs_and_phonetic_marks_within_the_cell(path: Path) -> None:
    runs = "<is><r><t>张</t></r><r><rPr><b/></rPr><t>静章</t></r>"
    cell = f'<c r="B2" t="inlineStr">{runs}<rPh sb="0" eb="1"><t>zhāng</t></rPh></is></c>'
    assert answer(path, cell) == "张静章"


@pytest.mark.parametrize(
    ("value", "format", "shown"),
    [
        ("5.0", 0, "5"),
        ("5.0000000000000003E-2", 9, "5%"),
        ("0.125", 10, "12.50%"),
        ("0.05", "0%_ ", "5%"),
        ("2800", 3, "2,800"),
        ("0.05", 49, "0.05"),  # formatted as text after it was typed
        ("5", 'General"人"', "5人"),
        ("5", 'G/通用格式"人"', "5人"),
        ("-5", '"气温"General"度"', "-气温5度"),
        ("12345", r'0\.0,"万"', "1.2万"),
        ("345", r'0\.0,"万"', "0.0万"),
        ("57488886666", r"000\-0000\-0000", "574-8888-6666"),
        ("20000", '[>=10000]0.0,"千";0', "20.0千"),
        ("5", '[>=10000]0.0,"千";0', "5"),
        ("0", '[=1]"一";[=0]"零";0', "零"),
        ("-2.5", r"0.00_);[Red]\(0.00\)", "(2.50)"),
        ("1234.5", r'_ * #,##0.00_ ;_ * \-#,##0.00_ ;_ * "-"??_ ;_ @_ ', "1,234.50"),
        ("-3", r'_ * #,##0.00_ ;_ * \-#,##0.00_ ;_ * "-"??_ ;_ @_ ', "-3.00"),
        ("12345", 11, "12345"),  # an exponent and a fraction: as General shows them
        ("0.5", 12, "0.5"),
        ("45413", 14, "2024/5/1"),
        ("45413.5", 22, "2024/5/1 12:00"),
        ("45413", 57, "2024年5月"),
        ("45413", '[$-804]yyyy"年"m"月"d"日";@', "2024年5月1日"),
        ("45413", "yyyy/m/d;@", "2024/5/1"),
    ],
)
def test_numbers_as_the_cell_shows_them(
    path: Path, value: str, format: int | str, shown: str
) -> None:
    cell = f'<c r="B2" s="1"><v>{value}</v></c>'
    assert answer(path, cell, formats=(0, format)) == shown


@pytest.mark.parametrize(
    ("value", "shown"), [("2024-05-01", "2024/5/1"), ("2024-05-01T12:30:00", "2024/5/1 12:30")]
)
def test_a_date_that_is_stored_as_one(path: Path, value: str, shown: str) -> None:
    assert answer(path, f'<c r="B2" t="d"><v>{value}</v></c>') == shown


def test_days_counted_from_1904_as_on_an_old_mac(path: Path) -> None:
    settings = '<workbookPr date1904="1"/>'
    cell = '<c r="B2" s="1"><v>43951</v></c>'
    assert answer(path, cell, formats=(0, 14), settings=settings) == "2024/5/1"


def test_formulas_that_share_their_text_and_results_of_any_type(path: Path) -> None:
    cells = [
        '<c r="B2" t="str"><f>A2</f><v>结果</v></c>',
        '<c r="B3"><f t="shared" ref="B3:B4" si="0">1+2</f><v>3</v></c>',
        '<c r="B4"><f t="shared" si="0"/><v>4</v></c>',
        '<c r="B5" t="b"><f>TRUE()</f><v>1</v></c>',
    ]
    rows = "".join(
        f'<row r="{n}">{inline(f"A{n}", f"{n}？")}{c}</row>' for n, c in enumerate(cells, 2)
    )
    path.write_bytes(hand_made(HEADER + rows))
    given = [question.answers for question in load_question_set(path)]
    assert given == [("结果",), ("3",), ("4",), ("TRUE",)]


def test_hidden_rows_are_questions_too(path: Path) -> None:
    rows = (
        f'<row r="2" hidden="1">{inline("A2", "甲？")}</row><row r="3">{inline("A3", "乙？")}</row>'
    )
    path.write_bytes(hand_made(HEADER + rows))
    assert [question.id for question in load_question_set(path)] == ["2", "3"]


def test_rows_and_columns_that_only_have_a_colour_cost_no_time(path: Path) -> None:
    rows = "".join(
        f'<row r="{n}">{inline(f"A{n}", "问？")}<c r="XFD{n}" s="0"/></row>' for n in range(2, 200)
    )
    far = '<row r="1048576"><c r="A1048576" s="0"/></row>'
    path.write_bytes(hand_made(HEADER + rows + far))
    began = time.process_time()
    assert len(load_question_set(path)) == 198
    # A million empty rows of sixteen thousand cells would take minutes.
    assert time.process_time() - began < 2


def test_rows_and_cells_without_their_places(path: Path) -> None:
    def cell(text: str) -> str:
        return f'<c t="inlineStr"><is><t>{text}</t></is></c>'

    rows = f"<row>{cell('问题')}{cell('答案')}</row><row>{cell('甲？')}<c><v>3</v></c></row>"
    path.write_bytes(hand_made(rows))
    assert load_question_set(path) == [Question("2", "甲？", ("3",), answerable=True)]
    assert mistakes(path, hand_made(rows.replace("<v>3</v>", "<f>1+2</f>"))) == [
        "题.xlsx 第 2 行 B 列：字段 答案 是公式，文件里没有存它的结果；"
        "请在 Excel 里打开并保存，或改成文字"
    ]


def test_a_workbook_by_another_name(path: Path) -> None:
    rows = f'{HEADER}<row r="2">{inline("A2", "甲？")}</row>'
    path.write_bytes(hand_made(rows, main="xl/workbook2.xml"))
    assert load_question_set(path) == [Question("2", "甲？")]


def test_the_strict_form_is_called_by_its_name(path: Path) -> None:
    strict = "http://purl.oclc.org/ooxml/spreadsheetml/main"
    assert mistakes(path, hand_made(HEADER, namespace=strict)) == [
        "题.xlsx：是“严格的 Open XML”格式，读不了；请另存为 .xlsx，类型选普通的“Excel 工作簿”"
    ]


def test_a_title_above_the_columns_is_pointed_out(path: Path) -> None:
    rows = (
        f'<row r="1">{inline("A1", "北仑的题")}</row>'
        f'<row r="3">{inline("A3", "问题")}{inline("B3", "答案")}</row>'
        f'<row r="4">{inline("A4", "甲？")}</row>'
    )
    merged = '<mergeCells count="1"><mergeCell ref="A1:F1"/></mergeCells>'
    assert mistakes(path, hand_made(rows, below=merged)) == [
        "题.xlsx 第 1 行 A 列：A1:F1 是合并的单元格；取消合并，每一格都写上内容",
        "题.xlsx 第 1 行：没有“问题”（question）这一列；第一行要是列名，这里是“北仑的题”；"
        "第 3 行才是列名，请删去它上面的行",
    ]


def test_a_second_sheet_is_not_left_out_for_its_title(path: Path) -> None:
    sheets = {
        "甲": [["问题"], ["甲？"]],
        "乙": [["第二批"], ["问题", "答案"], ["乙？", "五"]],
        "说明": [["列"], ["问题", "要问的话"], ["答案", "可以接受的答案"]],
    }
    assert mistakes(path, workbook(sheets)) == [
        "题.xlsx 工作表“乙” 第 1 行：没有“问题”（question）这一列；第一行要是列名，"
        "这里是“第二批”；第 2 行才是列名，请删去它上面的行"
    ]


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("问题;答案\r\n甲,乙？;5%|百分之五\r\n", "gb18030"),
        ("sep=;\r\n问题;答案\r\n甲,乙？;5%|百分之五\r\n", "gb18030"),
        ("sep=\t\r\n问题\t答案\r\n甲,乙？\t5%|百分之五\r\n", "utf-16"),  # Unicode text
        ('问题\t答案\r\n"甲,乙？"\t"5%|百分之五"\r\n', "utf-16"),
        ('问题,答案\r\n"甲,乙？",5%|百分之五\r\n', "utf-8-sig"),  # CSV UTF-8
        ('"问题","答案"\n"甲,乙？","5%|百分之五"\n', "utf-8"),  # LibreOffice, all texts quoted
    ],
)
def test_csv_as_it_is_saved(path: Path, text: str, encoding: str) -> None:
    path = path.with_suffix(".csv")
    path.write_bytes(text.encode(encoding))
    (only,) = load_question_set(path)
    assert (only.question, only.answers) == ("甲,乙？", ("5%", "百分之五"))


@pytest.mark.parametrize(
    ("name", "remedy"),
    [
        *[(f"题.{kind}", "，请在 Excel 或 WPS 里另存为 .xlsx") for kind in ("xls", "et", "ods")],
        ("题.txt", "，里面是表格的话，把扩展名改成 .csv"),
    ],
)
def test_other_kinds_of_tables_are_told_what_to_become(path: Path, name: str, remedy: str) -> None:
    kinds = ".xlsx、.csv、.yaml、.yml、.json、.jsonl"
    assert mistakes(path.with_name(name), b"x") == [
        f"{name}：不认识 {Path(name).suffix} 文件；问题集要是 {kinds} 文件{remedy}"
    ]
