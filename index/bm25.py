"""Lexical search: BM25 over characters and pairs of neighbouring characters.

No word segmenter: it would split the very names that people ask for. Characters find any name,
pairs keep the order.
"""

from __future__ import annotations

import io
import json
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

# bm25s's own defaults. `python -m benchmarks.retrieval --tune` finds no setting that is better
# beyond the error: on 512 questions over 2,659 paragraphs BM25 alone has R@1 0.922 here and 0.934
# at best (k1 0.6, b 0.45), ± 0.022; only k1 of 3 and more is worse.
K1 = 1.5
B = 0.75

# Raise it when `tokenize` cuts differently: the terms of an index on disk no longer fit the
# questions then, and the lexical part is made anew.
TOKENS_VERSION = 1

# Scripts written without spaces, where each character is a term: Han and its extensions, the
# iteration mark and 〇, kana, hangul.
_CHARACTER = "々〇ぁ-ヿㇰ-ㇿ㐀-䶿一-鿿가-힣\uf900-\ufaff\U00020000-\U000323af"
# Elsewhere what stands without a gap is one term: "gdp", "2023", "5.2", "covid19".
_TERM = re.compile(rf"[{_CHARACTER}]|(?:\d+\.\d+|(?![{_CHARACTER}])[^\W_])+")
_LETTERS_OR_DIGITS = re.compile(r"\d+(?:\.\d+)?|[^\W\d_]+")
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
_GAP = re.compile(rf"(?<=[{_CHARACTER}])\s+(?=[{_CHARACTER}])")

_SETTINGS = "lexical.json"
_WEIGHTS = "lexical-weights.npy"
_ROWS = "lexical-rows.npy"
_STARTS = "lexical-starts.npy"


def normalise(text: str) -> str:
    """Return `text` as it is compared: full width folded (NFKC), lower case, 1,000 as 1000.

    White space between Chinese characters goes. For searching only: the length changes, so no
    offset into the result means anything in the text.
    """
    folded = unicodedata.normalize("NFKC", text).lower()
    return _GAP.sub("", _THOUSANDS.sub("", folded))


def tokenize(text: str) -> list[str]:
    """Return the terms of `text` in reading order, repeated ones repeated.

    Each Chinese, Japanese or Korean character; each word or number of other scripts whole, and
    its letters and digits apart where it mixes them; each pair of neighbours with nothing
    between. Punctuation and symbols are no terms, so text of nothing else has none.
    """
    terms: list[str] = []
    before, end = "", -1
    for match in _TERM.finditer(normalise(text)):
        term = match.group()
        if match.start() == end:
            terms.append(before + term)
        terms.append(term)
        parts = _LETTERS_OR_DIGITS.findall(term) if len(term) > 1 else []
        if len(parts) > 1:
            terms.extend(parts)
        before, end = term, match.end()
    return terms


def lexical_settings(k1: float = K1, b: float = B) -> dict[str, float]:
    """Return what an index on disk must agree with to serve the questions of today."""
    return {"tokens": TOKENS_VERSION, "k1": k1, "b": b}


