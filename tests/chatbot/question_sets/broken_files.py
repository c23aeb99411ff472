"""Sixty broken question sets, made in code: what testers, editors, mail and disks do to files.

Each has a name with its suffix, its content, and words that its message must have: the place where
there is one, and what would be right.
"""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass
from typing import Any

from openpyxl.worksheet.worksheet import Worksheet

from tests.chatbot.question_sets.workbooks import archive, claiming, with_part, workbook

_SHEET = "xl/worksheets/sheet1.xml"
_GOOD = workbook({"题": [["问题", "答案"], ["甲？", "乙"]]})
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_SAVE_AS = "另存为 .xlsx"
_UTF_8 = "另存为 UTF-8"


@dataclass(frozen=True, slots=True)
class Broken:
    """A broken file and the words of its message, in order."""

    name: str
    content: bytes
    says: tuple[str, ...]


def _text(name: str, text: str, *says: str) -> Broken:
    return Broken(name, text.encode(), says)


def _book(name: str, rows: list[list[Any]], *says: str, merge: str | None = None) -> Broken:
    def change(sheet: Worksheet) -> None:
        if merge is not None:
            sheet.merge_cells(merge)

    return Broken(name, workbook({"题": rows}, change), says)


def _encrypted_zip() -> bytes:
    """Return a workbook whose directory says that its parts are encrypted."""
    content = bytearray(_GOOD)
    at = 0
    while (at := content.find(b"PK\x01\x02", at)) >= 0:
        content[at + 8] |= 1
        at += 4
    return bytes(content)


