"""Whether a file that is called .xlsx is a workbook that can be opened without harm."""

from __future__ import annotations

import io
import re
import zipfile
import zlib

from chatbot.question_sets.rows import Findings

# What a workbook may claim to hold once it is unpacked. Ten thousand questions take some 10 MB.
UNPACKED_LIMIT = 100_000_000
_PARTS_LIMIT = 10_000
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_SAVE_AS = "请在 Excel 或 WPS 里打开，另存为 .xlsx"
_STRICT = "是“严格的 Open XML”格式，读不了；请另存为 .xlsx，类型选普通的“Excel 工作簿”"
_WORKBOOK = re.compile(r"xl/workbook\d*\.xml")
# Of other files that are zip archives, a part that only they have.
_OTHERS = {
    "xl/workbook.bin": "这是 .xlsb 文件",
    "word/document.xml": "这是 Word 文件",
    "ppt/presentation.xml": "这是 PowerPoint 文件",
    "content.xml": "这是 OpenDocument（.ods）文件",
}


def is_workbook(content: bytes, findings: Findings) -> bool:
    """Say whether openpyxl may read this file; if not, what is wrong goes to `findings`.

    Nothing is unpacked: an archive's directory says how large its parts are, and the zip module
    reads no more of a part than that, whatever else is in it.
    """
    wrong = _why_not(content)
    if wrong is not None:
        findings.add(None, wrong)
    return wrong is None


def _why_not(content: bytes) -> str | None:
    if not content.startswith(b"PK"):
        return _why_no_archive(content)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError, EOFError):
        return f"文件不完整或已损坏；{_SAVE_AS}，或重新下载"
    unpacked = sum(part.file_size for part in parts)
    if unpacked > UNPACKED_LIMIT or len(parts) > _PARTS_LIMIT:
        return (
            f"解开后有 {unpacked / 1e6:,.0f} MB（{len(parts)} 个部分），超过 "
            f"{UNPACKED_LIMIT / 1e6:,.0f} MB 的上限，没有打开；请把题复制到新的工作簿里"
        )
    if any(part.flag_bits & 0x1 for part in parts):
        return f"加了密码；请去掉密码：{_SAVE_AS}"
    names = {part.filename for part in parts}
    # SharePoint calls it workbook2.xml.
    main = next((name for name in names if _WORKBOOK.fullmatch(name)), None)
    if main is None:
        other = next((is_ for part, is_ in _OTHERS.items() if part in names), "这是普通的压缩包")
        return f"{other}，不是 .xlsx；{_SAVE_AS}"
    return _STRICT if _is_strict(content, main) else None


def _is_strict(content: bytes, main: str) -> bool:
    """Say whether a workbook is in the strict form of ISO 29500, which openpyxl cannot read."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive, archive.open(main) as part:
            return b"http://purl.oclc.org/ooxml/spreadsheetml/main" in part.read(4096)
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError, EOFError, zlib.error):
        return False  # damaged, as whoever reads it will find


def _why_no_archive(content: bytes) -> str:
    """Return what a file that is no archive is instead."""
    if not content.strip():
        return f"文件是空的；{_SAVE_AS}"
    if content.startswith(_OLE):
        if "EncryptedPackage".encode("utf-16-le") in content:
            return f"加了密码；请去掉密码：{_SAVE_AS}"
        return f"其实是旧的 .xls 格式；{_SAVE_AS}"
    if content.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        return f"其实是网页或 XML；{_SAVE_AS}"
    if b"\0" not in content[:4096]:
        return f"其实是文本文件；把扩展名改成 .csv，或{_SAVE_AS.removeprefix('请')}"
    return f"不是 Excel 文件；{_SAVE_AS}"
