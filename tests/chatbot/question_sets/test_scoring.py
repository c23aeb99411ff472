"""One record against one question, every value worked out by hand."""

from typing import Any

import pytest
from hypothesis import given as given_by
from hypothesis import strategies as st

from chatbot.question_sets.question_set import Question
from chatbot.question_sets.scoring import QuestionScore, score
from tests.chatbot.question_sets.records import given, refused


def scored(record: dict[str, Any], **expected: Any) -> QuestionScore:
    expected.setdefault("answerable", True)
    return score(Question("q", "多少？", **expected), record)


def test_all_hits() -> None:
    result = scored(given(), answers=("百分之五", "5%"), evidence="用于技术研发", tags=("数字",))
    assert result == QuestionScore(
        id="q",
        tags=("数字",),
        answerable=True,
        answered=True,
        confidence=0.9,
        milliseconds=40.0,
        right=True,
        paragraph=True,
        sentence=True,
        exact=True,
        f1=1.0,
        kind="span",
    )


def test_a_longer_answer_is_not_exact_and_its_f1_is_partial() -> None:
    result = scored(given(answer="销售收入的5%"), answers=("5%",))
    assert result.exact is False
    assert result.f1 == pytest.approx(2 * 2 / (7 + 2))  # 销售收入的 + 5 + %, against 5 + %
    assert result.right is False  # 0.44
    assert result.sentence is True


def test_f1_of_a_half_is_right() -> None:
    result = scored(given(answer="海天集团"), answers=("团结互助",))
    assert result.f1 == pytest.approx(2 * 1 / (4 + 4))
    assert result.right is False
    assert scored(given(answer="海天集团"), answers=("集团公司",)).right is True  # 0.5


@pytest.mark.parametrize(
    ("answer", "accepted", "f1", "right"),
    [
        # The official F1 has % in common, or all but the number; a person is not misled.
        ("6%", "5%", 0.5, False),
        ("15%", "5%", 0.5, False),
        ("5", "5%", 2 / 3, False),
        ("5‰", "5%", 0.5, False),
        ("4.5亿元", "3.5亿元", 2 / 3, False),
        ("3.5万", "3.5亿", 0.5, False),
        ("2024年5月", "2023年5月", 3 / 4, False),
        ("百分之六", "百分之五", 3 / 4, False),
        ("第四届亚运会", "第三届亚运会", 4 / 6, False),
        ("亿元", "3.5亿元", 0.8, False),
        ("年", "2023年", 2 / 3, False),
        ("5-6人", "56人", 1.0, False),  # to the script a hyphen is nothing, and these are the same
        # Other words for the same number, less of it or more are right as they are to the script.
        ("5.0%", "5%", 0.5, True),
        ("第三届亚运会", "第3届亚运会", 4 / 6, True),
        ("亚运会", "第12届亚运会", 2 / 3, True),
        ("5月8日", "2023年5月8日", 8 / 10, True),
        ("10%到15%", "15%", 2 * 2 / 7, True),
    ],
)
def test_a_near_answer_with_another_number_is_wrong(
    answer: str, accepted: str, f1: float, right: bool
) -> None:
    result = scored(given(answer), answers=(accepted,))
    assert result.f1 == pytest.approx(f1)
    assert result.right is right


def test_a_number_need_agree_with_one_accepted_answer_only() -> None:
    assert scored(given("6%"), answers=("5%", "6%")).right is True
    assert scored(given("6%"), answers=("百分之六", "5%")).right is False  # near to neither


def test_a_passage_is_right_with_the_right_sentence_a_span_is_not() -> None:
    sentence = "海天每年拿出销售收入的5%用于技术研发。"
    assert scored(given(sentence, kind="passage"), answers=("5%",)).right is True
    assert scored(given(sentence, kind="span"), answers=("5%",)).right is False
    assert scored(given(sentence, kind="passage"), answers=("6%",)).right is False


