"""Reliability, risk and coverage: by hand arithmetic, and against scikit-learn and numpy."""

from typing import Any

import numpy as np
import pytest
from sklearn.calibration import calibration_curve

from chatbot.question_sets.calibration import (
    Bin,
    Point,
    calibration_error,
    reliability,
    risk_coverage,
)
from chatbot.question_sets.plots import Frame, drawn, risk_frame, tabled, ticks
from chatbot.question_sets.scoring import QuestionScore
from chatbot.question_sets.summary import wilson


def answered(confidence: float, right: bool | None, answered: bool = True) -> QuestionScore:
    values: dict[str, Any] = {"confidence": confidence, "answered": answered, "right": right}
    return QuestionScore("q", (), answerable=True, milliseconds=1.0, **values)


SOME = [
    answered(0.95, True),
    answered(1.0, True),
    answered(0.4, True),
    answered(0.45, False),
    answered(0.45, False),
    answered(0.2, False, answered=False),
    answered(0.99, None),
]


def test_bins_of_the_answers_that_were_given_and_scored() -> None:
    assert reliability(SOME) == (
        Bin(0.4, 0.5, 3, pytest.approx(1.3 / 3), pytest.approx(1 / 3), wilson(1, 3)),
        Bin(0.9, 1.0, 2, pytest.approx(0.975), 1.0, wilson(2, 2)),
    )


def test_calibration_error_is_the_mean_distance_over_the_answers() -> None:
    expected = 3 / 5 * abs(1.3 / 3 - 1 / 3) + 2 / 5 * abs(0.975 - 1)
    assert calibration_error(reliability(SOME)) == pytest.approx(expected)
    assert calibration_error(reliability([])) is None


def test_risk_grows_with_coverage_and_equal_confidences_come_together() -> None:
    # Six questions have a verdict, five of them an answer.
    assert risk_coverage(SOME) == (
        Point(1.0, pytest.approx(1 / 6), 0.0),
        Point(0.95, pytest.approx(2 / 6), 0.0),
        Point(0.45, pytest.approx(4 / 6), pytest.approx(2 / 4)),
        Point(0.4, pytest.approx(5 / 6), pytest.approx(2 / 5)),
    )
    assert risk_coverage([]) == ()


def test_500_answers_agree_with_scikit_learn() -> None:
    random = np.random.default_rng(11)
    confidences = random.beta(2, 1.5, 500)
    right = random.random(500) < confidences**1.5
    bins = reliability(
        [answered(float(c), bool(r)) for c, r in zip(confidences, right, strict=True)]
    )
    shares, means = calibration_curve(right, confidences, n_bins=10, strategy="uniform")
    assert [bin.right for bin in bins] == pytest.approx(list(shares))
    assert [bin.confidence for bin in bins] == pytest.approx(list(means))
    counts = np.histogram(confidences, bins=10, range=(0, 1))[0]
    assert [bin.answers for bin in bins] == [count for count in counts if count]
    expected = float(np.average(np.abs(shares - means), weights=counts[counts > 0]))
    assert calibration_error(bins) == pytest.approx(expected)


def test_500_answers_have_the_risks_that_thresholds_give() -> None:
    random = np.random.default_rng(12)
    confidences = random.integers(0, 50, 500) / 50
    right = random.random(500) < confidences
    gave = random.random(500) < 0.8
    points = risk_coverage(
        [
            answered(float(c), bool(r), bool(g))
            for c, r, g in zip(confidences, right, gave, strict=True)
        ]
    )
    assert len(points) == len(np.unique(confidences[gave]))
    for point in points:
        kept = gave & (confidences >= point.confidence)
        assert point.coverage == pytest.approx(kept.mean())
        assert point.risk == pytest.approx(1 - right[kept].mean())


def test_a_frame_puts_shares_where_they_belong() -> None:
    frame = Frame()
    assert (frame.x(0), frame.x(1)) == (58, 416)
    assert (frame.y(0), frame.y(1)) == (270, 14)
    assert frame.x(0.5) == (58 + 416) / 2
    assert Frame(y_max=0.5).y(0.5) == 14
    assert ticks(0.25) == (0.0, 0.05, 0.1, 0.15, 0.2, 0.25)


@pytest.mark.parametrize(("risk", "most"), [(0.0, 0.05), (0.05, 0.05), (0.06, 0.1), (0.9, 1.0)])
def test_the_risk_axis_is_no_higher_than_need_be(risk: float, most: float) -> None:
    assert risk_frame([Point(0.9, 0.5, risk)]).y_max == most


def test_ten_thousand_points_are_thinned_and_the_last_stays() -> None:
    points = [Point(1 - n / 10_000, n / 10_000, n / 20_000) for n in range(1, 10_001)]
    assert len(drawn(points)) <= 402
    assert drawn(points)[-1] == points[-1]
    assert drawn(points[:3]) == points[:3]
    rows = tabled(points)
    assert len(rows) <= 22
    assert (rows[0], rows[-1]) == (points[0], points[-1])
    assert tabled([]) == drawn([]) == []
