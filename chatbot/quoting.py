"""Which words of the article are shown: a span as it is, a list's things, the clauses that tell."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from chatbot.answer_type import ExpectedKind
from chatbot.clauses import clauses_around
from chatbot.enumeration import enumerated
from chatbot.reader import Span

# A list of more than these is a table.
_MOST = 12
# Logits under "no answer" from which on the reader's words say nothing about the place.
_UNSEEN = -5.0


@dataclass(frozen=True, slots=True)
class Quotation:
    """The stretch that answers and, of several things, each: (start, end) in the document.

    `things` holds `whole` alone where one thing was asked for or found.
    """

    whole: tuple[int, int]
    things: tuple[tuple[int, int], ...]


def quote(
    expected: ExpectedKind,
    span: Span,
    text: str,
    others: Callable[[], Sequence[Span]],
) -> Quotation:
    """Return what is shown of `text`, the document's, when `span` answers.

    `others` gives what else in the passage answers; it is asked only for a list that the article
    does not make itself.
    """
    if expected == "passage":
        whole = _telling(span, text)
        return Quotation(whole, (whole,))
    whole = (span.start, span.end)
    if expected == "list":
        offset = span.sentence_start
        sentence = text[offset : span.sentence_end]
        listed = enumerated(sentence, span.start - offset, span.end - offset)
        things = [(offset + start, offset + end) for start, end in listed]
        if len(things) > 1:
            return Quotation((things[0][0], things[-1][1]), tuple(things[:_MOST]))
        apart = sorted([whole, *((other.start, other.end) for other in others())])
        return Quotation(whole, tuple(apart[:_MOST]))
    return Quotation(whole, (whole,))


def _telling(span: Span, text: str) -> tuple[int, int]:
    """Return the clauses that tell a reason, a way or a yes, or the whole sentence.

    The sentence where the reader sees no answer in it at all: then nobody knows which clause.
    """
    offset = span.sentence_start
    if span.margin <= _UNSEEN:
        return span.sentence_start, span.sentence_end
    sentence = text[offset : span.sentence_end]
    start, end = clauses_around(sentence, span.start - offset, span.end - offset)
    return offset + start, offset + end
