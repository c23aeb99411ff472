"""A fitted confidence is about as often right as it says, and tells absent answers apart."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from sklearn.metrics import roc_auc_score

from training.fit_answering import fit_confidence, unseen_confidences


@pytest.fixture
def cases() -> tuple[NDArray[np.float64], NDArray[np.bool_], NDArray[np.bool_]]:
    """Return signs (2,000, 2), whether the answer is right and whether there is one: the first
    sign tells of the answer being there, the second of its being taken rightly.
    """
    rng = np.random.default_rng(1)
    features = rng.normal(size=(2000, 2)) * [1.0, 30.0]
    can = features[:, 0] + rng.normal(size=2000) > 0
    right = can & (features[:, 1] / 30 + rng.normal(size=2000) > -1)
    return features, right, can


def test_confidences_are_as_often_right_as_they_say(
    cases: tuple[NDArray[np.float64], NDArray[np.bool_], NDArray[np.bool_]],
) -> None:
    features, right, can = cases
    weights, intercept = fit_confidence(features, right, can, np.ones(len(right)))
    sure = 1 / (1 + np.exp(-(features @ weights + intercept)))
    for low in (0.0, 0.25, 0.5, 0.75):
        those = (sure >= low) & (sure < low + 0.25)
        assert abs(sure[those].mean() - right[those].mean()) < 0.12
    assert sure.mean() == pytest.approx(right.mean(), abs=0.01)
    assert roc_auc_score(can, sure) > 0.8


def test_what_a_case_counts_for_is_heeded(
    cases: tuple[NDArray[np.float64], NDArray[np.bool_], NDArray[np.bool_]],
) -> None:
    features, right, can = cases
    often = np.where(can, 1.0, 0.1)
    sure = unseen_confidences(features, right, can, often)
    alike = unseen_confidences(features, right, can, np.ones(len(right)))
    assert sure.mean() > alike.mean() + 0.1
