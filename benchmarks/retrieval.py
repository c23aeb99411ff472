"""Open retrieval on CMRC 2018: which of all paragraphs does a question belong to?

    python -m benchmarks.retrieval           report on the development split
    python -m benchmarks.retrieval --tune    sweep k1, b and the dense weight on the trial split

Every paragraph of the split is searched for every question; the one right paragraph is the
question's own (another may answer it as well, so the figures are a lower bound). Nothing is
chosen on the development split: k1, b and the weight are tuned on the questions of every second
paragraph of the trial split. Vectors are kept in runs/retrieval/, so a second run takes seconds.

Both write into benchmarks/results/retrieval.json. A report ends with status 1 when fused R@1 is
below 0.975.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import platform
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.bm25 import K1, B, LexicalIndex
from index.embedding import Encoder, open_encoder
from index.fusion import DENSE_WEIGHT, RRF_CONSTANT, reciprocal_rank, weighted_sum

ROOT = Path(__file__).resolve().parent
RESULTS = ROOT / "results" / "retrieval.json"
VECTORS = ROOT.parent / "runs" / "retrieval"
DEPTH = 10
REQUIRED_R1 = 0.975

Scores = NDArray[np.floating[Any]]


@dataclass(frozen=True, slots=True)
class Split:
    """Paragraphs, and questions with the row of the paragraph that each belongs to."""

    paragraphs: list[str]
    questions: list[str]
    own: NDArray[np.int64]


def read_split(path: Path) -> Split:
    """Read SQuAD-style JSON, gzipped or not."""
    content = path.read_bytes()
    if path.suffix == ".gz":
        content = gzip.decompress(content)
    paragraphs, questions, own = [], [], []
    for article in json.loads(content)["data"]:
        for paragraph in article["paragraphs"]:
            for question in paragraph["qas"]:
                questions.append(question["question"])
                own.append(len(paragraphs))
            paragraphs.append(paragraph["context"])
    return Split(paragraphs, questions, np.array(own))


def cached(name: str, texts: Sequence[str], encoder: Encoder, encode: Callable[..., Any]) -> Scores:
    """Return the vectors of `texts`, from runs/retrieval/ where they are there."""
    key = "\x00".join([encoder.identity, name, *texts])
    path = VECTORS / f"{name}-{hashlib.sha256(key.encode()).hexdigest()[:16]}.npy"
    if not path.exists():
        print(f"encoding {len(texts)} {name} …", file=sys.stderr)
        path.parent.mkdir(parents=True, exist_ok=True)
        np.save(path, encode(texts))
    kept: Scores = np.load(path)
    return kept


def show(done: int, all_: int) -> None:
    print(f"\r{done}/{all_}", end="" if done < all_ else "\n", file=sys.stderr, flush=True)


def vectors(name: str, split: Split, encoder: Encoder) -> tuple[Scores, Scores]:
    """Return the vectors of the questions and of the paragraphs, (…, dimension) each."""
    questions = cached(f"{name}-questions", split.questions, encoder, encoder.encode_questions)
    paragraphs = cached(
        f"{name}-paragraphs",
        split.paragraphs,
        encoder,
        lambda texts: encoder.encode_paragraphs(texts, show),
    )
    return questions, paragraphs


def windowed(split: Split, encoder: Encoder, whole: Scores) -> tuple[Scores, int]:
    """Return paragraph vectors with those over the model's limit as the mean of two halves.

    The halves meet in the middle, so that no text is cut off (no paragraph here is longer than two
    windows). Also return how many there are.
    """
    from transformers import AutoTokenizer

    from index.bundled_model import bundled_model_folder

    tokenizer = AutoTokenizer.from_pretrained(str(bundled_model_folder()), local_files_only=True)
    lengths = [len(tokenizer("passage: " + text)["input_ids"]) for text in split.paragraphs]
    long = [row for row, length in enumerate(lengths) if length > 512]
    halves = []
    for row in long:
        text = split.paragraphs[row]
        halves += [text[: len(text) // 2], text[len(text) // 2 :]]
    parts = cached("halves", halves, encoder, lambda t: encoder.encode_paragraphs(t, show))
    result = whole.copy()
    means = parts.reshape(len(long), 2, -1).mean(axis=1)
    result[long] = means / np.linalg.norm(means, axis=1, keepdims=True)
    return result, len(long)


def lexical_scores(split: Split, k1: float, b: float, others: Sequence[str] = ()) -> Scores:
    """Return (questions, paragraphs) BM25 scores, `others` searched as well (last columns)."""
    index = LexicalIndex.build([*split.paragraphs, *others], k1, b)
    return np.stack([index.scores(question) for question in split.questions])


def ranks(scores: Scores, own: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the rank, from 1, of each question's own paragraph; ties go to the earlier one."""
    of_own = scores[np.arange(len(own)), own][:, None]
    earlier = np.arange(scores.shape[1])[None, :] < own[:, None]
    better = (scores > of_own) | ((scores == of_own) & earlier)
    found: NDArray[np.int64] = better.sum(axis=1) + 1
    return found


def fused(function: Callable[..., Scores], dense: Scores, lexical: Scores, *args: Any) -> Scores:
    """Fuse question by question, rounded as the retriever rounds."""
    rows = [function(d, s, *args) for d, s in zip(dense, lexical, strict=True)]
    return np.round(np.stack(rows), 6)


