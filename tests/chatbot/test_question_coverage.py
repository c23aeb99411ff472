"""How much of a question a sentence says, in its own words and in others."""

from __future__ import annotations

import numpy as np
import pytest

from chatbot.paraphrases import Paraphrases
from chatbot.question_coverage import distinctive_coverage, told_otherwise

WORDS = Paraphrases([(["老外"], ["外商", "外资"]), (["头儿"], ["书记", "院长"])])


def test_coverage_weighs_rare_terms_more() -> None:
    # Terms of 甲乙: 甲, 乙, 甲乙. Among two sentences 甲 stands in both, 乙 and 甲乙 in one.
    common, rare = np.log(1 + 2 / 3), np.log(1 + 2 / 2)
    first, second = distinctive_coverage("甲乙", ["甲乙。", "甲。"])
    assert first == pytest.approx(1.0)
    assert second == pytest.approx(common / (common + 2 * rare))
    assert distinctive_coverage("？！", ["甲。"]) == [0.0]


def test_a_wording_that_a_sentence_says_otherwise_counts_by_what_of_it_is_lacking() -> None:
    # Terms of 老外: 老, 外, 老外; 外 stands in two of three sentences, the others in none.
    told = told_otherwise("老外来", ["外商投资。", "外资增长。", "无关。"], WORDS)
    missing, held = np.log(1 + 3 / 1), np.log(1 + 3 / 3)
    expected = 2 * missing / (2 * missing + held)
    assert told == pytest.approx([expected, expected, 0.0])
    assert told_otherwise("老外的头儿", ["书记引来港商。"], WORDS) == [1.0]
    assert told_otherwise("老外的头儿", ["书记引来侨商。", "书记。"], WORDS) == [1.0, 1.0]


def test_what_a_sentence_says_itself_or_the_question_too_is_not_said_otherwise() -> None:
    assert told_otherwise("老外", ["老外的外商。"], WORDS) == [0.0]
    assert told_otherwise("老外和外商", ["外商。"], WORDS) == [0.0]
    assert told_otherwise("？！", ["外商。"], WORDS) == [0.0]
