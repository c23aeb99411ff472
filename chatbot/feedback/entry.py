"""One visitor's word on one answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from corpus.document import Document
from corpus.sentences import split_sentences

Rating = Literal["up", "down"]

# The longest reason and the longest right answer that are taken, in characters.
REASON_LIMIT = 1_000
PROPOSAL_LIMIT = 500


@dataclass(frozen=True, slots=True)
class Feedback:
    """What a visitor said of an answer, with all that is needed to ask the question again.

    `record` is the answer record as it was shown. `proposed` is what the visitor holds to be the
    right answer, `evidence` the sentence of the articles it stands in (None where it stands in
    none, or in several); `answerable` is False where the visitor says that the articles do not
    tell, None where nothing is said of it. `given` is when, in ISO 8601 with the UTC offset.
    """

    id: str
    given: str
    rating: Rating
    question: str
    history: tuple[str, ...]
    document: str | None
    record: dict[str, Any]
    reason: str | None = None
    proposed: str | None = None
    evidence: str | None = None
    answerable: bool | None = None


def find_evidence(
    proposed: str, record: dict[str, Any], documents: Sequence[Document]
) -> str | None:
    """Return the sentence that a proposed answer stands in: that of the answer, else the only one.

    None where no sentence holds it word for word, or several do and nothing tells which is meant.
    """
    sentence = record.get("sentence")
    if isinstance(sentence, str) and proposed in sentence:
        return sentence
    found = {
        text[start:end]
        for document in documents
        if proposed in document.text
        for text in map(document.paragraph_text, document.paragraphs)
        for start, end in split_sentences(text)
        if proposed in text[start:end]
    }
    return found.pop() if len(found) == 1 else None
