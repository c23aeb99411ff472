"""Questions written by hand for training: in words of their own, and on what is not told.

Reading-comprehension data is asked by people who had the passage before them. Of these half use
hardly a word of it, and three in ten ask on its very subject what it does not tell.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from training.reading_data import Question

WRITTEN = Path(__file__).resolve().parent / "written"


def written_questions(known: Sequence[Question], folder: Path = WRITTEN) -> list[Question]:
    """Return the questions written on passages of `known`, and on passages written with them.

    A line of `beside.jsonl` names by `beside` a question of `known` whose passage it is on; one of
    `news.jsonl` has a `title`, a `context` and its `questions`. Each question has an `answer` and
    its `start` in characters of the passage, neither where the passage does not answer.
    Raises ValueError, with file and line, where an answer is not at its place, and
    KeyError for a question that is not known.
    """
    by_id = {question.id: question for question in known}
    found = []
    path = folder / "beside.jsonl"
    for number, line in _lines(path):
        own = by_id[line["beside"]]
        found.append(
            _question(f"{path.name}:{number}", line, own.context, own.article, own.subject)
        )
    path = folder / "news.jsonl"
    for number, line in _lines(path):
        name = f"{path.name}:{number}"
        found += [
            _question(f"{name}:{place}", asked, line["context"], name, line["title"])
            for place, asked in enumerate(line["questions"])
        ]
    return found


def _lines(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1):
        yield number, json.loads(line)


def _question(
    name: str, line: dict[str, Any], context: str, article: str, subject: str
) -> Question:
    answers: tuple[tuple[str, int], ...] = ()
    if "answer" in line:
        text, start = line["answer"], line["start"]
        if not text or context[start : start + len(text)] != text:
            raise ValueError(f"{name}: {text!r} is not at character {start} of its passage")
        answers = ((text, start),)
    return Question(name, line["question"], context, answers, article, subject=subject)
