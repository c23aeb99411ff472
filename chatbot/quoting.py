"""Which words of the article are shown: a span as it is, a list's things, the clauses that tell."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from chatbot.answer_type import ExpectedKind
from chatbot.clauses import clauses_around
from chatbot.enumeration import enumerated
from chatbot.reader import Span
from corpus.document import Document
from corpus.sentences import split_sentences

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
    others: Callable[[int | None], Sequence[Span]],
    number: int | None = None,
) -> Quotation:
    """Return what is shown of `text`, the document's, when `span` answers.

    `number` is how many things are asked for, where that is known. `others` gives what else in the
    passage answers, at most so many; it is asked only where the article does not list all itself.
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
            whole = things[0][0], things[-1][1]
        if len(things) < (number or 2):  # several are two at least
            missing = None if number is None else number - len(things)
            apart = [(other.start, other.end) for other in others(missing)]
            things += [thing for thing in apart if thing[1] <= whole[0] or whole[1] <= thing[0]]
        return Quotation(whole, tuple(sorted(things)[:_MOST]))
    return Quotation(whole, (whole,))


def sentence_round(document: Document, start: int, end: int) -> tuple[int, int] | None:
    """Return the offsets of the sentence that [start, end) is in, None where it is in no one."""
    for paragraph in document.paragraphs:
        if paragraph.start <= start and end <= paragraph.end:
            for first, last in split_sentences(document.paragraph_text(paragraph)):
                if paragraph.start + first <= start and end <= paragraph.start + last:
                    return paragraph.start + first, paragraph.start + last
    return None


def sentences_apart(
    document: Document, sentence: tuple[int, int], things: Sequence[tuple[int, int]]
) -> list[str | None]:
    """Return the sentence of each of `things` where they do not all stand in `sentence`.

    All None where they do: that one sentence tells them all.
    """
    if all(sentence[0] <= start and end <= sentence[1] for start, end in things):
        return [None] * len(things)
    found = [sentence_round(document, *thing) for thing in things]
    return [None if bounds is None else document.text[slice(*bounds)] for bounds in found]


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
