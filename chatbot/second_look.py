"""A second look at what may answer: which passages are read again, and which side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from index.passage import Passage

# Passages that are read again, and windows for all that are read side by side.
_AGAIN = 3
_WINDOWS = 3


def likeliest(passages: Sequence[Passage], masses: Sequence[float]) -> list[Passage]:
    """Return which passages to read again, likeliest first.

    `masses` is what the network makes of the sentences that stand in `passages`, one each.
    """
    order = sorted(range(len(masses)), key=lambda at: -masses[at])
    return list(dict.fromkeys(passages[at] for at in order))[:_AGAIN]


def side_by_side(
    passages: Sequence[Passage], sizes: Sequence[int], room: int, overlap: int
) -> tuple[Passage | None, dict[Passage, int]]:
    """Return `passages` as one, in the order of their documents, and where each begins in it.

    As many of the first as fit in _WINDOWS windows of `room` tokens that share `overlap`; `sizes`
    are the passages' tokens. None where fewer than two do.
    """
    left = _WINDOWS * (room - overlap) + overlap
    fitting: list[Passage] = []
    for passage, size in zip(passages, sizes, strict=True):
        left -= size + 1
        if left < 0:
            break
        fitting.append(passage)
    if len(fitting) < 2:
        return None, {}
    fitting.sort(key=lambda passage: (passage.paragraph.document, passage.paragraph.start))
    places: dict[Passage, int] = {}
    text = ""
    for passage in fitting:
        places[passage] = len(text)
        text += passage.text.rstrip() + "\n"
    return replace(fitting[0], text=text.rstrip(), lead_up=""), places
