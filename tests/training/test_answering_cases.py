"""How questions are drawn to fit on and to report on."""

from __future__ import annotations

from itertools import product

from training.answering_cases import sample
from training.reading_data import Question

QUESTIONS = [Question(str(number), "", "", (), "") for number in range(3219)]


def test_what_is_fitted_on_is_never_reported_on_however_many_are_drawn() -> None:
    for fitted, reported in product((90, 120, 300, 1600), (200, 400, 1600)):
        fit = sample(QUESTIONS, "fit", fitted)
        report = sample(QUESTIONS, "report", reported)
        assert (len(fit), len(report)) == (fitted, reported)
        assert not {question.id for question in fit} & {question.id for question in report}


def test_questions_are_drawn_from_everywhere() -> None:
    numbers = [int(question.id) for question in sample(QUESTIONS, "report", 400)]
    assert numbers == sorted(numbers) and numbers[0] < 10 and numbers[-1] > 3100
