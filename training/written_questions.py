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
from training.reading_data import Question

WRITTEN = Path(__file__).resolve().parent / "written"
# A question that the whole article does not answer is asked of one of so many paragraphs.
_NEAREST = 2
# Of so many answered questions one is also asked of a paragraph that does not answer it.
_TWINS = 2


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
        found.append(
            _question(f"{path.name}:{number}", line, own.context, own.article, own.subject)
        )
    path = folder / "news.jsonl"
    for number, line in _lines(path):
        name = f"{path.name}:{number}"
        found += [
            _question(f"{name}:{place}", asked, line["context"], name, line["title"])
            for place, asked in enumerate(line["questions"])
        ]
    return found


def article_questions(folder: Path = WRITTEN) -> list[Question]:
    """Return the questions written on whole articles, with paragraphs that answer and others.

    A line of `articles.jsonl` has a `title`, `paragraphs` and `questions`. These have the number of
    their `paragraph` and `answers`, each a text and its start in characters, several where a list
    is asked for, or neither where no paragraph answers; a follow-up has the question `after` which
    it is asked. What is answered comes once for each answer, and one in _TWINS also with the
    paragraph most like it that has none of them; what is not, with a paragraph most like it.
    Raises ValueError, with file and line, where an answer is not at its place.
    """
    path = folder / "articles.jsonl"
    return [
        question
        for number, line in _lines(path)
        for question in _on_article(f"{path.name}:{number}", line)
    ]


def _on_article(name: str, line: dict[str, Any]) -> Iterator[Question]:
    paragraphs = line["paragraphs"]
    lexical = LexicalIndex.build(paragraphs)
    for place, asked in enumerate(line["questions"]):
        question = Question(f"{name}:{place}", asked["question"], "", (), name, (), line["title"])
        if "after" in asked:  # joined as `chatbot.conversation` does
            question = replace(question, question=f"{asked['after']} {question.question}")
        told = [(text, start) for text, start in asked.get("answers", ())]
        for number in range(len(told)):
            # Each thing of a list is learnt in its turn; none of the others is a wrong answer.
            answers = (*told[number:], *told[:number])
            own = paragraphs[asked["paragraph"]]
            yield _checked(replace(question, context=own, answers=answers))
        nearest = [paragraphs[row] for row in lexical.scores(question.question).argsort()[::-1]]
        beside = [text for text in nearest if not any(answer in text for answer, _ in told)]
        if not told:
            yield replace(question, context=beside[place % _NEAREST])
        elif beside and place % _TWINS == 0:
            yield replace(question, context=beside[0])


def _lines(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1):
        yield number, json.loads(line)


def _question(
    name: str, line: dict[str, Any], context: str, article: str, subject: str
) -> Question:
    answers: tuple[tuple[str, int], ...] = ()
    if "answer" in line:
        answers = ((line["answer"], line["start"]),)
    return _checked(Question(name, line["question"], context, answers, article, subject=subject))


def _checked(question: Question) -> Question:
    for text, start in question.answers:
        if not text or question.context[start : start + len(text)] != text:
            raise ValueError(f"{question.id}: {text!r} is not at character {start} of its passage")
    return question
