"""How sure the answer is: a probability from what retrieval and reading show.

A logistic model over a few signs and the products of any two, fitted by `training/fit_answering.py`
and stored as plain numbers beside the version of what they were fitted on.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations_with_replacement
from typing import Any

from chatbot.answer_type import expected_kind
from chatbot.asking_words import telling_words
from chatbot.fitted_numbers import fitted_numbers
from chatbot.question_coverage import distinctive_coverage
from chatbot.question_evidence import told_share
from chatbot.reader import Span
from index.passage import Passage

FORMAT = 13
SIGNS = (
    "margin",
    "mass",
    "lead",
    "dense",
    "similarity",
    "coverage",
    "paraphrased",
    "fused",
    "agreement",
    "fits",
    "misfits",
    "contradicts",
    "known",
    "telling",
    "several",
    "told_sentence",
    "told_passage",
    "told",
    "ahead",
    "nothing",
    "certainty",
    "sees",
    "sees_none",
    "length",
)
TIMES = " × "
# What is weighed: each sign, and the product of any two (what a margin is worth depends on how much
# of the question is told there), a sign's own square among them.
TERMS = (*SIGNS, *map(TIMES.join, combinations_with_replacement(SIGNS, 2)))
# A margin above which the reader sees an answer beyond doubt, and one below which it sees none:
# how much a logit more says differs there. Bends at 4 and -8 refused the most tuning questions
# without an answer in cross-validation.
_SEES = 4.0
_SEES_NONE = -8.0
# Ends less likely than one in 3,000 are not known at all.
_UNSURE = -8.0
# Characters that a passage has on average where confidence was fitted: nothing is known beyond.
_SHORT, _LONG = 60, 700
# Beyond this many logits more says no more.
_SURE = 12.0


def signs(question: str, passages: Sequence[Passage], spans: Sequence[Span]) -> dict[str, float]:
    """Return what the confidence is judged by, each sign under its name; 0 where there is none.

    `margin` is by how many logits the reader prefers the best span to "no answer", `mass` by how
    many whatever words of its sentence, `lead` by how much the best span's score stands above the
    best of another passage, `dense` the best cosine of the question with a passage, `similarity`
    that with the answering sentence, `coverage` the share of the question's distinctive terms in
    it, `paraphrased` how many of the question's wordings it says otherwise, `fused` the fused score
    of the answering passage, `agreement` whether the answer is in the first passage, `fits` and
    `misfits` whether a number or a time was asked for and the answering sentence has one of that
    kind or none, `contradicts` whether it has none and nothing else could answer, `known` the share
    of the question's telling terms that stand in the answering passage,
    `telling` and `several` whether clauses or several things are asked for (they are found right
    more or less often). `told_sentence`, `told_passage` and `told` are the shares of what is asked
    that is told near the answering sentence, in its passage and in all passages read; `ahead` is by
    how much the fused score of the first passage exceeds the second's; `nothing` is by how much the
    reader prefers "no answer" (0 to 1 for _SURE logits) where no passage read tells anything of
    what is asked: a question from elsewhere. `certainty` is how sure the reader is of the answer's
    very ends, where it prefers one. `sees` and `sees_none` are what of the margin lies above _SEES
    and below _SEES_NONE. `length` is the logarithm of how many characters a passage has on average:
    among short ones the right one stands out less, and long ones tell more that seems to answer.
    """
    if not passages or not spans:
        return dict.fromkeys(SIGNS, 0.0)
    best = spans[0]
    expected = expected_kind(question)
    known = distinctive_coverage(telling_words(question), [passage.text for passage in passages])
    text, offset = best.passage.text, best.passage.paragraph.start
    sentence = (best.sentence_start - offset, best.sentence_end - offset)
    everything = "\n".join(passage.text for passage in passages)
    fused = sorted((passage.fused for passage in passages), reverse=True)
    others = [span.score for span in spans if span.passage is not best.passage]
    told = told_share(question, everything, (0, len(everything)))
    margin = max(-_SURE, min(_SURE, best.margin))
    known_here = known[passages.index(best.passage)]
    return {
        "margin": margin,
        "mass": max(-_SURE, min(_SURE, best.mass)),
        # With nothing to compare with, a span leads by what it leads over "no answer".
        "lead": best.score - max(others) if others else best.mass,
        "dense": max(passage.dense for passage in passages),
        "similarity": best.similarity,
        "coverage": best.coverage,
        "paraphrased": best.paraphrased,
        "fused": best.passage.fused,
        "agreement": float(best.passage is passages[0]),
        "fits": float(best.fit > 0),
        "misfits": float(best.fit < 0),
        "contradicts": float(best.fit < -1),
        "known": known_here,
        "telling": float(expected == "passage"),
        "several": float(expected == "list"),
        "told_sentence": told_share(question, text, sentence),
        "told_passage": told_share(question, text, (0, len(text))),
        "told": told,
        "ahead": fused[0] - fused[1] if len(fused) > 1 else 0.0,
        "nothing": max(0.0, -margin) / _SURE if told == 0.0 else 0.0,
        "certainty": max(_UNSURE, best.certainty) if margin > 0 else 0.0,
        "sees": max(0.0, margin - _SEES),
        "sees_none": max(0.0, _SEES_NONE - margin),
        "length": math.log(
            min(_LONG, max(_SHORT, statistics.mean(len(passage.text) for passage in passages)))
        ),
    }


@dataclass(frozen=True, slots=True)
class Confidence:
    """The fitted model: `1 / (1 + exp(-(intercept + Σ weight × term)))`.

    A term, named in `weights`, is a sign or the product of two, each first taken as its distance
    from its mean in standard deviations, as `usual` has them (0 and 1 where it has none).
    `refuse_below` is the measured default of the refusal threshold (a probability).
    """

    weights: Mapping[str, float]
    intercept: float
    refuse_below: float
    usual: Mapping[str, Sequence[float]] = field(default_factory=dict)

    def probability(self, observed: Mapping[str, float]) -> float:
        """Return the probability (0 to 1) that the best span is a right answer."""
        apart = {}
        for name, value in observed.items():
            mean, deviation = self.usual.get(name, (0.0, 1.0))
            apart[name] = (value - mean) / deviation
        total = self.intercept + sum(
            weight * math.prod(apart[name] for name in term.split(TIMES))
            for term, weight in self.weights.items()
        )
        # Beyond ±40 the exponential only overflows; the probability has long been 0 or 1.
        return 1.0 / (1.0 + math.exp(-max(-40.0, min(40.0, total))))


def shipped() -> dict[str, Any]:
    """Return the fitted numbers that come with wenda (`chatbot/weights/answering.json`)."""
    return fitted_numbers("answering.json", FORMAT)
