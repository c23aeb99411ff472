"""Whether what a follow-up asks is told where its answer stands.

「海天的创始人是谁？」「他毕业于哪所学校？」: the articles tell of him, so retrieval and reader have
much to go by and are sure of something. No one sign tells: what is asked may be told in other
words, and its words may be told of somebody else. So several are weighed.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from chatbot.question_evidence import named_share, told_characters, told_share

# Fitted and cross-validated by `python -m benchmarks.follow_up_support` on the 332 follow-ups and
# 146 unanswerable ones for tuning (tests/questions/understanding), one reading each. Nothing of the
# confidence is among them, so that they hold when that is fitted anew.
WEIGHTS = {"told": 1.58, "characters": 1.41, "margin": 3.13, "about": 2.14, "repeats": -0.75}
INTERCEPT = -4.34
# The support below which a follow-up is refused: with rows or articles left out 0.90 of the
# answerable ones are answered rightly and 0.79 of the unanswerable ones refused; 0.5 refuses 0.80
# of these and answers 0.88 (all without `only_told_before`).
ENOUGH = 0.4
# By this a reading is worth less whose best answer is what was told before.
REPEATED = 0.6
# Logits over "no answer" beyond which more says no more.
_SURE = 8.0


def evidence(
    wordings: Sequence[str],
    passage: str,
    sentence: tuple[int, int],
    margin: float,
    about: Sequence[str],
    of: str,
    repeats: bool,
) -> dict[str, float]:
    """Return what speaks for an answer to a follow-up, each sign from 0 to 1 under its name.

    `wordings` are the follow-up and what else may be said for it, `sentence` the answering one
    (offsets in `passage`), `margin` the reader's in logits. `about` are the names of which, or of
    one of which, it should be told; `of` is the text that may name them. `repeats` tells whether
    the best answer is what an earlier turn told.
    """
    return {
        "told": max(told_share(wording, passage, sentence) for wording in wordings),
        "characters": told_characters(wordings[0], passage, sentence),
        "margin": max(0.0, min(_SURE, margin)) / _SURE,
        "about": max((named_share(name, of) for name in about), default=1.0),
        "repeats": float(repeats),
    }


def only_told_before(signs: Mapping[str, float]) -> bool:
    """Tell whether an answer is what an earlier turn told, and tells nothing of what is asked.

    That is none, however sure the reader is of it.
    """
    return bool(signs["repeats"]) and not signs["told"]


def support(signs: dict[str, float]) -> float:
    """Return how likely (0 to 1) an answer with such signs is to be one."""
    if only_told_before(signs):
        return 0.0
    total = INTERCEPT + sum(weight * signs[name] for name, weight in WEIGHTS.items())
    return 1.0 / (1.0 + math.exp(-total))
