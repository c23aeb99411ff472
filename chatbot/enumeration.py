"""Things that a sentence lists: 镰刀、锄头 and their like, taken apart.

Four ways to list are known: marks between the things, numbers before them (一是…；二是…), clauses
in a row, and 和 alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from chatbot.trimming import trim
from chatbot.word_cutting import cut

# What lies between two things of a list.
_BETWEEN = re.compile(r"、|以及|及其|(?<=[\u4e00-\u9fff”》）])[和与及](?=[\u4e00-\u9fff“《（])")
_MARK = "、"
_AND = frozenset(("和", "与", "及", "以及"))
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


# What numbers the things of a list: 一是, 其一, 第一，.
_NUMBERING = re.compile(
    r"(?:(?<![\u4e00-\u9fff0-9])|(?<=[：:]))(?:[其第]?(?P<number>[一二三四五六七八九十])(?:[是来则]|[，、]))"
)
_NUMERALS = "一二三四五六七八九十"
# How far before numbered things that which leads to them stands: 靠的是三项改变。一是….
_LEAD = 20
_SEMICOLON = "[；;]"
_COMMA = r"，|(?<![0-9]),|,(?![0-9])"
_CLAUSE_END = re.compile(rf"[；。！？;!?\n]|{_COMMA}")
# What begins a clause in a row of them and is no part of the thing.
_IN_TURN = re.compile(
    r"(?:首先|先后|先是|先|再是|再|然后|接着|随后|最后|以及|并且|并|还有|还|另外|另|又|也|同时|此外|而且)+(?=.{2})"
)


def listed(
    text: str, sentence: tuple[int, int], start: int, end: int, number: int | None = None
) -> list[tuple[int, int]]:
    """Return the things of the list that [start, end) of a paragraph is or belongs to, as offsets.

    `sentence` is the one that it stands in. In reading order; a single one where nothing is listed.
    `number` is how many things are asked for, where that is known.
    """
    words, left = text[slice(*sentence)], sentence[0]
    inside = (start - left, end - left)
    marked, clauses = enumerated(words, *inside), in_clauses(words, *inside)
    ways = [after_colon(words, *inside), clauses, marked]
    if words[slice(*inside)].count(_MARK) >= len(clauses):
        ways[1:] = marked, clauses
    ways.append(joined(words, *inside))
    found = [numbered(text, start, end), *(_moved(things, left) for things in ways)]
    if number is not None:
        found = [things for things in found if len(things) == number] or found[:-1]
    return next((things for things in found if len(things) > 1), _moved(marked, left))


def clauses_of(
    text: str, sentence: tuple[int, int], start: int, number: int
) -> list[tuple[int, int]]:
    """Return the clauses of a sentence that tell one of `number` things each, none where that many
    do not: 甲管车站，乙管线路. Those behind the colon before `start`, or all.
    """
    words, left = text[slice(*sentence)], sentence[0]
    firsts = (_colon(words, start - left) + 1, 0)
    ways = (in_clauses(words, first, len(words)) for first in firsts)
    return next((_moved(things, left) for things in ways if len(things) == number), [])


def numbered(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Return the things that a paragraph numbers, none where [start, end) is none of them.

    It may also be what leads to them: 三项. Of each the first clause: what follows only explains.
    """
    chain: list[re.Match[str]] = []
    for mark in [*_NUMBERING.finditer(text), None]:
        if mark is not None and mark["number"] == _NUMERALS[len(chain) % len(_NUMERALS)]:
            chain.append(mark)
            continue
        if len(chain) > 1 and chain[0].start() - _LEAD <= start:
            things = _apart(trim(text, one.end(), _first_clause(text, one.end())) for one in chain)
            if end <= chain[0].start() or _tells_one(things, start, end):
                return things
        chain = [mark] if mark is not None and mark["number"] == _NUMERALS[0] else []
    return []


def after_colon(sentence: str, start: int, end: int) -> list[tuple[int, int]]:
    """Return the first clauses between the semicolons behind a colon, none for other sentences."""
    colon = _colon(sentence, start)
    parts = _split(sentence, colon + 1, len(sentence), _SEMICOLON) if colon >= 0 else []
    things = _apart(
        _thing(sentence, left, min(right, _first_clause(sentence, left))) for left, right in parts
    )
    return things if len(things) > 1 and _tells_one(things, start, end) else []


def _colon(sentence: str, start: int) -> int:
    """Return where the last colon up to `start` stands, -1 for none."""
    return max(sentence.rfind(mark, 0, start + 1) for mark in "：:")


def _moved(things: Sequence[tuple[int, int]], by: int) -> list[tuple[int, int]]:
    return [(start + by, end + by) for start, end in things]


def _tells_one(things: Sequence[tuple[int, int]], start: int, end: int) -> bool:
    """Tell whether [start, end) is most of one of `things`, or holds one: not a word inside it."""
    shared = (min(end, right) - max(start, left) for left, right in things)
    return any(2 * both >= right - left for both, (left, right) in zip(shared, things, strict=True))


def _first_clause(text: str, at: int) -> int:
    stop = _CLAUSE_END.search(text, at)
    return stop.start() if stop else len(text)


def in_clauses(sentence: str, start: int, end: int) -> list[tuple[int, int]]:
    """Return the clauses of [start, end) as things: between semicolons where there are any."""
    parting = _SEMICOLON if re.search(_SEMICOLON, sentence[start:end]) else _COMMA
    return _apart(_thing(sentence, *place) for place in _split(sentence, start, end, parting))


def _apart(things: Iterable[tuple[int, int] | None]) -> list[tuple[int, int]]:
    """Return the things of which anything is left, without those that reach into the one before.

    Half a quotation is trimmed to the whole, which may reach over the next thing.
    """
    found: list[tuple[int, int]] = []
    for thing in things:
        if thing is not None and (not found or found[-1][1] <= thing[0]):
            found.append(thing)
    return found


def _split(sentence: str, start: int, end: int, parting: str) -> list[tuple[int, int]]:
    """Return the stretches of [start, end) between marks that stand in no quotation."""
    breaks = [
        match
        for match in re.compile(parting).finditer(sentence, start, end)
        if not _inside_pair(sentence, start, match.start())
    ]
    edges = [start, *(edge for match in breaks for edge in match.span()), end]
    return list(zip(edges[::2], edges[1::2], strict=True))


def _thing(sentence: str, left: int, right: int) -> tuple[int, int] | None:
    """Return [left, right) without what only puts it in a row: 再, 另."""
    lead = _IN_TURN.match(sentence, left, right)
    return trim(sentence, lead.end() if lead else left, right)


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
    return _apart(trim(sentence, *thing) for thing in things if thing[0] < thing[1]) or [
        (start, end)
    ]


def joined(sentence: str, start: int, end: int) -> list[tuple[int, int]]:
    """Return the things that [start, end) joins by 和 alone: 菖蒲和美人蕉; itself for any other.

    Only where 和 is a word: not in 共和国.
    """
    if _MARK in sentence[start:end]:
        return [(start, end)]
    edges, at = [start], start
    for word in cut(sentence[start:end]):
        after = at + len(word)
        if word in _AND and not _inside_pair(sentence, start, at):
            edges += at, after
        at = after
    edges.append(end)
    parts = zip(edges[::2], edges[1::2], strict=True)
    return _apart(trim(sentence, *part) for part in parts if part[0] < part[1])


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
