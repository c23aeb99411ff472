"""Fit how spans are ranked and how sure an answer is; writes `chatbot/weights/answering.json`.

    python -m training.fit_answering [--data ../shared/data] [--questions 300]

Fitted on the fitting part of `training/answering_cases.py`: tuning questions on articles, and
questions of cmrc2018_dev and cjrc_dev, many of them with the answer taken away or asked of the
articles. Never on the reporting parts. Confidence is fitted in two steps: how signs are weighed,
on whether the answer is right and as much on whether there is one at all, and then, on that sum
alone, how likely an answer is right. The refusal threshold is the highest that withholds at most
WITHHELD of the answerable tuning questions on the default article, by confidences that were fitted
without the question. (Those on other articles are fitted without any question on the article.)
The shipped reader is what reads: export it first.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import logsumexp
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import StratifiedGroupKFold

from chatbot.confidence import FORMAT, SIGNS, TERMS, signs
from chatbot.reader import ReadingWeights, Span, SpanReader
from chatbot.reader_model import ReaderModel
from corpus.loading import DEFAULT_CORPUS, load_corpus
from index.bundled_model import bundled_identity
from index.embedding import open_encoder
from training.answering_cases import ROOT, Case, load_cases
from training.shipped_reader import shipped_version

HOME = frozenset(document.id for document in load_corpus(DEFAULT_CORPUS))
TARGET = ROOT / "chatbot" / "weights" / "answering.json"
# On the default article's tuning questions this refuses 83 % of the absent ones.
WITHHELD = 0.05
# What part of the questions that people ask is taken to be answerable: a confidence holds for one.
ANSWERABLE = 0.6
# What part of an article's questions without an answer is taken to come from outside its world:
# those that were written are few, and whoever asks them is put off most by an answer.
FROM_OUTSIDE = 0.4
# How much more a question on the default article counts than one on another: its many short
# paragraphs are harder to tell apart than the made-up articles', which are most of the questions.
AT_HOME = 4.0
# Inverse strength of the L2 penalty on the weights of scaled terms; of 0.003, 0.01, 0.03 and 0.1
# the one that did best on all of absent, outside and CMRC's questions in cross-validation.
STIFF = 0.01
# How much of the weighing is fitted on whether the question has an answer, the rest on whether the
# answer is right. Of 0, 0.3, 0.5, 0.7 and 1 this one refused most absent questions that 0 let
# through (0.60 to 0.66 in cross-validation) and told right answers on CMRC apart as well.
ON_ANSWERABLE = 0.5
# How much the sources count: an article is what wenda is for, court documents are far from it. With
# 0.7, 0.25 and 0.05 (and 3 at home) the calibration error on these read 0.100, now 0.066, and 0.818
# of the absent questions at home were refused, now 0.825 (cross-validated).
SHARES = {"article": 0.65, "cmrc": 0.2, "cjrc": 0.15}

# Strength of the L2 penalty on the weights of what spans are ranked by.
_EVEN = 1e-6
# What spans are ranked by, as `ReadingWeights` names it.
SPAN_SIGNS = tuple(field.name for field in fields(ReadingWeights))


def ranked(case: Case, weights: ReadingWeights) -> tuple[list[Span], bool, bool]:
    """Return the case's spans scored and ordered by `weights`, whether the first is right, and
    whether its sentence holds the answer.
    """
    spans = [weights.scored(span) for span in case.spans]
    order = sorted(range(len(spans)), key=lambda n: -spans[n].score)
    if not order:
        return [], False, False
    return [spans[n] for n in order], case.right[order[0]], case.holds[order[0]]


def fit_weights(cases: list[Case]) -> ReadingWeights:
    """Maximise the likelihood of the answering sentence under a softmax over a question's own.

    The sources count by SHARES: fused scores among hundreds of paragraphs of as many subjects
    stand much further apart than among the paragraphs of one article.
    """
    able = [case for case in cases if any(case.holds)]
    most = max(len(case.spans) for case in able)
    features = np.zeros((len(able), most, len(SPAN_SIGNS)))
    shown, holds = np.zeros((2, len(able), most), bool)
    for number, case in enumerate(able):
        features[number, : len(case.spans)] = [span_signs(span) for span in case.spans]
        shown[number, : len(case.spans)] = True
        holds[number, : len(case.spans)] = case.holds
    sizes = Counter(case.source for case in able)
    share = np.array([SHARES[case.source] / sizes[case.source] for case in able])

    def loss(weights: NDArray[Any]) -> tuple[float, NDArray[Any]]:
        scores = np.where(shown, features @ weights, -np.inf)
        every = logsumexp(scores, axis=1, keepdims=True)
        answering = logsumexp(np.where(holds, scores, -np.inf), axis=1, keepdims=True)
        pull = np.exp(scores - every) - np.where(holds, np.exp(scores - answering), 0.0)
        slope = (share[:, None, None] * pull[:, :, None] * features).sum((0, 1))
        return (
            float(share @ (every - answering)[:, 0] + _EVEN * weights @ weights),
            slope + 2 * _EVEN * weights,
        )

    found = minimize(loss, np.ones(len(SPAN_SIGNS)), jac=True, method="L-BFGS-B")
    return ReadingWeights(
        **{name: round(float(value), 3) for name, value in zip(SPAN_SIGNS, found.x, strict=True)}
    )


def span_signs(span: Span) -> list[float]:
    """Return what a span is ranked by, in the order of SPAN_SIGNS."""
    return [span.passage.fused if name == "passage" else getattr(span, name) for name in SPAN_SIGNS]


def table(
    cases: list[Case], weights: ReadingWeights, reader: SpanReader
) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any]]:
    """Return the signs (cases, signs), whether the answer is right, and its sentence, (cases,)."""
    features, right, sentences = [], [], []
    for case in cases:
        spans, is_right, holds = ranked(case, weights)
        if spans:
            spans[0] = reader.compared(case.question, spans[0])
        observed = signs(case.question, case.passages, spans)
        features.append([observed[name] for name in SIGNS])
        right.append(is_right)
        sentences.append(holds)
    return np.array(features), np.array(right), np.array(sentences)


def importance(cases: list[Case]) -> NDArray[Any]:
    """Return the weight of each case: sources by SHARES, in each ANSWERABLE of them answerable.

    Of the others on articles FROM_OUTSIDE are about something else altogether.
    """
    part = {True: ANSWERABLE, False: 1 - ANSWERABLE}
    groups = []
    for case in cases:
        outside = not case.answerable and case.kind in ("outside", "foreign")
        share = SHARES[case.source] * part[case.answerable]
        if case.source == "article" and not case.answerable:
            share *= FROM_OUTSIDE if outside else 1 - FROM_OUTSIDE
        groups.append((case.source, case.answerable, outside, share))
    sizes = Counter(groups)
    return np.array(
        [
            len(cases) * group[-1] / sizes[group] * (AT_HOME if is_at_home(case) else 1.0)
            for case, group in zip(cases, groups, strict=True)
        ]
    )


@dataclass(frozen=True)
class Fit:
    """A confidence over TERMS: the signs' means and deviations (signs,), weights (terms,)."""

    mean: NDArray[Any]
    deviation: NDArray[Any]
    weights: NDArray[Any]
    intercept: float

    def probabilities(self, features: NDArray[Any]) -> NDArray[Any]:
        """Return how likely (cases,) the answers are right by their signs (cases, signs)."""
        terms = with_products((features - self.mean) / self.deviation)
        return 1 / (1 + np.exp(-(terms @ self.weights + self.intercept)))


