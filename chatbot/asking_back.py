"""Asking back: where two places answer about equally well and differently, which one is meant?"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from itertools import pairwise

from chatbot.answer_type import sought
from chatbot.asking_words import masked
from chatbot.quantities import find_times
from chatbot.reader import Span

# How much less sure than the first another answer may be, how much less of the question its
# sentence may hold, and by how many logits less the reader may prefer it to "no answer". Chosen on
# the tuning halves: rivals of clear questions lag by 3.4 logits or more, in ask-back.jsonl by none.
_AS_SURE = 0.6
_AS_CLOSE = 0.8
_AS_SEEN = 2.0
# From here on an answer is called 很有把握: it would be odd to ask then.
_VERY_SURE = 0.85
# Characters of a label; a longer one is a sentence and not what tells two things apart.
_LONGEST_LABEL = 12
_CLAUSE = re.compile(r"[，。；：！？、,;:!?\n“”‘’（）()]")
_TITLE = re.compile(r"《[^》]{1,20}》")
# From 1878 to 1938 is one answer.
_RANGE = re.compile(r"\s*(?:到|至|[-—–~～]+)\s*")
_EDGES = re.compile(
    r"^[的在是有和与及了对从向由以也就又被把为将]+|[的在是有和与及了对从向由以也就又被把为将说]+$"
)
_SAYS = re.compile(r"(?:说|表示|认为|指出|介绍)$")


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several places that may be meant: `confidence` is a probability (0 to 1).

    `question` asks for this one alone; None where no wording was found that does.
    """

    span: Span
    confidence: float
    question: str | None = None


def rival_of(
    spans: Sequence[Span],
    confidence: float,
    probability: Callable[[Span], float],
    text_of: Callable[[Span], str],
) -> Choice | None:
    """Return the span that answers about as well as the first and otherwise, None if none does.

    `spans` are in order, `confidence` is the first one's, `probability` another one's; `text_of`
    gives the words of a span. Both must be seen as answers by the reader (a margin above 0), and
    where a number or a time is asked for, their sentences must have one.
    """
    if not spans or spans[0].margin <= 0 or spans[0].fit < 0 or confidence >= _VERY_SURE:
        return None
    best = spans[0]
    own = _bare(text_of(best))
    for span in spans[1:]:
        words = _bare(text_of(span))
        if span.margin <= max(0.0, best.margin - _AS_SEEN) or span.fit != best.fit:
            continue
        if span.coverage < _AS_CLOSE * best.coverage:
            continue
        if not words or words in own or own in words:
            continue
        sure = probability(span)
        if sure >= _AS_SURE * confidence:
            return Choice(span, sure)
    return None


def values_of(span: Span, text: str, asked: str) -> list[Span]:
    """Return the several values that `span` (of `text`, the document's) holds, else nothing.

    「从3年前80吨重跃升至现在200多吨重」 tells two masses where one was asked for.
    """
    wanted = sought(asked)
    if wanted.thing not in ("quantity", "time") or (
        wanted.thing == "quantity" and not wanted.measures
    ):
        return []
    words = text[span.start : span.end]
    places = wanted.places(words)
    for (_, end), (start, _) in pairwise(places):
        if _RANGE.fullmatch(words[end:start]):
            return []
    if len({words[slice(*place)] for place in places}) < 2:
        return []
    return [
        replace(span, start=span.start + start, end=span.start + end) for start, end in places[:3]
    ]


def narrowed(question: str, span: Span, other: Span, text_of: Callable[[Span], str]) -> list[str]:
    """Return wordings of `question` that ask for `span` and not for `other`, likelier first.

    `text_of` gives the sentence of a span. What tells the two apart is a time, a title or the words
    before the answer that the question does not have.
    """
    sentence, elsewhere = text_of(span), text_of(other)
    start = span.start - span.sentence_start
    before = sentence[:start]
    if (span.passage, span.sentence_start) == (other.passage, other.sentence_start):
        end = other.end - other.sentence_start
        if other.end <= span.start:
            before, elsewhere = sentence[end:start], sentence[:end]
        else:
            elsewhere = sentence[start:end]
    clause = _CLAUSE.split(before)[-1]
    labels = [
        *(before[slice(*time)] for time in reversed(find_times(before))),
        *reversed(_TITLE.findall(before)),
        *_new_words(clause, question),
    ]
    return [
        f"{label}，{question}"
        for label in dict.fromkeys(labels)
        if label not in elsewhere and label not in question
    ]


def _new_words(clause: str, question: str) -> list[str]:
    """Return the stretches of `clause` that the question does not have, the last one first."""
    taken = [False] * len(clause)
    matcher = SequenceMatcher(None, clause, masked(question), autojunk=False)
    for match in matcher.get_matching_blocks():
        if match.size > 1:
            taken[match.a : match.a + match.size] = [True] * match.size
    found, run = [], ""
    for character, known in zip([*clause, ""], [*taken, True], strict=True):
        if not known:
            run += character
            continue
        label = _EDGES.sub("", run)
        if 1 < len(label) <= _LONGEST_LABEL:
            found.append(label)
        run = ""
    return found[::-1]


def _bare(words: str) -> str:
    return _SAYS.sub("", re.sub(r"\W", "", words))
