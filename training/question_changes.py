"""Questions worded anew for training: fewer words, other numbers, things the passage never tells.

People ask shorter and in other words than the makers of reading-comprehension data, who had the
passage before them, and they ask about what an article names for things it does not say of it.
"""

from __future__ import annotations

import random
import re

import rjieba

from chatbot.asking_words import asks
from chatbot.question_evidence import told_share

# Of the words that a question shares with its passage, at most this share is left out.
_LEFT_OUT = 0.6
# Above this share of a question's words that stand in a passage, the passage may well answer it.
_TOLD = 0.5
_NUMBER = re.compile(r"\d+")
# 「江苏路街道 (上海市)」 is called 江苏路街道 in questions.
_TOLD_APART = re.compile(r"\s*[(（].*[)）]$")


def bare_title(title: str) -> str:
    """Return what an article's title calls its subject, without what tells namesakes apart."""
    return _TOLD_APART.sub("", title).strip()


def shortened(question: str, subject: str, context: str, rng: random.Random) -> str:
    """Return `question` without some of the words that also stand in `context`.

    The subject mostly stays, as do words that ask, numbers, and at least one word of the context.
    """
    words = rjieba.cut(question)
    shared = [
        number
        for number, word in enumerate(words)
        if word in context and word.isalnum() and not asks(word) and not _NUMBER.search(word)
        if word not in subject or rng.random() < 0.2
    ]
    if len(shared) < 2:
        return question
    gone = set(rng.sample(shared, rng.randint(1, max(1, int(len(shared) * _LEFT_OUT)))))
    return "".join(word for number, word in enumerate(words) if number not in gone)


def other_number(question: str, context: str, rng: random.Random) -> str | None:
    """Return `question` with a number that `context` tells changed to one that it does not.

    None where there is no such number: the changed question then has no answer there.
    """
    told = [match for match in _NUMBER.finditer(question) if match.group() in context]
    if not told:
        return None
    match = rng.choice(told)
    number, size = int(match.group()), len(match.group())
    for _ in range(5):
        if size == 4:
            other = number + rng.choice([-1, 1]) * rng.randint(1, 12)  # a year, most of the time
        else:
            other = rng.randrange(10 ** (size - 1), 10**size) if size < 12 else number
        if str(other) not in context and other > 0:
            return question[: match.start()] + str(other) + question[match.end() :]
    return None


def asked_of(question: str, subject: str, other: str, context: str) -> str | None:
    """Return a question about `subject` asked of `other` instead, the subject of `context`.

    None where the question does not name its subject, or where so much of what it asks stands in
    `context` that it may be answered there.
    """
    if not subject or subject not in question:
        return None
    if told_share(question.replace(subject, ""), context, (0, len(context))) > _TOLD:
        return None
    return question.replace(subject, other)
