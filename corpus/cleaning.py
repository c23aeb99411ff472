"""Taking the scars of page and file out of an article, one pure function per repair.

Every repair takes lines and returns the lines after it with the list of `Repair`s it made: good
text passes through unchanged with an empty list. No repair adds, drops or reorders a character
that is not white space, with two exceptions: `remove_control_characters` drops characters that
cannot be seen, and `join_broken_sentences` moves a jump line behind the sentence it interrupts.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from corpus.document import Repair
from corpus.line_shapes import (
    CLOSING_MARKS,
    HAN,
    JUMP_AT_END,
    JUMP_AT_START,
    OPENING_MARKS,
    is_byline,
    is_caption,
    is_complete,
    is_ellipsis_line,
    is_heading_shape,
    is_jump_line,
    is_list_item,
    is_short,
    is_structure,
    label,
    width,
)

CONTEXT = 12
"""Characters of text that a `Repair` shows on each side of its change."""

BROKEN_MAXIMUM = 3000
"""Characters beyond which a block is no longer taken for the first part of a broken sentence.

It keeps joining linear in a file whose every line lacks its punctuation.
"""

WRAP_WIDTHS = range(24, 161)
"""Columns that a hard-wrapped line may take; verse is narrower, real paragraphs are wider."""

WRAP_SLACK = 6
"""Columns by which a full line may fall short: punctuation or a Latin word moved down."""

LETTER_SPACES = 8
"""Spaces between Chinese characters from which a line may count as letter-spaced."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the file, or several joined; `number` is that of the first, from 1."""

    number: int
    text: str


Repaired = tuple[list[Line], list[Repair]]
LineRepair = Callable[[Sequence[Line]], Repaired]


def clean(raw: str) -> tuple[str, tuple[Repair, ...]]:
    """Return an article's cleaned text and every change that was made, in order of the file.

    The text is blocks (title, headings, paragraphs, jump lines), each on one line, separated by
    one empty line; "" when the file holds nothing but white space. Cleaning a cleaned text
    changes nothing. Never raises, whatever the text.
    """
    lines, repairs = split_lines(raw)
    line_repairs: tuple[LineRepair, ...] = (
        remove_control_characters,
        join_hard_wraps,
        strip_lines,
    )
    for repair in line_repairs:
        lines, made = repair(lines)
        repairs += made
    block_repairs: tuple[LineRepair, ...] = (
        close_letter_spacing,
        split_off_jump_lines,
        join_broken_sentences,
        join_ellipses,
    )
    # One join can bring two more blocks together, so the repairs run until none finds work. Each
    # round takes a block away or sets a jump line apart for good, so it ends.
    working = True
    while working:
        working = False
        for repair in block_repairs:
            lines, made = repair(lines)
            repairs += made
            working = working or bool(made)
    repairs.sort(key=lambda made: made.line)
    return "\n\n".join(line.text for line in lines), tuple(repairs)


_LINE_ENDINGS = re.compile("\r\n|[\n\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029]")
_ENDING_NAMES = {
    "\r\n": "CRLF",
    "\r": "CR",
    "\x0b": "vertical tab",
    "\x0c": "form feed",
    "\x1c": "file separator",
    "\x1d": "group separator",
    "\x1e": "record separator",
    "\x85": "NEL",
    "\u2028": "U+2028",
    "\u2029": "U+2029",
}


def split_lines(text: str) -> Repaired:
    """Cut a file's text into lines at whatever ending it uses; line numbers are an editor's.

    LF, CRLF and CR count as lines of the file. Form feeds, vertical tabs, NEL and the Unicode
    separators break a line without counting; a form feed, being the end of a page, leaves an
    empty line as well. One `Repair` per unusual ending, where it is met first. Must not touch
    anything else: tabs and spaces stay for the repairs that read indents.

    >>> split_lines("甲\\r\\n乙")[0]
    [Line(number=1, text='甲'), Line(number=2, text='乙')]
    """
    lines: list[Line] = []
    repairs: list[Repair] = []
    seen = {"\n"}
    number, start = 1, 0
    for match in _LINE_ENDINGS.finditer(text):
        ending = match.group()
        lines.append(Line(number, text[start : match.start()]))
        if ending in "\x0c\x1c\x1d":
            lines.append(Line(number, ""))
        if ending not in seen:
            seen.add(ending)
            repairs.append(Repair("line-ending", number, _ENDING_NAMES[ending], "LF"))
        if ending in ("\n", "\r", "\r\n"):
            number += 1
        start = match.end()
    lines.append(Line(number, text[start:]))
    return lines, repairs


