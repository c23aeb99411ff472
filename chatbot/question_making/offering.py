"""What is offered to ask: the corpus's own examples, and questions made from its articles."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from itertools import islice

from chatbot.examples import by_likeness
from chatbot.question_making.proving import ProvenQuestion
from chatbot.question_making.variety import most_various
from corpus.document import Paragraph
from index.passage import Passage

SHOWN = 3
"""Beside an answer or a refusal; more are not read."""

_FEW = 6
# Beside an answer: of its paragraph or section. The third is about what was asked.
_NEAR = 2

# Where a question is answered: document, start and end in its text.
Place = tuple[str, int, int]


class Offers:
    """Own examples and made questions, of which only answerable ones are offered.

    `own` are the corpus's example questions in order; `answered_at` tells where a question is
    answered, None where it is not (asked only of what is about to be shown); `least` is the
    confidence below which nothing is answered. Made questions may be added while others read.
    """

    def __init__(
        self, own: Sequence[str], answered_at: Callable[[str], Place | None], least: float = 0.0
    ) -> None:
        self._own = tuple(own)
        self._answered_at = answered_at
        self._least = least
        self._made: dict[str, tuple[ProvenQuestion, ...]] = {}
        self._unproven: frozenset[str] = frozenset()

    def add(
        self, document: str, questions: Iterable[ProvenQuestion], *, proven: bool = True
    ) -> None:
        """Offer `questions` as those of that document, in place of what it had.

        Not `proven` are those that other articles beside it may by now answer otherwise.
        """
        given = tuple(question for question in questions if question.confidence >= self._least)
        # Put in place whole: whoever reads meanwhile has the old ones or the new.
        self._made = {**self._made, document: given}
        self._unproven = self._unproven - {document} if proven else self._unproven | {document}

    def within(self, document: str, answered_at: Callable[[str], Place | None]) -> Offers:
        """Return what to offer where only that document is asked.

        Own examples and what was made from it, of which only what `answered_at` finds there counts:
        what the whole corpus answers may be answered elsewhere, or less surely here.
        """
        inside = Offers(self._own, answered_at, self._least)
        inside.add(document, self._made.get(document, ()), proven=False)
        return inside

    def made(self) -> tuple[ProvenQuestion, ...]:
        """Return all made questions, document after document."""
        return tuple(question for questions in self._made.values() for question in questions)

    def unproven(self) -> tuple[ProvenQuestion, ...]:
        """Return the made questions that were proven over other articles."""
        return tuple(one for one in self.made() if one.document in self._unproven)

    def first(self, count: int | None = None) -> tuple[str, ...]:
        """Return what a conversation may begin with, at most `count`: all own examples.

        Where those are few, made questions fill up to six.
        """
        own = tuple(islice((one for one in self._own if self._answered_at(one)), count))
        wanted = (_FEW if count is None else min(count, _FEW)) - len(own)
        if wanted <= 0:
            return own
        made = [one for one in self.made() if one.question not in own]
        various = most_various(made, _FEW, [one.confidence for one in made])
        return (*own, *islice((one.question for one in various if self._holds(one)), wanted))

    def beside(
        self,
        question: str,
        paragraph: Paragraph,
        words: tuple[int, int],
        exclude: Collection[str] = (),
    ) -> tuple[str, ...]:
        """Return what to ask after an answer: more of its paragraph and section, then alike.

        `words` are the (start, end) of the answer in its document: what they answer too, in
        whatever words it asks, is left out.
        """
        taken = [(paragraph.document, *words)]
        near = sorted(
            (
                one
                for one in self._made.get(paragraph.document, ())
                if one.question not in exclude
                and not _overlaps(_place(one), taken)
                and (one.paragraph == paragraph.number or one.section == paragraph.section)
            ),
            key=lambda one: (abs(one.paragraph - paragraph.number), one.start),
        )
        chosen = list(islice(filter(self._holds, near), _NEAR))
        taken += map(_place, chosen)
        alike = self._alike(question, near[:20], exclude, taken)
        return (*(one.question for one in chosen), *islice(alike, SHOWN - len(chosen)))

    def like(self, question: str, passages: Sequence[Passage] = ()) -> tuple[str, ...]:
        """Return what to ask instead of a question that is not answered.

        Own examples and what was made from the `passages` that came closest, the likest first.
        """
        near = [
            one
            for passage in passages
            for one in self._made.get(passage.paragraph.document, ())
            if one.paragraph == passage.paragraph.number
        ]
        return tuple(islice(self._alike(question, near, (), []), SHOWN))

    def _alike(
        self,
        question: str,
        made: Sequence[ProvenQuestion],
        exclude: Collection[str],
        taken: list[Place],
    ) -> Iterator[str]:
        """Yield answerable ones of the own examples and of `made`, the likest first.

        What is answered at one of the `taken` places asks the same again and is left out.
        """
        by_question = {one.question: one for one in made}
        for text in by_likeness(question, [*self._own, *by_question]):
            if text in exclude:
                continue
            one = by_question.get(text)
            if one is None:
                place = self._answered_at(text)
            else:
                place = _place(one) if self._holds(one) else None
            if place is not None and not _overlaps(place, taken):
                taken.append(place)
                yield text

    def _holds(self, one: ProvenQuestion) -> bool:
        return one.document not in self._unproven or self._answered_at(one.question) is not None


def _place(one: ProvenQuestion) -> Place:
    return one.document, one.start, one.end


def _overlaps(place: Place, others: Iterable[Place]) -> bool:
    """Say whether `place` has a character in common with one of `others`."""
    document, start, end = place
    return any(
        document == other and start < other_end and other_start < end
        for other, other_start, other_end in others
    )
