"""A paragraph that retrieval returned, with the scores that brought it."""

from __future__ import annotations

from dataclasses import dataclass

from corpus.document import Paragraph


@dataclass(frozen=True, slots=True)
class Passage:
    """A retrieved paragraph. Higher scores are better in all three.

    `text` is the paragraph's verbatim text. `dense` is the cosine of question and paragraph
    (-1 to 1), `lexical` the BM25 score (0 and up), `fused` the weighted sum of the two after
    z-scoring over the searched paragraphs (no unit; 0 is an average paragraph).
    """

    paragraph: Paragraph
    text: str
    dense: float
    lexical: float
    fused: float