def measures(found: NDArray[np.int64]) -> dict[str, float]:
    """Return R@1, R@5, R@10 and MRR@10, and half the width of the 95% interval of R@1."""
    first = float((found == 1).mean())
    return {
        "R@1": round(first, 4),
        "R@1 ±": round(1.96 * float(np.sqrt(first * (1 - first) / len(found))), 4),
        "R@5": round(float((found <= 5).mean()), 4),
        "R@10": round(float((found <= 10).mean()), 4),
        "MRR@10": round(float(np.where(found <= DEPTH, 1 / found, 0).mean()), 4),
    }


def report(data: Path, encoder: Encoder, bundled: bool) -> dict[str, Any]:
    split = read_split(data / "cmrc2018_dev.json")
    questions, paragraphs = vectors("dev", split, encoder)
    dense = questions @ paragraphs.T
    lexical = lexical_scores(split, K1, B)
    all_scores = {
        "dense": dense,
        "lexical": lexical,
        "reciprocal rank fusion": fused(reciprocal_rank, dense, lexical),
        "fused": fused(weighted_sum, dense, lexical),
    }
    if bundled:
        means, long = windowed(split, encoder, paragraphs)
        all_scores["dense, long ones as means"] = questions @ means.T
        all_scores["fused, long ones as means"] = fused(weighted_sum, questions @ means.T, lexical)
    found = {method: ranks(scores, split.own) for method, scores in all_scores.items()}
    best = found["fused"] == 1
    return {
        "data": "cmrc2018_dev.json",
        "questions": len(split.questions),
        "paragraphs": len(split.paragraphs),
        **({"paragraphs beyond 512 tokens": long} if bundled else {}),
        "settings": {"k1": K1, "b": B, "dense_weight": DENSE_WEIGHT, "rrf": RRF_CONSTANT},
        "methods": {method: measures(ranks_) for method, ranks_ in found.items()},
        # Per question, so that a mean cannot hide what it costs (first by one, not by the other).
        "fused first against": {
            method: {
                "won": int((best & (found[method] != 1)).sum()),
                "lost": int((~best & (found[method] == 1)).sum()),
            }
            for method in ("dense", "lexical", "reciprocal rank fusion")
        },
    }


def tune(data: Path, encoder: Encoder) -> dict[str, Any]:
    trial = read_split(data / "cmrc2018_trial.json")
    # For BM25, which costs no encoding, the training split's paragraphs are searched as well:
    # among 256 paragraphs alone nearly every setting finds nearly everything.
    others = read_split(data / "cmrc2018_train.json.gz").paragraphs
    half = np.flatnonzero(trial.own % 2 == 0)
    own = trial.own[half]
    tuning = Split(trial.paragraphs, [trial.questions[at] for at in half], own)
    lexical = {
        f"k1 {k1}, b {b}": measures(ranks(lexical_scores(tuning, k1, b, others), own))
        for k1 in (0.6, 0.9, 1.2, 1.5, 2.0, 3.0)
        for b in (0.3, 0.45, 0.6, 0.75, 0.9)
    }
    questions, paragraphs = vectors("trial", trial, encoder)
    dense = (questions @ paragraphs.T)[half]
    scores = lexical_scores(tuning, K1, B)
    weights = {
        f"{weight:.1f}": measures(ranks(fused(weighted_sum, dense, scores, weight), own))
        for weight in np.arange(0, 1.05, 0.1).round(1)
    }
    return {
        "data": "cmrc2018_trial.json, questions of every second paragraph",
        "questions": len(half),
        "k1 and b": {"paragraphs": len(trial.paragraphs) + len(others), "settings": lexical},
        "dense weight": {"paragraphs": len(trial.paragraphs), "settings": weights},
    }


def describe_machine() -> dict[str, Any]:
    """Return the date, the processor and the versions that the figures may depend on."""
    processor = platform.processor() or platform.machine()
    if Path("/proc/cpuinfo").exists():
        lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
        names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
        processor = f"{len(names)} × {names[0]}" if names else processor
    packages = ("torch", "sentence-transformers", "faiss-cpu", "bm25s", "numpy")
    return {
        "date": datetime.now(UTC).date().isoformat(),
        "processor": processor,
        "python": platform.python_version(),
        **{package: metadata.version(package) for package in packages},
    }


def print_table(rows: dict[str, dict[str, float]]) -> None:
    print(f"{'':34}" + "".join(f"{measure:>9}" for measure in next(iter(rows.values()))))
    for name, values in rows.items():
        print(f"{name:34}" + "".join(f"{value:9.4f}" for value in values.values()))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--tune", action="store_true", help="sweep the settings")
    parser.add_argument("--model", help="instead of the bundled model")
    arguments = parser.parse_args()
    encoder = open_encoder(arguments.model)
    part = "tuning" if arguments.tune else "report"
    if arguments.tune:
        result = tune(arguments.data, encoder)
    else:
        result = report(arguments.data, encoder, bundled=arguments.model is None)
    result = {"machine": describe_machine(), "model": encoder.identity, **result}
    if arguments.tune:
        print_table(result["k1 and b"]["settings"])
        print_table(result["dense weight"]["settings"])
    else:
        print_table(result["methods"])
        print(json.dumps(result["fused first against"], ensure_ascii=False))
    if arguments.model is None:
        kept = json.loads(RESULTS.read_text("utf-8")) if RESULTS.exists() else {}
        RESULTS.parent.mkdir(exist_ok=True)
        text = json.dumps({**kept, part: result}, ensure_ascii=False, indent=1)
        RESULTS.write_text(text + "\n", encoding="utf-8")
    return int(not arguments.tune and result["methods"]["fused"]["R@1"] < REQUIRED_R1)


if __name__ == "__main__":
    sys.exit(main())
