"""Confidence is a logistic function of its signs."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from chatbot.asking_words import telling_words
from chatbot.confidence import TERMS, Confidence, shipped, signs
from chatbot.reader import Span
from corpus.document import Paragraph
from index.passage import Passage

FIRST = Passage(Paragraph("a", None, 1, 0, 2), "甲乙。", 0.8, 3.0, 2.5)
SECOND = Passage(Paragraph("a", None, 2, 2, 4), "乙丁。", 0.9, 1.0, 1.0)


def span(passage: Passage, score: float, fit: float = 0.0) -> Span:
    start, end = passage.paragraph.start, passage.paragraph.end
    return Span(
        passage,
        start,
        end,
        start,
        end,
        margin=score - 1,
        mass=score,
        certainty=-0.5,
        similarity=0.7,
        coverage=0.4,
        paraphrased=0.2,
        fit=fit,
        score=score,
    )


def test_signs_are_read_off_the_best_of_each() -> None:
    spans = [span(SECOND, 4.0), span(SECOND, 3.0), span(FIRST, 1.5)]
    assert signs("为什么乙丁？", [FIRST, SECOND], spans) == {
        "margin": 3.0,
        "mass": 4.0,
        "lead": 2.5,
        "dense": 0.9,
        "fused": 1.0,
        "similarity": 0.7,
        "coverage": 0.4,
        "paraphrased": 0.2,
        "agreement": 0.0,
        "fits": 0.0,
        "misfits": 0.0,
        "contradicts": 0.0,
        "known": pytest.approx(1.0),
        "telling": 1.0,
        "several": 0.0,
        "told_sentence": 1.0,
        "told_passage": 1.0,
        "told": 1.0,
        "ahead": 1.5,
        "nothing": 0.0,
        "certainty": -0.5,
        "sees": 0.0,
        "sees_none": 0.0,
        "length": pytest.approx(math.log(60)),
    }


@pytest.mark.parametrize(
    ("characters", "counted"), [(5, 60), (59, 60), (100, 100), (700, 700), (90_000, 700)]
)
def test_passages_count_as_long_as_they_are_within_what_is_known(
    characters: int, counted: int
) -> None:
    passage = replace(FIRST, text="甲" * characters)
    observed = signs("甲", [passage], [span(passage, 1.0)])
    assert observed["length"] == pytest.approx(math.log(counted))


def test_how_sure_the_reader_is_shows_where_it_answers_and_where_it_does_not() -> None:
    shown = {
        margin: [
            signs("甲", [FIRST], [span(FIRST, margin + 1)])[name]
            for name in ("certainty", "sees", "sees_none")
        ]
        for margin in (6.0, 1.0, -1.0, -10.0)
    }
    assert shown == {
        6.0: [-0.5, 2.0, 0.0],
        1.0: [-0.5, 0.0, 0.0],
        -1.0: [0.0, 0.0, 0.0],
        -10.0: [0.0, 0.0, 2.0],
    }


def test_what_is_neither_told_nor_seen_by_the_reader_comes_from_elsewhere() -> None:
    assert signs("天气", [FIRST], [span(FIRST, -99.0)])["nothing"] == 1.0
    assert signs("天气", [FIRST], [span(FIRST, -5.0)])["nothing"] == 0.5
    assert signs("天气", [FIRST], [span(FIRST, 3.0)])["nothing"] == 0.0
    assert signs("甲", [FIRST], [span(FIRST, -99.0)])["nothing"] == 0.0


@pytest.mark.parametrize(
    ("fit", "shown"),
    [(1.0, (1, 0, 0)), (-1.0, (0, 1, 0)), (-2.0, (0, 1, 1)), (0.0, (0, 0, 0))],
)
def test_whether_the_kind_asked_for_is_there_shows(fit: float, shown: tuple[int, int, int]) -> None:
    observed = signs("多少？", [FIRST], [span(FIRST, 4.0, fit)])
    assert (observed["fits"], observed["misfits"], observed["contradicts"]) == shown


def test_what_makes_a_question_is_expected_in_no_article() -> None:
    assert set(telling_words("请问海天什么时候成立的？")) == set("海天成立 ")


def test_a_very_large_margin_says_no_more_than_a_large_one() -> None:
    assert signs("谁？", [FIRST], [span(FIRST, 99.0)])["margin"] == 12.0
    assert signs("谁？", [FIRST], [span(FIRST, 99.0)])["mass"] == 12.0


def test_nothing_found_shows_nothing() -> None:
    assert set(signs("", [], []).values()) == {0.0}


def test_an_only_passage_leads_over_no_answer() -> None:
    assert signs("谁？", [FIRST], [span(FIRST, 4.0)])["lead"] == 4.0


def test_probability_is_the_logistic_function() -> None:
    model = Confidence({"dense": 2.0, "lead": -1.0}, 0.5, 0.3)
    expected = 1 / (1 + math.exp(-(0.5 + 2.0 * 0.9 - 1.0 * 1.5)))
    assert model.probability({"dense": 0.9, "lead": 1.5}) == pytest.approx(expected)


def test_products_are_of_distances_from_the_mean_in_deviations() -> None:
    model = Confidence({"dense × lead": 2.0}, 0.5, 0.3, {"dense": (0.5, 0.2), "lead": (1.0, 2.0)})
    expected = 1 / (1 + math.exp(-(0.5 + 2.0 * (0.9 - 0.5) / 0.2 * (1.5 - 1.0) / 2.0)))
    assert model.probability({"dense": 0.9, "lead": 1.5}) == pytest.approx(expected)


@pytest.mark.parametrize(("sign", "limit"), [(1e9, 1.0), (-1e9, 0.0)])
def test_extreme_signs_do_not_overflow(sign: float, limit: float) -> None:
    assert Confidence({"x": 1.0}, 0.0, 0.5).probability({"x": sign}) == pytest.approx(limit)


def test_the_shipped_numbers_fit_the_model() -> None:
    numbers = shipped()
    model = Confidence(**numbers["confidence"])
    assert set(model.usual) == set(signs("", [], []))
    assert tuple(model.weights) == TERMS
    assert 0 < model.refuse_below < 1
