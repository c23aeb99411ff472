"""A long run of `wenda test` in process: memory as it goes, and questions a second.

    python -m benchmarks.question_sets [--bot fake] [--questions 10000] [--repeat 1] [--output FILE]

asks so many questions in one run, writes every answer and the report of all, and notes after each
thousand (and each hundred before the first) the resident memory and what the bot's caches hold. The
default is wenda as it is shipped; `--bot fake` takes a bot that answers at once, which shows what
the run itself costs. Each note goes to stderr as it is made; the result is printed and written to
`benchmarks/results/question_sets-{real,fake}.json`, or to FILE.

Two figures of memory, because they grow for different reasons: `resident_mb` is all of it, and in
it are the pages of libraries and weights that are read in only when they are first needed;
`own_mb` is what the process allocated itself, where anything kept a question would be.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Callable
from itertools import cycle, islice
from pathlib import Path
from typing import Any

from benchmarks.machine import stamp
from chatbot.question_sets import BotAsker, load_question_set, run_question_sets
from chatbot.question_sets.asking import AskableBot
from chatbot.question_sets.outputs import Outputs

ROOT = Path(__file__).resolve().parent.parent
SETS = [ROOT / "tests" / "questions" / name for name in ("beilun.jsonl", "beilun-second.jsonl")]
RESULTS = ROOT / "benchmarks" / "results"
EVERY = 1_000
# Memory is to be flat from here on: caches have been filled and buffers have grown by then.
SETTLED = 1_000
EVERY_BEFORE = 100


def memory_mb() -> dict[str, float]:
    """Return the memory of this process in MB (Linux): all that is resident, and its own."""
    lines = Path("/proc/self/status").read_text().splitlines()
    kilobytes = {line.split(":")[0]: line.split()[1] for line in lines if line.endswith("kB")}
    return {
        name: round(int(kilobytes[field]) * 1024 / 1e6, 1)
        for name, field in (("resident_mb", "VmRSS"), ("own_mb", "RssAnon"))
    }


def write_set(path: Path, count: int) -> None:
    """Write `count` questions: those on the article over and over, each time worded anew."""
    asked = cycle([question for path in SETS for question in load_question_set(path)])
    with path.open("w", encoding="utf-8") as file:
        for number, question in enumerate(islice(asked, count), start=1):
            fields = {
                "id": f"{number}",
                # No question twice, so that no cache of whole questions can answer.
                "question": f"{question.question}（第{number}次问）",
                "history": list(question.history),
                "answer": list(question.answers),
                "items": list(question.items),
                "evidence": question.evidence,
                "answerable": question.answerable,
                "tags": list(question.tags),
            }
            file.write(json.dumps(fields, ensure_ascii=False) + "\n")


def fake_bot() -> AskableBot:
    """Return a bot that refuses at once, as a rule, with paragraphs in its record."""
    from tests.fake_bot import FakeBot, document_of

    class Forgetful(FakeBot):
        """Keeps no list of what it was asked."""

        def ask(self, *arguments, **named):  # type: ignore[no-untyped-def]
            self.asked.clear()
            return super().ask(*arguments, **named)

    return Forgetful([document_of(*("一段不短的文字。" * 40 for _ in range(6)))], {})


def real_bot() -> AskableBot:
    """Return wenda as it is shipped."""
    from chatbot.bot import Bot
    from chatbot.settings import Settings

    return Bot.open(Settings())


def cached_by(bot: Any) -> Callable[[], dict[str, int]]:
    """Return what counts the entries of the caches of a real bot that questions fill.

    Both have an end: turns are all dropped at a thousand, the oldest sentences at twenty thousand.
    """
    finder, reader = getattr(bot, "_finder", None), getattr(bot, "_reader", None)
    if finder is None or reader is None:
        return dict
    return lambda: {"turns": len(finder._remembered), "sentences": len(reader._vectors)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--bot", choices=("real", "fake"), default="real")
    parser.add_argument("--questions", type=int, default=10_000)
    parser.add_argument("--repeat", type=int, default=1)
    parser.add_argument("--output", type=Path)
    options = parser.parse_args()
    bot = real_bot() if options.bot == "real" else fake_bot()
    cached = cached_by(bot)
    began = time.perf_counter()
    notes: list[dict[str, Any]] = []

    def note(done: int, total: int) -> None:
        if done % (EVERY if done >= SETTLED else EVERY_BEFORE) == 0 or done == total:
            seconds = round(time.perf_counter() - began, 1)
            notes.append({"asked": done, "seconds": seconds, **memory_mb(), **cached()})
            print(json.dumps(notes[-1]), file=sys.stderr, flush=True)

    note(0, options.questions)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        questions, answers = folder / "set.jsonl", folder / "answers.jsonl"
        write_set(questions, options.questions)
        began = time.perf_counter()
        report = run_question_sets(
            [questions],
            BotAsker(bot),
            answers=answers,
            progress=note,
            repeat=options.repeat,
            outputs=Outputs(report=folder / "report", junit=folder / "junit.xml"),
        )
        seconds = time.perf_counter() - began
        megabytes = answers.stat().st_size / 1e6
        page_mb = (folder / "report" / "report.html").stat().st_size / 1e6
    after = memory_mb()
    settled = [it for it in notes if it["asked"] >= SETTLED]
    result = {
        **stamp(),
        "bot": options.bot,
        "questions": len(report.scores),
        "rounds": options.repeat,
        "unsteady": len(report.unsteady),
        "seconds": round(seconds, 1),
        "questions_a_second": round(len(report.scores) * options.repeat / seconds, 1),
        "answers_mb": round(megabytes, 1),
        "report_mb": round(page_mb, 1),
        "memory": notes,
        "after_the_report": after,
        **{
            f"grown_after_{SETTLED}_{of}": round(max(it[of] for it in settled) - settled[0][of], 1)
            for of in ("resident_mb", "own_mb")
            if settled
        },
    }
    print(json.dumps(result, ensure_ascii=False, indent=2))
    path = options.output or RESULTS / f"question_sets-{options.bot}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(result, ensure_ascii=False, indent=2) + "\n", "utf-8")


if __name__ == "__main__":
    main()
