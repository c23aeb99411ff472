"""Why an answer is wrong, as far as it can be known."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from chatbot.question_sets.question_set import Question
from chatbot.question_sets.scoring import QuestionScore, score

# In the order of the report. A reason is known by its name, the tester reads the words.
REASONS = {
    "invented": "不该答而答了",
    "retrieval": "检索失误：没有找对段落，直接读对的段落就答得对",
    "reading": "阅读失误：读的是对的段落，答案不对",
    "refused": "该答而拒答了",
    "paragraph": "引的不是写明的段落",
    "answer": "答案不对",
}


def reason(question: Question, record: Mapping[str, Any], scored: QuestionScore) -> str | None:
    """Return the name of the reason why an answer is wrong; None for right and unscored ones.

    `record["oracle"]`, where there is one, is what came of reading the right paragraph directly:
    it tells a retrieval miss from a reading miss. Without it, a wrong answer from the right
    paragraph is a reading miss, and of the rest only what was seen can be said.
    """
    if scored.right is not False:
        return None
    if question.answerable is False:
        return "invented"
    if scored.answered and scored.paragraph:
        return "reading"
    oracle = record.get("oracle")
    if isinstance(oracle, Mapping):
        return "retrieval" if score(question, {**record, **oracle}).right else "reading"
    if not scored.answered:
        return "refused"
    return "paragraph" if scored.paragraph is False else "answer"
