"""answers.csv: every question of a run for a spreadsheet."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from chatbot.question_sets.failures import Failure
from chatbot.question_sets.outcomes import Outcome
from chatbot.question_sets.wording import KINDS, expected, given, place, verdict, why

# A spreadsheet takes a cell that begins so for a formula, full-width signs too where they are
# typed: https://owasp.org/www-community/attacks/CSV_Injection
_FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠")


def neutral(text: str) -> str:
    """Return `text` so that no spreadsheet runs it: an apostrophe before what begins a formula.

    White space before it does not make it safe, and a tab or a new line can begin a cell anew.
    """
    dangerous = text.lstrip().startswith(_FORMULA) or text.startswith(("\t", "\r", "\n"))
    return f"'{text}" if dangerous else text


def _share(value: bool | float | None) -> str:
    return "" if value is None else f"{float(value):.4g}"


def _cited(outcome: Outcome, write: Callable[[dict[str, str]], str]) -> str:
    citation = outcome.record.get("citation")
    return write(citation) if citation else ""


_COLUMNS: dict[str, Callable[[Outcome], str]] = {
    "编号": lambda it: it.question.id,
    "文件": lambda it: it.question.source,
    "标签": lambda it: " | ".join(it.question.tags),
    "前文": lambda it: " | ".join(it.question.history),
    "问题": lambda it: it.question.question,
    "期望": lambda it: expected(it.question),
    "依据": lambda it: it.question.evidence or "",
    "回答": lambda it: given(it.record),
    "原句": lambda it: str(it.record.get("sentence") or ""),
    "类型": lambda it: KINDS.get(it.score.kind, it.score.kind),
    "结论": verdict,
    "原因": why,
    "把握": lambda it: _share(it.score.confidence),
    "段落命中": lambda it: _share(it.score.paragraph),
    "句子命中": lambda it: _share(it.score.sentence),
    "完全一致": lambda it: _share(it.score.exact),
    "字符 F1": lambda it: _share(it.score.f1),
    "列举找全": lambda it: _share(it.score.items_found),
    "列举无误": lambda it: _share(it.score.items_right),
    "出处": lambda it: _cited(it, place),
    "引的段落": lambda it: _cited(it, lambda citation: citation["text"]),
    "毫秒": lambda it: f"{it.score.milliseconds:.1f}",
    "重试": lambda it: str(it.record.get("retries") or ""),
}


def _of_failure(failure: Failure) -> dict[str, str]:
    question = failure.question
    return {
        "编号": question.id,
        "文件": question.source,
        "标签": " | ".join(question.tags),
        "前文": " | ".join(question.history),
        "问题": question.question,
        "期望": expected(question),
        "依据": question.evidence or "",
        "结论": "出错",
        "原因": failure.message,
    }


def write_csv(path: Path, outcomes: Iterable[Outcome], failures: Sequence[Failure] = ()) -> None:
    """Write `outcomes`, a row each, and below them the `failures`.

    UTF-8 with the mark that Excel knows it by. Raises OSError.
    """
    with path.open("w", encoding="utf-8-sig", errors="backslashreplace", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(_COLUMNS)
        for outcome in outcomes:
            writer.writerow([neutral(write(outcome)) for write in _COLUMNS.values()])
        for failure in failures:
            cells = _of_failure(failure)
            writer.writerow([neutral(cells.get(name, "")) for name in _COLUMNS])
