"""Whether a question says by itself what it asks, or needs what was said before it.

「海天的创始人是谁？」 does, 「什么时候投产的？」 does not. A question that does is answered as if
nothing had been asked before.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from importlib import resources

import numpy as np
from numpy.typing import NDArray

from chatbot.conversation import leans
from chatbot.reader_model import ReaderModel

FORMAT = 1


@dataclass(frozen=True)
class SelfContainment:
    """Logistic regression on the reader's state of a question.

    `weights` is (STATE,), by `training/fit_self_contained.py` for the reader that is shipped.
    """

    weights: NDArray[np.float64]
    intercept: float

    @classmethod
    def shipped(cls) -> SelfContainment:
        """Return the one that comes with wenda (`chatbot/weights/self_contained.json`)."""
        name = "weights/self_contained.json"
        numbers = json.loads(resources.files("chatbot").joinpath(name).read_text("utf-8"))
        if numbers.get("format") != FORMAT:
            raise ValueError(f"chatbot/{name}: format {numbers.get('format')!r}")
        return cls(np.array(numbers["weights"]), numbers["intercept"])

    def probability(self, question: str, model: ReaderModel) -> float:
        """Return how likely (0 to 1) `question` is to need nothing before it.

        0 where its very wording leans on something.
        """
        if leans(question):
            return 0.0
        total = float(self.weights @ model.question_state(question)) + self.intercept
        return 1.0 / (1.0 + math.exp(-max(-40.0, min(40.0, total))))