def with_products(apart: NDArray[Any]) -> NDArray[Any]:
    """Return signs (cases, signs) and the products of any two, in the order of TERMS."""
    first, second = np.triu_indices(apart.shape[1])
    return np.concatenate([apart, apart[:, first] * apart[:, second]], 1)


def fit_confidence(
    features: NDArray[Any], right: NDArray[Any], can: NDArray[Any], weight: NDArray[Any]
) -> Fit:
    """Return the confidence that an answer is right.

    `features` are (cases, signs), `right`, `can` (there is an answer) and `weight` (cases,).
    The second step is Platt's: "Probabilistic outputs for support vector machines", 1999.
    """
    mean, deviation = features.mean(axis=0), features.std(axis=0) + 1e-9
    terms = with_products((features - mean) / deviation)
    # Products of signs that seldom show spread little, and are penalised no more for it.
    spread = terms.std(axis=0) + 1e-9
    weighing = LogisticRegression(C=STIFF, max_iter=10_000).fit(
        np.concatenate([terms, terms]) / spread,
        np.concatenate([right, can]),
        sample_weight=np.concatenate([(1 - ON_ANSWERABLE) * weight, ON_ANSWERABLE * weight]),
    )
    total = weighing.decision_function(terms / spread)
    steps = LogisticRegression(C=1e6).fit(total[:, None], right, sample_weight=weight)
    slope = float(steps.coef_[0, 0])
    intercept = slope * float(weighing.intercept_[0]) + float(steps.intercept_[0])
    return Fit(mean, deviation, slope * weighing.coef_[0] / spread, intercept)


