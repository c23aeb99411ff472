"""Question sets in .xlsx workbooks, read as a person sees them.

All sheets whose first row names fields of ours are read, and all their rows, hidden ones too; the
other sheets are the tester's notes. Of a formula the result counts that was stored when the
workbook was saved.
"""

from __future__ import annotations

import datetime
import io
import re
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from chatbot.question_sets.cell_text import (
    CHINESE_FORMATS,
    date_text,
    duration_text,
    number_text,
)
from chatbot.question_sets.cells import (
    BadCell,
    Cell,
    Header,
    TableRow,
    header_below,
    is_header,
    letter,
    read_header,
    read_table,
)
from chatbot.question_sets.rows import Findings, Row
from chatbot.question_sets.workbook_check import is_workbook

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet._read_only import ReadOnlyWorksheet

_ROW_LIMIT = 1_048_576
_NAMESPACE = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
# How XML that knows no control characters writes them, above all the \r in Excel's ends of lines.
_CONTROL = re.compile(r"_x00([01][0-9A-Fa-f])_")


def load_xlsx(content: bytes, findings: Findings) -> list[Row]:
    """Read the questions of all sheets; where several hold some, ids are `sheet:row`."""
    if not is_workbook(content, findings):
        return []
    import openpyxl

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of styles and extensions that it leaves out
            workbook = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
            return _read(workbook, findings)
    except Exception:  # whatever a damaged part makes of openpyxl: KeyError, ParseError, …
        findings.add(None, "里面有损坏的部分，读不了；请在 Excel 或 WPS 里打开，另存为 .xlsx")
        return []


@dataclass(frozen=True, slots=True)
class _Layout:
    """What openpyxl does not say of a sheet that it streams.

    `merged` are the ranges of merged cells; `unknown` the cells whose formula has no result, as
    (row, column) from 1; `end` is the last row and the last column that hold anything.
    """

    merged: tuple[str, ...]
    unknown: frozenset[tuple[int, int]]
    end: tuple[int, int]


def _read(workbook: Workbook, findings: Findings) -> list[Row]:
    sheets = []
    notes = []
    for sheet in workbook.worksheets:
        layout = _layout(sheet)
        rows = _rows(sheet, layout)
        first = next((row for row in rows if row.filled()), None)
        if first is not None and is_header(first):
            sheets.append((sheet, layout, first, rows))
        elif first is not None:
            notes.append((sheet, layout, first, rows))
    if sheets:
        # Only a title keeps these from being read, and nobody would miss their questions.
        sheets += [it for it in notes if header_below(_rows(it[0], it[1])) is not None]
    several = len(sheets) > 1
    read: list[Row] = []
    # Where no sheet has a header, the first that holds anything is told what one is.
    for sheet, layout, first, rows in sheets or notes[:1]:
        name = sheet.title if several else None
        header = read_header(first)
        _report_merged(header, layout, findings, name)
        read += read_table(header, rows, findings, name)
    return read


def _layout(sheet: ReadOnlyWorksheet) -> _Layout:
    """Read the parts of a sheet's XML that openpyxl skips when it streams.

    Raises ValueError for rows and columns that no sheet has: openpyxl would fill up the empty ones
    before them.
    """
    from defusedxml.ElementTree import iterparse
    from openpyxl.utils.cell import coordinate_to_tuple

    merged: list[str] = []
    unknown: set[tuple[int, int]] = set()
    last_row = last_column = row = column = 0
    with sheet._get_source() as source:
        for event, element in iterparse(source, events=("start", "end")):
            tag = element.tag.removeprefix(_NAMESPACE)
            if event == "start":
                if tag == "row":
                    # Some programs leave out what follows from the order.
                    row, column = int(element.get("r", row + 1)), 0
                    if not 0 < row <= _ROW_LIMIT:
                        raise ValueError(f"row {row}")
            elif tag == "mergeCell":
                merged.append(element.get("ref", ""))
            elif tag == "c":
                place = element.get("r")
                row, column = coordinate_to_tuple(place) if place else (row, column + 1)
                if len(element):
                    last_row, last_column = max(last_row, row), max(last_column, column)
                if _lacks_result(element):
                    unknown.add((row, column))
            elif tag == "row":
                element.clear()
    return _Layout(tuple(merged), frozenset(unknown), (last_row, last_column))


def _lacks_result(cell: Any) -> bool:
    """Say whether a cell's formula was never computed; "" is a result too."""
    if cell.find(f"{_NAMESPACE}f") is None:
        return False
    return not cell.findtext(f"{_NAMESPACE}v") and cell.get("t") != "str"


def _rows(sheet: ReadOnlyWorksheet, layout: _Layout) -> Iterator[TableRow]:
    """Yield the rows as text; openpyxl fills up the rows that the file leaves out.

    Up to the last that holds anything: a colour given to a whole column makes a million of them.
    """
    sheet.reset_dimensions()  # what a file says of its own size is often wrong
    last_row, last_column = layout.end
    if not last_row:
        return
    all_rows = sheet.iter_rows(max_row=last_row, max_col=last_column)
    for number, cells in enumerate(all_rows, start=1):
        texts: list[Cell] = []
        for at, cell in enumerate(cells, start=1):
            if (number, at) in layout.unknown:
                texts.append(
                    BadCell("是公式，文件里没有存它的结果；请在 Excel 里打开并保存，或改成文字")
                )
            else:
                texts.append(_text(cell))
        yield TableRow(number, texts)


def _text(cell: Any) -> Cell:
    """Return what a cell shows."""
    value = cell.value
    if value is None or isinstance(value, str):
        if cell.data_type == "e":
            return BadCell(f"是出错的公式（{value}）；请改成文字")
        return value and _CONTROL.sub(lambda match: chr(int(match[1], 16)), value)
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    format = cell.number_format
    if isinstance(value, int | float):
        chinese = CHINESE_FORMATS.get(cell.style_array.numFmtId)
        if chinese is None:
            return number_text(value, format)
        from openpyxl.utils.datetime import from_excel

        value, format = from_excel(value, cell.parent.parent.epoch), chinese
    if isinstance(value, datetime.timedelta):
        return duration_text(value)
    return date_text(value, format)


def _report_merged(header: Header, layout: _Layout, findings: Findings, sheet: str | None) -> None:
    """Report merged cells in our columns: only the first of them holds what all of them show."""
    from openpyxl.utils.cell import range_boundaries

    for merged in layout.merged:
        left, top, right, _ = range_boundaries(merged)
        if any(left <= at + 1 <= right for at in header.fields) or not header.fields:
            findings.add(
                top,
                f"{merged} 是合并的单元格；取消合并，每一格都写上内容",
                letter(left - 1),
                sheet,
            )