def test_the_evidence_of_another_paragraph_is_a_miss() -> None:
    result = scored(given(paragraph="北仑拥有模具企业2800家。"), evidence="用于技术研发")
    assert result.paragraph is False
    assert result.right is False  # nothing else is known of the answer
    assert scored(given(), evidence="用于技术研发").right is True


def test_a_refusal_of_what_is_answerable_scores_nothing() -> None:
    result = scored(refused(), answers=("5%",), items=("镰刀",), evidence="用于技术研发")
    assert (result.paragraph, result.sentence, result.exact) == (False, False, False)
    assert (result.f1, result.items_found, result.items_right) == (0.0, 0.0, 0.0)
    assert (result.answered, result.right) == (False, False)


@pytest.mark.parametrize(("record", "right"), [(refused(), True), (given(), False)])
def test_what_is_not_answerable_is_to_be_refused(record: dict[str, Any], right: bool) -> None:
    result = scored(record, answerable=False, evidence="用于技术研发")
    assert result.right is right
    assert result.paragraph is None
    assert result.sentence is None
    assert result.exact is None
    assert result.f1 is None


def test_small_talk_is_right_where_there_is_nothing_to_answer() -> None:
    assert scored({**refused(), "kind": "chat"}, answerable=False).right is True


def test_answerable_alone_asks_only_for_an_answer() -> None:
    assert scored(given()).right is True
    assert scored(refused()).right is False


def test_no_expectation_no_score() -> None:
    result = scored(given(), answerable=None)
    assert result == QuestionScore("q", (), None, True, 0.9, 40.0, kind="span")


@pytest.mark.parametrize(
    ("answers", "found", "right", "verdict"),
    [
        (("镰刀", "锄头"), 2 / 3, 2 / 2, True),
        (("镰刀", "模具"), 1 / 3, 1 / 2, False),  # harmonic mean 0.4
        (("镰刀、锄头和犁",), 3 / 3, 1 / 1, True),
        (("镰", "模具"), 0 / 3, 1 / 2, False),  # a part of an item is right, not found
        (("镰刀", "镰刀"), 1 / 3, 2 / 2, True),  # harmonic mean 0.5
        (("模具",), 0 / 3, 0 / 1, False),
    ],
)
def test_items(answers: tuple[str, ...], found: float, right: float, verdict: bool) -> None:
    result = scored(given(answers[0], kind="list", answers=answers), items=("镰刀", "锄头", "犁"))
    assert result.items_found == pytest.approx(found)
    assert result.items_right == pytest.approx(right)
    assert result.right is verdict


def test_items_are_found_in_the_answer_too() -> None:
    record = given("镰刀、锄头", kind="list", answers=["镰刀"])
    assert scored(record, items=("镰刀", "锄头")).items_found == 1.0


def test_a_record_without_entries_is_scored_by_its_answer() -> None:
    record = {**given("镰刀、锄头", kind="list"), "answers": []}
    result = scored(record, items=("镰刀", "锄头"))
    assert (result.items_found, result.items_right) == (1.0, 1.0)


TEXTS = st.lists(st.text(max_size=8), max_size=3)


@given_by(
    st.text(max_size=8), st.text(max_size=20), TEXTS, TEXTS, TEXTS, st.none() | st.text(max_size=5)
)
def test_scores_stay_within_0_and_1(
    answer: str,
    sentence: str,
    answers: list[str],
    accepted: list[str],
    items: list[str],
    evidence: str | None,
) -> None:
    result = scored(
        given(answer, sentence, answers=answers),
        answers=tuple(accepted),
        items=tuple(items),
        evidence=evidence,
    )
    for value in (result.f1, result.items_found, result.items_right):
        assert value is None or 0.0 <= value <= 1.0
    assert (result.f1 is None) == (not accepted)
    assert (result.items_found is None) == (not items)
    assert (result.paragraph is None) == (evidence is None)
    if result.exact:
        assert result.f1 == 1.0
