"""Cutting an article into the chunks that are embedded, retrieved and cited."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from corpus.document import Paragraph
from corpus.sections import Block
from corpus.sentences import split_sentences

LONGEST = 1000
"""Characters that a chunk takes at most. The longest paragraph of CMRC 2018 dev has 961."""


def find_paragraphs(text: str, blocks: Sequence[Block], document: str) -> tuple[Paragraph, ...]:
    """Return the paragraphs of an article in reading order, numbered from 1.

    `blocks` are those of `text`; `document` is the document's id. Title, headings and jump lines
    are none. A block of more than `LONGEST` characters becomes several paragraphs, cut between
    sentences; what lies between them is white space. A caption belongs to its picture, not to the
    section that the page put it under: its section is None. () when there is no body.
    """
    paragraphs: list[Paragraph] = []
    heading: str | None = None
    for block in blocks:
        if block.role == "heading":
            heading = block.title
        if block.role not in ("paragraph", "caption"):
            continue
        section = heading if block.role == "paragraph" else None
        for start, end in _chunks(text, block.start, block.end):
            paragraphs.append(Paragraph(document, section, len(paragraphs) + 1, start, end))
    return tuple(paragraphs)


def _chunks(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield a block in stretches of whole sentences, about equally long, `LONGEST` at most."""
    if end - start <= LONGEST:
        yield start, end
        return
    # As few chunks as will hold it, filled evenly, so that no scrap is left for the last.
    share = (end - start) / -(-(end - start) // LONGEST)
    first = last = -1
    for sentence_start, sentence_end in split_sentences(text[start:end]):
        opens, closes = start + sentence_start, start + sentence_end
        if first >= 0 and (closes - first > LONGEST or last - first >= share):
            yield first, last
            first = -1
        if first < 0:
            first = opens
        last = closes
    if first >= 0:
        yield first, last
