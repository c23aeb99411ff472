"""Whether a question says by itself what it asks, or needs what was said before it.

「海天的创始人是谁？」 does, 「什么时候投产的？」 does not. A question that does is answered as if
nothing had been asked before.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from chatbot.conversation import leans
from chatbot.fitted_numbers import fitted_numbers
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
        numbers = fitted_numbers("self_contained.json", FORMAT)
        return cls(np.array(numbers["weights"]), numbers["intercept"])

    def probability(self, question: str, model: ReaderModel) -> float:
        """Return how likely (0 to 1) `question` is to need nothing before it.

        0 where its very wording leans on something.
        """
        if leans(question):
            return 0.0
        total = float(self.weights @ model.question_state(question)) + self.intercept
        return 1.0 / (1.0 + math.exp(-max(-40.0, min(40.0, total))))
