"""A fitted confidence is about as often right as it says, and tells absent answers apart."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from sklearn.metrics import roc_auc_score

from chatbot.confidence import SIGNS, TERMS
from chatbot.reader import Span
from corpus.document import Paragraph
from index.passage import Passage
from training.answering_cases import Case
from training.fit_answering import (
    fit_confidence,
    fit_weights,
    ranked,
    threshold_of,
    unseen_confidences,
    with_products,
)


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
    sure = fit_confidence(features, right, can, np.ones(len(right))).probabilities(features)
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
    own = [str(number) for number in range(len(right))]
    sure = unseen_confidences(features, right, can, often, own)
    alike = unseen_confidences(features, right, can, np.ones(len(right)), own)
    assert sure.mean() > alike.mean() + 0.1


def test_terms_stand_in_the_order_of_their_names() -> None:
    apart = np.arange(1.0, 1.0 + len(SIGNS))[None]
    values = dict(zip(TERMS, with_products(apart)[0], strict=True))
    assert values["lead"] == 3.0
    assert values["margin × dense"] == 4.0
    assert values["lead × dense"] == 12.0
    assert values["dense × dense"] == 16.0


def test_no_case_is_judged_by_another_of_its_group(
    cases: tuple[NDArray[np.float64], NDArray[np.bool_], NDArray[np.bool_]],
) -> None:
    features = cases[0][:400]
    # A sign that names the group, of which all or none are right: of no use for another group.
    group = np.arange(len(features)) % 20
    right = group % 2 == 0
    named = np.concatenate([features, np.eye(20)[group]], 1)
    sure = unseen_confidences(named, right, right, np.ones(len(right)), [str(n) for n in group])
    assert roc_auc_score(right, sure) < 0.6


@pytest.mark.parametrize(("unsure", "threshold"), [(4, 0.9), (5, 0.1), (6, 0.0)])
def test_the_threshold_withholds_at_most_five_in_a_hundred(unsure: int, threshold: float) -> None:
    sure = np.array([0.9] * (99 - unsure) + [0.1] + [0.0] * unsure)
    assert threshold_of(sure) == threshold


def test_spans_are_ranked_by_what_tells_the_answering_sentence() -> None:
    rng = np.random.default_rng(1)
    passage = Passage(Paragraph("a", None, 1, 0, 9), "甲。乙。丙。", 0.0, 0.0, 0.0)

    def case(number: int) -> Case:
        right = number % 3
        spans = [
            Span(
                passage, at, at + 1, at, at + 2,
                margin=0.0, mass=rng.normal() + (at == right), certainty=0.0, similarity=0.0,
                coverage=rng.random(), paraphrased=float(at == right), fit=0.0, score=0.0,
            )
            for at in range(3 if number % 2 else 2 + right // 2)
        ]  # fmt: skip
        holds = [at == right for at in range(len(spans))]
        source = "article" if number % 2 else "cmrc"
        return Case("问？", [passage], spans, holds, holds, source, "fact", True)

    cases = [case(number) for number in range(60)]
    weights = fit_weights(cases)
    assert weights.paraphrased > weights.mass > 0
    assert abs(weights.coverage) < weights.paraphrased
    assert all(ranked(case, weights)[2] for case in cases)