# Characters that show nothing and mean nothing in an article: C0 and C1 controls, zero-width
# spaces and byte order marks, soft hyphens, bidirectional controls, interlinear anchors, halves
# of surrogate pairs. Line endings and tabs are not in the class: they are white space.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\xad\u061c\u180e\u200b\u200e\u200f"
    "\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff]+"
)
_JOINERS = re.compile("[\u200c\u200d]+")
_CHINESE = re.compile(f"[{HAN}\u3000-\u303f\uff00-\uffef\u2014\u2018-\u201d\u2026]")


def remove_control_characters(lines: Sequence[Line]) -> Repaired:
    """Drop characters that cannot be seen; every dropped run is a `Repair` of its own.

    A unit separator (white space to Python) becomes a space. Zero-width joiners go where they
    join nothing, beside Chinese, ASCII or white space. Must not touch white space, joiners inside
    emoji and in scripts that need them, variation selectors, private-use characters or U+FFFD.

    >>> remove_control_characters([Line(1, "北\\u200b仑")])[0]
    [Line(number=1, text='北仑')]
    """
    cleaned: list[Line] = []
    repairs: list[Repair] = []
    for line in lines:
        text = line.text.replace("\x1f", " ")
        if text != line.text:
            repairs.append(Repair("control-character", line.number, "\x1f", " "))
        for pattern in (_INVISIBLE, _JOINERS):
            text, made = _drop(pattern, text, line.number)
            repairs += made
        cleaned.append(line if text == line.text else Line(line.number, text))
    return cleaned, repairs


def _drop(pattern: re.Pattern[str], text: str, number: int) -> tuple[str, list[Repair]]:
    pieces: list[str] = []
    repairs: list[Repair] = []
    start = 0
    for match in pattern.finditer(text):
        before, after = text[: match.start()][-1:], text[match.end() : match.end() + 1]
        if pattern is _JOINERS and not (_joins_nothing(before) or _joins_nothing(after)):
            continue
        left = text[max(start, match.start() - CONTEXT) : match.start()]
        repairs.append(
            Repair("control-character", number, left + match.group() + after, left + after)
        )
        pieces.append(text[start : match.start()])
        start = match.end()
    return "".join([*pieces, text[start:]]), repairs


def _joins_nothing(char: str) -> bool:
    """Tell whether a zero-width joiner beside this character ("" at an edge) has no effect."""
    return not char or char.isspace() or char.isascii() or _CHINESE.match(char) is not None


def join_hard_wraps(lines: Sequence[Line]) -> Repaired:
    """Join the lines of a block that a program cut at a fixed width.

    A block (lines with no empty one between) of three lines or more counts as hard-wrapped when
    at least two of its lines before the last are full, most of them are, and at least half of the
    full ones stop amid a sentence with no punctuation at all. In such a block a full line takes
    what follows; a shorter line, or an indent before the next, ends a paragraph. Must not touch
    verse and lists (narrow, or ending in punctuation), blocks of whole paragraphs, markup,
    captions or jump lines.
    """
    joined: list[Line] = []
    repairs: list[Repair] = []
    block: list[Line] = []
    for line in [*lines, Line(0, "")]:
        if line.text.strip():
            block.append(line)
            continue
        for group in _wrapped_groups(block):
            whole, made = _join_group(group)
            joined.append(whole)
            repairs += made
        joined.append(line)
        block = []
    return joined[:-1], repairs


