"""Reading: from a question and its passages to the spans that answer it, best first.

`Reader` is the one place where an answer is chosen. `SentenceReader` quotes whole sentences; a
reader that finds the shortest words that answer takes its place by giving the same `Span`s.
"""

from __future__ import annotations

import math
from collections import Counter, OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from corpus.sentences import split_sentences
from index.bm25 import tokenize
from index.embedding import Encoder
from index.passage import Passage


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of a passage that may answer, with what speaks for it.

    `start` and `end`, `sentence_start` and `sentence_end` are offsets in the document's text, end
    exclusive; the span lies inside the sentence and the sentence inside the passage. `similarity`
    is the cosine of question and sentence, `coverage` the share (0 to 1) of the question's
    distinctive characters and pairs that stand in the sentence, `score` what the spans of one
    question are ordered by (no unit, not comparable between questions).
    """

    passage: Passage
    start: int
    end: int
    sentence_start: int
    sentence_end: int
    similarity: float
    coverage: float
    score: float


class Reader(Protocol):
    """Whatever can find the answer to a question in its passages."""

    def read(self, question: str, passages: Sequence[Passage]) -> list[Span]:
        """Return candidate spans, best first; empty when no passage holds any text."""
        ...


@dataclass(frozen=True, slots=True)
class SentenceWeights:
    """How much each sign counts; fitted by `training/fit_answering.py`, which says on what."""

    similarity: float
    coverage: float
    passage: float


class SentenceReader:
    """Quotes the sentence that is nearest to the question, in meaning and in characters.

    Safe to share between threads. Sentences once encoded are kept, the last `cache` of them.
    """

    def __init__(self, encoder: Encoder, weights: SentenceWeights, cache: int = 20_000) -> None:
        self._encoder = encoder
        self._weights = weights
        self._vectors: OrderedDict[str, NDArray[np.float32]] = OrderedDict()
        self._cache = cache
        self._lock = Lock()

    def read(self, question: str, passages: Sequence[Passage]) -> list[Span]:
        """Return every sentence of `passages` as a span, best first."""
        places = [
            (passage, start, end)
            for passage in passages
            for start, end in split_sentences(passage.text)
        ]
        if not places:
            return []
        sentences = [passage.text[start:end] for passage, start, end in places]
        similarities = self._encode(sentences) @ self._encoder.encode_questions([question])[0]
        coverages = distinctive_coverage(question, sentences)
        weights = self._weights
        spans = []
        for (passage, start, end), similarity, coverage in zip(
            places, similarities, coverages, strict=True
        ):
            offset = passage.paragraph.start
            spans.append(
                Span(
                    passage=passage,
                    start=offset + start,
                    end=offset + end,
                    sentence_start=offset + start,
                    sentence_end=offset + end,
                    similarity=float(similarity),
                    coverage=coverage,
                    score=weights.similarity * float(similarity)
                    + weights.coverage * coverage
                    + weights.passage * passage.fused,
                )
            )
        # Equal scores keep the order of the passages and, in them, of reading.
        return sorted(spans, key=lambda span: -span.score)

    def _encode(self, sentences: Sequence[str]) -> NDArray[np.float32]:
        """Return the (n, dimension) vectors of `sentences`, encoding only those not kept."""
        with self._lock:
            missing = [text for text in dict.fromkeys(sentences) if text not in self._vectors]
            if missing:
                vectors = self._encoder.encode_paragraphs(missing)
                self._vectors.update(zip(missing, vectors, strict=True))
            for text in sentences:
                self._vectors.move_to_end(text)
            rows = np.stack([self._vectors[text] for text in sentences])
            while len(self._vectors) > self._cache:
                self._vectors.popitem(last=False)
        return rows


def distinctive_coverage(question: str, sentences: Sequence[str]) -> list[float]:
    """Return for each sentence the share (0 to 1) of the question's terms that stand in it.

    A term counts by its inverse document frequency among `sentences`, log(1 + n / (1 + df)): what
    every candidate says tells none of them apart. 0 for a question without terms.
    """
    terms = set(tokenize(question))
    held = [terms.intersection(tokenize(sentence)) for sentence in sentences]
    frequency = Counter(term for found in held for term in found)
    weight = {term: math.log(1 + len(sentences) / (1 + frequency[term])) for term in terms}
    total = sum(weight.values())
    if not total:
        return [0.0] * len(sentences)
    return [sum(weight[term] for term in sorted(found)) / total for found in held]
