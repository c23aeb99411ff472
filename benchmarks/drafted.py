"""Questions made from the articles, drawn at random for somebody to judge.

    python -m benchmarks.drafted [--number 50] [--seed 8]

makes and proves the questions of three articles (the default one and two of
tests/questions/articles), draws some of those kept and prints each with its answer and sentence.
Whether a question is well formed and rightly answered is for a reader to say; how many of those
tried were kept is printed too.
"""

from __future__ import annotations

import argparse
import random
import shutil
import tempfile
from pathlib import Path

from chatbot.bot import Bot
from chatbot.question_making.drafting import draft_rows
from chatbot.question_making.keeping import keep_up
from chatbot.settings import Settings
from corpus.loading import DEFAULT_CORPUS

ARTICLES = Path(__file__).resolve().parent.parent / "tests" / "questions" / "articles"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--number", type=int, default=50)
    parser.add_argument("--seed", type=int, default=8)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="wenda-drafted-") as name:
        corpus, index = Path(name) / "corpus", Path(name) / "index"
        corpus.mkdir()
        for article in (*DEFAULT_CORPUS.glob("*.txt"), *ARTICLES.glob("*.txt")):
            shutil.copy(article, corpus)
        bot = Bot.open(Settings(corpus=corpus, index=index))
        # Made afresh, with what answers now: nothing kept is looked at.
        asked = keep_up(bot, index, "benchmark")
    made = bot.offers.made()
    drawn = random.Random(arguments.seed).sample(made, min(arguments.number, len(made)))
    for number, row in enumerate(draft_rows(drawn, bot.documents), start=1):
        print(f"{number}. {row['question']} → {row['answer'][0]}\n   {row['evidence']}")
    print(f"{asked} tried, {len(made)} kept, {len(drawn)} drawn (seed {arguments.seed})")


if __name__ == "__main__":
    main()
