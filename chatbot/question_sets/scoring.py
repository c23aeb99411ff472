"""What one answer record is worth against what its question expects."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from chatbot.quantities import is_unit
from chatbot.question_sets.comparison import character_f1, exact_match, fold, stands_in
from chatbot.question_sets.numbers import numbers
from chatbot.question_sets.question_set import Question

# From this F1 on an answer counts as right: the definition that confidence is calibrated to.
RIGHT_F1 = 0.5


@dataclass(frozen=True, slots=True)
class QuestionScore:
    """The scores of one question; None wherever the question expects nothing of that kind.

    Hits of a question that is answerable are False (0.0) when it was refused. `f1`, `items_found`
    (share of the items that were given) and `items_right` (share of what was given that is an
    item) run from 0 to 1; `confidence` is a probability. `answerable` None: not scored at all.
    `kind` is that of the answer, "" where the record gives none.
    """

    id: str
    tags: tuple[str, ...]
    answerable: bool | None
    answered: bool
    confidence: float
    milliseconds: float
    right: bool | None = None
    paragraph: bool | None = None
    sentence: bool | None = None
    exact: bool | None = None
    f1: float | None = None
    items_found: float | None = None
    items_right: float | None = None
    kind: str = ""


def score(question: Question, record: Mapping[str, Any]) -> QuestionScore:
    """Score an answer record against its question."""
    answered = bool(record["answered"])
    answer = record["answer"] or ""
    sentence = record["sentence"] or ""
    paragraph = (record["citation"] or {}).get("text", "")
    given = tuple(span["answer"] for span in record.get("answers") or ()) or (answer,)
    scored: dict[str, Any] = {}
    if question.answerable:
        if question.evidence is not None:
            scored["paragraph"] = answered and stands_in(question.evidence, paragraph)
        if question.answers:
            scored["sentence"] = answered and any(
                stands_in(accepted, sentence) for accepted in question.answers
            )
            scored["exact"] = answered and exact_match(answer, question.answers)
            scored["f1"] = character_f1(answer, question.answers) if answered else 0.0
        if question.items:
            scored["items_found"] = _items_found(question.items, (*given, answer), answered)
            scored["items_right"] = _items_right(question.items, given, answered)
    return QuestionScore(
        id=question.id,
        tags=question.tags,
        answerable=question.answerable,
        answered=answered,
        confidence=float(record["confidence"]),
        milliseconds=float(record["milliseconds"]),
        kind=str(record.get("kind") or ""),
        right=_right(question, answer, answered, record.get("kind"), scored),
        **scored,
    )


def _items_found(items: tuple[str, ...], given: tuple[str, ...], answered: bool) -> float:
    if not answered:
        return 0.0
    return sum(any(stands_in(item, text) for text in given) for item in items) / len(items)


def _items_right(items: tuple[str, ...], given: tuple[str, ...], answered: bool) -> float:
    """Return the share of what was given that holds an item or is a part of one.

    A part, because 模具 answers for 模具产业; but a part that is a piece of a number does not.
    """
    texts = [text for text in given if fold(text)]
    if not answered or not texts:
        return 0.0
    right = (
        any(stands_in(item, text) or stands_in(text, item) for item in items) for text in texts
    )
    return sum(right) / len(texts)


def _right(
    question: Question, answer: str, answered: bool, kind: str | None, scored: Mapping[str, Any]
) -> bool | None:
    """Say whether the behaviour as a whole was right; None where nothing was expected.

    To refuse what the articles do not tell; for the rest to answer, and with F1 of at least 0.5
    against an accepted answer whose numbers it does not contradict (a passage: with the right
    sentence) or against the items. Where only the evidence is known, the right paragraph is what
    can be asked for.
    """
    if question.answerable is None:
        return None
    if not question.answerable or not answered:
        return question.answerable == answered
    verdicts = []
    if "f1" in scored:
        alike = any(is_alike(answer, accepted) for accepted in question.answers)
        verdicts.append(alike or (kind == "passage" and scored["sentence"]))
    if "items_found" in scored:
        found, right = scored["items_found"], scored["items_right"]
        verdicts.append(found + right > 0 and 2 * found * right / (found + right) >= RIGHT_F1)
    if not verdicts:
        return bool(scored.get("paragraph", True))
    return any(verdicts)


def is_alike(answer: str, accepted: str) -> bool:
    """Say whether an answer is near enough to an accepted one to be right.

    The F1 of 6% against 5% is 0.5 and that of 5 is 0.67, so numbers have a say of their own.
    """
    near = character_f1(answer, [accepted]) >= RIGHT_F1
    return near and not _tells_another_number(answer, accepted)


def _tells_another_number(answer: str, accepted: str) -> bool:
    """Say whether `answer` has a number where `accepted` has a different one, or is a bare unit.

    An answer may leave numbers out (5月 for 2023年5月) or tell more of them; it must not have some
    of its own while those of `accepted` are missing.
    """
    wanted, told = numbers(accepted), numbers(answer)
    if wanted and not told:
        return is_unit(fold(answer))
    return not (wanted <= told or told <= wanted)