def unseen_confidences(
    features: NDArray[Any],
    right: NDArray[Any],
    can: NDArray[Any],
    weight: NDArray[Any],
    groups: Sequence[str],
) -> NDArray[Any]:
    """Return what each case gets from a fit that has seen none of its group (cases,).

    Questions on one article resemble each other in what is found for them: with those on other
    articles left out by lot a threshold would still flatter itself.
    """
    unseen = np.zeros(len(right))
    folds = StratifiedGroupKFold(10, shuffle=True, random_state=1)
    for kept, left in folds.split(features, can, groups):
        fit = fit_confidence(features[kept], right[kept], can[kept], weight[kept])
        unseen[left] = fit.probabilities(features[left])
    return unseen


def is_at_home(case: Case) -> bool:
    """Tell whether a case is a question on the default article, that was written for it."""
    on_article = case.source == "article" and case.kind != "foreign"
    return on_article and case.passages[0].paragraph.document in HOME


def group_of(case: Case) -> str:
    """Return the article that a case is on, or its question: where that comes several times, and
    on the default article, which is in what is fitted wherever wenda is asked about it.
    """
    if case.source == "article" and case.kind != "foreign" and not is_at_home(case):
        return case.passages[0].paragraph.document
    return case.question


def threshold_of(sure: NDArray[Any]) -> float:
    """Return the highest threshold that withholds at most WITHHELD of confidences (cases,)."""
    return float(np.sort(sure)[int(WITHHELD * len(sure))])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data")
    parser.add_argument("--runs", type=Path, default=ROOT / "runs" / "fitting")
    parser.add_argument("--questions", type=int, default=300, help="of each foreign set")
    parser.add_argument("--dry", action="store_true", help="print, and write nothing")
    options = parser.parse_args()
    cases = load_cases(options.data, options.runs, "fit", options.questions)
    weights = fit_weights(cases)
    features, right, sentence = table(
        cases, weights, SpanReader(ReaderModel(), open_encoder(), weights)
    )
    weight = importance(cases)
    can = np.array([case.answerable for case in cases])
    unseen = unseen_confidences(features, right, can, weight, [group_of(case) for case in cases])
    fit = fit_confidence(features, right, can, weight)
    foreign = np.array([case.kind == "foreign" for case in cases])
    own = np.array([case.source == "article" for case in cases]) & ~foreign
    articles = len(
        {c.passages[0].paragraph.document for c, is_own in zip(cases, own, strict=True) if is_own}
    )
    at_home = np.array([is_at_home(case) for case in cases])
    threshold = float(np.floor(1000 * threshold_of(unseen[at_home & can])) / 1000)
    measured: dict[str, float] = {
        "answered_of_answerable_tune": (unseen[own & can] >= threshold).mean(),
        "answered_of_answerable_at_home": (unseen[at_home & can] >= threshold).mean(),
        "refused_of_absent_at_home": (
            unseen[at_home & np.array([case.kind == "absent" for case in cases])] < threshold
        ).mean(),
        "refused_of_unanswerable_tune": (unseen[own & ~can] < threshold).mean(),
    }
    for kind in ("absent", "outside", "foreign", "followup"):
        these = np.array([c.source == "article" and c.kind == kind for c in cases]) & ~can
        measured[f"refused_of_{kind}_tune"] = (unseen[these] < threshold).mean()
    for name in SHARES:
        these = np.array([case.source == name for case in cases]) & ~foreign
        measured |= {
            f"sentence_{name}": sentence[these & can].mean(),
            f"right_{name}": right[these & can].mean(),
            f"auroc_{name}": roc_auc_score(can[these], unseen[these]),
        }
    numbers = {
        "format": FORMAT,
        "fitted": {
            "on": f"tests/questions/ (tune: sets on {articles} articles), cmrc2018_dev and "
            f"cjrc_dev ({options.questions} questions each, with and without their answer)",
            "encoder": bundled_identity(),
            "reader": shipped_version(),
            "date": date.today().isoformat(),
            "measured": {name: round(float(value), 3) for name, value in measured.items()},
        },
        "reader": asdict(weights),
        "confidence": {
            "weights": {
                name: round(float(value), 4) for name, value in zip(TERMS, fit.weights, strict=True)
            },
            "intercept": round(fit.intercept, 4),
            "refuse_below": threshold,
            "usual": {
                name: [round(float(value), 4) for value in pair]
                for name, *pair in zip(SIGNS, fit.mean, fit.deviation, strict=True)
            },
        },
    }
    text = json.dumps(numbers, ensure_ascii=False, indent=1) + "\n"
    if not options.dry:
        TARGET.write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
