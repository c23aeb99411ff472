"""Fitting what spans cost, on made-up sentences."""

from __future__ import annotations

import numpy as np

from corpus.document import Paragraph
from index.passage import Passage
from training.fit_span_costs import Asked, Candidates, by_words_and_clauses, chosen, fit

TEXT = "甲厂生产钢，乙厂生产纸。"
WHOLE, STEEL = (4, 11), (4, 5)  # 钢，乙厂生产纸 and 钢
ALONE = np.array([1.0, 0.0, 0.0, 0.0])


def asked(source: str) -> Asked:
    passage = Passage(Paragraph("p", None, 1, 0, len(TEXT)), TEXT, 0.0, 0.0, 0.0)
    return Asked(source, "g", "甲厂生产什么？", passage, (0, len(TEXT)), ["钢"])


def crossing(source: str) -> Candidates:
    """Return a case in which the network prefers by one logit what goes on over a comma."""
    features = np.array([[10.0, 1.0, 0.0, 2.0], [9.0, 0.0, 0.0, 0.0]])
    right = np.array([0.0, 1.0])
    return Candidates(asked(source), [WHOLE, STEEL], features, np.array([0.25, 1.0]), right)


def clear(source: str) -> Candidates:
    """Return a case in which the network is right by itself."""
    features = np.array([[10.0, 0.0, 0.0, 0.0], [5.0, 1.0, 0.0, 1.0]])
    right = np.array([1.0, 0.0])
    return Candidates(asked(source), [STEEL, WHOLE], features, np.array([1.0, 0.25]), right)


def test_what_answers_is_chosen_with_the_costs_that_are_found() -> None:
    cases = [case(source) for source in ("articles", "cmrc") for case in (crossing, clear)]
    assert [right for right, _ in chosen(cases, ALONE)] == [0.0, 1.0, 0.0, 1.0]
    weights = fit(cases)
    assert weights[0] > 0 > weights[1]
    assert weights[2] == 0  # no span goes on into a bracket
    assert [right for right, _ in chosen(cases, weights)] == [1.0] * 4


def test_the_clauses_round_the_words_are_compared_with_them() -> None:
    [(words, clauses)] = by_words_and_clauses([clear("articles")], ALONE)
    assert words == 1.0
    assert clauses < 0.5  # 甲厂生产钢