def _bad_checksum() -> bytes:
    """Return a workbook with one byte of its sheet's data changed."""
    content = bytearray(_GOOD)
    with zipfile.ZipFile(io.BytesIO(_GOOD)) as good:
        part = good.getinfo(_SHEET)
    content[part.header_offset + 30 + len(_SHEET) + part.compress_size // 2] ^= 0xFF
    return bytes(content)


JSON_LINES = [
    _text("half-line.jsonl", '{"question": "甲？"}\n{"question": "乙', "第 2 行", "没有写完"),
    _text("array.jsonl", '[{"question": "甲？"}]', "每行一题"),
    _text("pretty.jsonl", '{\n "question": "甲？"\n}', "每行一题"),
    _text("quotes.jsonl", '{“question”: "甲？"}', "第 1 行", "半角"),
    _text("comma.jsonl", '{"question": "甲？"，"id": "1"}', "第 1 行", "半角的 ,"),
    _text("plain.jsonl", "甲？\n", "第 1 行", "不是 JSON", "应当是"),
    _text("empty.jsonl", "", "一道题也没有"),
    _text("only-marks.jsonl", "\ufeff\ufeff", "一道题也没有"),
    _text("two-marks.jsonl", '\ufeff\ufeff{"问提": "甲？"}', "第 1 行", "没有问题"),
    _text("misspelt.jsonl", '{"question": "甲？", "awnser": "乙"}', "第 1 行", "是不是“answer”"),
    _text("wrong-type.jsonl", '{"question": "甲？", "answer": 5}', "第 1 行", "应当是文字"),
    _text("both.jsonl", '{"question": "甲？", "answerable": false, "answer": "乙"}', "去掉"),
    _text("same-id.jsonl", '{"id": 1, "question": "甲？"}\n' * 2, "第 2 行", "第 1 行", "要不同"),
    _text("twice.jsonl", '{"question": "甲？", "question": "乙？"}', "第 1 行", "只留一个"),
    _text("nul.jsonl", '{"question": "甲\\u0000？"}', "第 1 行", "NUL"),
    _text("half-character.jsonl", '{"question": "\\ud800"}', "第 1 行", "半个字符"),
    _text("deep.jsonl", "[" * 100_000, "第 1 行", "读不了"),
    Broken("cut.jsonl", '{"question": "北仑奋楫？"}'.encode()[:-4], ("第 1 行", _UTF_8)),
    Broken("binary.jsonl", bytes(range(256)) * 4, ("不是文本", _UTF_8)),
    Broken("utf-16.jsonl", "问题".encode("utf-16-le") * 9 + b"\xff", ("不是文本", _UTF_8)),
    _text(
        "answers.jsonl",
        '{"question": "甲？", "understood": "甲？", "answered": true, "confidence": 1}',
        "回答记录",
    ),
]  # fmt: skip

JSON = [
    _text("half.json", '[{"question": "甲？"},\n{"quest', "第 2 行", "没有写完"),
    _text("lines.json", '{"question": "甲？"}\n{"question": "乙？"}', "第 2 行", "不是 JSON"),
    _text("object.json", '{"question": "甲？"}', "应当是一列题"),
    _text("string.json", '"甲？"', "应当是一列题"),
    _text("texts.json", '["甲？"]', "第 1 行", "应当是", "这里是文字"),
    _text("empty.json", "[]", "一道题也没有"),
    _text("deep.json", '{"a":' * 100_000, "读不了"),
]

YAML = [
    _text("tab.yaml", "- question: 甲？\n\tanswer: 乙", "第 2 行", "Tab"),
    _text("colon.yaml", "- question：甲？", "第 1 行", "应当是"),
    _text("half.yaml", "- question: [甲", "第 1 行", "没有写完"),
    _text("documents.yaml", "- question: 甲？\n---\n- question: 乙？", "第 2 行", "只能有一份"),
    _text("deep.yml", "- " * 100_000, "太深"),
    _text("star.yml", "- question: *甲", "第 1 行", "加引号"),
]

CSV = [
    _text("wrong-columns.csv", "a,b\n甲？,乙", "第 1 行", "没有“问题”", "列名"),
    _text("no-header.csv", "北仑在哪里？,宁波", "第 1 行", "列名"),
    _text("near-column.csv", "题目,答案\n甲？,乙", "第 1 行 A 列", "是不是“问题”"),
    _text("same-columns.csv", "问题,question\n甲？,乙？", "第 1 行 B 列", "只留一列"),
    _text("full-width.csv", "问题，答案\n甲？，乙", "第 1 行", "半角的 ,"),
    _text("too-many.csv", "问题,答案\n甲？,乙,丙", "第 2 行 C 列", "没有列名", "加引号"),
    _text("quotes.csv", '问题\n"甲？\n乙？', "第 2 行", "引号没有配对"),
    _text("maybe.csv", "问题,可答\n甲？,也许", "第 2 行 B 列", "是 或 否"),
    _text("no-question.csv", "问题,答案\n,乙", "第 2 行 A 列", "没有问题"),
    _text("only-header.csv", "问题,答案\n", "一道题也没有"),
    Broken("damaged.csv", "问题\n北仑奋楫？".encode()[:-1], ("第 2 行", _UTF_8)),
    Broken("workbook.csv", _GOOD, ("不是文本", _UTF_8)),
]

XLSX = [
    _book("wrong-columns.xlsx", [["a", "b"], ["甲？", "乙"]], "第 1 行", "没有“问题”"),
    _book("title-above.xlsx", [["北仑的题"], ["问题"], ["甲？"]], "第 1 行", "没有“问题”"),
    _book("merged.xlsx", [["问题", "标签"], ["甲？", "一"], ["乙？"]], "第 2 行 B 列", "取消合并",
          merge="B2:B3"),
    _book("formula.xlsx", [["问题", "答案"], ["甲？", "=1+1"]], "第 2 行 B 列", "公式", "改成文字"),
    _book("empty.xlsx", [], "一道题也没有"),
    _book("same-columns.xlsx", [["问题", "答案", "问题"], ["甲？"]], "第 1 行 C 列", "只留一列"),
    Broken("gigabyte.xlsx", claiming(_GOOD, 1_000_000_000), ("1,000 MB", "没有打开")),
    Broken("cut.xlsx", _GOOD[: len(_GOOD) // 2], ("损坏", _SAVE_AS)),
    Broken("checksum.xlsx", _bad_checksum(), ("损坏", _SAVE_AS)),
    Broken("password.xlsx", _encrypted_zip(), ("密码", _SAVE_AS)),
    Broken("office.xlsx", _OLE + "EncryptedPackage".encode("utf-16-le"), ("密码", _SAVE_AS)),
    Broken("old.xlsx", _OLE + bytes(600), (".xls", _SAVE_AS)),
    Broken("web-page.xlsx", b"<html><table></table></html>", ("网页", _SAVE_AS)),
    Broken("really-csv.xlsx", "问题\n甲？".encode(), ("文本", ".csv")),
    Broken("word.xlsx", archive({"word/document.xml": b"<w/>"}), ("Word", _SAVE_AS)),
    Broken("archive.xlsx", archive({"题.csv": b"question"}), ("压缩包", _SAVE_AS)),
    Broken("no-xml.xlsx", with_part(_GOOD, _SHEET, lambda xml: xml[:90]), ("损坏", _SAVE_AS)),
    Broken("nothing.xlsx", b"", ("空的", _SAVE_AS)),
    _text("old.xls", "", "不认识 .xls"),
]  # fmt: skip

BROKEN_FILES = [*JSON_LINES, *JSON, *YAML, *CSV, *XLSX]
