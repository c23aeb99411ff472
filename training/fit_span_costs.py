"""Fit what speaks against a span besides the network's scores: the constants of
`chatbot/span_costs.py`, which are copied there by hand.

    python -m training.fit_span_costs [--data ../shared/data] [--questions 800]

Fitted on sentences that hold the answer: of tuning questions on articles, and of the questions of
cmrc2018_dev that `training.answering_cases` fits on too. A cost is what makes the words that answer
likeliest under a softmax over the spans of their sentence, each counted by its F1 and, half as
much, by whether it is exactly right. Prints the costs and, cross-validated by article, what they
change; and how near reasons, ways and what decides come by the words chosen so and by their whole
clauses (`chatbot/quoting.py`).
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from sklearn.model_selection import GroupKFold

from chatbot.answer_type import expected_kind, is_decided, sought
from chatbot.clauses import clauses_around
from chatbot.question_sets import load_question_set
from chatbot.question_sets.comparison import character_f1, exact_match, stands_in
from chatbot.reader import SpanReader
from chatbot.reader_model import ReaderModel
from chatbot.span_costs import span_signs
from chatbot.span_finding import characters, no_spans, touching
from corpus.document import Paragraph
from corpus.sentences import split_sentences
from index.embedding import Encoder, open_encoder
from index.passage import Passage
from training.answering_cases import ARTICLE_SETS, PASSAGES, ROOT, UNFITTED, open_articles, sample
from training.reading_data import load_questions

SIGNS = ("across", "bracket", "said")
# The likeliest spans of a sentence, among which the one that answers is all but always.
LIKELIEST = 40
# How much an exactly right span is worth beside its F1.
EXACT = 0.5


@dataclass(frozen=True)
class Asked:
    """A question and the sentence [start, end) of a passage that answers it."""

    source: str
    group: str
    question: str
    passage: Passage
    sentence: tuple[int, int]
    answers: Sequence[str]


@dataclass(frozen=True)
class Candidates:
    """The likeliest spans of one sentence, as characters of the text: the sum of their logits and
    SIGNS (spans, 1 + signs), their F1 and whether they are exactly right (spans,).
    """

    asked: Asked
    words: Sequence[tuple[int, int]]
    features: NDArray[Any]
    f1: NDArray[Any]
    exact: NDArray[Any]


def on_articles(encoder: Encoder, runs: Path) -> Iterator[Asked]:
    """Yield the tuning questions that stand alone, with the sentences that answer them."""
    for corpus in dict.fromkeys(ARTICLE_SETS.values()):
        _, retriever = open_articles(corpus, encoder, runs)
        sets = [path for path, own in ARTICLE_SETS.items() if own == corpus]
        for question in chain.from_iterable(map(load_question_set, sets)):
            if "tune" not in question.tags or question.history or not question.answers:
                continue
            for passage in retriever.retrieve(question.question, k=PASSAGES):
                if (question.evidence or "\0") in passage.text:
                    yield from _answering(
                        "articles", corpus.stem, question.question, passage, question.answers
                    )


def on_cmrc(data: Path, count: int) -> Iterator[Asked]:
    """Yield questions of the part of cmrc2018_dev that is fitted on, and what answers them."""
    for question in sample(load_questions(data / "cmrc2018_dev.json"), "fit", count):
        answers = [text for text, _ in question.answers]
        text = question.context
        passage = Passage(Paragraph("p", None, 1, 0, len(text)), text, 0.0, 0.0, 0.0)
        yield from _answering("cmrc2018_dev", text, question.question, passage, answers)


def _answering(
    source: str, group: str, question: str, passage: Passage, answers: Sequence[str]
) -> Iterator[Asked]:
    for start, end in split_sentences(passage.text):
        if any(stands_in(answer, passage.text[start:end]) for answer in answers):
            yield Asked(source, group, question, passage, (start, end), answers)


def candidates(reader: SpanReader, asked: Asked) -> Candidates | None:
    """Return the likeliest spans of a sentence.

    None where no window shows all of it, and for several things: their spans cost nothing.
    """
    wanted = sought(asked.question)
    if not wanted.question:
        return None
    text = asked.passage.text
    tokens, windows = reader.reading(asked.question, asked.passage)
    own = touching(tokens, asked.sentence)
    for window in windows:
        if own and window.first <= own[0] and own[-1] < window.last:
            break
    else:
        return None
    inside = slice(own[0] - window.first, own[-1] + 1 - window.first)
    sums = window.starts[inside, None].astype(np.float64) + window.ends[None, inside]
    sums[no_spans(len(own))] = -np.inf
    offsets = tokens.offsets[own[0] : own[-1] + 1]
    signs = span_signs(text, offsets, asked.question, across=not wanted.telling)
    spans, features, f1, exact = [], [], [], []
    for place in np.argsort(-sums, axis=None)[:LIKELIEST]:
        left, right = divmod(int(place), len(own))
        words = characters(text, tokens, (own[0] + left, own[0] + right), asked.sentence)
        if not np.isfinite(sums[left, right]) or words is None:
            continue
        given = text[slice(*words)]
        spans.append(words)
        features.append([sums[left, right], *(signs[name][left, right] for name in SIGNS)])
        f1.append(character_f1(given, asked.answers))
        exact.append(float(exact_match(given, asked.answers)))
    if not spans:
        return None
    return Candidates(asked, spans, np.array(features), np.array(f1), np.array(exact))


def fit(cases: Sequence[Candidates]) -> NDArray[Any]:
    """Return the weights of a span's logits and of SIGNS, (1 + signs,). The sources weigh alike."""
    sizes = Counter(case.asked.source for case in cases)
    rows = [
        (case.features, case.f1 + EXACT * case.exact, 1 / sizes[case.asked.source])
        for case in cases
        if case.f1.max() > 0
    ]

    def loss(weights: NDArray[Any]) -> tuple[float, NDArray[Any]]:
        total, slope = 0.0, np.zeros(len(weights))
        for features, worth, part in rows:
            scores = features @ weights
            chance = np.exp(scores - scores.max())
            chance /= chance.sum()
            mean = float(chance @ worth)
            total -= part * np.log(mean + 1e-3)
            slope -= part * (chance * (worth - mean)) @ features / (mean + 1e-3)
        return total, slope

    found: NDArray[Any] = minimize(loss, np.eye(1 + len(SIGNS))[0], jac=True, method="L-BFGS-B").x
    return found


