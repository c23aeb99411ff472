"""--repeat: whether a question that is asked again gets the same answer."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

# What differs though the answer is the same: the time it took, and what the run itself notes down.
_NOT_COMPARED = frozenset(("milliseconds", "retries", "oracle", "test"))
_SHOWN = 40


@dataclass(frozen=True, slots=True)
class Unsteady:
    """A question whose record in round `round` (from 2) differs from that of the first round.

    `fields` are the names of the record that differ, `first` and `then` the two answers, None for
    a refusal.
    """

    id: str
    round: int
    fields: tuple[str, ...]
    first: str | None
    then: str | None

    def __str__(self) -> str:
        """Return the line for the report."""
        answers = f"“{_shown(self.first)}”" if self.first is not None else "拒答"
        if self.then != self.first:
            answers += f"，变成{f'“{_shown(self.then)}”' if self.then is not None else '拒答'}"
        fields = "、".join(self.fields)
        return f"回答变了：编号 {self.id}，第 {self.round} 遍的 {fields} 不同（先是{answers}）"


class Steadiness:
    """Compares each later record of a question with its first, all but the time it took.

    Keeps eight bytes for each field of a record and the answer, so that ten thousand records with
    their paragraphs do not pile up.
    """

    def __init__(self) -> None:
        self._first: dict[int, tuple[dict[str, bytes], str | None]] = {}
        self._found: dict[int, Unsteady] = {}

    def remember(self, number: int, record: Mapping[str, Any]) -> None:
        """Take the record of question `number` in the first round."""
        self._first[number] = (_digests(record), record["answer"])

    def compare(self, number: int, id: str, round: int, record: Mapping[str, Any]) -> None:
        """Compare the record of a later round; of a question only the first difference counts."""
        first, answer = self._first[number]
        now = _digests(record)
        fields = tuple(name for name in (first | now) if first.get(name, b"") != now.get(name, b""))
        if fields and number not in self._found:
            self._found[number] = Unsteady(id, round, fields, answer, record["answer"])

    def unsteady(self) -> tuple[Unsteady, ...]:
        """Return the questions whose answers differed, in the order of the sets."""
        return tuple(self._found[number] for number in sorted(self._found))


def _digests(record: Mapping[str, Any]) -> dict[str, bytes]:
    return {
        name: hashlib.blake2b(json.dumps(value, sort_keys=True).encode(), digest_size=8).digest()
        for name, value in record.items()
        if name not in _NOT_COMPARED
    }


def _shown(text: str | None) -> str:
    text = text or ""
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}……"
