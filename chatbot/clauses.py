"""The clauses of a text, and those that tell: what a reason, a way or a yes is quoted by."""

from __future__ import annotations

import re

from chatbot.trimming import trim
from corpus.sentences import split_sentences

_BREAK = re.compile(r"[，；：。！？,;:!?\n]|——|……")
# A mark that parts clauses, or a half of a pair.
_MARK = re.compile(rf"{_BREAK.pattern}|[“”《》（）()「」『』]")
_NUMBER = re.compile(r"[0-9],[0-9]")
_OPENING, _CLOSING = "“《（(「『", "”》）)」』"
# 「李伟平说，」 tells who says it, not what.
_SAYING = re.compile(r"(?:说|表示|认为|介绍|指出|坦言|坦承|强调|回忆|感叹|称|透露|解释)[，：,:]?$")
# Less than this is half a thought: 不多见, 是的.
_SHORTEST = 4


def clauses(text: str) -> list[tuple[int, int]]:
    """Return the clauses of a paragraph as (start, end), in order, without the marks between them.

    What stands in a quotation, a title or brackets is never parted.
    """
    found = []
    for start, end in split_sentences(text):
        left, depth = start, 0
        for mark in _MARK.finditer(text, start, end):
            depth += (mark[0] in _OPENING) - (mark[0] in _CLOSING)
            depth = max(0, depth)
            if depth > 0 or mark[0] in _OPENING + _CLOSING or _NUMBER.match(text, mark.start() - 1):
                continue
            found.append((left, mark.start()))
            left = mark.end()
        found.append((left, end))
    return [(left, right) for left, right in found if any(map(str.isalnum, text[left:right]))]


def clauses_around(sentence: str, start: int, end: int) -> tuple[int, int]:
    """Return the whole clauses of `sentence` in which [start, end) stands, as offsets.

    Without the words that only say who speaks, and with both halves of a pair of marks. A clause
    of fewer than four characters gets the one before it.
    """
    breaks = [0, *(match.end() for match in _BREAK.finditer(sentence)), len(sentence)]
    left = max(at for at in breaks if at <= start)
    right = min(at for at in breaks if at >= end)
    if right - left < _SHORTEST and left > 0:
        earlier = max(at for at in breaks if at < left)
        if not _SAYING.search(sentence[earlier:left]):
            left = earlier
    while (said := _first_break(breaks, left, start)) and _SAYING.search(sentence[left:said]):
        left = said
    return trim(sentence, left, right) or (start, end)


def _first_break(breaks: list[int], left: int, start: int) -> int | None:
    """Return the end of the first clause after `left` if it ends before `start`."""
    return next((at for at in breaks if left < at <= start), None)