def _wrapped_groups(block: list[Line]) -> list[list[Line]]:
    """Return the lines of a block in groups, each of them a paragraph."""
    apart = [[line] for line in block]
    texts = [line.text.strip() for line in block]
    # A wrapped line is at most 160 columns; longer ones need no measuring, only ruling out.
    widths = [width(text) if len(text) <= 400 else 999 for text in texts]
    if len(block) < 3 or max(widths) not in WRAP_WIDTHS:
        return apart
    # Programs count columns or characters; with Latin words in the text the two disagree, and
    # the right one fills more lines.
    full = max(
        _full_lines(texts, widths, WRAP_SLACK),
        _full_lines(texts, [len(text) for text in texts], WRAP_SLACK // 2),
        key=sum,
    )
    if not any(full):
        return apart
    indents = [len(line.text) - len(line.text.lstrip()) for line in block]
    margin = min(indents)
    groups = [[block[0]]]
    for index, line in enumerate(block[1:], start=1):
        indented = indents[index] > margin
        if full[index - 1] and not indented and not _stands_alone(texts[index]):
            groups[-1].append(line)
        else:
            groups.append([line])
    return groups


def _full_lines(texts: list[str], sizes: list[int], slack: int) -> list[bool]:
    """Tell which lines of a block fill its width; none when the block is not hard-wrapped."""
    least = max(sizes) - slack
    full = [size >= least for size in sizes]
    full_texts = [text for text, is_full in zip(texts[:-1], full[:-1], strict=True) if is_full]
    amid = sum(text[-1].isalnum() for text in full_texts)
    # Every paragraph of a block has one line that is short, its last; three in five are full.
    if len(full_texts) < 2 or 5 * len(full_texts) < 3 * (len(texts) - 1):
        return [False] * len(texts)
    return full if 2 * amid >= len(full_texts) else [False] * len(texts)


def _join_group(group: list[Line]) -> tuple[Line, list[Repair]]:
    if len(group) == 1:
        return group[0], []
    repairs: list[Repair] = []
    pieces = [group[0].text.strip()]
    for line in group[1:]:
        text = line.text.strip()
        glue = _glue(pieces[-1], text)
        repairs.append(_join_repair("hard-wrap", line.number, pieces[-1], "\n", glue, text))
        pieces += [glue, text] if glue else [text]
    return Line(group[0].number, "".join(pieces)), repairs


def _stands_alone(text: str) -> bool:
    """Tell whether a line begins something of its own, whatever stood before it."""
    return _is_apart(text) or is_list_item(text)


def strip_lines(lines: Sequence[Line]) -> Repaired:
    """Strip white space, ideographic (U+3000) too, from both ends of every line; drop empty ones.

    Empty lines and lines of nothing but white space go without a `Repair`: what they separate
    stays separate. Must not touch white space between words.

    >>> strip_lines([Line(1, "\\u3000\\u3000北仑  奋楫 ")])[0]
    [Line(number=1, text='北仑  奋楫')]
    """
    stripped: list[Line] = []
    repairs: list[Repair] = []
    for line in lines:
        text = line.text.strip()
        if not text:
            continue
        if text == line.text:
            stripped.append(line)
            continue
        stripped.append(Line(line.number, text))
        start = line.text.find(text[0])
        head, tail = line.text[:start][-CONTEXT:], line.text[start + len(text) :][:CONTEXT]
        shown = text if len(text) <= 2 * CONTEXT else f"{text[:CONTEXT]}…{text[-CONTEXT:]}"
        repairs.append(Repair("surrounding-space", line.number, head + shown + tail, shown))
    return stripped, repairs


_CJK = f"{HAN}\u3001-\u303f\uff00-\uffef“”‘’—…"
_LETTER_SPACE = re.compile(rf"(?<=[{_CJK}])[ \t\xa0\u2002-\u200a\u3000]+(?=[{_CJK}])")
_NO_SPACE = re.compile(rf"(?<=[{_CJK}])(?=[{_CJK}])")


def close_letter_spacing(lines: Sequence[Line]) -> Repaired:
    """Close up a line that has a space between nearly all its Chinese characters (PDF text).

    From eight such spaces on, when four in five neighbours are kept apart by one. Must not touch
    a spaced heading or name (北 仑 奋 楫, 张 三), spaces that separate items or clauses, or any
    space beside a Latin letter or digit.
    """
    closed: list[Line] = []
    repairs: list[Repair] = []
    for line in lines:
        spaces = len(_LETTER_SPACE.findall(line.text))
        if spaces < LETTER_SPACES or spaces < 4 * len(_NO_SPACE.findall(line.text)):
            closed.append(line)
            continue
        text = _LETTER_SPACE.sub("", line.text)
        closed.append(Line(line.number, text))
        repairs.append(
            Repair("letter-spacing", line.number, line.text[: 2 * CONTEXT], text[:CONTEXT])
        )
    return closed, repairs


def split_off_jump_lines(lines: Sequence[Line]) -> Repaired:
    """Give a bracketed jump line that stands at an end of a paragraph a line of its own.

    Must not touch one amid a paragraph, nor words about pages without brackets.

    >>> [line.text for line in split_off_jump_lines([Line(1, "(上接第1版)港口繁忙。")])[0]]
    ['(上接第1版)', '港口繁忙。']
    """
    split: list[Line] = []
    repairs: list[Repair] = []
    for line in lines:
        pieces = [line.text] if is_jump_line(line.text) else _jump_pieces(line.text)
        split += [Line(line.number, piece) for piece in pieces]
        repairs += [
            _join_repair("jump-line-apart", line.number, one, "", "\n\n", two)
            for one, two in pairwise(pieces)
        ]
    return split, repairs


def _jump_pieces(text: str) -> list[str]:
    before: list[str] = []
    after: list[str] = []
    start, end = 0, len(text)
    while match := JUMP_AT_START.match(text, start, end):
        before.append(match.group())
        start = _skip_space(text, match.end(), end)
    # A jump line is at most some 40 characters, so its opening bracket is in this tail.
    while match := JUMP_AT_END.search(text, max(start, end - 60), end):
        after.append(match.group())
        end = match.start()
        while end > start and text[end - 1].isspace():
            end -= 1
    return [*before, *([text[start:end]] if start < end else []), *reversed(after)]


def _skip_space(text: str, start: int, end: int) -> int:
    while start < end and text[start].isspace():
        start += 1
    return start


def join_broken_sentences(lines: Sequence[Line]) -> Repaired:
    """Join a sentence that the end of a column or page broke in two.

    A block is joined to the next when it breaks off amid a sentence and the next can carry it on
    (`_breaks_off_before`). Jump lines between the two move behind the joined paragraph. Chinese
    is joined without a space, Latin words with one. Must not touch headings, list items,
    captions, bylines, verse, markup, or a block behind one that ends as blocks do (a colon before
    a list included).
    """
    joined: list[Line] = []
    repairs: list[Repair] = []
    in_verse = _mark_verse(lines)
    index = 0
    while index < len(lines):
        text, verse, following = lines[index].text, in_verse[index], index + 1
        moved: list[Line] = []
        while not is_jump_line(text):
            after = following
            while after < len(lines) and is_jump_line(lines[after].text):
                after += 1
            if after == len(lines):
                break
            other = lines[after]
            # Verse breaks its lines on purpose, unless the break would strand a closing mark.
            if verse and in_verse[after] and other.text[0] not in CLOSING_MARKS:
                break
            if not _breaks_off_before(text, other.text):
                break
            jumps = lines[following:after]
            repairs += _broken_repairs(text, jumps, other)
            moved += jumps
            text += _glue(text, other.text) + other.text
            verse, following = False, after + 1
        joined += [Line(lines[index].number, text), *moved]
        index = following
    return joined, repairs


def _broken_repairs(text: str, jumps: Sequence[Line], other: Line) -> list[Repair]:
    glue = _glue(text, other.text)
    gap = "".join(f"\n\n{jump.text}" for jump in jumps) + "\n\n"
    return [
        _join_repair("broken-sentence", other.number, text, gap, glue, other.text),
        *(
            Repair(
                "jump-line-moved",
                jump.number,
                f"{_tail(text)}\n\n{jump.text}\n\n{_head(other.text)}",
                f"{_tail(text)}{glue}{_head(other.text)}\n\n{jump.text}",
            )
            for jump in jumps
        ),
    ]


def join_ellipses(lines: Sequence[Line]) -> Repaired:
    """Join a paragraph that is only an ellipsis to the paragraph it leads in.

    Must not touch one that a heading, list item, caption, jump line or nothing follows.

    >>> [line.text for line in join_ellipses([Line(1, "……"), Line(2, "更多变化悄然而至。")])[0]]
    ['……更多变化悄然而至。']
    """
    joined: list[Line] = []
    repairs: list[Repair] = []
    # From the end, so that several in a row all reach what the last of them leads in.
    for line in reversed(lines):
        following = joined[-1] if joined else None
        if (
            following is None
            or not is_ellipsis_line(line.text)
            or is_ellipsis_line(following.text)
            or is_heading_shape(following.text)
            or _stands_alone(following.text)
        ):
            joined.append(line)
            continue
        joined[-1] = Line(line.number, line.text + following.text)
        repairs.append(
            _join_repair("ellipsis", following.number, line.text, "\n\n", "", following.text)
        )
    return joined[::-1], repairs[::-1]


_INNER_MARKS = re.compile(r"[，。！？；,;!?]")
_INNER_ENDS = re.compile(r"[。！？!?]")
_SPEAKERS = frozenset({"记者", "主持人", "编者按"})


def _breaks_off_before(text: str, following: str) -> bool:
    """Tell whether a block breaks off amid a sentence that the following block carries on."""
    if _is_apart(text) or _is_apart(following) or len(text) > BROKEN_MAXIMUM:
        return False
    if is_ellipsis_line(text) or is_ellipsis_line(following):
        return False
    # No line of Chinese begins with a closing mark or a comma; a quote may close after a full stop.
    if following[0] in CLOSING_MARKS:
        return True
    if is_complete(text):
        return False
    if following[0] in "，。、；：！？":
        return True
    return _breaks_off(text, following) and _carries_on(text, following)


def _is_apart(text: str) -> bool:
    return is_structure(text) or is_jump_line(text) or is_caption(text) or is_byline(text)


def _breaks_off(text: str, following: str) -> bool:
    if is_heading_shape(text):
        return False
    if text[-1] in OPENING_MARKS or text[-1] in "，、,":
        return True
    if is_list_item(text):
        return False
    if is_short(text):
        # 苹果，红色 is an item; 突破的。如今，在梅山 is running text.
        return _INNER_ENDS.search(text) is not None
    if _is_latin(text[-1]) and following[0].islower():
        return True
    # A long line without any punctuation may be a headline; at 80 columns no longer.
    return _INNER_MARKS.search(text[-400:]) is not None or len(text) > 80 or width(text) > 80


def _carries_on(text: str, following: str) -> bool:
    if is_heading_shape(following) or is_list_item(following) or following[0] == "…":
        return False
    name = label(following)
    if name is None:
        return True
    # 问： and 地址： open a turn or a field; 打了|个比方：… is a sentence that goes on.
    return not (len(name) <= 2 or name in _SPEAKERS or is_short(text) or label(text) is not None)


def _mark_verse(lines: Sequence[Line]) -> list[bool]:
    """Mark the lines of a run of short ones that holds three or more: verse, menus, lists.

    Jump lines and what looks like a heading belong to a run but do not count.
    """
    marks = [False] * len(lines)
    start = count = 0
    for index in range(len(lines) + 1):
        text = lines[index].text if index < len(lines) else ""
        if text and is_short(text):
            count += not (is_jump_line(text) or is_heading_shape(text))
            continue
        if count >= 3:
            marks[start:index] = [True] * (index - start)
        start, count = index + 1, 0
    return marks


def _is_latin(char: str) -> bool:
    return char.isalpha() and unicodedata.east_asian_width(char) not in "WF"


def _glue(left: str, right: str) -> str:
    """Return what joins two halves: a space between words of a script that has spaces, or ""."""
    end, start = left[-1], right[0]
    if _is_latin(end) and (_is_latin(start) or start.isdecimal()):
        return " "
    if _is_latin(start) and (end.isdecimal() or end in ",;:.!?)"):
        return " "
    return ""


def _join_repair(kind: str, line: int, left: str, gap: str, glue: str, right: str) -> Repair:
    one, two = _tail(left), _head(right)
    return Repair(kind, line, f"{one}{gap}{two}", f"{one}{glue}{two}")


def _tail(text: str) -> str:
    return text[-CONTEXT:]


def _head(text: str) -> str:
    return text[:CONTEXT]
