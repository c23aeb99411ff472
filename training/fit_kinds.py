"""Fit the recognition of kinds of answers; writes `chatbot/weights/kinds.json`.

    python -m training.fit_kinds

Fitted on `training/kinds.jsonl`, `-second`, `-third`, `-fourth` and the half `tune` of
`tests/questions/kinds.jsonl`, never on the half `report`. The rules were widened on these very
questions, so on them they are right too often; to learn how far they can be relied on elsewhere,
the rules' kind is made wrong in a share of the rows (MISLED), as often as they were wrong on
questions that they were not yet made from.
"""

from __future__ import annotations

import json
import random
from collections import Counter
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression

from chatbot.kind_recognition import FORMAT, KINDS, by_rule, grams_of, signs_of_kind
from corpus.loading import DEFAULT_CORPUS, load_corpus
from index.embedding import open_encoder

ROOT = Path(__file__).resolve().parent.parent
SETS = (
    ROOT / "training" / "kinds.jsonl",
    ROOT / "training" / "kinds-second.jsonl",
    ROOT / "training" / "kinds-third.jsonl",
    ROOT / "training" / "kinds-fourth.jsonl",
    ROOT / "tests" / "questions" / "kinds.jsonl",
)
TARGET = ROOT / "chatbot" / "weights" / "kinds.json"
# Nearly all mistakes of rules are to take a question for the plain kind, "span".
MISLED = 0.3
# Questions that a run of characters stands in at least, to count.
COMMON = 5


def main() -> None:
    encoder = open_encoder()
    documents = load_corpus(DEFAULT_CORPUS)
    rows = [
        row
        for path in SETS
        for row in map(json.loads, path.read_text("utf-8").splitlines())
        if row.get("half") != "report"
    ]
    seen = Counter(gram for row in rows for gram in grams_of(row["question"]))
    grams = {gram: n for n, gram in enumerate(sorted(g for g in seen if seen[g] >= COMMON))}
    rng = random.Random(1)
    features, labels = [], []
    for row in rows:
        rule = by_rule(row["question"], documents)
        vector = encoder.encode_questions([row["question"]])[0]
        told = "span" if rng.random() < MISLED else rule
        features.append(signs_of_kind(row["question"], vector, told, grams))
        labels.append(KINDS.index(row["kind"]))
    model = LogisticRegression(C=1.0, max_iter=5000).fit(np.array(features), labels)
    numbers = {
        "format": FORMAT,
        "encoder": encoder.identity,
        "questions": len(rows),
        "grams": list(grams),
        "weights": [[round(float(value), 3) for value in row] for row in model.coef_],
        "intercept": [round(float(value), 3) for value in model.intercept_],
    }
    TARGET.write_text(json.dumps(numbers, ensure_ascii=False) + "\n", encoding="utf-8")
    print(f"{len(rows)} questions, on themselves {model.score(np.array(features), labels):.3f}")


if __name__ == "__main__":
    main()
