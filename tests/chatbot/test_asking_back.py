"""Asking back, on hand-made spans: when another answer is as good, what tells the two apart."""

from __future__ import annotations

import pytest

from chatbot.asking_back import narrowed, rival_of, values_of
from chatbot.reader import Span
from corpus.document import Paragraph
from index.passage import Passage

HEADS = "开发区商务局局长史海辉说。开发区营商环境改革局局长沈健说，要快。"
MASSES = "模具从3年前80吨重跃升至现在200多吨重。"


def span_of(text: str, words: str, margin: float = 5.0, coverage: float = 0.6) -> Span:
    passage = Passage(Paragraph("a", None, 1, 0, len(text)), text, 0.5, 1.0, 0.4)
    start = text.index(words)
    end = start + len(words)
    stop = text.index("。", end - 1) + 1
    return Span(
        passage=passage,
        start=start,
        end=end,
        sentence_start=text.rfind("。", 0, start) + 1,
        sentence_end=stop,
        margin=margin,
        mass=margin,
        certainty=-0.5,
        similarity=0.0,
        coverage=coverage,
        paraphrased=0.0,
        fit=0.0,
        score=1.0,
    )


def words_of(span: Span) -> str:
    return span.passage.text[span.start : span.end]


def sentence_of(span: Span) -> str:
    return span.passage.text[span.sentence_start : span.sentence_end]


FIRST, SECOND = span_of(HEADS, "史海辉"), span_of(HEADS, "沈健")


def test_another_answer_about_as_sure_is_a_rival() -> None:
    choice = rival_of([FIRST, SECOND], 0.6, lambda span: 0.5, words_of)
    assert choice is not None
    assert (words_of(choice.span), choice.confidence) == ("沈健", 0.5)


@pytest.mark.parametrize(
    ("spans", "confidence", "sure"),
    [
        ([FIRST, SECOND], 0.9, 0.5),  # much less sure
        ([FIRST, span_of(HEADS, "沈健", margin=-1.0)], 0.6, 0.6),  # the reader sees no answer
        ([span_of(HEADS, "史海辉", margin=-1.0), SECOND], 0.6, 0.6),  # nor in the first
        ([FIRST, span_of(HEADS, "沈健", margin=2.0)], 0.6, 0.6),  # sees it much less
        ([FIRST, span_of(HEADS, "沈健", coverage=0.3)], 0.6, 0.6),  # holds little of the question
        ([FIRST, span_of(HEADS, "史海辉说")], 0.6, 0.6),  # says the same
        ([FIRST, SECOND], 0.9, 0.9),  # so sure of the first that there is nothing to ask
        ([FIRST], 0.6, 0.6),
        ([], 0.6, 0.6),
    ],
)
def test_what_is_no_rival(spans: list[Span], confidence: float, sure: float) -> None:
    assert rival_of(spans, confidence, lambda span: sure, words_of) is None


def test_the_two_are_told_apart_by_what_stands_before_them() -> None:
    question = "开发区的局长是谁？"
    assert narrowed(question, FIRST, SECOND, sentence_of)[0] == f"商务局，{question}"
    assert narrowed(question, SECOND, FIRST, sentence_of)[0] == f"营商环境改革局，{question}"


def test_a_time_or_a_title_tells_apart_before_other_words() -> None:
    text = "2019年他凭《山路》得了金奖。2021年又得了银奖。"
    gold, silver = span_of(text, "金奖"), span_of(text, "银奖")
    assert narrowed("他得了什么？", gold, silver, sentence_of)[:2] == [
        "2019年，他得了什么？",
        "《山路》，他得了什么？",
    ]


def test_several_values_in_one_answer_are_taken_apart() -> None:
    whole = span_of(MASSES, "80吨重跃升至现在200多吨重")
    values = values_of(whole, MASSES, "模具有多重？")
    assert [words_of(value) for value in values] == ["80吨", "200多吨"]
    question = "模具有多重？"
    assert narrowed(question, values[0], values[1], sentence_of)[0] == f"3年前，{question}"


@pytest.mark.parametrize(
    ("text", "words", "question"),
    [
        (MASSES, "80吨", "模具有多重？"),
        (MASSES, "80吨重跃升至现在200多吨重", "模具怎么样？"),
        ("从1878年到1938年发行。", "1878年到1938年", "什么时候发行？"),
        ("有88家企业、2万名员工。", "88家企业、2万名员工", "有多少企业？"),
    ],
)
def test_one_value_a_range_or_another_question_is_one_answer(
    text: str, words: str, question: str
) -> None:
    assert values_of(span_of(text, words), text, question) == []
