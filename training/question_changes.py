"""Questions worded anew for training: fewer words, other numbers, things the passage never tells.

People ask shorter and in other words than the makers of reading-comprehension data, who had the
passage before them, and they ask about what an article names for things it does not say of it.
"""

from __future__ import annotations

import random
import re
from collections.abc import Mapping

import rjieba

from chatbot.asking_words import asks
from chatbot.question_evidence import told_share
from training.word_classes import WordClasses

# Of the words that a question shares with its passage, at most this share is left out.
_LEFT_OUT = 0.6
# Above this share of a question's words that stand in a passage, the passage may well answer it.
_TOLD = 0.5
_NUMBER = re.compile(r"\d+")
# How many of the words that could be are said otherwise, and how many of the asking words.
_SAID_OTHERWISE = 0.6
_ASKED_OTHERWISE = 0.3
# A word that questions use is likelier taken than one that only the thesaurus knows.
_USUAL = 0.5
# How people talk when they ask; the longer wording first.
_ASKED_IN_TALK = {
    "什么时候": ("啥时候", "几时", "哪会儿", "何时"),
    "为什么": ("为啥", "为何", "咋"),
    "什么地方": ("哪儿", "哪里", "啥地方"),
    "是什么": ("是啥", "是个什么", "到底是什么"),
    "什么": ("啥",),
    "哪里": ("哪儿", "什么地方", "啥地方"),
    "哪一年": ("哪年", "几几年", "何年"),
    "哪年": ("哪一年", "几几年"),
    "多少": ("几多",),
    "怎么": ("咋", "怎样"),
    "如何": ("怎么", "咋"),
    "是谁": ("是哪位", "是何人", "是哪个"),
    "谁": ("哪位", "哪个", "什么人"),
    "哪些": ("什么", "哪几个"),
    "有几": ("一共有几", "总共有几"),
}
# 「称为什么」 asks no reason.
_IN_TALK = re.compile(
    "|".join(sorted(_ASKED_IN_TALK, key=len, reverse=True)).replace(
        "为什么", "(?<![称名作改命译变成视设分认])为什么"
    )
)
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
        for number in _shared(words, context)
        if words[number] not in subject or rng.random() < 0.2
    ]
    if len(shared) < 2:
        return question
    gone = set(rng.sample(shared, rng.randint(1, max(1, int(len(shared) * _LEFT_OUT)))))
    return "".join(word for number, word in enumerate(words) if number not in gone)


def said_otherwise(
    question: str,
    subject: str,
    context: str,
    rng: random.Random,
    classes: WordClasses,
    usual: Mapping[str, int],
) -> str:
    """Return `question` in words that mean the same and do not stand in `context`, as people talk.

    `usual` tells how often questions use a word. What stands in `subject` stays as it is.
    """
    words = rjieba.cut(question)
    for number in _shared(words, context):
        if words[number] in subject or rng.random() > _SAID_OTHERWISE:
            continue
        others = [other for other in classes.same(words[number]) if other not in context]
        common = [other for other in others if other in usual]
        if others:
            words[number] = rng.choice(common if common and rng.random() < _USUAL else others)

    def in_talk(match: re.Match[str]) -> str:
        asked = match.group()
        return rng.choice(_ASKED_IN_TALK[asked]) if rng.random() < _ASKED_OTHERWISE else asked

    return _IN_TALK.sub(in_talk, "".join(words))


def another_asked(
    question: str,
    subject: str,
    context: str,
    rng: random.Random,
    classes: WordClasses,
    usual: Mapping[str, int],
) -> str | None:
    """Return `question` with one word changed to another of its sort: 出生 to 去世, 作者 to 主演.

    The changed word is one of those that `usual` counts in questions, and `context` says it in no
    words, so it tells no answer to the changed question. None where no word can be changed so.
    """
    words = rjieba.cut(question)
    shared = _shared(words, context)
    rng.shuffle(shared)
    for number in shared:
        if words[number] in subject:
            continue
        for others in classes.others(words[number]):
            untold = [
                other
                for other in others
                if other in usual
                and other not in context
                and not any(same in context for same in classes.same(other) if len(same) > 1)
            ]
            if untold:
                words[number] = rng.choices(untold, [usual[other] for other in untold])[0]
                return "".join(words)
    return None


def _shared(words: list[str], context: str) -> list[int]:
    """Return the numbers of the words that also stand in `context`, but for those that ask."""
    return [
        number
        for number, word in enumerate(words)
        if word in context and word.isalnum() and not asks(word) and not _NUMBER.search(word)
    ]


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
