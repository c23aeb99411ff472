"""Follow-ups, changes of subject and questions as people write them.

    python -m benchmarks.understanding [--half report|tune|tuning] [--wrong]

asks the sets of `tests/questions/understanding` of a corpus of three articles (the default one and
two of tests/questions/articles), each question of its own article, and for the reporting half
writes `benchmarks/results/understanding.json`. `tuning` asks the further sets in its folder
`tuning`, over four more articles.
"""

from __future__ import annotations

import argparse
import json
import shutil
import statistics
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks.machine import stamp
from chatbot.answer import Answer
from chatbot.bot import Bot
from chatbot.question_sets.comparison import fold, stands_in
from chatbot.question_sets.summary import wilson
from chatbot.settings import Settings
from corpus.loading import DEFAULT_CORPUS

ROOT = Path(__file__).resolve().parent.parent
SETS = ROOT / "tests" / "questions" / "understanding"
TUNING = SETS / "tuning"
ARTICLES = ROOT / "tests" / "questions" / "articles"
RESULT = ROOT / "benchmarks" / "results" / "understanding.json"


def rows(name: str, half: str) -> list[dict[str, Any]]:
    """Return one half of a set, or the further set for tuning; nothing where there is none."""
    path = TUNING / f"{name}.jsonl" if half == "tuning" else SETS / f"{name}.jsonl"
    lines = path.read_text("utf-8").splitlines() if path.is_file() else []
    return [row for row in map(json.loads, lines) if half == "tuning" or half in row["tags"]]


@contextmanager
def bot_for(half: str) -> Iterator[Bot]:
    """Yield a bot over all the articles that a half asks about."""
    articles = [*DEFAULT_CORPUS.glob("*.txt"), *ARTICLES.glob("*.txt")]
    if half == "tuning":
        articles += (ARTICLES / "tuning").glob("*.txt")
    with tempfile.TemporaryDirectory() as folder:
        for path in articles:
            shutil.copy(path, folder)
        yield Bot.open(Settings(corpus=Path(folder)))


def share(values: Sequence[bool]) -> dict[str, Any] | None:
    """Return a share with its Wilson 95 % interval and the number of questions, None for none."""
    if not values:
        return None
    low, high = wilson(sum(values), len(values))
    return {
        "share": round(sum(values) / len(values), 3),
        "interval": [round(low, 3), round(high, 3)],
        "n": len(values),
    }


def hits(answer: Answer, accepted: Sequence[str]) -> bool:
    """Tell whether an accepted answer stands in the sentence that is quoted."""
    return answer.answered and any(stands_in(text, answer.sentence or "") for text in accepted)


def same(one: Answer, other: Answer) -> bool:
    """Tell whether two answers quote the same words from the same place, or both refuse."""
    if one.answered is not other.answered:
        return False
    if one.citation is None or other.citation is None:
        return True
    return one.citation.paragraph == other.citation.paragraph and fold(one.answer or "") == fold(
        other.answer or ""
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--half", choices=("tune", "tuning", "report"), default="report")
    parser.add_argument("--wrong", action="store_true", help="list what went wrong; not of report")
    options = parser.parse_args()
    half = options.half
    with bot_for(half) as bot:
        results = measure(bot, half, options.wrong and half != "report")
    results = {
        "command": f"python -m benchmarks.understanding --half {half}",
        "machine": stamp(),
        **results,
    }
    text = json.dumps(results, ensure_ascii=False, indent=1) + "\n"
    print(text)
    if half == "report":
        RESULT.write_text(text, encoding="utf-8")


def measure(bot: Bot, half: str, wrong: bool) -> dict[str, Any]:
    """Return the shares of every set; what went wrong is printed when asked for."""

    def tell(row: dict[str, Any], answer: Answer) -> None:
        if wrong:
            print(
                row["tags"][0], row.get("history"), row["question"], "→", answer.understood, "→",
                answer.answer, f"{answer.confidence:.2f}", "|", row.get("answer"),
            )  # fmt: skip

    follow: dict[str, list[bool]] = defaultdict(list)
    plain_times, follow_times = [], []
    for row in rows("followups", half):
        for number, question in enumerate(row["history"]):  # as the conversation went
            began = time.perf_counter()
            bot.ask(question, row["history"][:number], document=row["document"])
            if number == 0:
                plain_times.append(time.perf_counter() - began)
        began = time.perf_counter()
        answer = bot.ask(row["question"], row["history"], document=row["document"])
        follow_times.append(time.perf_counter() - began)
        hit = hits(answer, row["answer"])
        follow[row["tags"][0]].append(hit)
        if not hit:
            tell(row, answer)
    changes = []
    for row in rows("subject-changes", half):
        alone = bot.ask(row["question"], document=row["document"])
        after = bot.ask(row["question"], row["history"], document=row["document"])
        changes.append(same(alone, after))
        if not changes[-1]:
            tell(row, after)
    refused = []
    for row in rows("unanswerable-followups", half):
        answer = bot.ask(row["question"], row["history"], document=row["document"])
        refused.append(not answer.answered)
        if answer.answered:
            tell(row, answer)
    unchanged: dict[str, list[bool]] = defaultdict(list)
    for row in rows("variants", half):
        kind = row["tags"][0]
        plain = bot.ask(row["plain"], document=row["document"])
        varied = bot.ask(row["question"], document=row["document"])
        unchanged[kind].append(same(plain, varied))
        if not unchanged[kind][-1]:
            tell(row, varied)
    every = [hit for values in follow.values() for hit in values]
    return {
        "follow-ups, sentence hit": share(every),
        "follow-ups by kind": {kind: share(values) for kind, values in follow.items()},
        "changes of subject, answer unchanged by the history": share(changes),
        "unanswerable follow-ups refused": share(refused),
        "variants, answer unchanged": {kind: share(v) for kind, v in unchanged.items()},
        "a follow-up costs, times a plain question": round(
            statistics.median(follow_times) / statistics.median(plain_times), 2
        ),
    }


if __name__ == "__main__":
    main()
