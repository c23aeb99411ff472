"""From a file to its raw text: which formats can be read, and in which encodings."""

from __future__ import annotations

import codecs
import unicodedata
from collections.abc import Callable
from pathlib import Path

UTF8_DAMAGE = 0.1
"""Bad bytes per good character up to which a file is damaged UTF-8 rather than GB18030."""

CONTROL_SHARE = 0.1
"""Share of control characters from which a text counts as binary."""

COMMON_SHARE = 0.5
"""Share of its Han characters that must be everyday ones in text decoded as GB18030."""

_BOMS: tuple[tuple[bytes, str, str], ...] = (
    # UTF-32 before UTF-16: the little-endian marks begin alike.
    (codecs.BOM_UTF32_LE, "utf-32-le", "UTF-32"),
    (codecs.BOM_UTF32_BE, "utf-32-be", "UTF-32"),
    (codecs.BOM_UTF8, "utf-8", "UTF-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le", "UTF-16"),
    (codecs.BOM_UTF16_BE, "utf-16-be", "UTF-16"),
    (b"\x84\x31\x95\x33", "gb18030", "GB18030"),
)


class CorpusError(ValueError):
    """An article or corpus cannot be read; the message is one line in Chinese for the user.

    It names the file (and line, where one is known), says what is wrong and what to do.
    """


def read_article(path: Path) -> str:
    """Return the raw text of an article in any format that can be read.

    :raises CorpusError: as the format's reader does, or when the suffix is not in `READERS`.
    """
    reader = READERS.get(path.suffix.lower())
    if reader is None and path.is_file():
        kind = f"“{path.suffix}”格式的文件" if path.suffix else "没有扩展名的文件"
        known = "、".join(sorted(READERS))
        raise CorpusError(f"{path}：还不能读{kind}，可以读的是 {known}；请另存为 UTF-8 的 .txt")
    return (reader or read_plain_text)(path)


def read_plain_text(path: Path) -> str:
    """Return the text of a plain-text file as it stands, less a byte order mark.

    :raises CorpusError: when the file is missing, unreadable, a folder, not text, in no encoding
        that `decode` knows, or holds nothing but white space.
    """
    text = decode(_read_bytes(path), path)
    if not text.strip():
        raise CorpusError(f"{path}：文件是空的，没有可读的文字；请放入文章内容，或删除这个文件")
    return text


# Other formats (docx, pdf, html, …) each add their function here.
READERS: dict[str, Callable[[Path], str]] = {".txt": read_plain_text, ".md": read_plain_text}
"""Which function reads a file, by its suffix in lower case."""


def decode(data: bytes, path: Path) -> str:
    """Return a text file's bytes as text: by byte order mark, else as UTF-8, else as GB18030.

    Decoding is strict: no character is ever replaced. `path` only names the file in errors.

    :raises CorpusError: when the bytes are binary data, damaged, or in another encoding.
    """
    for mark, encoding, name in _BOMS:
        if data.startswith(mark):
            return _checked(_decode_marked(data[len(mark) :], encoding, name, path), path)
    try:
        return _checked(data.decode("utf-8"), path)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        cut_off = error.reason == "unexpected end of data"
    if b"\0" in data:
        raise _not_text(path)
    if _is_damaged_utf8(data, cut_off):
        raise CorpusError(
            f"{path} 第 {line} 行：UTF-8 编码在这里损坏；请换一份完整的文件，或重新存为 UTF-8"
        )
    try:
        text = data.decode("gb18030")
    except UnicodeDecodeError:
        text = ""
    if not _is_plausible_gb18030(text):
        raise CorpusError(
            f"{path} 第 {line} 行：文字编码既不是 UTF-8 也不是 GB18030；请把文件另存为 UTF-8"
        )
    return text


def _read_bytes(path: Path) -> bytes:
    if path.is_dir():
        raise CorpusError(f"{path}：这是文件夹，不是文章；请给出一个文件")
    # Reading a pipe or a device might never end.
    if path.exists() and not path.is_file():
        raise CorpusError(f"{path}：这不是普通文件；请给出一个文本文件")
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise CorpusError(f"{path}：没有这个文件或文件夹；请检查路径") from None
    except PermissionError:
        raise CorpusError(f"{path}：没有读取权限；请检查文件的访问权限") from None
    except OSError as error:
        reason = error.strerror or str(error)
        raise CorpusError(f"{path}：读取时出错（{reason}）；请检查文件和磁盘") from None


def _decode_marked(data: bytes, encoding: str, name: str, path: Path) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        # What stands before the bad byte decodes.
        line = data[: error.start].decode(encoding, "ignore").count("\n") + 1
    raise CorpusError(
        f"{path} 第 {line} 行：文件标明是 {name} 编码，但这里解不出来；请重新存为 UTF-8"
    )


def _checked(text: str, path: Path) -> str:
    controls = sum(unicodedata.category(char) == "Cc" and not char.isspace() for char in text)
    if controls > CONTROL_SHARE * len(text):
        raise _not_text(path)
    return text


def _not_text(path: Path) -> CorpusError:
    return CorpusError(f"{path}：这不是文本文件（内容是二进制数据）；请换成文本文件")


def _is_damaged_utf8(data: bytes, cut_off: bool) -> bool:
    """Tell whether data is UTF-8 but for a few bytes; text in GB18030 is nowhere near it.

    `cut_off` says that it is, but for its last character.
    """
    text = data.decode("utf-8", "surrogateescape")
    bad = sum("\udc80" <= char <= "\udcff" for char in text)
    good = sum(char > "\x7f" for char in text) - bad
    return good > 0 and (cut_off or bad <= UTF8_DAMAGE * good)


def _is_plausible_gb18030(text: str) -> bool:
    """Tell whether text decoded as GB18030 reads as Chinese.

    The encoding maps nearly every pair of bytes to something, so other encodings and binary data
    decode as well: into private-use and control characters, and into rare Han characters. Half
    of the Han characters must be of GB 2312's level 1, the everyday ones.
    """
    odd = sum(
        unicodedata.category(char) in ("Co", "Cn", "Cc") and not char.isspace() for char in text
    )
    if not text or odd > 0.01 * len(text):
        return False
    han = [char for char in text if "\u3400" <= char <= "\u9fff"]
    return sum(map(_is_everyday, han)) >= COMMON_SHARE * len(han)


def _is_everyday(char: str) -> bool:
    # Lead bytes 0xB0 to 0xD7 hold level 1, ordered by sound; level 2 follows, ordered by radical.
    return 0xB0 <= char.encode("gb2312", "ignore").ljust(1, b"\0")[0] <= 0xD7
