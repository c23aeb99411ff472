"""Cutting Chinese into words, whatever the text."""

from __future__ import annotations

import re

import rjieba

# Half a character (a lone surrogate): rjieba raises an error for it.
_HALF = re.compile("[\ud800-\udfff]")


def whole(text: str) -> str:
    """Return `text` with a sign for each half of a character, as long as it was."""
    return _HALF.sub("\ufffd", text)


def tagged(text: str) -> list[tuple[int, int, str]]:
    """Return (start, end, jieba's class) of the words of `text`; together they are all of it."""
    words, at = [], 0
    for word, tag in rjieba.tag(whole(text)):
        words.append((at, at + len(word), tag))
        at += len(word)
    return words


def cut(text: str) -> list[str]:
    """Return the words of `text` and what stands between them; joined they are `text`."""
    words, at = [], 0
    for word in rjieba.cut(whole(text)):
        words.append(text[at : at + len(word)])
        at += len(word)
    return words
