"""Choosing a sentence, on hand-made numbers."""

from __future__ import annotations

import math

import numpy as np
import pytest
from numpy.typing import NDArray

from chatbot.reader import SentenceReader, SentenceWeights, distinctive_coverage
from corpus.document import Paragraph
from index.passage import Passage
from tests.index.fake_encoder import FakeEncoder


class TableEncoder(FakeEncoder):
    """Gives the vectors of a table."""

    def __init__(self, table: dict[str, tuple[float, float]]) -> None:
        super().__init__(dimension=2)
        self.table = table

    def _vectors(self, texts: object) -> NDArray[np.float32]:
        return np.array([self.table[text] for text in texts], np.float32)  # type: ignore[attr-defined]


def passage(text: str, fused: float = 0.0, start: int = 100) -> Passage:
    return Passage(Paragraph("a", None, 1, start, start + len(text)), text, 0.5, 1.0, fused)


def test_the_score_is_the_weighted_sum_of_its_signs() -> None:
    encoder = TableEncoder({"问": (1.0, 0.0), "甲。": (0.6, 0.8), "乙。": (0.8, 0.6)})
    reader = SentenceReader(encoder, SentenceWeights(similarity=10, coverage=3, passage=0.5))
    best, second = reader.read("问", [passage("甲。乙。", fused=2.0)])
    assert best.score == pytest.approx(10 * 0.8 + 3 * 0 + 0.5 * 2.0)
    assert second.score == pytest.approx(10 * 0.6 + 3 * 0 + 0.5 * 2.0)
    assert (best.start, best.end) == (102, 104)
    assert (best.sentence_start, best.sentence_end) == (102, 104)


def test_equal_scores_keep_the_reading_order() -> None:
    encoder = TableEncoder({"问": (1.0, 0.0), "甲。": (0.6, 0.8), "乙。": (0.6, 0.8)})
    reader = SentenceReader(encoder, SentenceWeights(1, 1, 1))
    assert [span.start for span in reader.read("问", [passage("甲。乙。")])] == [100, 102]


def test_sentences_are_encoded_once() -> None:
    encoder = FakeEncoder()
    reader = SentenceReader(encoder, SentenceWeights(1, 1, 1))
    for _ in range(3):
        reader.read("问？", [passage("甲。乙。"), passage("甲。")])
    assert encoder.paragraphs == ["甲。", "乙。"]


def test_the_cache_forgets_the_oldest() -> None:
    encoder = FakeEncoder()
    reader = SentenceReader(encoder, SentenceWeights(1, 1, 1), cache=1)
    for text in ("甲。", "乙。", "甲。"):
        reader.read("问？", [passage(text)])
    assert encoder.paragraphs == ["甲。", "乙。", "甲。"]


def test_without_passages_there_is_nothing_to_read() -> None:
    assert SentenceReader(FakeEncoder(), SentenceWeights(1, 1, 1)).read("问？", []) == []


def test_coverage_weighs_rare_terms_more() -> None:
    # Terms of 甲乙: 甲, 乙, 甲乙. Among two sentences 甲 stands in both, 乙 and 甲乙 in one.
    common, rare = math.log(1 + 2 / 3), math.log(1 + 2 / 2)
    total = common + 2 * rare
    first, second = distinctive_coverage("甲乙", ["甲乙。", "甲。"])
    assert first == pytest.approx(1.0)
    assert second == pytest.approx(common / total)


def test_coverage_of_a_question_without_terms_is_nothing() -> None:
    assert distinctive_coverage("？！", ["甲。"]) == [0.0]
