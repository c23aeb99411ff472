"""Things that a sentence lists: 镰刀、锄头 and their like, taken apart."""

from __future__ import annotations

import re

from chatbot.trimming import trim

# What lies between two things of a list.
_BETWEEN = re.compile(r"、|以及|及其|(?<=[\u4e00-\u9fff”》）])[和与及](?=[\u4e00-\u9fff“《（])")
_MARK = "、"
# Where a list cannot go on.
_STOP = "，。；：！？,;:!?\n"
# What leads to a list and is not part of its first thing.
_LEADING = re.compile(
    r"^.*(?:包括了?|包含了?|分别(?:是|为)|主要有|共有|有|是|为|即|如|像|将|把|从|在|向|对|于)(?=.{2,}$)"
)
# The same where the reader took more than the list: all up to a stop, and what governs it.
_LED = re.compile(
    r"(?:.*[，；：,;:])?(?:.*(?:包括了?|包含了?|分别(?:是|为)|主要有|将|把)|[从在向对于])?(?=.{2,}$)"
)
# What follows a list and is not part of its last thing.
_TRAILING = re.compile(r"等.*$")
_UNPAIRED = "“「『（("  # a list inside a quotation does not go on before it
_OPENING, _CLOSING = "“《（(「『", "”》）)」』"


def enumerated(sentence: str, start: int, end: int) -> list[tuple[int, int]]:
    """Return the things of the list that [start, end) of `sentence` is or belongs to, as offsets.

    In reading order; a single one, [start, end) itself, where nothing is listed.
    """
    left, right = _widened(sentence, start, end)
    marks = [
        match
        for match in _BETWEEN.finditer(sentence, left, right)
        if not _inside_pair(sentence, left, match.start())
    ]
    if not any(match.group() == _MARK for match in marks):
        return [(start, end)]
    # 和 and 与 part things only at the end of a list; before it they may stand inside one.
    last = max(n for n, match in enumerate(marks) if match.group() == _MARK)
    marks = [match for n, match in enumerate(marks) if match.group() == _MARK or n > last]
    edges = [left, *(edge for match in marks for edge in match.span()), right]
    things = list(zip(edges[::2], edges[1::2], strict=True))
    things[-1] = (things[-1][0], _end_of_last(sentence, *things[-1]))
    apart: list[tuple[int, int]] = []
    for thing in things:
        trimmed = trim(sentence, *thing) if thing[0] < thing[1] else None
        # Half a quotation is trimmed to the whole, which may reach over the next thing.
        if trimmed is not None and (not apart or apart[-1][1] <= trimmed[0]):
            apart.append(trimmed)
    return apart or [(start, end)]


def _widened(sentence: str, start: int, end: int) -> tuple[int, int]:
    """Return the stretch of the list around [start, end), itself where no list touches it."""
    left, right = start, end
    if sentence[left] in _OPENING and right - left > 2 and _MARK in sentence[left:right]:
        closing = _CLOSING[_OPENING.index(sentence[left])]
        if sentence.find(closing, left) == right - 1:
            return left + 1, right - 1  # one quotation that lists
    if sentence[right : right + 1] == _MARK or _MARK in sentence[start:end]:
        reach = _reach(sentence, right)
        rest = sentence[right:reach]
        if "等" in rest:
            right += rest.index("等")
        elif _MARK in rest:
            right = reach
    if left > 0 and sentence[left - 1] == _MARK:
        while left > 0 and sentence[left - 1] not in _STOP + _UNPAIRED:
            left -= 1
        before = sentence[left:start]
        led = _LEADING.match(before[: before.index(_MARK)])
        if led is not None:
            left += led.end()
    elif _MARK in sentence[start:end]:
        first = sentence[start : start + sentence[start:end].index(_MARK)]
        led = _LED.match(first)
        if led is not None:
            left += led.end()
    return left, right


def _reach(sentence: str, at: int) -> int:
    """Return where a list that goes on from `at` ends at the latest: a stop, or its quotation's."""
    depth = 0
    while at < len(sentence) and sentence[at] not in _STOP:
        depth += (sentence[at] in _OPENING) - (sentence[at] in _CLOSING)
        if depth < 0:
            break
        at += 1
    return at


def _end_of_last(sentence: str, start: int, end: int) -> int:
    """Return where the last thing ends: before 等, before what is said of all, before a stop."""
    trailing = _TRAILING.search(sentence[start:end])
    if trailing is not None and trailing.start() > 0:
        end = start + trailing.start()
    # The clause after the list is none of its things.
    return min(end, max(start + 1, _reach(sentence, start)))


def _inside_pair(sentence: str, left: int, at: int) -> bool:
    """Tell whether a mark stands inside a quotation or a title that opens after `left`."""
    before = sentence[left:at]
    return sum(before.count(c) for c in _OPENING) > sum(before.count(c) for c in _CLOSING)
