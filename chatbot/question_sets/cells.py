"""Tables whose first row names the columns: what CSV files and the sheets of workbooks share."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from chatbot.question_sets.fields import is_answer_record, meant
from chatbot.question_sets.rows import CANONICAL, Findings, Row
from chatbot.question_sets.words import several, truth_of

_SEVERAL = frozenset(("answer", "items", "history", "tags"))
# A remark behind a name, 答案（可以有几个）, or the mark of what must be filled in, 问题*.
_REMARK = re.compile(r"\(.*\)$|[*:]+$")
# What a formula would be, and so has been neutralised by chatbot.question_sets.answers_csv.
_NEUTRALISED = re.compile(r"'\s*[=+\-@＝＋－＠]")
_SHOWN = 20
_ROWS_LOOKED_AT = 10


@dataclass(frozen=True, slots=True)
class BadCell:
    """A cell of which no text can be had; `text` says why, after the name of its field."""

    text: str


Cell = str | BadCell | None


@dataclass(frozen=True, slots=True)
class TableRow:
    """A row of a table: its number from 1 and its cells from column A on, None for an empty one."""

    number: int
    cells: Sequence[Cell]

    def filled(self) -> list[tuple[int, Cell]]:
        """Return the cells that hold anything, each with the index of its column."""
        return [
            (at, cell)
            for at, cell in enumerate(self.cells)
            if cell is not None and not (isinstance(cell, str) and not cell.strip())
        ]


@dataclass(frozen=True, slots=True)
class Header:
    """The row of column names: the field of each column that is one of ours, by its index."""

    row: TableRow
    fields: dict[int, str]
    own: dict[int, str]

    def names(self) -> dict[str, str]:
        """Return what the table calls each field."""
        return {field: _written(self.row.cells[at]) for at, field in self.fields.items()}

    def letters(self) -> dict[str, str]:
        """Return the letter of the column of each field."""
        return {field: letter(at) for at, field in self.fields.items()}


def read_header(row: TableRow) -> Header:
    """Return which columns are which."""
    fields: dict[int, str] = {}
    own: dict[int, str] = {}
    for at, cell in row.filled():
        field = _field(_written(cell))
        if field is None:
            own[at] = _written(cell)
        else:
            fields[at] = field
    return Header(row, fields, own)


def is_header(row: TableRow) -> bool:
    """Say whether a row names any field of ours, were it misspelt."""
    header = read_header(row)
    return bool(header.fields) or any(map(meant, header.own.values()))


def read_table(
    header: Header,
    rows: Iterable[TableRow],
    findings: Findings,
    sheet: str | None = None,
    hint: str = "",
) -> list[Row]:
    """Return the rows below `header` as questions go; rows without content are left out.

    What stands in a column that has no right name, or in two of one name, cannot be judged; the
    rest of such a table is, if it has questions. `hint` goes with a column that has no name.
    """
    if not _check_header(header, rows, findings, sheet):
        return []
    names, letters = header.names(), header.letters()
    counted = Counter(header.fields.values())
    twice = frozenset(field for field, columns in counted.items() if columns > 1)
    nameless: dict[int, tuple[int, str]] = {}
    read = []
    for row in rows:
        filled = row.filled()
        if not filled:
            continue
        for at, cell in filled:
            if at not in header.fields and at not in header.own:
                nameless.setdefault(at, (row.number, _written(cell)))
        prefix = f"{sheet}:" if sheet is not None else ""
        unread = set(twice)
        fields: dict[str, Any] = {}
        for at, cell in filled:
            field = header.fields.get(at)
            if field is None or field in twice:
                continue
            if isinstance(cell, BadCell):
                unread.add(field)
                text = f"字段 {names[field]} {cell.text}"
                findings.add(row.number, text, letters[field], sheet)
            elif cell is not None:
                fields[field] = _value(field, cell.strip())
        id = f"{prefix}{row.number}"
        read.append(Row(row.number, id, fields, names, letters, sheet, True, frozenset(unread)))
    for at, (number, text) in nameless.items():
        wrong = f"这一列没有列名，却有内容“{text[:_SHOWN]}”；写上列名，或清空它{hint}"
        findings.add(number, wrong, letter(at), sheet)
    return read


def header_below(rows: Iterable[TableRow]) -> int | None:
    """Return the number of the row that names columns though it is not the first, None for none.

    Only few rows are looked at, and 问题 alone does not make one: questions and notes say it too.
    """
    for row in islice((row for row in rows if row.filled()), _ROWS_LOOKED_AT):
        fields = set(read_header(row).fields.values())
        if "question" in fields and len(fields) > 1:
            return row.number
    return None


def letter(index: int) -> str:
    """Return what a spreadsheet calls the column with this index from 0: A to Z, AA, AB, …"""
    name = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        name = chr(ord("A") + rest) + name
    return name


def _check_header(
    header: Header, rows: Iterable[TableRow], findings: Findings, sheet: str | None
) -> bool:
    """Report what is wrong with the row of column names; say whether its questions are there.

    `rows` are those below it, of which some are taken where there is anything wrong.
    """
    before = len(findings.mistakes)
    number = header.row.number
    if is_answer_record(header.own.values()):
        findings.add(number, "这是回答记录，不是问题集", None, sheet)
        return False
    columns: dict[str, list[int]] = {}
    for at, field in header.fields.items():
        columns.setdefault(field, []).append(at)
    for same in columns.values():
        if len(same) > 1:
            named = "、".join(f"{letter(at)} 列“{_written(header.row.cells[at])}”" for at in same)
            findings.add(number, f"{named}是同一个字段；只留一列", letter(same[1]), sheet)
    for at, name in header.own.items():
        right = meant(name)
        if right is not None and CANONICAL[right] not in columns:
            findings.add(number, f"不认识列名“{name}”，是不是“{right}”？", letter(at), sheet)
    if "question" not in columns and len(findings.mistakes) == before:
        there = "、".join(f"“{_written(cell)[:_SHOWN]}”" for _, cell in header.row.filled())
        below = header_below(rows)
        remedy = f"；第 {below} 行才是列名，请删去它上面的行" if below is not None else ""
        findings.add(
            number,
            f"没有“问题”（question）这一列；第一行要是列名，这里是{there}{remedy}",
            None,
            sheet,
        )
    return len(columns.get("question", ())) == 1


def _field(name: str) -> str | None:
    """Return the field that a column is for, however its name is dressed."""
    plain = unicodedata.normalize("NFKC", name).strip().casefold()
    bare = _REMARK.sub("", plain).strip()
    return CANONICAL.get(plain) or CANONICAL.get(bare)


def _written(cell: Cell) -> str:
    return cell.strip() if isinstance(cell, str) else ""


def _value(field: str, text: str) -> Any:
    """Return the text of a cell as the field's type."""
    if _NEUTRALISED.match(text):
        text = text[1:]
    if field in _SEVERAL:
        return several(text)
    return truth_of(text) if field == "answerable" else text
