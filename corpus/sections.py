"""The blocks of a cleaned article and what each is: title, heading, paragraph, caption, jump."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from corpus.document import Section
from corpus.line_shapes import (
    is_byline,
    is_caption,
    is_complete,
    is_heading_shape,
    is_jump_line,
    is_list_item,
    is_short,
    is_structure,
    markdown_heading,
    numbered_heading_kind,
    width,
)

TITLE_WIDTH = 60
"""Columns (30 Chinese characters) that a title takes at most; headlines outrun headings."""

Role = Literal["title", "heading", "paragraph", "caption", "jump"]


@dataclass(frozen=True, slots=True)
class Block:
    """A line of a cleaned text: `text[start:end]`, end exclusive, and its role.

    `title` is the line without Markdown's number signs, None unless it is a title or heading.
    """

    start: int
    end: int
    role: Role
    title: str | None


def find_blocks(text: str) -> tuple[Block, ...]:
    """Return the blocks of a cleaned text (lines, an empty one between each two), in order.

    A title stands only first and only before something else. A heading is a short line without
    sentence punctuation behind a complete block and before body text; lines of verse and lists
    are paragraphs. () for "".
    """
    lines = text.split("\n\n") if text else []
    blocks: list[Block] = []
    start = 0
    for line, role in zip(lines, _roles(lines), strict=True):
        title = (markdown_heading(line) or line) if role in ("title", "heading") else None
        blocks.append(Block(start, start + len(line), role, title))
        start += len(line) + 2
    return tuple(blocks)


def find_title(blocks: Sequence[Block]) -> str | None:
    """Return the article's title, None when it has none and its file name must serve."""
    return blocks[0].title if blocks and blocks[0].role == "title" else None


def find_sections(blocks: Sequence[Block]) -> tuple[Section, ...]:
    """Return the headings as sections, in order; each reaches to the next heading or the end.

    `heading_start` to `heading_end` is the whole line, Markdown's number signs included.
    """
    headings = [index for index, block in enumerate(blocks) if block.role == "heading"]
    sections: list[Section] = []
    for place, index in enumerate(headings):
        heading = blocks[index]
        following = headings[place + 1] if place + 1 < len(headings) else len(blocks)
        under = blocks[index + 1 : following]
        sections.append(
            Section(
                title=heading.title or "",
                heading_start=heading.start,
                heading_end=heading.end,
                start=under[0].start if under else heading.end,
                end=under[-1].end if under else heading.end,
            )
        )
    return tuple(sections)


def _roles(lines: Sequence[str]) -> list[Role]:
    leads = _lead_to_body(lines)
    roles: list[Role] = []
    for index, line in enumerate(lines):
        if is_jump_line(line):
            roles.append("jump")
        elif index == 0 and _is_title(lines):
            roles.append("title")
        elif leads[index] and (
            index == 0
            or markdown_heading(line) is not None
            or roles[-1] in ("title", "heading", "jump", "caption")
            or _closes(lines[index - 1])
        ):
            roles.append("heading")
        else:
            roles.append("caption" if is_caption(line) else "paragraph")
    if "paragraph" not in roles and "caption" not in roles:
        # Nothing but headings: then they are all that there is to ask about.
        return ["jump" if role == "jump" else "paragraph" for role in roles]
    return roles


def _is_title(lines: Sequence[str]) -> bool:
    """Tell whether the first line is the title: of its shape, and something follows it."""
    first = lines[0]
    if len(lines) == 1:
        return False
    if is_heading_shape(first):
        return True
    if width(first[: TITLE_WIDTH + 1]) > TITLE_WIDTH or not any(map(str.isalpha, first)):
        return False
    if is_structure(first) or is_list_item(first) or is_caption(first) or is_byline(first):
        return False
    bare = first.rstrip("？！?!")
    if any(mark in bare for mark in "。！？；;…") or first.endswith(tuple("，、：,:.")):
        return False
    # 向海而生，北仑奋楫 over a long paragraph is a headline; over a short line it may be the
    # first half of a sentence.
    return not any(mark in bare for mark in "，,") or not is_short(lines[1])


def _lead_to_body(lines: Sequence[str]) -> list[bool]:
    """Mark the lines of heading shape that body text, or a lower heading before it, follows."""
    leads = [False] * len(lines)
    for index in range(len(lines) - 1, -1, -1):
        line = lines[index]
        if markdown_heading(line) is not None:
            leads[index] = True
        elif index + 1 < len(lines) and is_heading_shape(line):
            leads[index] = _is_body(lines[index + 1]) or (
                leads[index + 1] and _level(line) < _level(lines[index + 1])
            )
    return leads


def _level(line: str) -> int:
    """Return a rank for a line of heading shape: the smaller, the higher the heading."""
    if markdown_heading(line) is not None:
        return 4  # below all others, so that they may stand over it
    return {"chapter": 0, "number": 1, "bracket": 2, None: 3}[numbered_heading_kind(line)]


def _is_body(line: str) -> bool:
    if is_heading_shape(line) or is_jump_line(line):
        return False
    return is_complete(line) or not is_short(line)


def _closes(line: str) -> bool:
    """Tell whether a block is complete, so that a heading may follow it."""
    return is_complete(line) or is_caption(line) or is_byline(line) or is_structure(line)
