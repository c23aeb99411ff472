"""How sure the answer is: a probability from what retrieval and reading show.

A logistic model over a few signs, fitted by `training/fit_answering.py` and stored as plain
numbers beside the version of what they were fitted on.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from typing import Any

from chatbot.reader import Span
from index.passage import Passage

FORMAT = 1


def signs(passages: Sequence[Passage], spans: Sequence[Span]) -> dict[str, float]:
    """Return what the confidence is judged by, each sign under its name; 0 where there is none.

    `dense` and `similarity` are the best cosines of the question with a passage and a sentence,
    `coverage` that of the chosen sentence, `lead` how far the best passage's fused score stands
    above the second's, `agreement` whether the chosen sentence is in the first passage.
    """
    if not passages or not spans:
        return dict.fromkeys(("dense", "similarity", "coverage", "lead", "agreement"), 0.0)
    best = spans[0]
    return {
        "dense": max(passage.dense for passage in passages),
        "similarity": best.similarity,
        "coverage": best.coverage,
        "lead": passages[0].fused - passages[1].fused if len(passages) > 1 else 0.0,
        "agreement": float(best.passage is passages[0]),
    }


@dataclass(frozen=True, slots=True)
class Confidence:
    """The fitted model: `1 / (1 + exp(-(intercept + Σ weight × sign)))`.

    `refuse_below` is the measured default of the refusal threshold (a probability).
    """

    weights: Mapping[str, float]
    intercept: float
    refuse_below: float

    def probability(self, observed: Mapping[str, float]) -> float:
        """Return the probability (0 to 1) that the best span is a right answer."""
        total = self.intercept + sum(
            weight * observed[name] for name, weight in self.weights.items()
        )
        # Beyond ±40 the exponential only overflows; the probability has long been 0 or 1.
        return 1.0 / (1.0 + math.exp(-max(-40.0, min(40.0, total))))


def shipped() -> dict[str, Any]:
    """Return the fitted numbers that come with wenda (`chatbot/weights/answering.json`)."""
    text = resources.files("chatbot").joinpath("weights/answering.json").read_text("utf-8")
    numbers: dict[str, Any] = json.loads(text)
    if numbers.get("format") != FORMAT:
        raise ValueError(f"chatbot/weights/answering.json: format {numbers.get('format')!r}, not 1")
    return numbers
