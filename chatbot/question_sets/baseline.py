"""Two runs over the same questions: what got better, what got worse, and whether it is chance."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from chatbot.question_sets.comparison import fold
from chatbot.question_sets.outcomes import Outcome, outcome
from chatbot.question_sets.question_set import Question
from chatbot.question_sets.wording import given

# What scoring and showing need of a record; the rest of ten thousand would be a heap of text.
_KEPT = (
    *("id", "answered", "kind", "answer", "sentence", "answers", "citation"),
    *("confidence", "milliseconds"),
)


@dataclass(frozen=True, slots=True)
class Change:
    """A question that both runs asked and that came out differently: what each answered."""

    question: Question
    before: str
    after: str


@dataclass(frozen=True)
class Comparison:
    """What became of the questions from the run before to the run after.

    `broken` were right and are wrong, `fixed` the other way round; of `changed` the answer is
    another, the verdict the same; `same` counts the rest. `new` only the run after asked, `gone`
    only the run before. `scored` questions have a verdict in both runs, `right_before` and
    `right_after` of them are right. `allowed` is how many may be broken.
    """

    fixed: tuple[Change, ...]
    broken: tuple[Change, ...]
    changed: tuple[Change, ...]
    new: tuple[Question, ...]
    gone: tuple[Question, ...]
    same: int
    scored: int
    right_before: int
    right_after: int
    allowed: int = 0

    @property
    def compared(self) -> int:
        """How many questions both runs asked."""
        return len(self.fixed) + len(self.broken) + len(self.changed) + self.same

    @property
    def held(self) -> bool:
        """Whether no more questions are broken than allowed, of one at least that both asked."""
        return self.compared > 0 and len(self.broken) <= self.allowed

    @cached_property
    def p_value(self) -> float | None:
        """The chance (0 to 1) of a split as uneven as fixed to broken if neither run were better.

        McNemar's exact test, two-sided: "Note on the Sampling Error of the Difference Between
        Correlated Proportions or Percentages", Psychometrika 12 (1947). None where nothing was
        scored twice.
        """
        if not self.scored:
            return None
        discordant = len(self.fixed) + len(self.broken)
        if not discordant:
            return 1.0
        from scipy.stats import binomtest

        return float(binomtest(len(self.fixed), discordant, 0.5).pvalue)


def compare(
    before: Iterable[Outcome],
    after: Iterable[Outcome],
    *,
    questions: Sequence[Question] = (),
    allowed: int = 0,
) -> Comparison:
    """Compare two runs, both scored by the same expectations.

    Those are the ones in `questions` where the question stands there, else those that the run after
    had, else those of the run before: a set whose expectations were mended in between must not look
    like a change of the answers.

    Which questions are the same, `pair` says.
    """
    olds, news = slim(before), slim(after)
    pairs = pair([old.question for old in olds], [new.question for new in news])
    expected = expectations(
        [old.question for old in olds], [new.question for new in news], questions
    )
    both = [
        (scored_by(expected[number], olds[pairs[number]]), scored_by(expected[number], new))
        for number, new in enumerate(news)
        if number in pairs
    ]
    matched = set(pairs.values())
    return _judge(
        both,
        new=[it.question for number, it in enumerate(news) if number not in pairs],
        gone=[it.question for number, it in enumerate(olds) if number not in matched],
        allowed=allowed,
    )


def expectations(
    earlier: Sequence[Question], later: Sequence[Question], questions: Sequence[Question] = ()
) -> list[Question]:
    """Return for each of `later` the question by which to score it, as `compare` says."""
    pairs, sets = pair(earlier, later), pair(questions, later)
    found = []
    for number, question in enumerate(later):
        if number in sets:
            question = questions[sets[number]]
        elif question.answerable is None and number in pairs:
            question = earlier[pairs[number]]
        found.append(question)
    return found


def scored_by(question: Question, found: Outcome) -> Outcome:
    """Return an outcome as `question` expects it; scoring again costs as much as the first time."""
    if found.question == question:
        return found
    return outcome(question, found.record)


def slim(outcomes: Iterable[Outcome]) -> list[Outcome]:
    """Return the outcomes of one run without what comparing does not need."""
    return [replace(it, record={name: it.record.get(name) for name in _KEPT}) for it in outcomes]


def pair(earlier: Sequence[Question], later: Sequence[Question]) -> dict[int, int]:
    """Return for the index of each question in `later` that of the same one in `earlier`.

    The same are those of one id, words and history, or else of one words and history: the row
    numbers that stand in for ids move with every row put in above. Where none of `earlier` has a
    history, as in records that do not tell it, id and words have to do.
    """
    keys: list[Callable[[Question], tuple[str, ...]]] = [
        lambda question: (question.id, question.question, *question.history),
        lambda question: (question.question, *question.history),
    ]
    if not any(question.history for question in earlier):
        keys.append(lambda question: (question.id, question.question))
    pairs: dict[int, int] = {}
    for key in keys:
        taken = set(pairs.values())
        waiting: dict[tuple[str, ...], deque[int]] = {}
        for number, question in enumerate(earlier):
            if number not in taken:
                waiting.setdefault(key(question), deque()).append(number)
        for number, question in enumerate(later):
            alike = waiting.get(key(question))
            if number not in pairs and alike:
                pairs[number] = alike.popleft()
    return pairs


def _judge(
    pairs: Sequence[tuple[Outcome, Outcome]],
    *,
    new: Sequence[Question],
    gone: Sequence[Question],
    allowed: int,
) -> Comparison:
    fixed, broken, changed = [], [], []
    same = scored = right_before = right_after = 0
    for before, after in pairs:
        change = Change(after.question, given(before.record), given(after.record))
        verdicts = (before.score.right, after.score.right)
        if None not in verdicts:
            scored += 1
            right_before += bool(verdicts[0])
            right_after += bool(verdicts[1])
        if verdicts == (False, True):
            fixed.append(change)
        elif verdicts == (True, False):
            broken.append(change)
        elif _answer(before) != _answer(after):
            changed.append(change)
        else:
            same += 1
    return Comparison(
        fixed=tuple(fixed),
        broken=tuple(broken),
        changed=tuple(changed),
        new=tuple(new),
        gone=tuple(gone),
        same=same,
        scored=scored,
        right_before=right_before,
        right_after=right_after,
        allowed=allowed,
    )


def _answer(of: Outcome) -> tuple[bool, str]:
    """Return what is compared of an answer: that it is one, and its words."""
    return of.score.answered, fold(given(of.record))
