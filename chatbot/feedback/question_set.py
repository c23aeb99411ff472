"""Feedback as a question set: what was confirmed or proposed is what the next version must do."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Any

from chatbot.feedback.entry import Feedback
from chatbot.question_sets.comparison import fold

TAG = "feedback"
# A question of which is known only that it was answered wrongly: a tester fills in the answer.
OPEN_TAG = "待补答案"


# What turns the direction of the text after it, or breaks a line where JSON breaks none: spelt by
# its code, which JSON reads as the character. The page's export does the same (export.js).
_NOT_PLAIN = re.compile("[\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")


def question_set(entries: Iterable[Feedback]) -> list[dict[str, Any]]:
    """Return one question for each thing that was said, in order, as rows of a question set.

    What several visitors said alike is one row. Beside the fields that a run reads stand `given`
    (what was answered), `reason` and `document`, for whoever reviews the set.
    """
    rows: dict[str, dict[str, Any]] = {}
    for entry in entries:
        row = _row(entry)
        # The same question with the same expectation is asked once, whatever the reasons.
        alike = {name: row[name] for name in row if name not in ("id", "reason")}
        key = json.dumps(alike, ensure_ascii=False)
        if key not in rows:
            rows[key] = row
        elif "reason" not in rows[key] and "reason" in row:
            rows[key]["reason"] = row["reason"]
    return list(rows.values())


def to_json_lines(rows: Iterable[dict[str, Any]]) -> str:
    """Return the rows as JSON Lines."""
    lines = (f"{json.dumps(row, ensure_ascii=False)}\n" for row in rows)
    return "".join(_NOT_PLAIN.sub(lambda found: f"\\u{ord(found[0]):04x}", line) for line in lines)


def _row(entry: Feedback) -> dict[str, Any]:
    """Return one entry as a row, without fields that would be empty."""
    expected = _expected(entry)
    tags = [TAG, "赞" if entry.rating == "up" else "踩"]
    if not expected:
        tags.append(OPEN_TAG)
    row: dict[str, Any] = {
        "id": f"{TAG}-{entry.id}",
        "question": entry.question,
        **expected,
        "history": list(entry.history),
        "tags": tags,
        "given": entry.record.get("answer"),
        "reason": entry.reason,
        "document": entry.document,
    }
    return {name: value for name, value in row.items() if value not in (None, [], "")}


def _expected(entry: Feedback) -> dict[str, Any]:
    """Return what is right by what the visitor said; {} where only the wrong is known."""
    if entry.answerable is False:
        return {"answerable": False}
    if entry.proposed:
        return {
            "answer": [entry.proposed],
            "evidence": _comparable(entry.evidence),
            "answerable": True,
        }
    if entry.rating == "down":
        return {}
    if not entry.record.get("answered"):
        return {"answerable": False}
    return _confirmed(entry.record)


def _confirmed(record: dict[str, Any]) -> dict[str, Any]:
    """Return an answer that was confirmed as what is expected; several things as `items`.

    Where the chat asked back, any one of the things may have been meant: they are alternatives.
    """
    things = [thing["answer"] for thing in record.get("answers", []) if fold(thing["answer"])]
    answer = _comparable(record.get("answer"))
    if record.get("asks_back"):
        words = {"answer": things}
    else:
        words = {"items": things} if len(things) > 1 else {"answer": [answer] if answer else []}
    return {**words, "evidence": _comparable(record.get("sentence")), "answerable": True}


def _comparable(text: str | None) -> str | None:
    """Return a text that a run can compare, None for one of marks alone."""
    return text if text and fold(text) else None
