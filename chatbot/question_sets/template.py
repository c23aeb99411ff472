"""--template: an example question set with explanations, which itself runs as it is."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path

from chatbot.question_sets.question_set import TemplateError, why_not
from chatbot.question_sets.rows import FIELDS

# The tester's own column: what is no field of ours is not read.
_REMARK = "说明"
_HEADINGS = (*FIELDS.values(), _REMARK)
# Questions on the article that comes with wenda, so that the example can be run at once.
_EXAMPLES: tuple[dict[str, str], ...] = (
    {
        "question": "海天每年拿出销售收入的多少用于技术研发？",
        "answer": "5%",
        "evidence": "海天每年拿出销售收入的5%用于技术研发",
        "tags": "数字",
        _REMARK: "最常见的一题：问题、答案、依据。依据从文章里照抄，引用的段落里必须有它。",
    },
    {
        "question": "海天集团的创始人是谁？",
        "answer": "张静章|创始人张静章",
        "tags": "人物",
        _REMARK: "几种说法都算对，用 | 隔开，答出任何一种就行。",
    },
    {
        "question": "他每年拿出多少用于技术研发？",
        "answer": "5%",
        "history": "海天集团的创始人是谁？",
        "tags": "数字|追问",
        _REMARK: "追问：前文是同一次对话里先问的问题，几个之间用 | 隔开；标签也可以有几个。",
    },
    {
        "question": "海天集团有多少名员工？",
        "answerable": "否",
        "tags": "拒答",
        _REMARK: "文章里没有说的，可答写“否”：拒答才对。这样的题不写答案。",
    },
    {
        "id": "只记录",
        "question": "北仑在哪里？",
        _REMARK: "只有问题：不评分，只记下回答。编号不写就用行号；要和以后的结果比较，最好写上。",
    },
)
_EXPLANATIONS = (
    ("列", "英文列名", "必填", "写什么"),
    ("编号", "id", "", "任何文字，各题不同；不写就用行号。"),
    ("问题", "question", "是", "要问的话。"),
    ("答案", "answer", "", "可以接受的答案，几种说法用 | 隔开，答出任何一种就算对。"),
    ("列举", "items", "", "问题要列出几样东西时，把它们都写上，用 | 隔开，全答出来才好。"),
    ("依据", "evidence", "", "从文章里照抄的话，引用的段落里必须有它。"),
    ("可答", "answerable", "", "是 或 否；文章里没有说的写“否”，拒答才对。不写就当“是”。"),
    ("前文", "history", "", "同一次对话里先问的问题，按顺序用 | 隔开。"),
    ("标签", "tags", "", "给题分组，几个用 | 隔开；报告按标签给分，--select 按标签挑题。"),
    ("", "", "", "列的先后随意；别的列（比如“说明”）是您自己的，不会读。"),
    ("", "", "", "比较答案时不看空白、标点、大小写和全角半角。"),
    ("", "", "", "数字和百分比按格子里显示的样子读；公式读保存时的结果；不要合并单元格。"),
)
_WIDTHS = {"question": 40, "answer": 24, "evidence": 40, "history": 30, _REMARK: 60}


def write_template(path: Path) -> None:
    """Write the example to a new file, `.xlsx` or `.csv`.

    Raises TemplateError for other kinds, for a file that is there already, which stays as it is,
    and where it cannot be written.
    """
    make = _MAKERS.get(path.suffix.lower())
    if make is None:
        raise TemplateError(f"--template {path}：只能写 {' 或 '.join(_MAKERS)} 文件")
    content = make()
    try:
        with path.open("xb") as file:
            file.write(content)
    except FileExistsError:
        raise TemplateError(f"--template {path}：已经有这个文件，没有动它；请换一个名字") from None
    except OSError as error:
        raise TemplateError(f"--template {path}：写不了，{why_not(error)}") from None


def _table() -> list[list[str]]:
    """Return the example as a table, the names of the columns first."""
    rows = [[example.get(name, "") for name in (*FIELDS, _REMARK)] for example in _EXAMPLES]
    return [list(_HEADINGS), *rows]


def _csv() -> bytes:
    """Return the example in UTF-8 with a byte order mark, without which Excel guesses wrong."""
    text = io.StringIO(newline="")
    csv.writer(text).writerows(_table())
    return text.getvalue().encode("utf-8-sig")


def _xlsx() -> bytes:
    """Return the example as a workbook: the questions, and a sheet that explains the columns."""
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    book = Workbook()
    questions = book.active
    questions.title = "问题集"
    explained = book.create_sheet("说明")
    for sheet, table in ((questions, _table()), (explained, _EXPLANATIONS)):
        for row in table:
            sheet.append(row)
        for row in sheet.iter_rows():
            for cell in row:
                cell.alignment = Alignment(wrap_text=True, vertical="top")
                cell.number_format = "@"  # so that a 5% typed here stays the text that it is
        for cell in sheet[1]:
            cell.font = Font(bold=True)
        sheet.freeze_panes = "A2"
    for at, name in enumerate((*FIELDS, _REMARK), start=1):
        questions.column_dimensions[get_column_letter(at)].width = _WIDTHS.get(name, 12)
    for column, width in (("A", 10), ("B", 14), ("C", 8), ("D", 80)):
        explained.column_dimensions[column].width = width
    choice = DataValidation(type="list", formula1='"是,否"', allow_blank=True)
    questions.add_data_validation(choice)
    column = get_column_letter(list(FIELDS).index("answerable") + 1)
    choice.add(f"{column}2:{column}10000")
    saved = io.BytesIO()
    book.save(saved)
    return saved.getvalue()


_MAKERS: dict[str, Callable[[], bytes]] = {".xlsx": _xlsx, ".csv": _csv}
