"""Fit the recognition of kinds of answers; writes `chatbot/weights/kinds.json`.

    python -m training.fit_kinds

Fitted on `training/kinds/` and the half `tune` of `tests/questions/kinds.jsonl`, never on the half
`report`. The rules were widened on some of these very questions, so on them they are right too
often; to learn how far they can be relied on elsewhere, the rules' kind is made wrong in a share of
those rows (MISLED), as often as they were wrong on questions that they were not yet made from.
Prints the share told right in cross-validation of those that the reader was not trained on. The
shipped reader is what reads: export it first.
"""

from __future__ import annotations

import json
import random
from collections import Counter
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold, cross_val_predict

from chatbot.kind_recognition import FORMAT, KINDS, by_rule, grams_of, signs_of_kind
from chatbot.reader_model import STATE, ReaderModel
from corpus.loading import DEFAULT_CORPUS, load_corpus
from training.kind_questions import kept_from_reader, kind_questions
from training.shipped_reader import shipped_version

ROOT = Path(__file__).resolve().parent.parent
FOREIGN = ("fifth", "sixth")  # sets that no rule was made from
TUNING = ROOT / "tests" / "questions" / "kinds.jsonl"
TARGET = ROOT / "chatbot" / "weights" / "kinds.json"
# Nearly all mistakes of rules are to take a question for the plain kind, "span".
MISLED = 0.2
# Questions that a run of characters stands in at least, to count.
COMMON = 5
# Inverse strength of the penalty, and how much more a rule or a run of characters may say than one
# number of the state: of a few, the best in cross-validation.
STIFF = 0.01
LOUDER = 2.0


def scales(features: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return what each feature is multiplied by before the fit: all of the state counts alike."""
    found = np.full(features.shape[1], LOUDER, np.float32)
    found[:STATE] = 1.0 / (features[:, :STATE].std(axis=0) + 1e-9)
    return found


def main() -> None:
    model = ReaderModel()
    documents = load_corpus(DEFAULT_CORPUS)
    tuning = map(json.loads, TUNING.read_text("utf-8").splitlines())
    rows = kind_questions() + [{**row, "set": "tuning"} for row in tuning if row["half"] == "tune"]
    seen = Counter(gram for row in rows for gram in grams_of(row["question"]))
    grams = {gram: n for n, gram in enumerate(sorted(g for g in seen if seen[g] >= COMMON))}
    rng = random.Random(1)
    found = []
    for row in rows:
        rule = by_rule(row["question"], documents)
        told = "span" if row["set"] not in FOREIGN and rng.random() < MISLED else rule
        found.append(
            signs_of_kind(row["question"], model.question_state(row["question"]), told, grams)
        )
    features = np.array(found, np.float32)
    labels = np.array([KINDS.index(row["kind"]) for row in rows])
    scale = scales(features)
    features *= scale
    regression = LogisticRegression(C=STIFF, max_iter=200)
    folds = StratifiedKFold(5, shuffle=True, random_state=1)
    told_right = cross_val_predict(regression, features, labels, cv=folds) == labels
    unseen = np.array([row["set"] == "tuning" or kept_from_reader(row["question"]) for row in rows])
    foreign = np.array([row["set"] in FOREIGN for row in rows])
    for name, these in (("made", unseen & ~foreign), ("not made", unseen & foreign)):
        share = told_right[these].mean()
        print(f"{these.sum()} that the reader never saw, rules {name} from them: {share:.3f}")
    fitted = regression.fit(features, labels)
    numbers = {
        "format": FORMAT,
        "reader": shipped_version(),
        "questions": len(rows),
        "grams": list(grams),
        "weights": [[float(f"{value:.4g}") for value in row] for row in fitted.coef_ * scale],
        "intercept": [round(float(value), 3) for value in fitted.intercept_],
    }
    TARGET.write_text(json.dumps(numbers, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
