"""Confidence is a logistic function of its signs."""

from __future__ import annotations

import math

import pytest

from chatbot.confidence import Confidence, shipped, signs
from chatbot.reader import Span
from corpus.document import Paragraph
from index.passage import Passage

FIRST = Passage(Paragraph("a", None, 1, 0, 2), "甲。", 0.8, 3.0, 2.5)
SECOND = Passage(Paragraph("a", None, 2, 2, 4), "乙。", 0.9, 1.0, 1.0)


def span(passage: Passage) -> Span:
    start, end = passage.paragraph.start, passage.paragraph.end
    return Span(passage, start, end, start, end, similarity=0.7, coverage=0.4, score=1.0)


def test_signs_are_read_off_the_best_of_each() -> None:
    assert signs([FIRST, SECOND], [span(SECOND), span(FIRST)]) == {
        "dense": 0.9,
        "similarity": 0.7,
        "coverage": 0.4,
        "lead": 1.5,
        "agreement": 0.0,
    }


def test_nothing_found_shows_nothing() -> None:
    assert set(signs([], []).values()) == {0.0}


def test_a_single_passage_has_no_lead() -> None:
    assert signs([FIRST], [span(FIRST)])["lead"] == 0.0


def test_probability_is_the_logistic_function() -> None:
    model = Confidence({"dense": 2.0, "lead": -1.0}, 0.5, 0.3)
    expected = 1 / (1 + math.exp(-(0.5 + 2.0 * 0.9 - 1.0 * 1.5)))
    assert model.probability({"dense": 0.9, "lead": 1.5}) == pytest.approx(expected)


@pytest.mark.parametrize(("sign", "limit"), [(1e9, 1.0), (-1e9, 0.0)])
def test_extreme_signs_do_not_overflow(sign: float, limit: float) -> None:
    assert Confidence({"x": 1.0}, 0.0, 0.5).probability({"x": sign}) == pytest.approx(limit)


def test_the_shipped_numbers_fit_the_model() -> None:
    numbers = shipped()
    model = Confidence(**numbers["confidence"])
    assert set(model.weights) == set(signs([], []))
    assert 0 < model.refuse_below < 1
