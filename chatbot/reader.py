"""Reading: from a question and its passages to the spans that answer it, best first.

`Reader` is the one place where an answer is chosen; `SpanReader` finds the shortest words that
answer, with a small network that points at their first and last token.
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

from chatbot.reader_model import ROW, ReaderModel, Tokens
from chatbot.trimming import trim
from corpus.sentences import split_sentences
from index.bm25 import tokenize
from index.embedding import Encoder
from index.passage import Passage

# Tokens that two windows of a long passage share; an answer is seldom longer.
OVERLAP = 64
LONGEST_QUESTION = 64
LONGEST_ANSWER = 48
# Sentences whose vectors are kept; what an article says is asked for again and again.
_KEPT = 20_000


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of a passage that may answer, with what speaks for it.

    `start` and `end`, `sentence_start` and `sentence_end` are offsets in the document's text, end
    exclusive; the span lies inside the sentence and the sentence inside the passage. `margin` is by
    how many logits the reader prefers the span to "no answer here", `similarity` the cosine of
    question and sentence, `coverage` the share (0 to 1) of the question's distinctive characters
    and pairs that stand in the sentence, `score` what the spans of one question are ordered by (no
    unit, not comparable between questions).
    """

    passage: Passage
    start: int
    end: int
    sentence_start: int
    sentence_end: int
    margin: float
    similarity: float
    coverage: float
    score: float


class Reader(Protocol):
    """Whatever can find the answer to a question in its passages."""

    def read(self, question: str, passages: Sequence[Passage]) -> list[Span]:
        """Return candidate spans, best first; empty when no passage holds any text."""
        ...


@dataclass(frozen=True, slots=True)
class ReadingWeights:
    """How much each sign of a span counts; fitted by `training/fit_answering.py`."""

    margin: float
    similarity: float
    coverage: float
    passage: float

    def score(self, margin: float, similarity: float, coverage: float, fused: float) -> float:
        """Return the weighted sum; `fused` is the score of the span's passage."""
        return (
            self.margin * margin
            + self.similarity * similarity
            + self.coverage * coverage
            + self.passage * fused
        )


class SpanReader:
    """Reads every passage in overlapping windows and finds the best words of every sentence.

    Which sentence answers is decided by the network together with two plain signs, how near the
    sentence is to the question in meaning and in characters: where a question is worded unlike
    anything the network was trained on, they know better. Safe to share between threads.
    """

    def __init__(self, model: ReaderModel, encoder: Encoder, weights: ReadingWeights) -> None:
        self._model = model
        self._encoder = encoder
        self._weights = weights
        self._vectors: OrderedDict[str, NDArray[np.float32]] = OrderedDict()
        self._lock = Lock()

    def read(self, question: str, passages: Sequence[Passage]) -> list[Span]:
        """Return the best span of every sentence of `passages`, best first.

        The network's scores of a passage are the same bytes whatever else is read beside it.
        """
        asked = self._model.tokenise(question).ids[:LONGEST_QUESTION]
        found = [
            (passage, sentence, span, margin)
            for passage in passages
            for sentence, span, margin in self._spans(asked, passage.text)
        ]
        if not found:
            return []
        sentences = [passage.text[slice(*sentence)] for passage, sentence, _, _ in found]
        similarities = self._similarities(question, sentences)
        coverages = distinctive_coverage(question, sentences)
        spans = []
        for (passage, sentence, span, margin), similarity, coverage in zip(
            found, similarities, coverages, strict=True
        ):
            offset = passage.paragraph.start
            spans.append(
                Span(
                    passage=passage,
                    start=offset + span[0],
                    end=offset + span[1],
                    sentence_start=offset + sentence[0],
                    sentence_end=offset + sentence[1],
                    margin=margin,
                    similarity=similarity,
                    coverage=coverage,
                    score=self._weights.score(margin, similarity, coverage, passage.fused),
                )
            )
        # Equal scores keep the order of the passages and, in them, of reading.
        return sorted(spans, key=lambda span: -span.score)

    def _spans(
        self, asked: list[int], text: str
    ) -> list[tuple[tuple[int, int], tuple[int, int], float]]:
        """Return (sentence, its best span, margin) for the sentences of one passage.

        Offsets are characters of `text`. A sentence of which nothing but punctuation is left has
        no span.
        """
        tokens = self._model.tokenise(text)
        windows = token_windows(len(tokens.ids), ROW - 4 - len(asked), OVERLAP)
        scored = self._model.scores(asked, [tokens.ids[first:end] for first, end in windows])
        found = []
        for start, end in split_sentences(text):
            inside = [n for n, (a, b) in enumerate(tokens.offsets) if a < end and b > start]
            best: tuple[tuple[int, int], float] | None = None
            for (first, last), (starts, ends, none) in zip(windows, scored, strict=True):
                own = [number - first for number in inside if first <= number < last]
                if not own:
                    continue
                low = own[0]
                span = best_span(starts[low : own[-1] + 1], ends[low : own[-1] + 1])
                if best is not None and span[2] - none <= best[1]:
                    continue
                # Where the network points at a comma, the sentence still may be the one.
                place = _within(text, tokens, first + low, span[:2], (start, end)) or _within(
                    text, tokens, first + low, (0, len(own) - 1), (start, end)
                )
                if place is not None:
                    best = place, span[2] - none
            if best is not None:
                found.append(((start, end), *best))
        return found

    def _similarities(self, question: str, sentences: Sequence[str]) -> list[float]:
        """Return the cosine of `question` with each sentence; 0 where it would not count anyway."""
        if not self._weights.similarity:
            return [0.0] * len(sentences)
        vectors = self._encode(sentences)
        cosines: list[float] = (vectors @ self._encoder.encode_questions([question])[0]).tolist()
        return cosines

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
            while len(self._vectors) > _KEPT:
                self._vectors.popitem(last=False)
        return rows


def token_windows(count: int, room: int, overlap: int) -> list[tuple[int, int]]:
    """Return (first, end) token ranges of at most `room` that cover `count` tokens in order.

    Neighbours share `overlap` tokens; none for no tokens.
    """
    windows = []
    first = 0
    while first < count:
        windows.append((first, min(count, first + room)))
        if first + room >= count:
            break
        first += room - overlap
    return windows


def best_span(starts: NDArray[np.float32], ends: NDArray[np.float32]) -> tuple[int, int, float]:
    """Return (first token, last token, sum of their scores) of the best span of a stretch.

    `starts` and `ends` are (tokens,) logits, at least one. An end never comes before its start, and
    an answer has at most LONGEST_ANSWER tokens.
    """
    size = len(starts)
    scores = starts[:, None].astype(np.float64) + ends[None, :]
    first, last = np.indices((size, size))
    scores[(last < first) | (last - first >= LONGEST_ANSWER)] = -np.inf
    left, right = divmod(int(scores.argmax()), size)
    return left, right, float(scores[left, right])


def _within(
    text: str,
    tokens: Tokens,
    offset: int,
    span: tuple[int, int],
    sentence: tuple[int, int],
) -> tuple[int, int] | None:
    """Return the trimmed characters of a span, kept inside its sentence; None if nothing is left.

    `span` counts tokens from `offset` on.
    """
    start = max(sentence[0], tokens.offsets[offset + span[0]][0])
    end = min(sentence[1], tokens.offsets[offset + span[1]][1])
    trimmed = trim(text, start, end) if start < end else None
    if trimmed is None:
        return None
    start, end = max(trimmed[0], sentence[0]), min(trimmed[1], sentence[1])
    return (start, end) if start < end else None


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
