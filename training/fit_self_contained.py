"""Fit whether a question needs what was said before; writes `chatbot/weights/self_contained.json`.

    python -m training.fit_self_contained [--data ../shared/data]

Fitted on the follow-ups made from CMRC's training questions (and these as they were), and on those
of the articles in `training/written/`, with as many questions that stand alone. Prints the shares
told right in cross-validation, whole articles left out. The shipped reader is what reads: export it
first.
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold, cross_val_predict

from chatbot.conversation import leans
from chatbot.reader_model import ReaderModel
from chatbot.self_contained import FORMAT
from training.reading_data import FOLLOW_UPS, follow_up_turns
from training.shipped_reader import shipped_version
from training.written_questions import WRITTEN

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "chatbot" / "weights" / "self_contained.json"
# Inverse strength of the penalty on the weights of standardised states.
STIFF = 0.02


def examples(data: Path) -> Iterator[tuple[str, str, bool]]:
    """Yield (question, what it belongs to, whether it stands alone)."""
    for turn in follow_up_turns(data / FOLLOW_UPS):
        current, whole = turn["current"].strip(), turn["rewritten"].strip()
        if current != whole:
            yield current, turn["entity"], False
        yield whole, turn["entity"], True
    rng = random.Random(1)
    for line in (WRITTEN / "articles.jsonl").read_text("utf-8").splitlines():
        article = json.loads(line)
        later = [asked["question"] for asked in article["questions"] if "after" in asked]
        alone = [asked["question"] for asked in article["questions"] if "after" not in asked]
        yield from ((question, article["title"], False) for question in later)
        yield from (
            (question, article["title"], True)
            for question in rng.sample(alone, min(len(later), len(alone)))
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data")
    options = parser.parse_args()
    model = ReaderModel()
    # What leans by its very wording is told by that.
    rows = [row for row in dict.fromkeys(examples(options.data)) if not leans(row[0])]
    states = np.array([model.question_state(question) for question, _, _ in rows])
    alone = np.array([whole for _, _, whole in rows])
    scale = 1.0 / (states.std(axis=0) + 1e-9)
    regression = LogisticRegression(C=STIFF, max_iter=1000)
    unseen = cross_val_predict(
        regression, states * scale, alone, groups=[of for _, of, _ in rows], cv=GroupKFold(5),
        method="predict_proba",
    )[:, 1]  # fmt: skip
    print(f"{len(rows)} questions, {alone.mean():.2f} of them stand alone")
    for least in (0.5, 0.7, 0.8, 0.9, 0.95):
        taken = (unseen >= least)[alone].mean()
        wrongly = (unseen >= least)[~alone].mean()
        print(f"taken to stand alone from {least}: {taken:.3f} of these, {wrongly:.3f} of the rest")
    fitted = regression.fit(states * scale, alone)
    numbers = {
        "format": FORMAT,
        "reader": shipped_version(),
        "questions": len(rows),
        "weights": [float(f"{value:.4g}") for value in fitted.coef_[0] * scale],
        "intercept": round(float(fitted.intercept_[0]), 3),
    }
    TARGET.write_text(json.dumps(numbers) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
