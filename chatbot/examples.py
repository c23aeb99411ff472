"""Example questions: kept beside the articles, offered to visitors once they prove answerable."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from chatbot.question_sets.loading import load_question_sets
from index.bm25 import tokenize

SUFFIX = ".questions.jsonl"


def load_examples(corpus: Path) -> tuple[str, ...]:
    """Return the questions of the `*.questions.jsonl` files of a corpus, in order.

    They are question sets. `corpus` is a folder, or one article, whose own examples bear its name
    (`beilun-fenji.txt`, `beilun-fenji.questions.jsonl`). Raises QuestionSetError for a broken one.
    """
    if corpus.is_dir():
        files = sorted(corpus.rglob(f"*{SUFFIX}"))
    else:
        files = [corpus.with_name(f"{corpus.stem}{SUFFIX}")]
    sets = [file for file in files if file.is_file()]
    if not sets:
        return ()
    return tuple(dict.fromkeys(question.question for question in load_question_sets(sets)))


def by_likeness(question: str, examples: Sequence[str]) -> list[str]:
    """Return `examples` ordered by what they share with `question`, most first.

    Alike is the Jaccard index of their characters and pairs; equal ones keep their order.
    """
    asked = set(tokenize(question))

    def alike(example: str) -> float:
        terms = set(tokenize(example))
        return len(asked & terms) / (len(asked | terms) or 1)

    return sorted(examples, key=alike, reverse=True)
