"""CMRC 2018 development split, each question with its own passage, read by the shipped reader.

    python -m benchmarks.reading [--questions N] [--weights FOLDER]

EM and F1 by the official evaluation's semantics (`chatbot/question_sets/comparison.py`), averaged
over questions, best of the three reference answers each; and the time to read five passages.
"""

from __future__ import annotations

import argparse
import json
import statistics
import time
from pathlib import Path

from benchmarks.machine import stamp
from chatbot.question_sets.comparison import character_f1, exact_match
from chatbot.reader import ReadingWeights, SpanReader
from chatbot.reader_model import WEIGHTS, ReaderModel
from corpus.document import Paragraph
from index.embedding import open_encoder
from index.passage import Passage
from training.reading_data import load_questions

ROOT = Path(__file__).resolve().parent.parent
RESULT = ROOT / "benchmarks" / "results" / "reading.json"


def passage(text: str) -> Passage:
    """Return `text` as a retrieved passage."""
    return Passage(Paragraph("p", None, 1, 0, len(text)), text, 0.0, 0.0, 0.0)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data")
    parser.add_argument("--weights", type=Path, default=WEIGHTS)
    parser.add_argument("--questions", type=int, default=0, help="only so many; 0 is all")
    options = parser.parse_args()
    # The margin alone: what the network does, without the signs that help it on an article.
    alone = ReadingWeights(margin=1.0, similarity=0.0, coverage=0.0, passage=0.0, fit=0.0)
    reader = SpanReader(ReaderModel(options.weights), open_encoder(), alone)
    questions = load_questions(options.data / "cmrc2018_dev.json")
    if options.questions:
        questions = questions[:: len(questions) // options.questions][: options.questions]
    exact, overlap = [], []
    for number, question in enumerate(questions, 1):
        spans = reader.read(question.question, [passage(question.context)])
        given = question.context[spans[0].start : spans[0].end] if spans else ""
        accepted = [text for text, _ in question.answers]
        exact.append(exact_match(given, accepted))
        overlap.append(character_f1(given, accepted))
        if number % 200 == 0:
            print(
                number,
                round(100 * statistics.mean(exact), 1),
                round(100 * statistics.mean(overlap), 1),
                flush=True,
            )
    five = [passage(question.context[:200]) for question in questions[:100:20]]
    times = []
    for question in questions[:20]:
        began = time.perf_counter()
        reader.read(question.question, five)
        times.append(1000 * (time.perf_counter() - began))
    results = {
        "command": f"python -m benchmarks.reading --questions {options.questions}",
        "machine": stamp(),
        "weights": json.loads((options.weights / "reader.json").read_text("utf-8")),
        "questions": len(questions),
        "em": round(100 * statistics.mean(exact), 2),
        "f1": round(100 * statistics.mean(overlap), 2),
        "five_passages_of_200_characters_ms": round(statistics.median(times), 1),
    }
    text = json.dumps(results, ensure_ascii=False, indent=1) + "\n"
    print(text)
    if not options.questions:
        RESULT.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
