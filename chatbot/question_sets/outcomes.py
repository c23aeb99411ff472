"""An answered question with its score, and how it stands in an answers file.

A line of `wenda test --answers FILE` is an answer record with one field more, `test`: what the
question set expects, in the set's own fields, and what the answer scored. So an answers file alone
is enough to compare two runs.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from chatbot.question_sets.question_set import AnswersFileError, Question, why_not
from chatbot.question_sets.reasons import reason
from chatbot.question_sets.scoring import QuestionScore, score

_SCORES = ("right", "paragraph", "sentence", "exact", "f1", "items_found", "items_right")


@dataclass(frozen=True, slots=True)
class Outcome:
    """A question, the record of its answer, the score and the name of the reason if it is wrong."""

    question: Question
    record: Mapping[str, Any]
    score: QuestionScore
    reason: str | None

    def line(self) -> dict[str, Any]:
        """Return the record as an answers file has it."""
        return {**self.record, "id": self.question.id, "test": self._test()}

    def _test(self) -> dict[str, Any]:
        question = self.question
        expected = {
            "source": question.source or None,
            "question": question.question,
            "answer": list(question.answers),
            "items": list(question.items),
            "evidence": question.evidence,
            "answerable": question.answerable,
            "history": list(question.history),
            "tags": list(question.tags),
        }
        scores = {name: getattr(self.score, name) for name in _SCORES}
        return {
            name: value
            for name, value in {**expected, **scores, "reason": self.reason}.items()
            if value is not None and value != []
        }


def outcome(question: Question, record: Mapping[str, Any]) -> Outcome:
    """Score `record` against `question`."""
    scored = score(question, record)
    return Outcome(question, record, scored, reason(question, record, scored))


def read_outcomes(path: Path) -> Iterator[Outcome]:
    """Yield the outcomes of an answers file, scored anew against what the file says was expected.

    A last line that was not finished is left out: that is what a run that was killed leaves. Raises
    AnswersFileError for a file that cannot be read or holds no record, and with its row for a line
    that is no answer record.
    """
    read = 0
    try:
        with path.open("rb") as file:
            for number, line in enumerate(file, start=1):
                if line.strip():
                    found = _outcome(line)
                    if found is not None:
                        read += 1
                        yield found
                    elif line.endswith(b"\n"):
                        raise AnswersFileError(
                            f"{path} 第 {number} 行：不是回答记录；"
                            "要用 wenda test --answers 写出的文件"
                        )
    except OSError as error:
        raise AnswersFileError(f"{path}：读不了，{why_not(error)}") from None
    if not read:
        # To compare with nothing breaks nothing, and a gate that always holds is none.
        raise AnswersFileError(
            f"{path}：里面没有一条回答记录，没有可比的；"
            "请换成一次跑完了的 wenda test --answers 的文件，或重新跑一次来写它"
        )


def _outcome(line: bytes) -> Outcome | None:
    """Return the outcome of one line, None for anything but an answer record."""
    try:
        record = json.loads(line.removeprefix(b"\xef\xbb\xbf"))
        return outcome(_question(record), record)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None


def _question(record: Mapping[str, Any]) -> Question:
    """Return the question of a record; nothing is expected of one that has no `test`."""
    test = record.get("test") or {}
    return Question(
        id=str(record["id"]),
        question=str(test.get("question", record["question"])),
        answers=tuple(test.get("answer", ())),
        items=tuple(test.get("items", ())),
        evidence=test.get("evidence"),
        answerable=test.get("answerable"),
        history=tuple(test.get("history", ())),
        tags=tuple(test.get("tags", ())),
        source=str(test.get("source", "")),
    )
