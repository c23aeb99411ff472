"""A paragraph that retrieval returned, with the scores that brought it."""

from __future__ import annotations

from dataclasses import dataclass

from corpus.document import Paragraph

# Characters of a title, and of the text before a paragraph, that are read with it.
_TITLE = 20
BEFORE = 80


@dataclass(frozen=True, slots=True)
class Passage:
    """A retrieved paragraph. Higher scores are better in all three.

    `text` is the paragraph's verbatim text. `dense` is the cosine of question and paragraph
    (-1 to 1), `lexical` the BM25 score (0 and up), of other words too where the retriever knows
    them, `fused` the weighted sum of the two after z-scoring over the searched paragraphs (no unit;
    0 is an average paragraph). `lead_up` is what the paragraph is read after (see the function),
    "" for nothing.
    """

    paragraph: Paragraph
    text: str
    dense: float
    lexical: float
    fused: float
    lead_up: str = ""


def lead_up(title: str, before: str) -> str:
    """Return what a reader of a paragraph must have seen to know whom it calls 他 or 这家企业.

    The last BEFORE characters of the text `before` it in its document, after the document's
    `title`.
    """
    near = before[-BEFORE:]
    short = title[:_TITLE]
    return near if not short or short in near else f"{short}。{near}"
