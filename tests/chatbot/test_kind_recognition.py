"""Kinds of answers told by rules and a classifier together."""

from __future__ import annotations

import json

import numpy as np
import pytest

from chatbot.kind_recognition import KINDS, KindRecogniser, signs_of_kind
from chatbot.reader_model import STATE, WEIGHTS
from tests.chatbot.fake_reader_model import FakeReaderModel
from training.shipped_reader import shipped_version


def always(kind: str) -> KindRecogniser:
    """Return a recogniser whose classifier takes every question for one kind."""
    intercept = np.array([9.0 if one == kind else 0.0 for one in KINDS])
    return KindRecogniser({}, np.zeros((len(KINDS), STATE + len(KINDS) + 2)), intercept)


def test_the_likeliest_kind_is_told() -> None:
    told = always("list")
    model = FakeReaderModel()
    assert told.recognise("海天的创始人是谁？", model, ()) == "list"  # type: ignore[arg-type]
    likely = told.probabilities("海天的创始人是谁？", model, ())  # type: ignore[arg-type]
    assert sum(likely.values()) == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("厂里做了哪些改善？", "list"),
        ("甲和乙分别怎么主张？", "list"),
        ("为什么要改哪些地方？", "passage"),
        ("匾上写的哪几个字？", "passage"),
        ("厂里怎么改善的？", "passage"),
    ],
)
def test_a_plain_word_for_several_things_outweighs_the_classifier(question: str, kind: str) -> None:
    told = always("passage")
    assert told.recognise(question, FakeReaderModel(), ()) == kind  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("那天一共发了多少个奖项？", "span"),
        ("厂里和学校总共招了几个人？", "span"),
        ("厂里和学校招了几个人？", "list"),
        ("三个组各花了多少钱？", "list"),
        ("啥时候动工、啥时候完工？", "list"),
        ("几家企业进了名单，都叫什么？", "list"),
        ("厂史馆里摆着什么？", "list"),
    ],
)
def test_a_number_or_a_time_that_is_asked_for_once_is_one_thing(question: str, kind: str) -> None:
    told = always("list")
    assert told.recognise(question, FakeReaderModel(), ()) == kind  # type: ignore[arg-type]


def test_signs_are_the_state_the_kind_by_the_rules_and_the_characters() -> None:
    grams = {"^为": 0, "啥$": 1, "什么": 2}
    signs = signs_of_kind("为啥？", np.array([0.6, 0.8], np.float32), "passage", grams)
    assert signs.tolist() == pytest.approx([0.6, 0.8, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0, 1.0, 0.0])


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
    assert told.weights.shape == (len(KINDS), STATE + len(KINDS) + 2 + len(told.grams))
    assert told.intercept.shape == (len(KINDS),)


@pytest.mark.parametrize("name", ["kinds", "self_contained"])
def test_the_shipped_numbers_are_those_of_the_shipped_reader(name: str) -> None:
    numbers = json.loads((WEIGHTS.parent / f"{name}.json").read_text("utf-8"))
    assert numbers["reader"] == shipped_version()
