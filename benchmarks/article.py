"""The questions on the article, asked of wenda as it is shipped.

    python -m benchmarks.article [--half report]
    python -m benchmarks.article --tuning [--kind list]

prints the scores and, for the reporting half, writes `benchmarks/results/article.json`: retrieval
(own paragraph first, among the passages read), sentence hit, exact match, F1, lists, refusals, of
each set and of all together. With `--tuning` it is the tuning questions on all articles, each asked
of its own alone, and `benchmarks/results/tuning-KIND.json`; those of all kinds take ten times as
long.
"""

from __future__ import annotations

import argparse
import json
import statistics
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import Any

from benchmarks.machine import stamp
from chatbot.bot import Bot
from chatbot.finding import FIRST
from chatbot.question_sets import BotAsker, load_question_set
from chatbot.question_sets.scoring import score
from chatbot.question_sets.summary import wilson
from chatbot.settings import Settings
from corpus.loading import load_document
from training.answering_cases import ARTICLE_SETS

ROOT = Path(__file__).resolve().parent.parent
SETS = [
    ROOT / "tests" / "questions" / name
    for name in (
        "beilun.jsonl",
        "beilun-second.jsonl",
        "beilun-fourth.jsonl",
        "beilun-fifth.jsonl",
    )
]
RESULT = ROOT / "benchmarks" / "results" / "article.json"


def share(values: list[bool]) -> dict[str, object]:
    """Return a share with its Wilson 95 % interval and the number of questions."""
    low, high = wilson(sum(values), len(values))
    return {
        "share": round(sum(values) / len(values), 4),
        "interval": [round(low, 3), round(high, 3)],
        "n": len(values),
    }


def asked_of(
    asked: Iterable[tuple[Bot, Sequence[Path]]], half: str, only: str | None = None
) -> dict[str, Any]:
    """Return the scores of one half of some question sets, each asked of its bot.

    Of questions of every kind, or `only` of one.
    """
    measured: dict[str, list[bool]] = defaultdict(list)
    sentence_by_kind: dict[str, list[bool]] = defaultdict(list)
    refused_by_kind: dict[str, list[bool]] = defaultdict(list)
    overlap, found, right, milliseconds = [], [], [], []
    for bot, question in (
        (bot, question)
        for bot, sets in asked
        for question in chain.from_iterable(map(load_question_set, sets))
    ):
        kind = question.tags[0]
        if half not in question.tags or only not in (None, kind):
            continue
        record = BotAsker(bot).ask(question.question, question.history, question.id)
        milliseconds.append(record["milliseconds"])
        if not question.answers:
            refused_by_kind[kind].append(not record["answered"])
            measured["refused_of_unanswerable"].append(not record["answered"])
            continue
        passages = bot.retriever.retrieve(record["understood"], k=Settings().passages)
        holds = [(question.evidence or "") in passage.text for passage in passages]
        result = score(question, record)
        measured["paragraph_first"].append(bool(holds) and holds[0])
        measured["paragraph_among_first_read"].append(any(holds[:FIRST]))
        measured["paragraph_among_read"].append(any(holds))
        measured["answered_of_answerable"].append(record["answered"])
        measured["sentence_hit"].append(bool(result.sentence))
        measured["exact"].append(bool(result.exact))
        overlap.append(result.f1 or 0.0)
        if record["answered"]:
            measured["sentence_hit_refusals_aside"].append(bool(result.sentence))
        if kind == "list":
            found.append(result.items_found or 0.0)
            right.append(result.items_right or 0.0)
        sentence_by_kind[kind].append(bool(result.sentence))
    return {
        "scores": {name: share(values) for name, values in measured.items()},
        "f1": round(statistics.mean(overlap), 4),
        "list_items_found": round(statistics.mean(found), 3) if found else None,
        "list_items_right": round(statistics.mean(right), 3) if right else None,
        "sentence_hit_by_kind": {kind: share(v) for kind, v in sentence_by_kind.items()},
        "refused_by_kind": {kind: share(v) for kind, v in refused_by_kind.items()},
        "milliseconds_median": round(statistics.median(milliseconds), 1),
    }


def on_tuning_articles(bot: Bot) -> Iterator[tuple[Bot, list[Path]]]:
    """Yield for each article, or folder of them, a bot over it and the sets that ask of it."""
    for corpus in dict.fromkeys(ARTICLE_SETS.values()):
        sets = [path for path, own in ARTICLE_SETS.items() if own == corpus]
        paths = [corpus] if corpus.is_file() else sorted(corpus.glob("*.txt"))
        yield bot.over([load_document(path) for path in paths]), sets


def keep(results: dict[str, Any], path: Path | None) -> None:
    """Print results, and write them to `path` if there is one."""
    text = json.dumps(results, ensure_ascii=False, indent=1) + "\n"
    print(text)
    if path is not None:
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--half", choices=("tune", "report"), default="report")
    parser.add_argument("--tuning", action="store_true", help="tuning questions on all articles")
    parser.add_argument("--kind", help="only questions of this kind, with --tuning")
    options = parser.parse_args()
    half = options.half
    bot = Bot.open(Settings())
    if options.tuning:
        kind = f" --kind {options.kind}" if options.kind else ""
        scores = asked_of(on_tuning_articles(bot), "tune", options.kind)
        keep(
            {
                "command": f"python -m benchmarks.article --tuning{kind}",
                "machine": stamp(),
                "all": scores,
            },
            RESULT.with_name(f"tuning-{options.kind or 'all'}.json"),
        )
        return
    sets = [path for path in SETS if any(half in q.tags for q in load_question_set(path))]
    results = {
        "command": f"python -m benchmarks.article --half {half}",
        "machine": stamp(),
        **{path.stem: asked_of([(bot, [path])], half) for path in sets},
        "all": asked_of([(bot, sets)], half),
    }
    keep(results, RESULT if half == "report" else None)


if __name__ == "__main__":
    main()
