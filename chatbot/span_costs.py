"""What speaks against a span, besides the network that scores its first and its last token alone.

An answer seldom goes on over a comma or into a bracket, and seldom says again what the question
says: where the network points at the beginning of one answer and at the end of another
(13英寸长，而雌性则普遍只有10英寸), one of them is meant.
"""

from __future__ import annotations

import operator
from collections.abc import Collection, Sequence

import numpy as np
from numpy.typing import NDArray

# In logits, as `python -m training.fit_span_costs` finds them.
_ACROSS = 1.28  # for going on over the end of a clause
_BRACKET = 0.93  # for going on into a bracket
_SAID = 0.29  # for each character that the question has beside the same neighbour

_CLAUSE_ENDS = "，；：。！？,;:!?"
_BRACKETS = "（("


def span_costs(
    text: str, offsets: Sequence[tuple[int, int]], question: str, across: bool
) -> NDArray[np.float64]:
    """Return what each span costs in logits: (tokens, tokens), by its first and its last one.

    `offsets` are the characters of the tokens in `text`. Only with `across` does it cost to go on
    over the end of a clause: reasons and ways are told in several.
    """
    signs = span_signs(text, offsets, question, across)
    return _BRACKET * signs["bracket"] + _SAID * signs["said"] + _ACROSS * signs["across"]


def span_signs(
    text: str, offsets: Sequence[tuple[int, int]], question: str, across: bool
) -> dict[str, NDArray[np.float64]]:
    """Return each sign of all spans, as `span_costs`: `across` and `bracket` whether (1 or 0) the
    span goes on over the end of a clause and into a bracket, `said` how many of its characters the
    question has beside the same neighbour. Nothing for spans that end before they start.
    """
    words = [text[start:end] for start, end in offsets]
    ends = np.array([any(mark in word for mark in _CLAUSE_ENDS) for word in words])
    brackets = np.array([any(mark in word for mark in _BRACKETS) for word in words])
    pairs = {pair for at in range(len(question) - 1) if (pair := question[at : at + 2]).isalnum()}
    said = np.array([_said(text, start, end, pairs) for start, end in offsets])
    return {
        "across": ((_between(ends) > 0) & across).astype(np.float64),
        # A span that is bracketed itself goes into none.
        "bracket": (_between(brackets) - brackets[:, None] > 0).astype(np.float64),
        "said": _between(said),
    }


def _between(counts: NDArray[np.generic]) -> NDArray[np.float64]:
    """Return the sums of `counts` from the first to the last token of each span, at least 0."""
    passed = np.concatenate([[0.0], np.cumsum(counts, dtype=np.float64)])
    sums: NDArray[np.float64] = passed[None, 1:] - passed[:-1, None]
    return sums.clip(min=0.0)


def _said(text: str, start: int, end: int, pairs: Collection[str]) -> int:
    """Return how many characters of [start, end) stand in one of `pairs` with a neighbour."""
    held = [text[max(0, at) : at + 2] in pairs for at in range(start - 1, end)]
    return sum(map(operator.or_, held, held[1:]))
