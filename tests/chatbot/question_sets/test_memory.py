"""A long run holds no more at its end than near its beginning."""

from __future__ import annotations

import json
import tracemalloc
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from chatbot.question_sets import run_question_sets
from tests.chatbot.question_sets.records import given

# A record here is a hundred times that: to keep one in ten would be seen.
BYTES_A_QUESTION = 1_000


class Wordy:
    """Answers with records of 100 kB, each of its own."""

    def ask(self, question: str, history: Sequence[str], id: str) -> dict[str, Any]:
        return {**given(), "reply": f"{id:>5}" * 20_000}


@pytest.mark.parametrize(("repeat", "concurrency"), [(1, 1), (2, 1), (1, 4)])
def test_memory_is_flat_after_the_first_hundreds(
    tmp_path: Path, repeat: int, concurrency: int
) -> None:
    path = tmp_path / "题.jsonl"
    rows = ({"question": f"{n}？", "answer": "5%"} for n in range(700))
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    held: dict[int, int] = {}

    def note(done: int, total: int) -> None:
        if done in (200, total):
            held[done] = tracemalloc.get_traced_memory()[0]

    tracemalloc.start()
    try:
        run_question_sets(
            [path],
            Wordy(),
            answers=tmp_path / "答.jsonl",
            progress=note,
            repeat=repeat,
            concurrency=concurrency,
        )
    finally:
        tracemalloc.stop()
    # With several under way, as many records more may be on their way to the file.
    grown = held[700 * repeat] - held[200] - 100_000 * 2 * (concurrency - 1)
    assert grown < BYTES_A_QUESTION * 500 * repeat
