"""Question sets in CSV: separated by commas, semicolons or tabs, as spreadsheets write it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path

from chatbot.question_sets.cells import TableRow, is_header, read_header, read_table
from chatbot.question_sets.decoding import decode_text
from chatbot.question_sets.rows import Findings, Row

_DELIMITERS = (",", ";", "\t")


def load_csv(content: bytes, findings: Findings) -> list[Row]:
    """Read a table; its rows are numbered as a spreadsheet shows them, empty ones counted."""
    text = decode_text(content, findings)
    if text is None:
        return []
    if text[:4].lower() == "sep=":  # Excel's own first line, which it never shows
        text = text.partition("\n")[2]
    delimiter = _delimiter(text)
    rows = _rows(text, delimiter, findings)
    first = next((row for row in rows if row.filled()), None)
    if first is None:
        return []
    if not is_header(first) and "，" in text.split("\n")[0]:
        findings.add(first.number, "列名之间是全角逗号；要用半角的 ,")
        return []
    hint = f"（内容里有 {delimiter} 时，整格要加引号）" if delimiter != "\t" else ""
    return read_table(read_header(first), rows, findings, hint=hint)


def _delimiter(text: str) -> str:
    """Return what separates the columns: whatever gives the first row most of our names.

    Of what gives as many, whatever gives most columns. Sniffing the frequency of characters, as
    csv.Sniffer does, is misled by the commas of Chinese questions.
    """

    def named(delimiter: str) -> tuple[int, int]:
        rows = _rows(text, delimiter, Findings(Path()))  # what is wrong is reported later
        first = next((row for row in rows if row.cells), None)
        if first is None:
            return 0, 0
        return len(read_header(first).fields), len(first.cells)

    return max(_DELIMITERS, key=named)


def _rows(text: str, delimiter: str, findings: Findings) -> Iterator[TableRow]:
    """Yield the rows; a quotation mark that is never closed ends them, and is reported."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    number = 0
    while True:
        number += 1
        try:
            cells = next(reader, None)
        except csv.Error as error:
            findings.add(number, _why_no_row(error))
            return
        if cells is None:
            return
        yield TableRow(number, cells)


def _why_no_row(error: csv.Error) -> str:
    if "field limit" in str(error):
        return '有一格特别长，多半是引号没有配对；引号里的引号要写两个（""）'
    return '引号没有配对；引号里的引号要写两个（""），整格再用引号括起来'
