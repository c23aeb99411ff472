"""Questions written by hand for training: in words of their own, and on what is not told.

Reading-comprehension data is asked by people who had the passage before them. Of these half use
hardly a word of it, and three in ten ask on its very subject what it does not tell. Those on whole
articles teach which of several paragraphs alike answers.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from index.bm25 import LexicalIndex
from index.passage import lead_up
from training.reading_data import Question

WRITTEN = Path(__file__).resolve().parent / "written"
# A question that the whole article does not answer is asked of one of so many paragraphs.
_NEAREST = 2
# Of so many answered questions one is also asked of a paragraph like its own that does not answer
# it, and one of the paragraph behind its own.
_TWINS = 3


def written_questions(known: Sequence[Question], folder: Path = WRITTEN) -> list[Question]:
    """Return the questions written on passages of `known`, and on passages written with them.

    A line of `beside.jsonl` names by `beside` a question of `known` whose passage it is on; one of
    `news.jsonl` has a `title`, a `context` and its `questions`. Each question has an `answer` and
    its `start` in characters of the passage, neither where the passage does not answer.
    Raises ValueError, with file and line, where an answer is not at its place, and
    KeyError for a question that is not known.
    """
    by_id = {question.id: question for question in known}
    found = []
    path = folder / "beside.jsonl"
    for number, line in _lines(path):
        own = by_id[line["beside"]]
        found.append(_question(replace(own, id=f"{path.name}:{number}", leaning=()), line))
    path = folder / "news.jsonl"
    for number, line in _lines(path):
        name, title = f"{path.name}:{number}", line["title"]
        passage = Question(name, "", line["context"], (), name, subject=title, lead_up=title)
        found += [
            _question(replace(passage, id=f"{name}:{place}"), asked)
            for place, asked in enumerate(line["questions"])
        ]
    return found


def article_questions(path: Path = WRITTEN / "articles.jsonl") -> list[Question]:
    """Return the questions written on whole articles, with paragraphs that answer and others.

    A line of the file has a `title`, `paragraphs` and `questions`. These have the number of
    their `paragraph` and `answers`, each a text and its start in characters, several where a list
    is asked for, or neither where no paragraph answers; a follow-up has the question `after` which
    it is asked. What is answered comes once for each answer, and one in _TWINS also with the
    paragraph most like it that has none of them, one with the next one, where the answer stands in
    what leads up to that; what is not, with a paragraph most like it.
    Raises ValueError, with file and line, where an answer is not at its place.
    """
    return [
        question
        for number, line in _lines(path)
        for question in _on_article(f"{path.name}:{number}", line)
    ]


def _on_article(name: str, line: dict[str, Any]) -> Iterator[Question]:
    paragraphs, title = line["paragraphs"], line["title"]
    lexical = LexicalIndex.build(paragraphs)
    led_up = {
        text: lead_up(title, title + "".join(paragraphs[:number]))
        for number, text in enumerate(paragraphs)
    }
    for place, asked in enumerate(line["questions"]):
        question = Question(f"{name}:{place}", asked["question"], "", (), name, subject=title)
        if "after" in asked:  # joined as `chatbot.conversation` does
            question = replace(question, question=f"{asked['after']} {question.question}")
        told = [(text, start) for text, start in asked.get("answers", ())]
        for number in range(len(told)):
            # Each thing of a list is learnt in its turn; none of the others is a wrong answer.
            answers = (*told[number:], *told[:number])
            own = paragraphs[asked["paragraph"]]
            given = replace(question, context=own, answers=answers, lead_up=led_up[own])
            yield _checked(given)
        nearest = [paragraphs[row] for row in lexical.scores(question.question).argsort()[::-1]]
        beside = [text for text in nearest if not any(answer in text for answer, _ in told)]
        chosen: list[str] = []
        if not told:
            chosen = beside[place % _NEAREST :][:1]
        elif place % _TWINS == 0:
            chosen = beside[:1]
        elif place % _TWINS == 1:
            following = paragraphs[asked["paragraph"] + 1 :][:1]
            chosen = [t for t in following if t in beside and told[0][0] in led_up[t]]
        for text in chosen:
            yield replace(question, context=text, lead_up=led_up[text])


def _lines(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1):
        yield number, json.loads(line)


def _question(passage: Question, line: dict[str, Any]) -> Question:
    """Return what a line asks of the passage of another question."""
    answers = ((line["answer"], line["start"]),) if "answer" in line else ()
    return _checked(replace(passage, question=line["question"], answers=answers))


def _checked(question: Question) -> Question:
    for text, start in question.answers:
        if not text or question.context[start : start + len(text)] != text:
            raise ValueError(f"{question.id}: {text!r} is not at character {start} of its passage")
    return question