@dataclass(frozen=True)
class LexicalIndex:
    """The BM25 weight of every term in every paragraph, summed per question.

    Lucene's variant: idf × tf / (tf + k1 × (1 - b + b × length / mean length)) with
    idf = ln(1 + (n - df + 0.5) / (df + 0.5)), which is never negative; lengths in terms.
    C. Kamphuis et al., Which BM25 Do You Mean?, ECIR 2020; computed by bm25s.

    A sparse matrix by columns: term t of `vocabulary` weighs `weights[starts[t]:starts[t + 1]]` in
    the paragraphs `rows[starts[t]:starts[t + 1]]`, of `count` paragraphs. Safe to share between
    threads.
    """

    vocabulary: Mapping[str, int]
    weights: NDArray[np.float32]
    rows: NDArray[np.int32]
    starts: NDArray[np.int64]
    count: int
    k1: float = K1
    b: float = B

    @classmethod
    def build(cls, texts: Sequence[str], k1: float = K1, b: float = B) -> LexicalIndex:
        """Index `texts`, row i being `texts[i]`; none, or none with a term, is fine.

        The same texts give the same arrays: terms are numbered in code point order.
        """
        tokens = [tokenize(text) for text in texts]
        terms = sorted({term for row in tokens for term in row})
        if not terms:  # bm25s would take the mean and the maximum of nothing
            nothing = np.zeros(0, dtype=np.float32)
            starts = np.zeros(1, dtype=np.int64)
            return cls({}, nothing, np.zeros(0, dtype=np.int32), starts, len(texts), k1, b)
        vocabulary = {term: number for number, term in enumerate(terms)}
        scorer = _scorer(k1, b)
        numbers = [[vocabulary[term] for term in row] for row in tokens]
        scorer.index((numbers, vocabulary), create_empty_token=False, show_progress=False)
        matrix = scorer.scores
        return cls(
            vocabulary,
            np.asarray(matrix["data"], dtype=np.float32),
            np.asarray(matrix["indices"], dtype=np.int32),
            np.asarray(matrix["indptr"], dtype=np.int64),
            len(texts),
            k1,
            b,
        )

    def scores(self, question: str) -> NDArray[np.float32]:
        """Return (paragraphs,) scores, 0 where no term of the question occurs.

        A term asked twice counts twice. A question without a known term scores 0 everywhere.
        """
        known = [self.vocabulary[term] for term in tokenize(question) if term in self.vocabulary]
        if not known:
            return np.zeros(self.count, dtype=np.float32)
        summed: NDArray[np.float32] = self._loaded_scorer.get_scores_from_ids(known)
        return summed

    def scores_otherwise(self, instead: Mapping[str, Mapping[str, float]]) -> NDArray[np.float32]:
        """Return (paragraphs,) scores of other words for those that no paragraph has.

        `instead` holds for each word of a question other words and how alike they are (to 1). An
        other word scores as a question of its own, times the root of how alike it is, where it
        stands whole; of those for one word the best in each paragraph counts.
        """
        summed = np.zeros(self.count, dtype=np.float32)
        for word, others in instead.items():
            if len(self._whole(word)[0]):
                continue
            best = np.zeros(self.count, dtype=np.float32)
            for other, alike in others.items():
                rows, weights = self._whole(other)
                best[rows] = np.maximum(best[rows], weights * np.float32(alike**0.5))
            summed += best
        return summed

    def _whole(self, word: str) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
        """Return the rows that hold every term of `word`, and their scores for it."""
        rows, weights = np.zeros(0, dtype=np.int32), np.zeros(0, dtype=np.float32)
        for place, term in enumerate(sorted(tokenize(word), key=len, reverse=True)):
            number = self.vocabulary.get(term)
            if number is None:
                return rows[:0], weights[:0]
            column = slice(self.starts[number], self.starts[number + 1])
            if not place:
                rows, weights = self.rows[column], self.weights[column]
                continue
            rows, kept, there = np.intersect1d(
                rows, self.rows[column], assume_unique=True, return_indices=True
            )
            weights = weights[kept] + self.weights[column][there]
        return rows, weights

    @cached_property
    def _loaded_scorer(self) -> Any:
        scorer = _scorer(self.k1, self.b)
        scorer.scores = {
            "data": self.weights,
            "indices": self.rows,
            "indptr": self.starts,
            "num_docs": self.count,
        }
        scorer.nonoccurrence_array = None
        return scorer

    def to_files(self) -> dict[str, bytes]:
        """Return the index as files, name to content: JSON and little-endian .npy arrays."""
        settings = {
            "k1": self.k1,
            "b": self.b,
            "count": self.count,
            "vocabulary": sorted(self.vocabulary, key=self.vocabulary.__getitem__),
        }
        return {
            _SETTINGS: json.dumps(settings, ensure_ascii=False, indent=0).encode("utf-8"),
            _WEIGHTS: _array_bytes(self.weights, "<f4"),
            _ROWS: _array_bytes(self.rows, "<i4"),
            _STARTS: _array_bytes(self.starts, "<i8"),
        }

    @classmethod
    def from_files(cls, files: Mapping[str, bytes]) -> LexicalIndex:
        """Return the index that `to_files` wrote.

        Raises KeyError where a file is missing, ValueError where they do not fit one another.
        """
        settings = json.loads(files[_SETTINGS])
        weights = _array(files[_WEIGHTS]).astype(np.float32, copy=False)
        rows = _array(files[_ROWS]).astype(np.int32, copy=False)
        starts = _array(files[_STARTS]).astype(np.int64, copy=False)
        terms, count = settings["vocabulary"], int(settings["count"])
        fits = (
            len(starts) == len(terms) + 1
            and starts[0] == 0
            and starts[-1] == len(weights) == len(rows)
            and bool(np.all(np.diff(starts) >= 0))
            and (not len(rows) or (rows.min() >= 0 and rows.max() < count))
        )
        if not fits:
            raise ValueError("the arrays of the lexical index do not fit one another")
        vocabulary = {term: number for number, term in enumerate(terms)}
        k1, b = float(settings["k1"]), float(settings["b"])
        return cls(vocabulary, weights, rows, starts, count, k1, b)


def _scorer(k1: float, b: float) -> Any:
    from bm25s import BM25

    return BM25(method="lucene", k1=k1, b=b)


def _array_bytes(array: NDArray[Any], dtype: str) -> bytes:
    buffer = io.BytesIO()
    np.save(buffer, array.astype(dtype), allow_pickle=False)
    return buffer.getvalue()


def _array(content: bytes) -> NDArray[Any]:
    array: NDArray[Any] = np.load(io.BytesIO(content), allow_pickle=False)
    return array
