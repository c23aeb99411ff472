"""Example questions: kept beside the articles, offered to visitors once they prove answerable."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from index.bm25 import tokenize

SUFFIX = ".questions.jsonl"


def load_examples(corpus: Path) -> tuple[str, ...]:
    """Return the questions of the `*.questions.jsonl` files of a corpus, in order.

    `corpus` is a folder, or one article, whose own file of examples bears its name
    (`beilun-fenji.txt`, `beilun-fenji.questions.jsonl`). A line that is no JSON object with a
    question is passed over: examples are an offer, and a slip in them must not stop the chat.
    """
    if corpus.is_dir():
        files = sorted(corpus.rglob(f"*{SUFFIX}"))
    else:
        files = [corpus.with_name(f"{corpus.stem}{SUFFIX}")]
    questions: dict[str, None] = {}
    for file in files:
        if not file.is_file():
            continue
        for line in file.read_text("utf-8-sig", errors="replace").splitlines():
            try:
                question = json.loads(line)["question"]
            except (ValueError, TypeError, KeyError):
                continue
            if isinstance(question, str) and question.strip():
                questions[question.strip()] = None
    return tuple(questions)


def nearest(
    question: str, examples: Sequence[str], count: int, exclude: Sequence[str] = ()
) -> tuple[str, ...]:
    """Return the `count` examples that share most with `question`, without those in `exclude`.

    Alike is the Jaccard index of their characters and pairs; equal ones keep their order.
    """
    asked = set(tokenize(question))

    def alike(example: str) -> float:
        terms = set(tokenize(example))
        return len(asked & terms) / (len(asked | terms) or 1)

    kept = [example for example in examples if example not in exclude]
    return tuple(sorted(kept, key=alike, reverse=True)[:count])
