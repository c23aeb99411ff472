"""What words in a cell mean: yes or no, several things separated by a bar."""

from __future__ import annotations

import re
import unicodedata

from chatbot.question_sets.comparison import fold

_YES = frozenset(
    ("是", "可", "可答", "可以", "能", "能答", "对", "有", "true", "t", "yes", "y", "1", "√", "✓")
)
_NO = frozenset(
    (
        "否",
        "不",
        "不可",
        "不可答",
        "不可以",
        "不能",
        "不能答",
        "错",
        "无",
        "没有",
        "false",
        "f",
        "no",
        "n",
        "0",
        "×",
        "✗",
        "x",
    )
)
_BAR = re.compile(r"[|｜]")


def truth_of(words: str) -> bool | str:
    """Return whether `words` say yes or no, or the words themselves where they say neither."""
    folded = unicodedata.normalize("NFKC", words).strip().casefold()
    if folded in _YES or folded in _NO:
        return folded in _YES
    return words


def several(words: str) -> list[str]:
    """Return the parts between bars, without the space round them and without empty ones.

    Beside others a part of nothing but punctuation is empty too: what an article writes between
    bars, `wenda draft` puts into a cell. Where there is nothing else, whoever reads it reports the
    mistake; [""] where there is nothing but bars.
    """
    parts = [part.strip() for part in _BAR.split(words)]
    told = [part for part in parts if fold(part)]
    return told or [part for part in parts if part] or [""]
