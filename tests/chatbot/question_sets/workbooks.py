"""Workbooks for tests: made with openpyxl, and bent where openpyxl would not."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

Rows = Sequence[Sequence[Any]]


def workbook(
    sheets: Mapping[str, Rows], change: Callable[[Worksheet], None] | None = None
) -> bytes:
    """Return a workbook of these sheets; `change` may still do something to the first."""
    book = Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    if change is not None:
        change(book.worksheets[0])
    saved = io.BytesIO()
    book.save(saved)
    return saved.getvalue()


def with_part(content: bytes, name: str, change: Callable[[bytes], bytes]) -> bytes:
    """Return a workbook with one part (such as xl/worksheets/sheet1.xml) changed."""
    changed = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(changed, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for part in old.namelist():
            data = old.read(part)
            new.writestr(part, change(data) if part == name else data)
    return changed.getvalue()


def archive(parts: Mapping[str, bytes]) -> bytes:
    """Return a zip archive of these parts."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for name, data in parts.items():
            new.writestr(name, data)
    return made.getvalue()


def claiming(content: bytes, size: int) -> bytes:
    """Return an archive whose directory claims that its first part unpacks to `size` bytes."""
    at = content.index(b"PK\x01\x02") + 24
    return content[:at] + size.to_bytes(4, "little") + content[at + 4 :]


_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"


def hand_made(
    rows: str,
    *,
    shared: str = "",
    formats: Sequence[int | str] = (0,),
    settings: str = "",
    below: str = "",
    main: str = "xl/workbook.xml",
    namespace: str = _MAIN,
) -> bytes:
    """Return a workbook with the XML as other programs than openpyxl write it.

    `rows` go into `sheetData`, `below` behind it, `shared` into the table of strings, `settings`
    before the sheets of the workbook. Style number n of a cell is number format `formats[n]`, one
    of the built-in ones or spelt out.
    """
    own = [(170 + at, code) for at, code in enumerate(formats) if isinstance(code, str)]
    numbers = {code: number for number, code in own}
    styles = "".join(f'<xf numFmtId="{numbers.get(str(it), it)}"/>' for it in formats)
    codes = "".join(
        f"<numFmt numFmtId={quoteattr(str(n))} formatCode={quoteattr(c)}/>" for n, c in own
    )
    names = f'xmlns="{namespace}" xmlns:r="{_RELATIONS}"'
    folder, _, name = main.rpartition("/")
    kinds = {main: "sheet.main", "xl/worksheets/sheet1.xml": "worksheet", "xl/styles.xml": "styles",
             "xl/sharedStrings.xml": "sharedStrings"}  # fmt: skip
    types = "".join(
        f'<Override PartName="/{part}" ContentType="{_TYPE}.{kind}+xml"/>'
        for part, kind in kinds.items()
    )
    targets = {"worksheet": "worksheets/sheet1.xml", "styles": "styles.xml",
               "sharedStrings": "sharedStrings.xml"}  # fmt: skip
    relations = "".join(
        f'<Relationship Id="rId{at}" Type="{_RELATIONS}/{kind}" Target="{target}"/>'
        for at, (kind, target) in enumerate(targets.items(), start=1)
    )
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f"{types}</Types>",
        "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" '
        f'Type="{_RELATIONS}/officeDocument" Target="{main}"/></Relationships>',
        main: f"<workbook {names}>{settings}"
        '<sheets><sheet name="Sheet1" sheetId="1" r:id="rId1"/></sheets></workbook>',
        f"{folder}/_rels/{name}.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
        f"{relations}</Relationships>",
        "xl/styles.xml": f"<styleSheet {names}><numFmts>{codes}</numFmts>"
        f"<cellXfs>{styles}</cellXfs></styleSheet>",
        "xl/sharedStrings.xml": f"<sst {names}>{shared}</sst>",
        "xl/worksheets/sheet1.xml": f"<worksheet {names}><sheetData>{rows}</sheetData>{below}"
        "</worksheet>",
    }
    return archive({part: xml.encode() for part, xml in parts.items()})


def inline(place: str, text: str) -> str:
    """Return the XML of a cell with its text in it, as LibreOffice and exporters write it."""
    return f'<c r="{place}" t="inlineStr"><is><t>{escape(text)}</t></is></c>'
