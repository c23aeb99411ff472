"""Proving made questions: kept is what wenda itself answers with the very words asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol

from chatbot.answer import Answer
from chatbot.question_making.making import MadeQuestion, make_questions
from chatbot.question_making.things import ThingKind
from chatbot.question_making.variety import most_various
from corpus.document import Document

SURE = 0.6
"""The least confidence of a kept question: from here on a reply says 比较有把握 (`reply.sureness`).

What is offered as an example must not be answered with 把握不大.
"""

_PER_DOCUMENT = 40
_IN_ALL = 1200
# Marks and hedges that one of two spans may have and the other not: 近40% and 40%.
_EDGES = " 《》“”‘’「」『』，。、；：约近达共仅的了"


class Asked(Protocol):
    """Whatever answers questions over the whole corpus: the bot."""

    def ask(self, question: str) -> Answer:
        """Return the answer."""
        ...


@dataclass(frozen=True, slots=True)
class ProvenQuestion:
    """A question that the corpus answers with `text[start:end]` of its document.

    `document` is the document's id, `paragraph` its number from 1, `section` its title or None;
    `confidence` (0 to 1) is that of the answer when it was proven.
    """

    question: str
    document: str
    paragraph: int
    section: str | None
    start: int
    end: int
    kind: ThingKind
    confidence: float


def asked_of_each(documents: int) -> int:
    """Return how many questions are tried of each document where there are that many.

    One question takes about 0.3 s (README), so an article of forty takes twelve seconds and 1,200
    in all six minutes. Beyond 1,200 documents each has one: five thousand take 25 minutes, once,
    and visitors are shown three at a time.
    """
    return max(1, min(_PER_DOCUMENT, _IN_ALL // max(1, documents)))


def candidates(document: Document, count: int) -> list[MadeQuestion]:
    """Return at most `count` questions to try of a document, the most various first."""
    return most_various(make_questions(document), count)


def prove(
    bot: Asked, made: Iterable[MadeQuestion], document: Document, done: Callable[[], None]
) -> Iterator[ProvenQuestion]:
    """Yield those of `made` that `bot` answers surely and rightly; `done` is called after each."""
    for one in made:
        proven = proven_by(bot.ask(one.question), one, document)
        done()
        if proven is not None:
            yield proven


def proven_by(
    answer: Answer, one: MadeQuestion | ProvenQuestion, document: Document
) -> ProvenQuestion | None:
    """Return the question with the words that `answer` gives, None where they are not those.

    They are where they stand at the same place, marks and hedges round them set aside.
    """
    found = answer.citation
    if not answer.answered or found is None or answer.confidence < SURE:
        return None
    if found.document != one.document or len(answer.answers) != 1:
        return None
    if _core(document.text, found.start, found.end) != _core(document.text, one.start, one.end):
        return None
    return ProvenQuestion(
        one.question,
        one.document,
        one.paragraph,
        one.section,
        found.start,
        found.end,
        one.kind,
        round(answer.confidence, 4),
    )


def _core(text: str, start: int, end: int) -> tuple[int, int]:
    """Return a span without the marks and hedges at its ends."""
    while start < end and text[start] in _EDGES:
        start += 1
    while end > start and text[end - 1] in _EDGES:
        end -= 1
    return start, end
