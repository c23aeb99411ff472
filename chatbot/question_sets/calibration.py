"""How far the confidence can be relied on: reliability, calibration error, risk and coverage."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from statistics import fmean

from chatbot.question_sets.scoring import QuestionScore
from chatbot.question_sets.summary import wilson

BINS = 10


@dataclass(frozen=True, slots=True)
class Bin:
    """The answers whose confidence lies from `low` to `high`; only bins that hold any are made.

    `confidence` is their mean confidence, `right` the share of them that is right, `interval` its
    95% interval.
    """

    low: float
    high: float
    answers: int
    confidence: float
    right: float
    interval: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Point:
    """What answering only from `confidence` on would mean.

    `coverage` is the share of all scored questions that would be answered, `risk` the share of
    those answers that is wrong.
    """

    confidence: float
    coverage: float
    risk: float


def reliability(scores: Sequence[QuestionScore]) -> tuple[Bin, ...]:
    """Return the bins of the answers that were given, lowest first; () for no scored answer.

    A refusal is left out: whether the guess it withheld was right is not known. An answer to a
    question that should have been refused is wrong.
    """
    bins: dict[int, list[QuestionScore]] = {}
    for score in _answers(scores):
        bins.setdefault(min(int(score.confidence * BINS), BINS - 1), []).append(score)
    return tuple(
        Bin(
            low=number / BINS,
            high=(number + 1) / BINS,
            answers=len(inside),
            confidence=fmean(score.confidence for score in inside),
            right=fmean(bool(score.right) for score in inside),
            interval=wilson(sum(bool(score.right) for score in inside), len(inside)),
        )
        for number, inside in sorted(bins.items())
    )


def calibration_error(bins: Sequence[Bin]) -> float | None:
    """Return the expected calibration error (0 to 1), None for no bins.

    The distance of confidence from accuracy, averaged over the bins by what they hold: Naeini et
    al., "Obtaining Well Calibrated Probabilities Using Bayesian Binning", AAAI 2015.
    """
    answers = sum(bin.answers for bin in bins)
    if not answers:
        return None
    return sum(bin.answers * abs(bin.confidence - bin.right) for bin in bins) / answers


def risk_coverage(scores: Sequence[QuestionScore]) -> tuple[Point, ...]:
    """Return a point for each confidence that an answer was given with, the surest first.

    Answers of equal confidence come together: no threshold can part them. El-Yaniv and Wiener, "On
    the Foundations of Noise-free Selective Classification", JMLR 11 (2010).
    """
    questions = sum(score.right is not None for score in scores)
    surest_first = sorted(_answers(scores), key=lambda score: -score.confidence)
    points, answered, wrong = [], 0, 0
    for confidence, alike in groupby(surest_first, key=lambda score: score.confidence):
        for score in alike:
            answered += 1
            wrong += not score.right
        points.append(Point(confidence, answered / questions, wrong / answered))
    return tuple(points)


def _answers(scores: Sequence[QuestionScore]) -> list[QuestionScore]:
    return [score for score in scores if score.answered and score.right is not None]
