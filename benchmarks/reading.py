"""CMRC 2018 development split, read by the shipped reader.

    python -m benchmarks.reading [--questions N] [--open N] [--against FOLDER]

Each question with its own passage; `--open` questions of them with all 848 paragraphs as corpus,
beside the same ones with their own passage; and the time to read five passages with what leads up
to them. `--against` reads the `--open` questions with other weights as well (the float32 export,
say). EM and F1 by the official evaluation's semantics (`chatbot/question_sets/comparison.py`),
averaged over questions, best of the three reference answers each. A run over all questions writes
`benchmarks/results/reading.json`.
"""

from __future__ import annotations

import argparse
import json
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from benchmarks.machine import stamp
from chatbot.confidence import shipped
from chatbot.question_sets.comparison import character_f1, exact_match
from chatbot.reader import ReadingWeights, SpanReader
from chatbot.reader_model import WEIGHTS, ReaderModel
from corpus.document import Paragraph
from index.embedding import Encoder, open_encoder
from index.passage import Passage, lead_up
from training.answering_cases import PASSAGES, paragraph_retriever
from training.reading_data import Question, load_questions

ROOT = Path(__file__).resolve().parent.parent
RESULT = ROOT / "benchmarks" / "results" / "reading.json"
# What the network does, without the signs that choose between passages.
ALONE = ReadingWeights(mass=1.0, coverage=0.0, paraphrased=0.0, passage=0.0, fit=0.0)


def passage(text: str) -> Passage:
    """Return `text` as a retrieved passage."""
    return Passage(Paragraph("p", None, 1, 0, len(text)), text, 0.0, 0.0, 0.0)


def measure(
    questions: Sequence[Question], answer: Callable[[Question], str]
) -> dict[str, float | int]:
    """Return EM and F1 in per cent of what `answer` gives."""
    exact, overlap = [], []
    for number, question in enumerate(questions, 1):
        given = answer(question)
        accepted = [text for text, _ in question.answers]
        exact.append(exact_match(given, accepted))
        overlap.append(character_f1(given, accepted))
        if number % 200 == 0:
            print(number, f"{100 * statistics.mean(exact):.1f}", flush=True)
    return {
        "questions": len(questions),
        "em": round(100 * statistics.mean(exact), 2),
        "f1": round(100 * statistics.mean(overlap), 2),
    }


def own_passage(reader: SpanReader) -> Callable[[Question], str]:
    """Return the function that reads a question's own passage."""

    def answer(question: Question) -> str:
        spans = reader.read(question.question, [passage(question.context)])
        return question.context[spans[0].start : spans[0].end] if spans else ""

    return answer


def all_paragraphs(
    reader: SpanReader, encoder: Encoder, questions: Sequence[Question], folder: Path
) -> Callable[[Question], str]:
    """Return the function that finds and reads the passages of a corpus of every paragraph."""
    contexts = list(dict.fromkeys(question.context for question in questions))
    retriever, _ = paragraph_retriever(contexts, encoder, folder)

    def answer(question: Question) -> str:
        passages = retriever.retrieve(question.question, k=PASSAGES)
        spans = reader.read(question.question, passages)
        return spans[0].passage.text[spans[0].start : spans[0].end] if spans else ""

    return answer


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data")
    parser.add_argument("--runs", type=Path, default=ROOT / "runs" / "fitting")
    parser.add_argument("--questions", type=int, default=0, help="only so many; 0 is all")
    parser.add_argument("--open", type=int, default=300, help="questions asked of all paragraphs")
    parser.add_argument("--weights", type=Path, default=WEIGHTS)
    parser.add_argument("--against", type=Path, help="other weights to compare with")
    options = parser.parse_args()
    encoder = open_encoder()
    model = ReaderModel(options.weights)
    every = load_questions(options.data / "cmrc2018_dev.json")
    questions = every
    if options.questions:
        questions = every[:: len(every) // options.questions][: options.questions]
    alone = SpanReader(model, encoder, ALONE)
    results: dict[str, Any] = {
        "command": "python -m benchmarks.reading "
        f"--questions {options.questions} --open {options.open}",
        "machine": stamp(),
        "weights": json.loads((options.weights / "reader.json").read_text("utf-8")),
        "own passage": measure(questions, own_passage(alone)),
    }
    if options.open:
        some = every[:: len(every) // options.open][: options.open]
        ranking = SpanReader(model, encoder, ReadingWeights(**shipped()["reader"]))
        results["of these, own passage"] = measure(some, own_passage(alone))
        results["of these, all paragraphs"] = measure(
            some, all_paragraphs(ranking, encoder, every, options.runs / "cmrc")
        )
        if options.against is not None:
            other = SpanReader(ReaderModel(options.against), encoder, ALONE)
            name = json.loads((options.against / "reader.json").read_text("utf-8"))["weights"]
            results[f"of these, own passage, {name}"] = measure(some, own_passage(other))
    five = [
        replace(passage(text[:200]), lead_up=lead_up(text[-100:], text))
        for text in (question.context for question in questions[:100:20])
    ]
    times = []
    for question in questions[:20]:
        began = time.perf_counter()
        alone.read(question.question, five)
        times.append(1000 * (time.perf_counter() - began))
    results["five passages of 200 characters, ms"] = round(statistics.median(times), 1)
    text = json.dumps(results, ensure_ascii=False, indent=1) + "\n"
    print(text)
    if not options.questions:
        RESULT.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
