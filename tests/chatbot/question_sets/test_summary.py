"""Means, intervals, AUROC and latency against hand arithmetic, scikit-learn and numpy."""

import time
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import bootstrap
from sklearn.metrics import roc_auc_score

from chatbot.question_sets.scoring import QuestionScore
from chatbot.question_sets.summary import (
    LABELS,
    Latency,
    Score,
    auroc,
    auroc_interval,
    latency,
    summarise,
    wilson,
)


def scored(answerable: bool | None = True, answered: bool = True, **rest: Any) -> QuestionScore:
    values: dict[str, Any] = {"confidence": 0.5, "milliseconds": 40.0, "tags": ()}
    return QuestionScore(id="q", answerable=answerable, answered=answered, **{**values, **rest})


def test_means_are_over_the_questions_that_expect_them() -> None:
    summary = summarise(
        [
            scored(right=True, sentence=True, f1=1.0, exact=True, paragraph=True, confidence=0.9),
            scored(right=False, sentence=True, f1=0.25, exact=False, confidence=0.6),
            scored(
                answered=False, right=False, sentence=False, f1=0.0, exact=False, confidence=0.3
            ),
            scored(False, False, right=True, confidence=0.2),
            scored(False, True, right=False, confidence=0.6),
            scored(None, confidence=1.0),
        ]
    )
    assert summary.questions == 6
    assert summary.scored == 5
    assert {name: (score.value, score.questions) for name, score in summary.scores.items()} == {
        "right": (pytest.approx(2 / 5), 5),
        "paragraph": (1.0, 1),
        "sentence": (pytest.approx(2 / 3), 3),
        "exact": (pytest.approx(1 / 3), 3),
        "f1": (pytest.approx(1.25 / 3), 3),
        "items_found": (None, 0),
        "items_right": (None, 0),
        "answered": (pytest.approx(2 / 3), 3),
        "refusal": (pytest.approx(1 / 2), 2),
        # Of the 6 pairs: 0.9 wins 2; 0.6 wins 1 and ties 1; 0.3 wins 1.
        "auroc": (pytest.approx(4.5 / 6), 5),
    }


def test_shares_and_means_have_intervals() -> None:
    scores = summarise([scored(right=True, f1=0.5, exact=True), scored(right=False, f1=1.0)]).scores
    assert scores["right"].interval == pytest.approx(wilson(1, 2))
    assert scores["f1"] == Score(0.75, 2, wilson(1.5, 2))


def test_the_interval_of_a_mean_holds_that_of_the_bootstrap() -> None:
    # Mostly 0 and 1 with some between, as F1 is.
    values = np.array([0.0] * 12 + [1.0] * 40 + [0.5, 0.67, 0.8, 0.33] * 7)
    low, high = wilson(float(values.sum()), len(values))
    drawn = bootstrap((values,), np.mean, method="percentile", rng=7).confidence_interval
    assert low <= drawn.low and drawn.high <= high
    assert high - low < 1.5 * (drawn.high - drawn.low)


@pytest.mark.parametrize(("positives", "negatives"), [(60, 20), (40, 40), (200, 300)])
@pytest.mark.parametrize("value", [0.5, 0.8, 0.95])
def test_the_interval_of_auroc_is_where_its_own_error_reaches(
    value: float, positives: int, negatives: int
) -> None:
    def hanley_mcneil(area: float) -> float:
        # Their own way to write it, with both sides of the mean size.
        size = (positives + negatives) / 2
        q1, q2 = area / (2 - area), 2 * area**2 / (1 + area)
        parts = area * (1 - area) + (size - 1) * (q1 - area**2) + (size - 1) * (q2 - area**2)
        return float(np.sqrt(parts / (positives * negatives)))

    low, high = auroc_interval(value, positives, negatives)
    assert value - low == pytest.approx(1.959964 * hanley_mcneil(low), rel=1e-5)
    assert high - value == pytest.approx(1.959964 * hanley_mcneil(high), rel=1e-5)


