"""How much of a question the sentences say: in its own words, and in others."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence

from chatbot.paraphrases import Paraphrases
from index.bm25 import tokenize


def distinctive_coverage(question: str, sentences: Sequence[str]) -> list[float]:
    """Return for each sentence the share (0 to 1) of the question's terms that stand in it.

    A term counts by its inverse document frequency among `sentences`, log(1 + n / (1 + df)): what
    every candidate says tells none of them apart. 0 for a question without terms.
    """
    held, weight = _terms(question, sentences)
    total = sum(weight.values())
    if not total:
        return [0.0] * len(sentences)
    return [sum(weight[term] for term in sorted(found)) / total for found in held]


def told_otherwise(
    question: str, sentences: Sequence[str], paraphrases: Paraphrases
) -> list[float]:
    """Return for each sentence how many wordings of the question it says otherwise (0 and more).

    Each counts by the share of its terms that the sentence lacks, weighed as in
    `distinctive_coverage`: what stands there itself is not said otherwise.
    """
    held, weight = _terms(question, sentences)
    told = [0.0] * len(sentences)
    for wording, others in paraphrases.of(question):
        terms = sorted(weight.keys() & set(tokenize(wording)))
        total = sum(weight[term] for term in terms)
        words = [other for other in others if other not in question]
        for number, sentence in enumerate(sentences):
            if total and any(word in sentence for word in words):
                lacking = (weight[term] for term in terms if term not in held[number])
                told[number] += sum(lacking) / total
    return told


def _terms(question: str, sentences: Sequence[str]) -> tuple[list[set[str]], dict[str, float]]:
    """Return which of the question's terms each sentence holds, and each term's weight."""
    terms = set(tokenize(question))
    held = [terms.intersection(tokenize(sentence)) for sentence in sentences]
    frequency = Counter(term for found in held for term in found)
    rarity = {term: math.log(1 + len(sentences) / (1 + frequency[term])) for term in sorted(terms)}
    return held, rarity
