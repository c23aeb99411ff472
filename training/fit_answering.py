"""Fit how sentences are ranked and how sure an answer is; writes `chatbot/weights/answering.json`.

    python -m training.fit_answering [--data ../shared/data] [--questions 200]

Fitted on the tuning half of `tests/questions/beilun.jsonl` and on questions of cmrc2018_dev asked
of all its 848 paragraphs, once as they are and once with the answering paragraph taken away. Never
on the reporting half. The refusal threshold is the highest that withholds at most WITHHELD of the
right answers to the tuning questions: what similarity can tell of an answer that is not there is
too little to pay for with right answers.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
from scipy.optimize import minimize
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from chatbot.confidence import FORMAT, signs
from chatbot.conversation import understand
from chatbot.question_sets import load_question_set
from chatbot.reader import SentenceReader, SentenceWeights, Span
from corpus.document import Document, Paragraph
from corpus.loading import DEFAULT_CORPUS, load_corpus
from index.embedding import Encoder, open_encoder
from index.passage import Passage
from index.retriever import Retriever
from index.updating import update_index
from training.reading_data import load_questions

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "chatbot" / "weights" / "answering.json"
WITHHELD = 0.02
SIGNS = ("dense", "similarity", "coverage", "lead", "agreement")


@dataclass(frozen=True)
class Case:
    """A question with the sentences found for it; `right` tells which of them answer."""

    passages: list[Passage]
    spans: list[Span]
    right: list[bool]
    source: str
    answerable: bool


def article_cases(encoder: Encoder, runs: Path) -> list[Case]:
    """Return the tuning half of the questions on the article."""
    documents = load_corpus(DEFAULT_CORPUS)
    retriever = Retriever(update_index(documents, runs / "article", encoder).index, encoder)
    reader = SentenceReader(encoder, SentenceWeights(1.0, 1.0, 0.1))
    cases = []
    for question in load_question_set(ROOT / "tests" / "questions" / "beilun.jsonl"):
        if "tune" not in question.tags or "chat" in question.tags:
            continue
        asked = understand(question.question, question.history)
        passages = retriever.retrieve(asked, k=6)
        spans = reader.read(asked, passages)
        right = [
            (question.evidence or "\x00") in span.passage.text
            and any(answer in _sentence(span) for answer in question.answers)
            for span in spans
        ]
        cases.append(Case(passages, spans, right, "article", bool(question.answers)))
    return cases


def cmrc_cases(encoder: Encoder, runs: Path, data: Path, count: int) -> list[Case]:
    """Return `count` questions of cmrc2018_dev over all paragraphs, and again without theirs."""
    questions = load_questions(data / "cmrc2018_dev.json")
    contexts = list(dict.fromkeys(question.context for question in questions))
    documents = [
        Document(f"p{n}", f"p{n}", "", text, (), (Paragraph(f"p{n}", None, 1, 0, len(text)),))
        for n, text in enumerate(contexts)
    ]
    update = update_index(documents, runs / "cmrc", encoder, progress=_say)
    retriever = Retriever(update.index, encoder)
    reader = SentenceReader(encoder, SentenceWeights(1.0, 1.0, 0.1), cache=100_000)
    cases = []
    for number, question in enumerate(questions[:: len(questions) // count][:count]):
        found = retriever.retrieve(question.question, k=7)
        without = [passage for passage in found if passage.text != question.context][:6]
        for passages, answerable in ((found[:6], True), (without, False)):
            spans = reader.read(question.question, passages)
            right = [
                span.passage.text == question.context
                and any(
                    span.sentence_start <= start < span.sentence_end
                    for _, start in question.answers
                )
                for span in spans
            ]
            cases.append(Case(passages, spans, right, "cmrc", answerable))
        _say(number + 1, count)
    return cases


def fit_sentences(cases: list[Case]) -> SentenceWeights:
    """Maximise the likelihood of a right sentence under a softmax over each question's own."""
    rows = [
        (np.array([[s.similarity, s.coverage, s.passage.fused] for s in case.spans]), case.right)
        for case in cases
        if any(case.right)
    ]

    def loss(weights: np.ndarray) -> float:
        total = 1e-3 * float(weights @ weights)
        for features, right in rows:
            scores = features @ weights
            scores -= scores.max()
            total -= np.log(np.exp(scores)[np.array(right)].sum() / np.exp(scores).sum())
        return float(total)

    found = minimize(
        loss, np.array([10.0, 3.0, 0.5]), method="Nelder-Mead", options={"maxiter": 4000}
    )
    return SentenceWeights(*(round(float(value), 3) for value in found.x))


