"""Fits the weights by which a follow-up's answer is supported, and cross-validates them.

    python -m benchmarks.follow_up_support

prints the weights for `chatbot/follow_up_support.py`, and for several thresholds (and several of
the likelihood from which a question is taken to stand alone) the shares of
answerable follow-ups answered rightly and of unanswerable ones refused, where rows and where whole
articles are left out of the fit, beside those of whole questions on something else than the one
before them, which must be answered as they stand. Only rows for tuning are read. Needs
scikit-learn, which sentence-transformers brings.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from benchmarks.understanding import ROOT, bot_for, rows
from chatbot.confidence import shipped
from chatbot.conversation import readings
from chatbot.finding import _ALONE, _LEAD, _STANDS, _WHOLE, Finding
from chatbot.follow_up_support import ENOUGH, REPEATED, WEIGHTS, only_told_before
from chatbot.question_sets.comparison import stands_in

THRESHOLDS = (0.3, 0.35, 0.4, 0.45, 0.5, 0.55)
FOLDS = 5
SINGLE = ROOT / "tests" / "questions" / "tuning"
REFUSE_BELOW = float(shipped()["confidence"]["refuse_below"])


@dataclass(frozen=True)
class Case:
    """One follow-up: what each of its readings found, the signs of each, and which are right.

    `alone` is how likely it is to stand alone.
    """

    kind: str
    answerable: bool
    id: str
    document: str
    asked: str
    alone: float
    found: list[Finding]
    signs: list[list[float]]
    right: list[bool]


def main() -> None:
    cases = [case for half in ("tune", "tuning") for case in collected(half)]
    weights = fitted(cases)
    print(dict(zip((*WEIGHTS, "intercept"), weights.round(2).tolist(), strict=True)))
    for left_out in ("id", "document"):
        groups = sorted({getattr(case, left_out) for case in cases})
        count = FOLDS if left_out == "id" else len(groups)
        outcomes: dict[float, list[tuple[str, bool]]] = {t: [] for t in THRESHOLDS}
        for fold in (set(groups[first::count]) for first in range(count)):
            kept = fitted([case for case in cases if getattr(case, left_out) not in fold])
            for case in (case for case in cases if getattr(case, left_out) in fold):
                for threshold in THRESHOLDS:
                    outcomes[threshold].append((case.kind, good(case, kept, threshold)))
        print(f"left out by {left_out}:")
        for threshold, found in outcomes.items():
            print(f"  {threshold}: {shares_of(found)}")
    for whole in (0.5, 0.7, 0.8, 0.9, 0.95, 2.0):
        found = [(case.kind, good(case, weights, ENOUGH, whole)) for case in cases]
        print(f"standing alone from {whole}: {shares_of(found)}")


def shares_of(found: list[tuple[str, bool]]) -> dict[str, float]:
    """Return the share of good ones of each kind."""
    return {
        kind: round(float(np.mean([ok for own, ok in found if own == kind])), 3)
        for kind in dict.fromkeys(own for own, _ in found)
    }


def collected(half: str) -> list[Case]:
    """Return the follow-ups of a half with what each of their readings found."""
    cases = []
    with bot_for(half) as bot:
        finder = bot._finder
        for name in ("followups", "unanswerable-followups", "subject-changes"):
            made = half == "tuning" and name == "subject-changes"
            for row in changes() if made else rows(name, half):
                turns = finder._turns(row["history"], row["document"])
                asked = finder._put_plainly(row["question"])
                found, signs, right = [], [], []
                for reading in readings(asked, turns):
                    finding = finder.find(reading, row["document"])
                    if not finding.spans:
                        continue
                    finding, weighed = finder.weighed(finding, asked, turns)
                    sentence = finder._sentence(finding.spans[0])
                    found.append(finding)
                    signs.append([weighed[name] for name in WEIGHTS])
                    right.append(any(stands_in(a, sentence) for a in row.get("answer", ())))
                answerable = row.get("answerable", True)
                names = row["id"], row["document"], asked
                alone = finder._self_contained(asked)
                cases.append(Case(name, answerable, *names, alone, found, signs, right))
    return cases


def changes() -> Iterator[dict[str, Any]]:
    """Yield whole questions asked after others: each ninth fact asked of each tuning article."""
    for path in sorted(SINGLE.glob("*.jsonl")):
        lines = map(json.loads, path.read_text("utf-8").splitlines())
        asked = [row for row in lines if row["tags"][0] in ("fact", "paraphrase")]
        for before, row in itertools.pairwise(asked[::9]):
            yield {**row, "history": [before["question"]]}


def fitted(cases: list[Case]) -> np.ndarray:
    """Return the weights and the intercept; every follow-up counts alike, however many readings.

    Questions that stand alone are left out.
    """
    from sklearn.linear_model import LogisticRegression

    cases = [c for c in cases if c.kind != "subject-changes" and c.alone < _WHOLE]
    signs = np.array([one for case in cases for one in case.signs])
    right = np.array([one for case in cases for one in case.right])
    share = np.array([1 / len(case.signs) for case in cases for _ in case.signs])
    model = LogisticRegression().fit(signs, right, sample_weight=share)
    return np.array([*model.coef_[0], model.intercept_[0]])


def good(case: Case, weights: np.ndarray, threshold: float, whole: float = _WHOLE) -> bool:
    """Tell whether a follow-up is answered rightly, or refused where nothing answers it.

    One that is as likely to stand alone as `whole` is read as it stands.
    """
    if case.alone >= whole:
        answered = bool(case.found) and case.found[0].confidence >= REFUSE_BELOW
        return answered and case.right[0] if case.answerable else not answered
    sure = []
    for finding, signs in zip(case.found, case.signs, strict=True):
        supported = 1 / (1 + np.exp(-(np.dot(weights[:-1], signs) + weights[-1])))
        named = dict(zip(WEIGHTS, signs, strict=True))
        if only_told_before(named):
            supported = 0.0
        worth = REPEATED if named["repeats"] else 1.0
        if finding.reading.text == case.asked and finding.confidence >= _ALONE:
            supported = 1.0
        sure.append(worth * finding.confidence if supported >= threshold else 0.0)
    texts = [finding.reading.text for finding in case.found]
    best = 0
    for number, finding in enumerate(case.found):
        if texts[0] == case.asked and sure[0] >= _STANDS:
            break
        plainer = texts[best] == case.asked or texts[number] != finding.reading.asked
        if number and sure[number] > sure[best] + (_LEAD if plainer else 0.0):
            best = number
    answered = bool(sure) and sure[best] >= REFUSE_BELOW
    return answered and case.right[best] if case.answerable else not answered


if __name__ == "__main__":
    main()
