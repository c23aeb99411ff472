"""A long run of `wenda test` in process: memory as it goes, and questions a second.

    python -m benchmarks.question_sets [--bot fake] [--questions 10000] [--repeat 1]

asks so many questions in one run, writes every answer, and notes the resident memory after each
five hundred. The default is wenda as it is shipped; `--bot fake` takes a bot that answers at once,
which shows what the run itself costs. Prints the result and writes it to
`benchmarks/results/question_sets-{real,fake}.json`.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from itertools import cycle, islice
from pathlib import Path

from benchmarks.machine import stamp
from chatbot.question_sets import BotAsker, load_question_set, run_question_sets
from chatbot.question_sets.asking import AskableBot

ROOT = Path(__file__).resolve().parent.parent
QUESTIONS = ROOT / "tests" / "questions" / "beilun.jsonl"
RESULTS = ROOT / "benchmarks" / "results"
EVERY = 500
# Memory is to be flat from here on: caches have been filled and buffers have grown by then.
SETTLED = 1_000


def resident_mb() -> float:
    """Return the resident memory of this process in MB (Linux)."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith("VmRSS")).split()[1]) / 1000


def write_set(path: Path, count: int) -> None:
    """Write `count` questions: those on the article over and over, each time worded anew."""
    asked = cycle(load_question_set(QUESTIONS))
    with path.open("w", encoding="utf-8") as file:
        for number, question in enumerate(islice(asked, count), start=1):
            fields = {
                "id": f"{number}",
                # No question twice, so that no cache of whole questions can answer.
                "question": f"{question.question}（第{number}次问）",
                "answer": list(question.answers),
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


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--bot", choices=("real", "fake"), default="real")
    parser.add_argument("--questions", type=int, default=10_000)
    parser.add_argument("--repeat", type=int, default=1)
    options = parser.parse_args()
    bot = real_bot() if options.bot == "real" else fake_bot()
    resident: dict[int, float] = {0: round(resident_mb(), 1)}

    def note(done: int, total: int) -> None:
        if done % EVERY == 0:
            resident[done] = round(resident_mb(), 1)

    with tempfile.TemporaryDirectory() as folder:
        questions, answers = Path(folder) / "set.jsonl", Path(folder) / "answers.jsonl"
        write_set(questions, options.questions)
        began = time.perf_counter()
        report = run_question_sets(
            [questions], BotAsker(bot), answers=answers, progress=note, repeat=options.repeat
        )
        seconds = time.perf_counter() - began
        megabytes = answers.stat().st_size / 1e6
    later = [mb for done, mb in resident.items() if done >= SETTLED]
    result = {
        **stamp(),
        "bot": options.bot,
        "questions": len(report.scores),
        "rounds": options.repeat,
        "unsteady": len(report.unsteady),
        "seconds": round(seconds, 1),
        "questions_a_second": round(len(report.scores) * options.repeat / seconds, 1),
        "answers_mb": round(megabytes, 1),
        "resident_mb": resident,
        f"grown_after_{SETTLED}_mb": round(max(later) - later[0], 1) if later else None,
    }
    print(json.dumps(result, ensure_ascii=False, indent=2))
    RESULTS.mkdir(exist_ok=True)
    path = RESULTS / f"question_sets-{options.bot}.json"
    path.write_text(json.dumps(result, ensure_ascii=False, indent=2) + "\n", "utf-8")


if __name__ == "__main__":
    main()
