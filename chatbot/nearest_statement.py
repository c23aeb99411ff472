"""What a paragraph says nearest to a question that it does not answer."""

from __future__ import annotations

import re

from chatbot.asking_words import telling_words
from corpus.sentences import split_sentences
from index.bm25 import tokenize

_CLAUSE_END = re.compile(r"[，；：,;]|——")


def nearest_statement(question: str, text: str, longest: int = 60) -> str:
    """Return the sentence of `text` that shares the most words with `question`.

    Of equal ones it is the first. One of more than `longest` characters is cut at both ends to the
    clauses that share the most, with …… for what was cut. "" for a paragraph without a sentence.

    >>> nearest_statement("海天有多少员工？", "北仑是座港城。海天每年拿出5%做研发。")
    '海天每年拿出5%做研发。'
    """
    asked = set(tokenize(telling_words(question)))

    def shared(words: str) -> int:
        return len(asked.intersection(tokenize(words)))

    sentences = [text[start:end] for start, end in split_sentences(text)]
    sentence = max(sentences, key=shared, default="")
    if len(sentence) <= longest:
        return sentence
    starts = [0, *(match.end() for match in _CLAUSE_END.finditer(sentence))]
    # Of equal cuts the one from the beginning, else the one that comes to the point soonest.
    start = max(starts, key=lambda at: (shared(sentence[at : at + longest]), at == 0, at))
    cut = sentence[start : start + longest]
    after = "……" if start + longest < len(sentence) else ""
    return f"{'……' if start else ''}{cut}{after}"
