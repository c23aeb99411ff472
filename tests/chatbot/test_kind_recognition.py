"""Kinds of answers told by rules and a classifier together."""

from __future__ import annotations

import numpy as np
import pytest

from chatbot.kind_recognition import KINDS, KindRecogniser, by_rule, signs_of_kind
from tests.index.fake_encoder import FakeEncoder


def recogniser(identity: str, towards: str) -> KindRecogniser:
    """Return one that says `towards` whatever is asked."""
    size = len(FakeEncoder().encode_questions(["问"])[0]) + len(KINDS) + 2
    intercept = np.array([9.0 if kind == towards else 0.0 for kind in KINDS])
    return KindRecogniser({}, np.zeros((len(KINDS), size)), intercept, identity)


def test_the_likeliest_kind_is_told() -> None:
    encoder = FakeEncoder()
    told = recogniser(encoder.identity, "list")
    assert told.recognise("海天的创始人是谁？", encoder, ()) == "list"
    likely = told.probabilities("海天的创始人是谁？", encoder, ())
    assert sum(likely.values()) == pytest.approx(1.0)


def test_for_another_encoder_the_rules_decide() -> None:
    told = recogniser("another", "list")
    assert told.recognise("为什么下雨？", FakeEncoder(), ()) == "passage"
    assert by_rule("为什么下雨？", ()) == "passage"


def test_signs_are_the_vector_the_kind_by_the_rules_and_the_characters() -> None:
    grams = {"^为": 0, "啥$": 1, "什么": 2}
    signs = signs_of_kind("为啥？", np.array([0.6, 0.8], np.float32), "passage", grams)
    assert signs.tolist() == pytest.approx([3.0, 4.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.5, 0.5, 0.0])


@pytest.mark.parametrize(
    ("question", "counts", "one"),
    [
        ("北仑有几家国家级企业？", 1.0, 0.0),
        ("是哪个部委批准的？", 0.0, 1.0),
        ("是哪几家企业？", 0.0, 0.0),
        ("有几家企业，分别叫什么？", 0.0, 0.0),
    ],
)
def test_counting_and_asking_for_one_thing_are_signs(
    question: str, counts: float, one: float
) -> None:
    signs = signs_of_kind(question, np.zeros(2, np.float32), "span", {})
    assert signs[-2:].tolist() == [counts, one]


def test_the_shipped_numbers_fit() -> None:
    told = KindRecogniser.shipped()
    assert told.weights.shape == (len(KINDS), 384 + len(KINDS) + 2 + len(told.grams))
    assert told.intercept.shape == (len(KINDS),)
