"""The answer and its citation, and the record that the CLI, the API and reports share."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

from corpus.document import Document
from index.passage import Passage

Kind = Literal["span", "list", "passage", "refusal", "chat"]


@dataclass(frozen=True, slots=True)
class Citation:
    """Where an answer stands: `start` and `end` are offsets of the quoted span in the document.

    `document` is the document's id, `paragraph` its number from 1, `text` the whole paragraph.
    """

    document: str
    title: str
    section: str | None
    paragraph: int
    start: int
    end: int
    text: str

    def record(self) -> dict[str, Any]:
        """Return the citation as it stands in an answer record."""
        return {
            "document": self.document,
            "title": self.title,
            "section": self.section,
            "paragraph": self.paragraph,
            "start": self.start,
            "end": self.end,
            "text": self.text,
        }


@dataclass(frozen=True, slots=True)
class QuotedSpan:
    """One of several things that were asked for: a verbatim span and where it stands.

    Where the chat asks back it is one of the things that may be meant: `confidence` is then the
    probability (0 to 1) that it is right, `sentence` the verbatim sentence round it, and `question`
    asks for it alone (None where no wording is known that does). Things of a list that stand in
    several sentences have their `sentence` too.
    """

    answer: str
    citation: Citation
    confidence: float | None = None
    sentence: str | None = None
    question: str | None = None

    def record(self) -> dict[str, Any]:
        """Return the span as it stands in an answer record."""
        return {
            "answer": self.answer,
            "citation": self.citation.record(),
            "confidence": None if self.confidence is None else round(self.confidence, 4),
            "sentence": self.sentence,
            "question": self.question,
        }


@dataclass(frozen=True, slots=True)
class Answer:
    """What wenda says to a question.

    When `answered`, `document.text[citation.start:citation.end] == answer`, `sentence` is a
    verbatim stretch of the same paragraph that contains the answer, and `answers` holds at least
    the one entry; where it `asks_back`, `answers` are the things that may be meant, the likeliest
    first, and `answer` is that one. When not answered, `answer`, `sentence` and `citation` are None
    and `answers` is empty.
    `confidence` is the probability (0 to 1) that the best guess is right, given or withheld.
    `passages` are those that came closest, best first. `milliseconds` is the time from question
    to answer, without transport.
    """

    question: str
    understood: str
    answered: bool
    kind: Kind
    answer: str | None
    sentence: str | None
    answers: tuple[QuotedSpan, ...]
    confidence: float
    citation: Citation | None
    passages: tuple[Passage, ...]
    suggestions: tuple[str, ...]
    reply: str
    milliseconds: float
    id: str | None = field(default=None)
    asks_back: bool = False

    def record(self) -> dict[str, Any]:
        """Return the answer record that `ask --json`, `test --answers` and the API give."""
        return {
            "id": self.id,
            "question": self.question,
            "understood": self.understood,
            "answered": self.answered,
            "kind": self.kind,
            "answer": self.answer,
            "sentence": self.sentence,
            "answers": [span.record() for span in self.answers],
            "asks_back": self.asks_back,
            "confidence": round(self.confidence, 4),
            "citation": self.citation.record() if self.citation else None,
            "passages": [
                {
                    "document": passage.paragraph.document,
                    "paragraph": passage.paragraph.number,
                    "score": round(passage.fused, 4),
                }
                for passage in self.passages
            ],
            "suggestions": list(self.suggestions),
            "reply": self.reply,
            "milliseconds": round(self.milliseconds, 1),
        }


def verify_verbatim(answer: Answer, document: Document) -> None:
    """Raise ValueError unless `answer` keeps the verbatim promise against its document.

    It is the last gate before an answer leaves: a wrong quotation is worse than an error.
    """
    if not answer.answered:
        if answer.answer is not None or answer.sentence is not None or answer.citation is not None:
            raise ValueError("an answer that is not given must carry no quotation")
        return
    if answer.citation is None or answer.answer is None or answer.sentence is None:
        raise ValueError("a given answer needs its quotation, sentence and citation")
    spans = (QuotedSpan(answer.answer, answer.citation), *answer.answers)
    for span in spans:
        if document.id == span.citation.document and (
            document.text[span.citation.start : span.citation.end] != span.answer
        ):
            raise ValueError(f"not verbatim: {span.answer!r} at {span.citation.start}")
    if answer.answer not in answer.sentence or answer.sentence not in answer.citation.text:
        raise ValueError(f"the answer {answer.answer!r} does not stand in its sentence")
