"""Means, intervals and percentiles over the scored questions of a run."""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from statistics import NormalDist, fmean, quantiles

from chatbot.question_sets.scoring import QuestionScore

_Z_95 = NormalDist().inv_cdf(0.975)


@dataclass(frozen=True, slots=True)
class Score:
    """A mean (0 to 1) over `questions` questions; None when there were none to take it over.

    `interval` is its 95% interval, None where there is no value.
    """

    value: float | None
    questions: int
    interval: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class Measure:
    """What a score is called, on the command line and in the table, and whom it counts."""

    label: str
    of: Callable[[QuestionScore], bool | float | None]


# The names that --fail-under takes, in the order of the table.
MEASURES: dict[str, Measure] = {
    "right": Measure("答对", lambda score: score.right),
    "paragraph": Measure("段落命中", lambda score: score.paragraph),
    "sentence": Measure("句子命中", lambda score: score.sentence),
    "exact": Measure("完全一致", lambda score: score.exact),
    "f1": Measure("字符 F1", lambda score: score.f1),
    "items_found": Measure("列举找全", lambda score: score.items_found),
    "items_right": Measure("列举无误", lambda score: score.items_right),
    "answered": Measure("该答而答", lambda score: score.answered if score.answerable else None),
    "refusal": Measure(
        "该拒而拒", lambda score: not score.answered if score.answerable is False else None
    ),
}
AUROC = "auroc"
LABELS = {name: measure.label for name, measure in MEASURES.items()} | {AUROC: "把握 AUROC"}


@dataclass(frozen=True, slots=True)
class Latency:
    """The median, the 95th and the 99th percentile of the time to an answer, in milliseconds."""

    p50: float
    p95: float
    p99: float


@dataclass(frozen=True, slots=True)
class Summary:
    """The scores of a run by name, over all questions, by tag and by the kind of the answer.

    Tags and kinds stand in the order of first use; those of a tag or kind are empty again.
    `scored` are the questions that expect anything; `latency` is None when nothing was asked.
    """

    questions: int
    scored: int
    scores: dict[str, Score]
    tags: dict[str, Summary]
    latency: Latency | None
    kinds: dict[str, Summary] = field(default_factory=dict)


def summarise(scores: Sequence[QuestionScore]) -> Summary:
    """Return the summary of all `scores`, with that of each tag and of each kind of answer."""
    by_tag: dict[str, list[QuestionScore]] = {}
    by_kind: dict[str, list[QuestionScore]] = {}
    for score in scores:
        for tag in dict.fromkeys(score.tags):
            by_tag.setdefault(tag, []).append(score)
        if score.kind:
            by_kind.setdefault(score.kind, []).append(score)
    return replace(
        _summary(scores),
        tags={tag: _summary(tagged) for tag, tagged in by_tag.items()},
        kinds={kind: _summary(alike) for kind, alike in by_kind.items()},
    )


def _summary(scores: Sequence[QuestionScore]) -> Summary:
    means = {name: _mean(map(measure.of, scores)) for name, measure in MEASURES.items()}
    answerable = [score.confidence for score in scores if score.answerable]
    unanswerable = [score.confidence for score in scores if score.answerable is False]
    above = auroc(answerable, unanswerable)
    interval = None if above is None else auroc_interval(above, len(answerable), len(unanswerable))
    return Summary(
        questions=len(scores),
        scored=sum(score.answerable is not None for score in scores),
        scores={
            **means,
            AUROC: Score(above, len(answerable) + len(unanswerable), interval),
        },
        tags={},
        latency=latency([score.milliseconds for score in scores]),
    )


def _mean(values: Iterable[bool | float | None]) -> Score:
    measured = [value for value in values if value is not None]
    if not measured:
        return Score(None, 0)
    return Score(fmean(measured), len(measured), wilson(sum(measured), len(measured)))


def wilson(successes: float, trials: int) -> tuple[float, float]:
    """Return the 95% score interval of a share, or of a mean of values from 0 to 1.

    `successes` is their sum, `trials` how many there are, at least 1.

    Wilson, "Probable Inference, the Law of Succession, and Statistical Inference", JASA 22 (1927).
    Unlike the normal approximation it stays within 0 to 1 and is honest about 20 of 20.

    For a mean such as F1 it is a little wide, never too narrow: no values from 0 to 1 vary more
    than the zeros and ones of the same mean, m(1-m); Bhatia and Davis, "A Better Bound on the
    Variance", American Mathematical Monthly 107 (2000).
    """
    share, z2 = successes / trials, _Z_95**2
    centre = share + z2 / (2 * trials)
    spread = _Z_95 * math.sqrt(share * (1 - share) / trials + z2 / (4 * trials**2))
    scale = 1 + z2 / trials
    return max(0.0, (centre - spread) / scale), min(1.0, (centre + spread) / scale)


def auroc(positives: Sequence[float], negatives: Sequence[float]) -> float | None:
    """Return the chance that a positive scores above a negative, a tie counting half.

    None when one side is empty. Equals the area under the ROC curve (Hanley and McNeil,
    Radiology 143, 1982).
    """
    if not positives or not negatives:
        return None
    ordered = sorted(negatives)
    below = sum(bisect_left(ordered, value) + bisect_right(ordered, value) for value in positives)
    return below / (2 * len(positives) * len(negatives))


def auroc_interval(value: float, positives: int, negatives: int) -> tuple[float, float]:
    """Return the 95% interval of an AUROC over so many of each, at least 1.

    Newcombe's method 5, "Confidence intervals for an effect size measure based on the Mann-Whitney
    statistic. Part 2", Statistics in Medicine 25 (2006): the values that `value` is within 1.96 of
    their standard errors of, by the variance of Hanley and McNeil (Radiology 143, 1982) with both
    sides of the mean size. So it is not of width 0 where all is told apart.
    """
    mean = (positives + negatives) / 2

    def error(area: float) -> float:
        spread = (mean - 1) * ((1 - area) / (2 - area) + area / (1 + area))
        return math.sqrt(area * (1 - area) * (1 + spread) / (positives * negatives))

    def bound(outside: float) -> float:
        inside = value
        for _ in range(50):
            middle = (inside + outside) / 2
            if abs(value - middle) <= _Z_95 * error(middle):
                inside = middle
            else:
                outside = middle
        return inside

    return bound(0.0), bound(1.0)


def latency(milliseconds: Sequence[float]) -> Latency | None:
    """Return the latency percentiles, interpolated between neighbours; None for no time at all."""
    if not milliseconds:
        return None
    if len(milliseconds) == 1:
        return Latency(*[milliseconds[0]] * 3)
    percentiles = quantiles(milliseconds, n=100, method="inclusive")
    return Latency(percentiles[49], percentiles[94], percentiles[98])
