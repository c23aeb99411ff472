"""Hand-made answer records and whom they come from."""

from collections.abc import Mapping, Sequence
from typing import Any


def given(
    answer: str = "5%",
    sentence: str = "海天每年拿出销售收入的5%用于技术研发。",
    paragraph: str = "成绩背后，海天每年拿出销售收入的5%用于技术研发。",
    *,
    kind: str = "span",
    answers: Sequence[str] | None = None,
    confidence: float = 0.9,
    milliseconds: float = 40.0,
) -> dict[str, Any]:
    """Return the record of an answer."""
    citation = {
        "document": "a",
        "title": "甲",
        "section": None,
        "paragraph": 1,
        "start": 0,
        "end": len(answer),
        "text": paragraph,
    }
    return {
        "id": None,
        "question": "",
        "understood": "",
        "answered": True,
        "kind": kind,
        "answer": answer,
        "sentence": sentence,
        "answers": [{"answer": text, "citation": citation} for text in answers or [answer]],
        "confidence": confidence,
        "citation": citation,
        "passages": [],
        "suggestions": [],
        "reply": "",
        "milliseconds": milliseconds,
    }


def refused(*, confidence: float = 0.1, milliseconds: float = 40.0) -> dict[str, Any]:
    """Return the record of a refusal."""
    empty = {"kind": "refusal", "answered": False, "answer": None, "sentence": None}
    return {
        **given(confidence=confidence, milliseconds=milliseconds),
        **empty,
        "citation": None,
        "answers": [],
    }


class Answers:
    """An asker that knows its records by question, and remembers what it was asked."""

    def __init__(self, records: Mapping[str, Any]) -> None:
        self.records = records
        self.asked: list[tuple[str, tuple[str, ...], str]] = []

    def ask(self, question: str, history: Sequence[str], id: str) -> dict[str, Any]:
        self.asked.append((question, tuple(history), id))
        record = self.records[question]
        if isinstance(record, Exception):
            raise record
        return dict(record)