def test_auroc_of_one_is_not_certain_of_itself() -> None:
    low, high = auroc_interval(1.0, 10, 10)
    assert high == 1.0
    assert 0.6 < low < 0.95


def test_by_tag_in_order_of_first_use_a_tag_twice_counts_once() -> None:
    summary = summarise(
        [
            scored(right=True, tags=("数字", "简单", "数字")),
            scored(right=False, tags=("数字",)),
            scored(right=True),
        ]
    )
    tags = [(tag, of.questions, of.scores["right"].value) for tag, of in summary.tags.items()]
    assert tags == [("数字", 2, 0.5), ("简单", 1, 1.0)]


def test_by_kind_of_the_answer_in_order_of_first_use() -> None:
    summary = summarise(
        [
            scored(right=True, kind="span"),
            scored(right=False, kind="refusal"),
            scored(right=False, kind="span"),
            scored(right=True),
        ]
    )
    kinds = [(kind, of.questions, of.scores["right"].value) for kind, of in summary.kinds.items()]
    assert kinds == [("span", 2, 0.5), ("refusal", 1, 0.0)]


def test_nothing_asked_gives_no_score() -> None:
    summary = summarise([])
    assert (summary.questions, summary.scored, summary.tags, summary.latency) == (0, 0, {}, None)
    assert summary.scores == {name: Score(None, 0) for name in LABELS}


@pytest.mark.parametrize(
    ("successes", "trials", "low", "high"),
    [
        # Newcombe, "Two-sided confidence intervals for the single proportion", Statistics in
        # Medicine 17 (1998), table I, method 3.
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_wilson_as_published(successes: int, trials: int, low: float, high: float) -> None:
    assert wilson(successes, trials) == pytest.approx((low, high), abs=5e-5)


@given(st.integers(1, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_wilson_encloses_the_share_within_0_and_1(shares: tuple[int, int]) -> None:
    low, high = wilson(*shares)
    assert 0.0 <= low <= shares[0] / shares[1] + 1e-12
    assert shares[0] / shares[1] - 1e-12 <= high <= 1.0


# Few values, so that ties happen.
CONFIDENCES = st.lists(st.sampled_from([0.0, 0.1, 0.5, 0.5001, 0.9, 1.0]) | st.floats(0, 1))


@given(CONFIDENCES, CONFIDENCES)
def test_auroc_is_scikit_learns(positives: list[float], negatives: list[float]) -> None:
    if not positives or not negatives:
        assert auroc(positives, negatives) is None
        return
    truth = [1] * len(positives) + [0] * len(negatives)
    # Ranks instead of values: scikit-learn takes all but equal values for ties.
    expected = roc_auc_score(truth, np.unique(positives + negatives, return_inverse=True)[1])
    assert auroc(positives, negatives) == pytest.approx(expected)


def test_thousands_of_records_take_no_time() -> None:
    random = np.random.default_rng(7)
    confidences = random.random(50_000)
    scores = [
        scored(bool(number % 3), right=True, confidence=float(value), milliseconds=float(number))
        for number, value in enumerate(confidences)
    ]
    began = time.perf_counter()
    summary = summarise(scores)
    assert time.perf_counter() - began < 5.0
    assert summary.scores["auroc"].value == pytest.approx(0.5, abs=0.02)


@given(st.lists(st.floats(0, 1e6), min_size=1))
def test_latency_is_numpys(milliseconds: list[float]) -> None:
    found = latency(milliseconds)
    assert found is not None
    expected = np.percentile(milliseconds, [50, 95, 99])
    assert [found.p50, found.p95, found.p99] == pytest.approx(list(expected), rel=1e-9, abs=1e-6)


def test_latency_of_one_answer() -> None:
    assert latency([12.5]) == Latency(12.5, 12.5, 12.5)
