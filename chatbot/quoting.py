"""Which words of the article are shown: a span as it is, a list's things, the clauses that tell."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from chatbot.answer_type import ExpectedKind
from chatbot.clauses import clauses, clauses_around
from chatbot.enumeration import clauses_of, listed
from chatbot.reader import Span
from corpus.document import Document
from corpus.sentences import split_sentences

# A list of more than these is a table.
_MOST = 12
# Logits by which a further thing may be less sure than the one that was found; where none is that
# sure, a single one; where the article lists several itself; and where the question tells how many
# there are. Of the things that 380 tuning questions ask for .816 are given, and .869 of those given
# are right; by what else answers in the sentences (6 logits less sure, of one sort) .813 and .865.
_NEARLY = 4.5
_ONE_MORE = 8.0
_LISTED = 2.0
_COUNTED = 9.5


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
    best_of: Callable[[Sequence[tuple[int, int]]], Sequence[Span]],
    number: int | None = None,
    decided: bool = False,
    parts: Sequence[Span] = (),
) -> Quotation:
    """Return what is shown of `text`, the document's, when `span` answers.

    `number` is how many things are asked for, where that is known. `best_of` gives the best words
    of some stretches of the passage (`Reader.best_of`). Of a passage that is `decided` (yes or no)
    the clauses are shown that decide. `parts` are what answers each part of the question, in their
    order, where that is known.
    """
    if expected == "passage":
        whole = _telling(span, text, decided)
        return Quotation(whole, (whole,))
    whole = (span.start, span.end)
    if expected == "list":
        things = [(part.start, part.end) for part in parts] or _listed(span, number)
        whole = _hull(span, sorted(things))
        if not parts and (number is None or len(things) < number):
            things = sorted(things + _further(span, things, best_of, number))
            told = [] if number is None else _clauses(span, number)
            if told:
                things = [_told_in(clause, things) for clause in told]
            whole = _hull(span, things)
        return Quotation(whole, tuple(things[:_MOST]))
    return Quotation(whole, (whole,))


def _further(
    span: Span,
    things: Sequence[tuple[int, int]],
    best_of: Callable[[Sequence[tuple[int, int]]], Sequence[Span]],
    number: int | None,
) -> list[tuple[int, int]]:
    """Return what else of the passage answers nearly as well, of each clause one thing at most."""
    offset = span.passage.paragraph.start
    free = [
        (start, end)
        for start, end in clauses(span.passage.text)
        if all(last <= offset + start or offset + end <= first for first, last in things)
    ]
    others = sorted(best_of(free), key=lambda other: -other.margin)
    if number is not None:
        least, most = span.margin - _COUNTED, number - len(things)
    else:
        least, most = span.margin - (_NEARLY if len(things) == 1 else _LISTED), len(others)
        if len(things) == 1 and others and others[0].margin < least:
            least, most = span.margin - _ONE_MORE, 1
    return [(other.start, other.end) for other in others[:most] if other.margin >= least]


def _listed(span: Span, number: int | None) -> list[tuple[int, int]]:
    """Return the things that the passage lists where `span` stands, as offsets in the document."""
    offset = span.passage.paragraph.start
    found = listed(
        span.passage.text, _sentence(span), span.start - offset, span.end - offset, number
    )
    return [(offset + start, offset + end) for start, end in found]


def _clauses(span: Span, number: int) -> list[tuple[int, int]]:
    """Return the `number` clauses that tell a thing each where `span` stands, if there are such."""
    offset = span.passage.paragraph.start
    found = clauses_of(span.passage.text, _sentence(span), span.start - offset, number)
    return [(offset + start, offset + end) for start, end in found]


def _sentence(span: Span) -> tuple[int, int]:
    """Return the offsets of the sentence of `span` in its passage."""
    offset = span.passage.paragraph.start
    return span.sentence_start - offset, span.sentence_end - offset


def _told_in(clause: tuple[int, int], things: Sequence[tuple[int, int]]) -> tuple[int, int]:
    """Return the only one of `things` in a clause; the clause where there is none, or several."""
    inside = [thing for thing in things if clause[0] <= thing[0] and thing[1] <= clause[1]]
    return inside[0] if len(inside) == 1 else clause


def _hull(span: Span, things: Sequence[tuple[int, int]]) -> tuple[int, int]:
    """Return from the first to the last of the things in the sentence of `span`; itself for one."""
    left, right = span.sentence_start, span.sentence_end
    within = [thing for thing in things if left <= thing[0] and thing[1] <= right]
    return (within[0][0], within[-1][1]) if len(within) > 1 else (span.start, span.end)


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


def _telling(span: Span, text: str, decided: bool) -> tuple[int, int]:
    """Return what tells a reason, a way or a yes.

    Whole clauses for a yes or a no: 没有 decides nothing by itself. A reason or a way is told by
    the reader's own words where it sees an answer in them, else by their clauses
    (`training.fit_span_costs` compares the two).
    """
    if not decided and span.margin > 0:
        return span.start, span.end
    offset = span.sentence_start
    sentence = text[offset : span.sentence_end]
    start, end = clauses_around(sentence, span.start - offset, span.end - offset)
    return offset + start, offset + end
