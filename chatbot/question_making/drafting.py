"""A draft of a question set: made questions with their answers, for a tester to review."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from chatbot.question_making.proving import ProvenQuestion
from chatbot.question_sets.answers_csv import neutral
from chatbot.question_sets.question_set import QuestionSetError, why_not
from chatbot.question_sets.rows import FIELDS
from corpus.document import Document
from corpus.sentences import split_sentences

TAG = "草稿"
KINDS = {
    "person": "人物",
    "time": "时间",
    "place": "地点",
    "number": "数字",
    "organisation": "机构",
    "work": "作品",
    "name": "名称",
}
_COLUMNS = ("id", "question", "answer", "evidence", "tags")
_WIDTHS = {"question": 48, "answer": 24, "evidence": 60, "tags": 16}

Row = Mapping[str, Any]


class DraftError(QuestionSetError):
    """A draft that cannot be written."""


def draft_rows(
    questions: Iterable[ProvenQuestion], documents: Sequence[Document]
) -> list[dict[str, Any]]:
    """Return one row of a question set for each question: id, question, answer, evidence, tags.

    The evidence is the sentence that holds the answer, as the document has it. No two rows have
    the same id or question.
    """
    by_id = {document.id: document for document in documents}
    rows: dict[str, dict[str, Any]] = {}
    for one in questions:
        document = by_id[one.document]
        if one.question in rows:
            continue
        rows[one.question] = {
            "id": f"draft-{len(rows) + 1:04}",
            "question": one.question,
            "answer": [_writable(document.text[one.start : one.end])],
            "evidence": _writable(_sentence(document, one)),
            "tags": [TAG, KINDS[one.kind]],
        }
    return list(rows.values())


def check_output(path: Path, force: bool) -> None:
    """Raise DraftError for a kind of file that is not written, or one that is there already.

    With `force` the file may be there.
    """
    if path.suffix.lower() not in _MAKERS:
        raise DraftError(f"--output {path}：只能写 {'、'.join(_MAKERS)} 文件；请换一个后缀")
    if path.is_dir():
        raise DraftError(f"--output {path}：这是一个文件夹；请写出文件名")
    if path.exists() and not force:
        raise DraftError(
            f"--output {path}：已经有这个文件，没有动它；请换一个名字，或加 --force 覆盖"
        )


def write_draft(path: Path, rows: Sequence[Row], force: bool = False) -> None:
    """Write `rows` as the kind of file that the suffix names, whole or not at all.

    Raises DraftError as `check_output` does, and where the file cannot be written.
    """
    check_output(path, force)
    content = _MAKERS[path.suffix.lower()](rows)
    try:
        if not force:
            with path.open("xb") as file:
                file.write(content)
            return
        fresh = path.with_name(f".{path.name}.new")
        fresh.write_bytes(content)
        fresh.replace(path)
    except FileExistsError:
        raise DraftError(
            f"--output {path}：已经有这个文件，没有动它；请换一个名字，或加 --force 覆盖"
        ) from None
    except OSError as error:
        raise DraftError(f"--output {path}：写不了，{why_not(error)}") from None


def json_lines(rows: Sequence[Row]) -> bytes:
    """Return rows as JSON Lines in UTF-8."""
    text = "".join(f"{json.dumps(row, ensure_ascii=False)}\n" for row in rows)
    return text.encode("utf-8")


def _sentence(document: Document, one: ProvenQuestion) -> str:
    """Return the sentence of the paragraph that holds the answer, the answer where none does."""
    for paragraph in document.paragraphs:
        if paragraph.start <= one.start and one.end <= paragraph.end:
            for start, end in split_sentences(document.paragraph_text(paragraph)):
                if paragraph.start + start <= one.start and one.end <= paragraph.start + end:
                    return document.text[paragraph.start + start : paragraph.start + end]
    return document.text[one.start : one.end]


def _writable(text: str) -> str:
    """Return `text` without half characters, which no file takes."""
    return text.encode("utf-8", "ignore").decode("utf-8")


def _json(rows: Sequence[Row]) -> bytes:
    return f"{json.dumps(list(rows), ensure_ascii=False, indent=1)}\n".encode()


def _yaml(rows: Sequence[Row]) -> bytes:
    import yaml

    text: str = yaml.safe_dump(list(rows), allow_unicode=True, sort_keys=False, width=1000)
    return text.encode("utf-8")


def _table(rows: Sequence[Row]) -> list[list[str]]:
    """Return the rows as a table with Chinese headings; several values share a cell."""
    table = [[FIELDS[name] for name in _COLUMNS]]
    for row in rows:
        values = (row[name] for name in _COLUMNS)
        table.append([v if isinstance(v, str) else "|".join(v) for v in values])
    return table


def _csv(rows: Sequence[Row]) -> bytes:
    """Return a table in UTF-8 with a byte order mark, without which Excel guesses wrong.

    An article may say what Excel would run; `wenda test` takes the apostrophe away again.
    """
    text = io.StringIO(newline="")
    csv.writer(text).writerows([neutral(cell) for cell in row] for row in _table(rows))
    return text.getvalue().encode("utf-8-sig")


def _xlsx(rows: Sequence[Row]) -> bytes:
    from openpyxl import Workbook
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    book = Workbook()
    sheet = book.active
    sheet.title = "问题集"
    for number, row in enumerate(_table(rows), start=1):
        for column, value in enumerate(row, start=1):
            cell = sheet.cell(number, column)
            cell.value = ILLEGAL_CHARACTERS_RE.sub("", value)
            cell.data_type = "s"  # text that begins with = is no formula
            cell.number_format = "@"  # and a 5% that is corrected to 6% stays text
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            if number == 1:
                cell.font = Font(bold=True)
    sheet.freeze_panes = "A2"
    for at, name in enumerate(_COLUMNS, start=1):
        sheet.column_dimensions[get_column_letter(at)].width = _WIDTHS.get(name, 12)
    saved = io.BytesIO()
    book.save(saved)
    return saved.getvalue()


_MAKERS: dict[str, Callable[[Sequence[Row]], bytes]] = {
    ".jsonl": json_lines,
    ".json": _json,
    ".csv": _csv,
    ".xlsx": _xlsx,
    ".yaml": _yaml,
    ".yml": _yaml,
}
