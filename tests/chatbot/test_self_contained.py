"""Questions that need what was said before are told from those that do not."""

from __future__ import annotations

import numpy as np
import pytest

from chatbot.reader_model import STATE, ReaderModel
from chatbot.self_contained import SelfContainment
from tests.chatbot.fake_reader_model import FakeReaderModel


def test_the_wording_alone_may_tell() -> None:
    sure = SelfContainment(np.zeros(STATE), 9.0)
    model = FakeReaderModel()
    assert sure.probability("海天的创始人是谁？", model) > 0.99  # type: ignore[arg-type]
    assert sure.probability("它的创始人是谁？", model) == 0.0  # type: ignore[arg-type]
    assert sure.probability("那继峰股份呢？", model) == 0.0  # type: ignore[arg-type]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("whole", "leaning"),
    [
        ("海天集团的总部在哪里？", "总部在哪里？"),
        ("舟山跨海大桥是什么时候通车的？", "什么时候通车的？"),
        ("梅山保税区 面积", "面积有多大"),
    ],
)
def test_the_shipped_numbers_tell_a_question_without_its_subject(whole: str, leaning: str) -> None:
    told, model = SelfContainment.shipped(), ReaderModel()
    assert told.probability(whole, model) > 0.8 > 0.5 > told.probability(leaning, model)
