"""Reading: from a question and its passages to the spans that answer it, best first.

`Reader` is the one place where an answer is chosen; `SpanReader` finds the shortest words that
answer, with a small network that points at their first and last token.
"""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from chatbot.answer_type import Sought, sought
from chatbot.paraphrases import Paraphrases
from chatbot.question_coverage import distinctive_coverage, told_otherwise
from chatbot.reader_model import ROW, ReaderModel, leading
from chatbot.reader_tokens import Tokens
from chatbot.recently_used import RecentlyUsed
from chatbot.second_look import likeliest, side_by_side
from chatbot.span_finding import (
    Found,
    ScoredWindow,
    certainty,
    find_in_sentence,
    sentence_mass,
    token_windows,
)
from chatbot.trimming import after_asked_words
from corpus.sentences import split_sentences
from index.embedding import Encoder
from index.passage import Passage

# Tokens that two windows of a long passage share; an answer is seldom longer.
OVERLAP = 64
LONGEST_QUESTION = 64
# Sentences whose vectors are kept; what an article says is asked for again and again.
_KEPT = 20_000
# Readings of a passage that are kept: a question is read again for what else answers it, and as a
# follow-up's last reading. Long ones take a megabyte each.
_READ = 64
# Logits by which what else answers may be less sure than the first, and by how many "no answer" may
# be ahead of it.
_NEARLY = 6.0
_NONE_AHEAD = 10.0
_NEVER = -1e6


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of a passage that may answer, with what speaks for it.

    `start` and `end`, `sentence_start` and `sentence_end` are offsets in the document's text, end
    exclusive; the span lies inside the sentence and the sentence inside the passage. `margin` is by
    how many logits the reader prefers the span to "no answer here", `mass` by how many it prefers
    whatever words of the sentence (`span_finding.sentence_mass`; after `read_again` the mean of
    several readings), `certainty` how sure it is of these very ends (at most 0, see
    `span_finding.certainty`), `similarity` the cosine of question and sentence (0 until `compared`:
    it takes long and ranks no better), `coverage` the share (0 to 1) of the question's distinctive
    characters and pairs that stand in the sentence, `paraphrased` how many of its wordings the
    sentence says otherwise (`question_coverage.told_otherwise`), `fit` 1 where the span is of the
    kind sought (a number of the measure asked for, a time, a list), -1 where its sentence has none,
    -2 where that rules it out (`Sought.strict`), 0 where no such kind is sought; `score` is what
    the spans of one question are ordered by (no unit, not comparable between questions).
    """

    passage: Passage
    start: int
    end: int
    sentence_start: int
    sentence_end: int
    margin: float
    mass: float
    certainty: float
    similarity: float
    coverage: float
    paraphrased: float
    fit: float
    score: float


class Reader(Protocol):
    """Whatever can find the answer to a question in its passages."""

    def read(
        self, question: str, passages: Sequence[Passage], asked: str | None = None
    ) -> list[Span]:
        """Return candidate spans, best first; empty when no passage holds any text.

        `asked` is the part of `question` whose wording says what kind of thing is sought, where
        that is not the whole.
        """
        ...

    def read_again(self, question: str, spans: Sequence[Span]) -> list[Span]:
        """Return `spans` in the order that a second look at the likeliest passages gives them."""
        ...

    def others(self, question: str, best: Span) -> list[Span]:
        """Return what else in the passage of `best` answers as well, in reading order."""
        ...

    def best_of(self, question: str, best: Span, places: Sequence[tuple[int, int]]) -> list[Span]:
        """Return the best words of each of some stretches of the passage of `best`, in their order.

        `places` are (start, end) in the passage's text, each inside a sentence; one of nothing but
        punctuation has none.
        """
        ...

    def each(self, questions: Sequence[str], best: Span) -> list[Span]:
        """Return what answers each of `questions` in the passage of `best`, in their order.

        Nothing where one of them is not answered there, or two by the same words.
        """
        ...

    def compared(self, question: str, span: Span) -> Span:
        """Return `span` with the similarity of its sentence to `question`."""
        ...


@dataclass(frozen=True, slots=True)
class ReadingWeights:
    """How much each sign of a span counts; fitted by `training/fit_answering.py`."""

    mass: float
    coverage: float
    paraphrased: float
    passage: float
    fit: float

    def scored(self, span: Span) -> Span:
        """Return `span` with its score, the weighted sum of its signs."""
        score = (
            self.mass * span.mass
            + self.coverage * span.coverage
            + self.paraphrased * span.paraphrased
            + self.passage * span.passage.fused
            + self.fit * span.fit
        )
        return replace(span, score=score)


# The pieces of a question, a passage's text and what leads up to it; and what reading it gave.
_Asked = tuple[tuple[int, ...], str, str]
_Reading = tuple[Tokens, list[ScoredWindow]]


class SpanReader:
    """Reads every passage in overlapping windows and finds the best words of every sentence.

    Which sentence answers is decided by the network together with plain signs: how much of the
    question's wording stands in the sentence, how well its passage was retrieved, whether it has
    a number or a time where one is asked for. Safe to share between threads.
    """

    def __init__(self, model: ReaderModel, encoder: Encoder, weights: ReadingWeights) -> None:
        self.model = model
        self._paraphrases = Paraphrases.shipped()
        self._encoder = encoder
        self._weights = weights
        self._vectors: RecentlyUsed[str, NDArray[np.float32]] = RecentlyUsed(_KEPT)
        self._readings: RecentlyUsed[_Asked, _Reading] = RecentlyUsed(_READ)

    def read(
        self, question: str, passages: Sequence[Passage], asked: str | None = None
    ) -> list[Span]:
        """Return the best span of every sentence of `passages`, best first.

        The network's scores of a passage are the same bytes whatever else is read beside it.
        """
        wanted = sought(asked or question)
        scored = self._scored(self._pieces(question), passages)
        found = [
            (
                passage,
                sentence,
                span,
                sentence_mass(tokens, windows, sentence),
                certainty(tokens, windows, span.start, span.end),
            )
            for passage, (tokens, windows) in zip(passages, scored, strict=True)
            for sentence, span in _spans(passage.text, tokens, windows, wanted)
        ]
        if not found:
            return []
        sentences = [passage.text[slice(*sentence)] for passage, sentence, *_ in found]
        coverages = zip(
            distinctive_coverage(question, sentences),
            told_otherwise(question, sentences, self._paraphrases),
            strict=True,
        )
        spans = []
        for (passage, sentence, span, mass, sure), (coverage, paraphrased) in zip(
            found, coverages, strict=True
        ):
            offset = passage.paragraph.start
            start = after_asked_words(asked or question, passage.text, span.start, span.end)
            unscored = Span(
                passage=passage,
                start=offset + start,
                end=offset + span.end,
                sentence_start=offset + sentence[0],
                sentence_end=offset + sentence[1],
                margin=span.margin,
                mass=mass,
                certainty=sure,
                similarity=0.0,
                coverage=coverage,
                paraphrased=paraphrased,
                fit=span.fit,
                score=0.0,
            )
            spans.append(self._weights.scored(unscored))
        # Equal scores keep the order of the passages and, in them, of reading.
        spans.sort(key=lambda span: -span.score)
        return spans

    def read_again(self, question: str, spans: Sequence[Span]) -> list[Span]:
        """Return `spans` in the order that a second look at the likeliest passages gives them.

        These are read without what leads up to them, and side by side with each other; what the
        network makes of a sentence is the mean of all its readings.
        """
        best = likeliest([span.passage for span in spans], [span.mass for span in spans])
        pieces = self._pieces(question)
        alone = self._scored(pieces, [replace(passage, lead_up="") for passage in best])
        sizes = [len(tokens.ids) for tokens, _ in alone]
        beside, places = side_by_side(best, sizes, room=ROW - 4 - len(pieces), overlap=OVERLAP)
        views = dict(zip(best, alone, strict=True))
        together = self._scored(pieces, [beside])[0] if beside else None
        again = []
        for span in spans:
            start = span.passage.paragraph.start
            sentence = (span.sentence_start - start, span.sentence_end - start)
            masses = [span.mass]
            if span.passage in views:
                masses.append(sentence_mass(*views[span.passage], sentence))
            if together and span.passage in places:
                at = places[span.passage]
                masses.append(sentence_mass(*together, (at + sentence[0], at + sentence[1])))
            again.append(self._weights.scored(replace(span, mass=statistics.fmean(masses))))
        return sorted(again, key=lambda span: -span.score)

    def compared(self, question: str, span: Span) -> Span:
        """Return `span` with the similarity of its sentence to `question`."""
        offset = span.passage.paragraph.start
        sentence = span.passage.text[span.sentence_start - offset : span.sentence_end - offset]
        vector = self._vector(sentence)
        similarity = float(vector @ self._encoder.encode_questions([question])[0])
        return replace(span, similarity=similarity)

    def others(self, question: str, best: Span) -> list[Span]:
        """Return what else in the passage of `best` answers nearly as well, in reading order.

        `best` is not among them, and nothing overlaps.
        """
        text, offset = best.passage.text, best.passage.paragraph.start
        tokens, windows = self.reading(question, best.passage)
        taken = [(best.start - offset, best.end - offset)]
        least = max(best.margin - _NEARLY, -_NONE_AHEAD)
        found: list[Span] = []
        for sentence in split_sentences(text):
            while (span := _next_span(text, tokens, windows, sentence, taken)) is not None:
                if span.margin < least:
                    break
                taken.append((span.start, span.end))
                found.append(_moved(best, sentence, span, tokens, windows))
        return sorted(found, key=lambda span: span.start)

    def best_of(self, question: str, best: Span, places: Sequence[tuple[int, int]]) -> list[Span]:
        """Return the best words of each of some stretches of the passage of `best`, in their order.

        Whatever is sought: for the further things of a list.
        """
        text = best.passage.text
        tokens, windows = self.reading(question, best.passage)
        sentences = split_sentences(text)
        found = []
        for place in places:
            words = find_in_sentence(text, tokens, windows, place, Sought("other"))
            if words is not None:
                [sentence] = [(a, b) for a, b in sentences if a <= place[0] and place[1] <= b]
                found.append(_moved(best, sentence, words, tokens, windows))
        return found

    def each(self, questions: Sequence[str], best: Span) -> list[Span]:
        """Return what answers each of `questions` in the passage of `best`, in their order.

        For the parts of a question. Nothing where the network sees no answer to one of them, or
        answers two by the same words.
        """
        found: list[Span] = []
        for question in questions:
            span = next(iter(self.read(question, [best.passage])), None)
            if (
                span is None
                or span.margin <= 0
                or any(span.start < other.end and other.start < span.end for other in found)
            ):
                return []
            found.append(span)
        return found

    def reading(self, question: str, passage: Passage) -> tuple[Tokens, list[ScoredWindow]]:
        """Return the tokens of a passage and what the network makes of its windows."""
        [found] = self._scored(self._pieces(question), [passage])
        return found

    def _pieces(self, question: str) -> list[int]:
        return self.model.tokenise(question).ids[:LONGEST_QUESTION]

    def _scored(self, asked: list[int], passages: Sequence[Passage]) -> list[_Reading]:
        """Return for each passage its tokens and the scores of its windows."""
        keys = [(tuple(asked), passage.text, passage.lead_up) for passage in passages]
        kept = [(key, self._readings.get(key)) for key in keys]
        known = {key: reading for key, reading in kept if reading is not None}
        unread = {
            key: passage for key, passage in zip(keys, passages, strict=True) if key not in known
        }
        anew = self._read_anew(asked, [*unread.values()])
        for key, reading in zip(unread, anew, strict=True):
            self._readings.keep(key, reading)
            known[key] = reading
        return [known[key] for key in keys]

    def _read_anew(self, asked: list[int], passages: Sequence[Passage]) -> list[_Reading]:
        """Return what `_scored` does, all windows side by side."""
        room = ROW - 4 - len(asked)
        tokenised = [self.model.tokenise(passage.text) for passage in passages]
        places = [token_windows(len(tokens.ids), room, OVERLAP) for tokens in tokenised]
        windows, lead_ups = [], []
        for passage, tokens, own in zip(passages, tokenised, places, strict=True):
            before = self.model.tokenise(passage.lead_up).ids
            for first, end in own:
                windows.append(tokens.ids[first:end])
                # A later window of a long passage has the one before it to overlap with.
                lead_ups.append(() if first else leading(before, room - end))
        scores = iter(self.model.scores(asked, windows, lead_ups))
        return [
            (tokens, [ScoredWindow(first, last, *next(scores)) for first, last in own])
            for tokens, own in zip(tokenised, places, strict=True)
        ]

    def _vector(self, sentence: str) -> NDArray[np.float32]:
        """Return the (dimension,) vector of a sentence, encoded once while it is kept."""
        vector = self._vectors.get(sentence)
        if vector is None:
            vector = self._encoder.encode_paragraphs([sentence])[0]
            self._vectors.keep(sentence, vector)
        return vector


def _spans(
    text: str, tokens: Tokens, windows: Sequence[ScoredWindow], wanted: Sought
) -> list[tuple[tuple[int, int], Found]]:
    """Return (sentence, its best words) for the sentences of one passage.

    Offsets are characters of `text`. A sentence of which nothing but punctuation is left has none.
    """
    found = []
    for sentence in split_sentences(text):
        span = find_in_sentence(text, tokens, windows, sentence, wanted)
        if span is not None:
            found.append((sentence, span))
    return found


def _moved(
    best: Span,
    sentence: tuple[int, int],
    words: Found,
    tokens: Tokens,
    windows: Sequence[ScoredWindow],
) -> Span:
    """Return `best` with other words of its passage, that stand in `sentence`, in its place."""
    offset = best.passage.paragraph.start
    return replace(
        best,
        start=offset + words.start,
        end=offset + words.end,
        sentence_start=offset + sentence[0],
        sentence_end=offset + sentence[1],
        margin=words.margin,
        mass=sentence_mass(tokens, windows, sentence),
        certainty=certainty(tokens, windows, words.start, words.end),
    )


def _next_span(
    text: str,
    tokens: Tokens,
    windows: Sequence[ScoredWindow],
    sentence: tuple[int, int],
    taken: Sequence[tuple[int, int]],
) -> Found | None:
    """Return the best words of a sentence that touch none of the `taken` characters."""
    free = []
    for window in windows:
        starts, ends = window.starts.copy(), window.ends.copy()
        for number, (start, end) in enumerate(tokens.offsets[window.first : window.last]):
            if any(start < right and end > left for left, right in taken):
                starts[number] = ends[number] = _NEVER
        free.append(replace(window, starts=starts, ends=ends))
    found = find_in_sentence(text, tokens, free, sentence, Sought("other"))
    if found is None or any(found.start < right and found.end > left for left, right in taken):
        return None
    return found
