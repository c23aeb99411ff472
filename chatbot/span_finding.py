"""From the scores of tokens to the characters that answer, sentence by sentence."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from chatbot.answer_type import Sought
from chatbot.reader_tokens import Tokens
from chatbot.span_costs import span_costs
from chatbot.trimming import trim

LONGEST_ANSWER = 48  # tokens
_LONGEST_UNIT = 2  # characters
_BETWEEN = "、"
# What joins the last thing of a list, and all up to the next stop.
_AND_THE_LAST = re.compile(r"(?:，?以及|[和与及])(?P<rest>[^，。；：！？,;:!?、\n]+)")


@dataclass(frozen=True, slots=True)
class ScoredWindow:
    """A window of a text: its tokens [first, last) with a start and an end logit each.

    `none` is the logit sum of "no answer in this window".
    """

    first: int
    last: int
    starts: NDArray[np.float32]
    ends: NDArray[np.float32]
    none: float


@dataclass(frozen=True, slots=True)
class Found:
    """Characters [start, end) of a text, by how many logits they beat "no answer", and `fit`.

    `fit` is 1 where they are of the kind sought (a number of the measure asked for, a time, a
    name), -1 where nothing of it stands in their sentence (-2 where nothing else can answer), 0
    where no such kind is sought or a name stands beside them.
    """

    start: int
    end: int
    margin: float
    fit: float


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


def best_span(
    starts: NDArray[np.float32],
    ends: NDArray[np.float32],
    around: Sequence[tuple[int, int]] = (),
    costs: NDArray[np.float64] | None = None,
) -> tuple[int, int, float]:
    """Return (first token, last token, sum of their scores) of the best span of a stretch.

    `starts` and `ends` are (tokens,) logits, at least one. An end never comes before its start, and
    an answer has at most LONGEST_ANSWER tokens. With `around` the span contains one of these (first
    token, last token) pairs; the sum is -inf where none can. `costs` (tokens, tokens) are taken off
    to choose, and are no part of the sum.
    """
    size = len(starts)
    sums = starts[:, None].astype(np.float64) + ends[None, :]
    scores = sums if costs is None else sums - costs
    refused = no_spans(size)
    if around:
        first, last = np.indices((size, size))
        holds = np.zeros((size, size), bool)
        for left, right in around:
            holds |= (first <= left) & (last >= right)
        refused |= ~holds
    scores[refused] = -np.inf
    left, right = divmod(int(scores.argmax()), size)
    return left, right, float(-np.inf if refused[left, right] else sums[left, right])


def no_spans(size: int) -> NDArray[np.bool_]:
    """Return which (first, last) of `size` tokens are no span: turned round, or too long."""
    first, last = np.indices((size, size))
    refused: NDArray[np.bool_] = (last < first) | (last - first >= LONGEST_ANSWER)
    return refused


def certainty(tokens: Tokens, windows: Sequence[ScoredWindow], start: int, end: int) -> float:
    """Return how sure the network is of these very ends, if their window answers at all.

    The log of the probability of the first token times that of the last (at most 0), each by a
    softmax over its window; of several windows the best. -inf where no window shows the characters.
    """
    best = -np.inf
    inside = touching(tokens, (start, end))
    for window in windows:
        if not inside or inside[0] < window.first or inside[-1] >= window.last:
            continue
        first, last = inside[0] - window.first, inside[-1] - window.first
        both = _log_share(window.starts, first) + _log_share(window.ends, last)
        best = max(best, both)
    return float(best)


def sentence_mass(
    tokens: Tokens, windows: Sequence[ScoredWindow], sentence: tuple[int, int]
) -> float:
    """Return by how many logits the network prefers whatever words of a sentence to "no answer".

    The log of the summed weights of its tokens as first ones, and of those as last ones: spans that
    share an answer between them (a number, the number with its noun) speak for their sentence
    together (Clark & Gardner, ACL 2018, sum over all spans that answer). Of several windows the
    best; -inf where none shows the sentence.
    """
    inside = touching(tokens, sentence)
    best = -np.inf
    for window in windows:
        own = _shown(window, inside)
        if own:
            shown = slice(own[0], own[-1] + 1)
            both = _log_sum(window.starts[shown]) + _log_sum(window.ends[shown])
            best = max(best, both - window.none)
    return float(best)


def touching(tokens: Tokens, place: tuple[int, int]) -> list[int]:
    """Return the numbers of the tokens that share a character with `place`."""
    return [n for n, (a, b) in enumerate(tokens.offsets) if a < place[1] and b > place[0]]


def _shown(window: ScoredWindow, tokens: Sequence[int]) -> list[int]:
    """Return those of `tokens` that a window shows, counted from its first."""
    return [number - window.first for number in tokens if window.first <= number < window.last]


def _log_share(logits: NDArray[np.float32], at: int) -> float:
    return float(logits[at]) - _log_sum(logits)


def _log_sum(logits: NDArray[np.float32]) -> float:
    highest = float(logits.max())
    return highest + float(np.log(np.exp(logits - highest).sum()))


def find_in_sentence(
    text: str,
    tokens: Tokens,
    windows: Sequence[ScoredWindow],
    sentence: tuple[int, int],
    sought: Sought,
) -> Found | None:
    """Return the best words of one sentence of `text`; None if it is nothing but punctuation.

    Where the question asks for a number or a time and the sentence has one that fits, the words
    are those: 「离市中心有多远」 is answered by 50公里, not by where the road goes.
    """
    wanted = sought.places(text[slice(*sentence)])
    places = [(sentence[0] + start, sentence[0] + end) for start, end in wanted]
    # Names are not all known, so the network is not held to those that are.
    named = sought.thing in ("person", "place")
    found = _find(text, tokens, windows, sentence, sought, () if named else places)
    if found is None:
        return None
    (start, end), margin = found
    if sought.thing == "several":
        end = _to_the_last(text, tokens, windows, sentence, (start, end))
    if named:
        touches = any(left < end and start < right for left, right in places)
        return Found(start, end, margin, 1.0 if touches else 0.0 if places else -1.0)
    if sought.thing == "other" or (sought.thing == "several" and not places):
        return Found(start, end, margin, 0.0)  # several things may stand apart
    if not places:
        return Found(start, end, margin, -2.0 if sought.strict else -1.0)
    if sought.thing == "several":
        return Found(start, end, margin, 1.0)
    inside = [place for place in places if start <= place[0] and place[1] <= end]
    if len(inside) == 1:
        bare = text[inside[0][1] - 1].isnumeric() and text[inside[0][1] : end].isalnum()
        if not (bare and end - inside[0][1] <= _LONGEST_UNIT):
            return Found(*_whole(text, inside[0], sentence), margin, 1.0)
        start = inside[0][0]  # 33话: what the reader takes with a bare number is its unit
    return Found(start, end, margin, 1.0)


def _to_the_last(
    text: str,
    tokens: Tokens,
    windows: Sequence[ScoredWindow],
    sentence: tuple[int, int],
    span: tuple[int, int],
) -> int:
    """Return where a span ends that stops short of the last thing of its list: 苦草、芦苇 of 和菱.

    The last thing ends where the network likes best to end behind 和.
    """
    start, end = span
    joined = _AND_THE_LAST.match(text, end, sentence[1])
    if joined is None or _BETWEEN not in text[max(sentence[0], start - 1) : end]:
        return end
    liked = [
        (window.ends[number - window.first], tokens.offsets[number][1])
        for window in windows
        for number in touching(tokens, joined.span("rest"))
        if window.first <= number < window.last
    ]
    last = min(max(liked)[1], joined.end()) if liked else end
    return max(end, (trim(text, start, last) or span)[1])


def _whole(text: str, place: tuple[int, int], sentence: tuple[int, int]) -> tuple[int, int]:
    """Return a number or time with all that belongs to it, inside its sentence."""
    start, end = trim(text, *place) or place
    return max(start, sentence[0]), min(end, sentence[1])


def _find(
    text: str,
    tokens: Tokens,
    windows: Sequence[ScoredWindow],
    sentence: tuple[int, int],
    sought: Sought,
    places: Sequence[tuple[int, int]],
) -> tuple[tuple[int, int], float] | None:
    """Return the best span of a sentence and its margin, over all windows that show it."""
    inside = touching(tokens, sentence)
    best: tuple[tuple[int, int], float] | None = None
    for window in windows:
        own = _shown(window, inside)
        if not own:
            continue
        low, high = own[0], own[-1] + 1
        around = _token_pairs(tokens, window.first + low, window.first + high, places)
        if places and not around:
            continue
        costs = None
        if sought.question:
            shown = tokens.offsets[window.first + low : window.first + high]
            costs = span_costs(text, shown, sought.question, across=not sought.telling)
        left, right, total = best_span(
            window.starts[low:high], window.ends[low:high], around, costs
        )
        if not np.isfinite(total):
            continue
        if best is not None and total - window.none <= best[1]:
            continue
        offset = window.first + low
        # Where the network points at a comma, the sentence still may be the one.
        place = characters(text, tokens, (offset + left, offset + right), sentence) or characters(
            text, tokens, (offset, offset + len(own) - 1), sentence
        )
        if place is not None:
            best = place, total - window.none
    if best is None and places:
        return _find(text, tokens, windows, sentence, sought, ())
    return best


def _token_pairs(
    tokens: Tokens, first: int, last: int, places: Sequence[tuple[int, int]]
) -> list[tuple[int, int]]:
    """Return (first, last) tokens, counted from `first`, that cover each place in [first, last)."""
    pairs = []
    for start, end in places:
        covering = [
            number
            for number in range(first, last)
            if tokens.offsets[number][0] < end and tokens.offsets[number][1] > start
        ]
        if covering:
            pairs.append((covering[0] - first, covering[-1] - first))
    return pairs


def characters(
    text: str, tokens: Tokens, span: tuple[int, int], sentence: tuple[int, int]
) -> tuple[int, int] | None:
    """Return the trimmed characters of tokens span[0] to span[1], kept inside their sentence.

    None if nothing is left.
    """
    start = max(sentence[0], tokens.offsets[span[0]][0])
    end = min(sentence[1], tokens.offsets[span[1]][1])
    trimmed = trim(text, start, end) if start < end else None
    if trimmed is None:
        return None
    start, end = max(trimmed[0], sentence[0]), min(trimmed[1], sentence[1])
    return (start, end) if start < end else None
