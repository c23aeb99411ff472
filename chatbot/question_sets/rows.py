"""Rows of a question set as its file has them, and what is found wrong with the file."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from chatbot.question_sets.question_set import Mistake

# What a field is called in English, in JSON and YAML as in tables, and in Chinese.
FIELDS = {
    "id": "编号",
    "question": "问题",
    "answer": "答案",
    "items": "列举",
    "evidence": "依据",
    "answerable": "可答",
    "history": "前文",
    "tags": "标签",
}
CANONICAL = {name: name for name in FIELDS} | {chinese: name for name, chinese in FIELDS.items()}


@dataclass(frozen=True, slots=True)
class Row:
    """One question as a file has it, before its fields are looked at.

    `number` is its row in a table or the line where it begins, from 1; `id` what it is called
    where it has no id of its own. `fields` go by their English names; `names` has those that the
    file calls otherwise, `columns` the letters of the columns of a table. `in_words` says that all
    values are words, as in a table, so that `answerable` is 是 or 否 there. `unread` are the fields
    of which nothing could be had, reported already: a row with any is judged, but is no question.
    """

    number: int
    id: str
    fields: dict[str, Any]
    names: Mapping[str, str] = field(default_factory=dict)
    columns: Mapping[str, str] = field(default_factory=dict)
    sheet: str | None = None
    in_words: bool = False
    unread: frozenset[str] = frozenset()


@dataclass(slots=True)
class Findings:
    """What is wrong with one file, so far."""

    path: Path
    mistakes: list[Mistake] = field(default_factory=list)

    def add(
        self, row: int | None, text: str, column: str | None = None, sheet: str | None = None
    ) -> None:
        """Add a mistake; see Mistake for what is what."""
        self.mistakes.append(Mistake(self.path, row, text, column, sheet))

    def add_at(self, row: Row, name: str | None, text: str) -> None:
        """Add a mistake in a row, in one of its fields or in the row as a whole."""
        column = row.columns.get(name) if name is not None else None
        self.add(row.number, text, column, row.sheet)


# Reads the bytes of a file into rows and adds what is wrong with its form.
Loader = Callable[[bytes, Findings], list[Row]]


def named_once(
    pairs: list[tuple[str, Any]],
) -> tuple[dict[str, Any], dict[str, str], list[str]]:
    """Sort the fields of an object by their English names.

    Returns the fields (those that are none of ours under their own names), what the file calls
    those of ours that it names otherwise, and the names that stand there more than once.
    """
    fields: dict[str, Any] = {}
    names: dict[str, str] = {}
    seen: dict[str, list[str]] = {}
    for name, value in pairs:
        canonical = CANONICAL.get(name, name)
        seen.setdefault(canonical, []).append(name)
        fields[canonical] = value
        if canonical != name:
            names[canonical] = name
    repeated = ["、".join(dict.fromkeys(given)) for given in seen.values() if len(given) > 1]
    return fields, names, repeated
