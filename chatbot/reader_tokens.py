"""A text as the reader's network sees it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Tokens:
    """A tokenised text: piece ids and their (start, end) in characters of the raw text."""

    ids: list[int]
    offsets: list[tuple[int, int]]
