"""The text of a question set in any of the encodings that articles may have."""

from __future__ import annotations

import re

from chatbot.question_sets.rows import Findings
from corpus.readers import CorpusError, decode

_HAN = re.compile(r"[\u4e00-\u9fff]")


def decode_text(content: bytes, findings: Findings) -> str | None:
    """Return the text of a file, less its byte order marks; None, and what is wrong, without one.

    A damaged UTF-8 file is reported as such: read as GB18030 it would be gibberish that runs.
    """
    try:
        content.decode()
    except UnicodeDecodeError as error:
        guess = content.decode(errors="replace")
        if guess.count("\ufffd") < len(_HAN.findall(guess)):
            line = content[: error.start].count(b"\n") + 1
            findings.add(line, "有损坏的字节，文件可能没有写完；请另存为 UTF-8")
            return None
    try:
        # Two marks happen when a tool that writes one is given a file that has one.
        return decode(content, findings.path).lstrip("\ufeff")
    except CorpusError:
        findings.add(None, "不是文本，或者编码不是 UTF-8 和 GB18030；请另存为 UTF-8")
        return None
