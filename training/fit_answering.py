"""Fit how spans are ranked and how sure an answer is; writes `chatbot/weights/answering.json`.

    python -m training.fit_answering [--data ../shared/data] [--questions 150]

Fitted on the tuning half of `tests/questions/beilun.jsonl` and on questions of cmrc2018_dev asked
of all its 848 paragraphs, once as they are and once with the answering paragraph taken away. Never
on the reporting half. The refusal threshold is the highest that withholds at most WITHHELD of the
answers to the tuning questions that stand in the right sentence. The shipped reader is what reads:
export it first.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path

import numpy as np
from scipy.optimize import minimize
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from chatbot.answer_type import expected_kind
from chatbot.confidence import FORMAT, SIGNS, signs
from chatbot.conversation import understand
from chatbot.question_sets import load_question_set
from chatbot.question_sets.comparison import character_f1, stands_in
from chatbot.question_sets.scoring import RIGHT_F1
from chatbot.reader import ReadingWeights, Span, SpanReader
from chatbot.reader_model import WEIGHTS, ReaderModel
from corpus.document import Document, Paragraph
from corpus.loading import DEFAULT_CORPUS, load_corpus
from index.embedding import Encoder, open_encoder
from index.passage import Passage
from index.retriever import Retriever
from index.updating import update_index
from training.reading_data import load_questions

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "chatbot" / "weights" / "answering.json"
WITHHELD = 0.04
UNFITTED = ReadingWeights(1.0, 1.0, 1.0, 1.0)


@dataclass(frozen=True)
class Case:
    """A question with the spans found for it.

    `right` tells which of them answer, `holds` which stand in a sentence that holds the answer.
    """

    question: str
    passages: list[Passage]
    spans: list[Span]
    right: list[bool]
    holds: list[bool]
    source: str
    answerable: bool


def sentence_of(span: Span) -> str:
    """Return the sentence that a span stands in."""
    offset = span.passage.paragraph.start
    return span.passage.text[span.sentence_start - offset : span.sentence_end - offset]


def is_right(question: str, span: Span, accepted: list[str]) -> bool:
    """Tell whether a span answers: F1 of at least 0.5, or the right sentence for a `passage`."""
    offset = span.passage.paragraph.start
    words = span.passage.text[span.start - offset : span.end - offset]
    if expected_kind(question) == "passage":
        return any(stands_in(answer, sentence_of(span)) for answer in accepted)
    return bool(accepted) and character_f1(words, accepted) >= RIGHT_F1


def article_cases(encoder: Encoder, reader: SpanReader, runs: Path) -> list[Case]:
    """Return the tuning half of the questions on the article."""
    documents = load_corpus(DEFAULT_CORPUS)
    retriever = Retriever(update_index(documents, runs / "article", encoder).index, encoder)
    cases = []
    for question in load_question_set(ROOT / "tests" / "questions" / "beilun.jsonl"):
        if "tune" not in question.tags or "chat" in question.tags:
            continue
        asked = understand(question.question, question.history)
        passages = retriever.retrieve(asked, k=6)
        spans = reader.read(asked, passages)
        right = [
            (question.evidence or "\x00") in span.passage.text
            and is_right(question.question, span, list(question.answers))
            for span in spans
        ]
        holds = [
            (question.evidence or "\x00") in span.passage.text
            and any(stands_in(answer, sentence_of(span)) for answer in question.answers)
            for span in spans
        ]
        cases.append(Case(asked, passages, spans, right, holds, "article", bool(question.answers)))
    return cases


def cmrc_cases(
    encoder: Encoder, reader: SpanReader, runs: Path, data: Path, count: int
) -> list[Case]:
    """Return `count` questions of cmrc2018_dev over all paragraphs, and again without theirs."""
    questions = load_questions(data / "cmrc2018_dev.json")
    contexts = list(dict.fromkeys(question.context for question in questions))
    documents = [
        Document(f"p{n}", f"p{n}", "", text, (), (Paragraph(f"p{n}", None, 1, 0, len(text)),))
        for n, text in enumerate(contexts)
    ]
    update = update_index(documents, runs / "cmrc", encoder)
    retriever = Retriever(update.index, encoder)
    cases = []
    for question in questions[:: len(questions) // count][:count]:
        found = retriever.retrieve(question.question, k=7)
        without = [passage for passage in found if passage.text != question.context][:6]
        accepted = [text for text, _ in question.answers]
        every = reader.read(question.question, found)  # the two cases share most passages
        for passages, answerable in ((found[:6], True), (without, False)):
            spans = [span for span in every if span.passage in passages]
            right = [
                answerable
                and span.passage.text == question.context
                and is_right(question.question, span, accepted)
                for span in spans
            ]
            holds = [
                answerable
                and span.passage.text == question.context
                and any(
                    span.sentence_start <= start < span.sentence_end
                    for _, start in question.answers
                )
                for span in spans
            ]
            cases.append(Case(question.question, passages, spans, right, holds, "cmrc", answerable))
    return cases


def ranked(case: Case, weights: ReadingWeights) -> tuple[list[Span], bool, bool]:
    """Return the case's spans scored and ordered by `weights`, whether the first is right, and
    whether its sentence holds the answer.
    """
    spans = [
        replace(s, score=weights.score(s.margin, s.similarity, s.coverage, s.passage.fused))
        for s in case.spans
    ]
    order = sorted(range(len(spans)), key=lambda n: -spans[n].score)
    if not order:
        return [], False, False
    return [spans[n] for n in order], case.right[order[0]], case.holds[order[0]]


def fit_weights(cases: list[Case]) -> ReadingWeights:
    """Maximise the likelihood of the answering sentence under a softmax over a question's own.

    The two sources count alike: fused scores among 848 paragraphs of as many subjects stand much
    further apart than among the paragraphs of one article.
    """
    rows = [
        (
            np.array([[s.margin, s.similarity, s.coverage, s.passage.fused] for s in case.spans]),
            np.array(case.holds),
            case.source,
        )
        for case in cases
        if any(case.holds)
    ]
    share = {source: 1 / sum(own == source for _, _, own in rows) for source in ("article", "cmrc")}

    def loss(weights: np.ndarray) -> float:
        total = 1e-4 * float(weights @ weights)
        for features, holds, source in rows:
            scores = features @ weights
            scores -= scores.max()
            chance = np.exp(scores)
            total -= share[source] * np.log(chance[holds].sum() / chance.sum())
        return float(total)

    start = np.array([0.5, 10.0, 3.0, 0.5])
    found = minimize(loss, start, method="Nelder-Mead", options={"maxiter": 6000})
    return ReadingWeights(*(round(float(value), 3) for value in found.x))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data")
    parser.add_argument("--runs", type=Path, default=ROOT / "runs" / "fitting")
    parser.add_argument("--questions", type=int, default=150)
    options = parser.parse_args()
    encoder = open_encoder()
    reader = SpanReader(ReaderModel(), encoder, UNFITTED)
    article = article_cases(encoder, reader, options.runs)
    cmrc = cmrc_cases(encoder, reader, options.runs, options.data, options.questions)
    cases = [*article, *cmrc]
    weights = fit_weights(cases)
    features, labels, sentences = [], [], []
    for case in cases:
        spans, right, holds = ranked(case, weights)
        sentences.append(holds)
        observed = signs(case.passages, spans)
        features.append([observed[name] for name in SIGNS])
        labels.append(right)
    own = np.array([case.source == "article" for case in cases])
    can = np.array([case.answerable for case in cases])
    right = np.array(labels)
    # Both sources together weigh alike, whatever their numbers of questions.
    balance = np.where(own, 0.5 / own.sum(), 0.5 / (~own).sum()) * len(cases)
    fitted = LogisticRegression(C=10.0, max_iter=10_000).fit(features, right, balance)
    probability = fitted.predict_proba(features)[:, 1]
    wanted = np.sort(probability[own & np.array(sentences)])
    threshold = float(wanted[int(np.floor(WITHHELD * len(wanted)))])
    threshold = float(np.floor(threshold * 1000) / 1000)
    sentence = np.array(sentences)
    measured = {
        "sentence_article_tune": round(float(sentence[own & can].mean()), 3),
        "sentence_cmrc_open": round(float(sentence[~own & can].mean()), 3),
        "right_article_tune": round(float(right[own & can].mean()), 3),
        "right_cmrc_open": round(float(right[~own & can].mean()), 3),
        "auroc_answerable_article_tune": round(float(roc_auc_score(can[own], probability[own])), 3),
        "auroc_answerable_cmrc": round(float(roc_auc_score(can[~own], probability[~own])), 3),
        "answered_of_answerable_tune": round(
            float((probability[own & can] >= threshold).mean()), 3
        ),
        "refused_of_unanswerable_tune": round(
            float((probability[own & ~can] < threshold).mean()), 3
        ),
    }
    numbers = {
        "format": FORMAT,
        "fitted": {
            "on": "tests/questions/beilun.jsonl (tune), cmrc2018_dev "
            f"({options.questions} questions, with and without their paragraph)",
            "encoder": encoder.identity,
            "reader": json.loads((WEIGHTS / "reader.json").read_text("utf-8"))["sha256"][:16],
            "date": date.today().isoformat(),
            "measured": measured,
        },
        "reader": asdict(weights),
        "confidence": {
            "weights": {
                name: round(float(value), 4)
                for name, value in zip(SIGNS, fitted.coef_[0], strict=True)
            },
            "intercept": round(float(fitted.intercept_[0]), 4),
            "refuse_below": threshold,
        },
    }
    text = json.dumps(numbers, ensure_ascii=False, indent=1) + "\n"
    TARGET.write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
