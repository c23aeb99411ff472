"""Conversation: what a question means after the questions before it."""

from __future__ import annotations

import re
from collections.abc import Sequence

# A question that opens with a pronoun, or is nothing but 「X呢」, leans on the one before it.
_LEANING = re.compile(
    r"(?:那么?|还有|然后|另外|以及)?(?:它们?|他们?|她们?|其中?|这[家个位些里]?|那[家个位些里]|此|该)"
    r"|(?:那么?)?[^谁什哪几多怎为何吗]{1,12}呢[？?]?$"
)
# Longer questions name what they ask about themselves.
_LEANING_LENGTH = 20


def understand(question: str, history: Sequence[str]) -> str:
    """Return `question` as it is to be answered; one that leans on the last gets that in front.

    Only the last question of `history` counts. A question that stands alone is returned as it is.
    """
    if not history or len(question) > _LEANING_LENGTH or not _LEANING.match(question.strip()):
        return question
    return f"{history[-1].strip()} {question.strip()}"
