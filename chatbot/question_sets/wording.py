"""What was expected, what was given and what came of it, in words for the tester."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from chatbot.question_sets.outcomes import Outcome
from chatbot.question_sets.question_set import Question
from chatbot.question_sets.reasons import REASONS

KINDS = {
    "span": "短语",
    "list": "列举",
    "passage": "句子",
    "refusal": "拒答",
    "chat": "闲聊",
}


# What each score tells, for a reader who has not read the documentation.
MEANINGS = {
    "right": "该拒答的拒答了，该回答的答对了",
    "paragraph": "引的段落里有写明的依据",
    "sentence": "引的句子里有写明的答案",
    "exact": "回答就是写明的答案",
    "f1": "回答与写明的答案重合多少",
    "items_found": "要列的答出了多少",
    "items_right": "答出的有多少是要列的",
    "answered": "文章里有的，答了",
    "refusal": "文章里没有的，拒答了",
    "auroc": "文章里有的，把握比没有的大",
}


def expected(question: Question) -> str:
    """Return what the set expects of a question; "" for nothing."""
    if question.answerable is False:
        return "拒答"
    if question.answers or question.items:
        wanted = " | ".join(question.answers)
        items = "、".join(question.items)
        # Either will do; both are what the tester wrote.
        return f"{wanted}（或列举 {items}）" if wanted and items else wanted or items
    if question.evidence:
        return f"引出含“{question.evidence}”的段落"
    return "作答" if question.answerable else ""


def given(record: Mapping[str, Any]) -> str:
    """Return what was answered, all of it where several things were; a refusal in brackets."""
    if not record["answered"]:
        return f"（{KINDS.get(str(record.get('kind')), '拒答')}）"
    several = [str(span["answer"]) for span in record.get("answers") or ()]
    return "、".join(several) or str(record["answer"] or "")


def verdict(outcome: Outcome) -> str:
    """Return the verdict in a word."""
    if outcome.score.right is None:
        return "未评"
    return "对" if outcome.score.right else "错"


def why(outcome: Outcome) -> str:
    """Return the reason of a wrong answer; "" where there is none to give."""
    return "" if outcome.reason is None else REASONS[outcome.reason]


def failure(outcome: Outcome) -> str:
    """Return what is to be read about a wrong answer, a thing a line."""
    record, question = outcome.record, outcome.question
    lines = [
        *(f"前文：{earlier}" for earlier in question.history),
        f"问题：{question.question}",
        f"期望：{expected(question)}",
        f"回答：{given(record)}",
        f"原因：{why(outcome)}",
    ]
    if question.evidence:
        lines.append(f"依据：{question.evidence}")
    citation = record.get("citation")
    if citation:
        lines.append(f"引的段落：{place(citation)}：{citation['text']}")
    lines.append(f"把握：{outcome.score.confidence:.0%}")
    return "\n".join(lines)


def place(citation: Mapping[str, Any]) -> str:
    """Return where a quotation stands: 《title》·section·第 8 段, as far as the citation says."""
    parts = [f"《{citation['title']}》" if citation.get("title") else "", citation.get("section")]
    number = citation.get("paragraph")
    parts.append(f"第 {number} 段" if number is not None else "")
    return "·".join(str(part) for part in parts if part)