def best(case: Candidates, weights: NDArray[Any]) -> int:
    """Return which of the spans of a case `weights` choose."""
    return int((case.features @ weights).argmax())


def chosen(cases: Sequence[Candidates], weights: NDArray[Any]) -> list[tuple[float, float]]:
    """Return whether what `weights` choose is exactly right, and its F1, of each case."""
    places = [best(case, weights) for case in cases]
    return [(case.exact[n], case.f1[n]) for case, n in zip(cases, places, strict=True)]


def by_words_and_clauses(
    cases: Sequence[Candidates], weights: NDArray[Any]
) -> Iterator[tuple[float, float]]:
    """Yield the F1 of the words chosen in each case and that of the clauses round them."""
    for case in cases:
        chosen_one = best(case, weights)
        first, last = case.asked.sentence
        start, end = case.words[chosen_one]
        sentence = case.asked.passage.text[first:last]
        clauses = sentence[slice(*clauses_around(sentence, start - first, end - first))]
        yield case.f1[chosen_one], character_f1(clauses, case.asked.answers)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data")
    parser.add_argument("--runs", type=Path, default=ROOT / "runs" / "fitting")
    parser.add_argument("--questions", type=int, default=800, help="of cmrc2018_dev")
    options = parser.parse_args()
    encoder = open_encoder()
    reader = SpanReader(ReaderModel(), encoder, UNFITTED)
    every = chain(on_articles(encoder, options.runs), on_cmrc(options.data, options.questions))
    cases = [case for asked in every if (case := candidates(reader, asked)) is not None]
    groups = [case.asked.group for case in cases]
    alone = chosen(cases, np.eye(1 + len(SIGNS))[0])
    unseen = list(alone)
    for kept, left in GroupKFold(5, shuffle=True, random_state=1).split(cases, groups=groups):
        weights = fit([cases[n] for n in kept])
        for number, pair in zip(left, chosen([cases[n] for n in left], weights), strict=True):
            unseen[number] = pair
    for source in dict.fromkeys(case.asked.source for case in cases):
        own = [n for n, case in enumerate(cases) if case.asked.source == source]
        before, after = (
            100 * np.mean([pairs[n] for n in own], axis=0) for pairs in (alone, unseen)
        )
        print(
            f"{source}: {len(own)} sentences, EM / F1 by the network alone {before[0]:.1f} / "
            f"{before[1]:.1f}, with costs {after[0]:.1f} / {after[1]:.1f}"
        )
    weights = fit(cases)
    costs = zip(SIGNS, -weights[1:] / weights[0], strict=True)
    print(", ".join(f"{name} {cost:.2f}" for name, cost in costs))
    told = [
        case
        for case in cases
        if case.asked.source == "articles" and expected_kind(case.asked.question) == "passage"
    ]
    for name, decided in (("reasons and ways", False), ("yes or no", True)):
        own = [case for case in told if is_decided(case.asked.question) is decided]
        words, clauses = 100 * np.mean(list(by_words_and_clauses(own, weights)), axis=0)
        print(f"{name}: {len(own)} sentences, F1 by words {words:.1f}, by clauses {clauses:.1f}")


if __name__ == "__main__":
    main()
