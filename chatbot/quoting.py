"""Which words of the article are shown: a span as it is, a list's things, the clauses that tell."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from chatbot.answer_type import ExpectedKind
from chatbot.clauses import clauses_around
from chatbot.enumeration import clauses_of, listed
from chatbot.quantities import find_quantities, find_times
from chatbot.reader import Span
from corpus.document import Document
from corpus.sentences import split_sentences

# A list of more than these is a table.
_MOST = 12
# The share of its characters that makes a span an amount or a time, with a word beside it or not.
_NEARLY_ALL = 0.6


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
    decided: bool = False,
    parts: Sequence[Span] = (),
) -> Quotation:
    """Return what is shown of `text`, the document's, when `span` answers.

    `number` is how many things are asked for, where that is known. `others` gives what else in the
    passage answers, at most so many; it is asked only where the article does not list all itself.
    Of a passage that is `decided` (yes or no) the clauses are shown that decide. `parts` are what
    answers each part of the question, in their order, where that is known.
    """
    if expected == "passage":
        whole = _telling(span, text, decided)
        return Quotation(whole, (whole,))
    whole = (span.start, span.end)
    if expected == "list":
        things = [(part.start, part.end) for part in parts] or _listed(span, number)
        whole = _hull(span, sorted(things))
        if len(things) < (number or 2):  # several are two at least
            missing = None if number is None else number - len(things)
            apart = [(other.start, other.end) for other in others(missing)]
            apart = [thing for thing in apart if thing[1] <= whole[0] or whole[1] <= thing[0]]
            things = sorted(things + _of_one_sort(text, whole, apart))
            clauses = [] if number is None else _clauses(span, number)
            if clauses:
                things = [_told_in(clause, things) for clause in clauses]
                whole = _hull(span, things)
        return Quotation(whole, tuple(things[:_MOST]))
    return Quotation(whole, (whole,))


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


def _of_one_sort(
    text: str, first: tuple[int, int], others: list[tuple[int, int]]
) -> list[tuple[int, int]]:
    """Return those of `others` that are of the sort of `first`, all where none is.

    Beside an amount only amounts of its measure are things of one list, beside a time only times.
    """
    words = text[slice(*first)]
    amounts, times = find_quantities(words), find_times(words)
    length = _NEARLY_ALL * len(words)
    if len(amounts) == 1 and amounts[0].end - amounts[0].start >= length:
        alike = [
            other
            for other in others
            if any(
                found.measure == amounts[0].measure
                and (found.measure != "count" or found.unit == amounts[0].unit)
                for found in find_quantities(text[slice(*other)])
            )
        ]
    elif len(times) == 1 and times[0][1] - times[0][0] >= length:
        alike = [other for other in others if find_times(text[slice(*other)])]
    else:
        return others
    return alike or others


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