def ranked(case: Case, weights: SentenceWeights) -> tuple[list[Span], bool]:
    """Return the case's spans by the new weights, and whether the first is right."""
    score = [
        weights.similarity * s.similarity
        + weights.coverage * s.coverage
        + weights.passage * s.passage.fused
        for s in case.spans
    ]
    order = sorted(range(len(score)), key=lambda n: -score[n])
    return [case.spans[n] for n in order], bool(order) and case.right[order[0]]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data")
    parser.add_argument("--runs", type=Path, default=ROOT / "runs" / "fitting")
    parser.add_argument("--questions", type=int, default=200)
    options = parser.parse_args()
    encoder = open_encoder()
    article = article_cases(encoder, options.runs)
    cmrc = cmrc_cases(encoder, options.runs, options.data, options.questions)
    weights = fit_sentences([*article, *cmrc])
    hits = {"article": [], "cmrc": []}
    features, labels, answerable, sources = [], [], [], []
    for case in [*article, *cmrc]:
        spans, right = ranked(case, weights)
        observed = signs(case.passages, spans)
        features.append([observed[name] for name in SIGNS])
        labels.append(right)
        answerable.append(case.answerable)
        sources.append(case.source)
        if case.answerable:
            hits[case.source].append(right)
    fitted = LogisticRegression(C=100.0, max_iter=5000).fit(features, labels)
    probability = fitted.predict_proba(features)[:, 1]
    own = np.array([source == "article" for source in sources])
    can = np.array(answerable)
    wanted = np.sort(probability[own & np.array(labels)])
    threshold = float(wanted[int(np.floor(WITHHELD * len(wanted)))])
    threshold = np.floor(threshold * 1000) / 1000
    refused = float((probability[own & ~can] < threshold).mean())
    measured = {
        "sentence_hit_article_tune": round(float(np.mean(hits["article"])), 3),
        "sentence_hit_cmrc_open": round(float(np.mean(hits["cmrc"])), 3),
        "auroc_answerable_article_tune": round(float(roc_auc_score(can[own], probability[own])), 3),
        "auroc_answerable_cmrc": round(float(roc_auc_score(can[~own], probability[~own])), 3),
        "refused_of_unanswerable_article_tune": round(refused, 3),
    }
    numbers = {
        "format": FORMAT,
        "fitted": {
            "on": "tests/questions/beilun.jsonl (tune), cmrc2018_dev "
            f"({options.questions} questions, with and without their paragraph)",
            "encoder": encoder.identity,
            "date": date.today().isoformat(),
            "measured": measured,
        },
        "sentence": {
            "similarity": weights.similarity,
            "coverage": weights.coverage,
            "passage": weights.passage,
        },
        "confidence": {
            "weights": {
                name: round(float(value), 4)
                for name, value in zip(SIGNS, fitted.coef_[0], strict=True)
            },
            "intercept": round(float(fitted.intercept_[0]), 4),
            "refuse_below": threshold,
        },
    }
    TARGET.parent.mkdir(exist_ok=True)
    TARGET.write_text(json.dumps(numbers, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(numbers, ensure_ascii=False, indent=1))


def _sentence(span: Span) -> str:
    offset = span.passage.paragraph.start
    return span.passage.text[span.sentence_start - offset : span.sentence_end - offset]


def _say(done: int, total: int) -> None:
    if done == total or done % 32 == 0:
        print(f"{done}/{total}", flush=True)


if __name__ == "__main__":
    main()
