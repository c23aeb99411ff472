"""Written questions find their passages and say where their answers stand."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from pathlib import Path

import pytest
from tokenizers import Tokenizer

from index.bundled_model import PACK
from training.reading_data import Question, WindowSampler
from training.written_questions import WRITTEN, article_questions, written_questions

CONTEXT = "海天集团的创始人张静章说，海天每年拿出销售收入的5%用于研发。"
KNOWN = Question(
    "q1", "海天的创始人是谁？", CONTEXT, (("张静章", 8),), "article", subject="海天集团"
)


def write(path: Path, lines: list[object]) -> None:
    text = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
    path.write_text(text, "utf-8")


def written(folder: Path, beside: list[object], news: list[object]) -> list[Question]:
    write(folder / "beside.jsonl", beside)
    write(folder / "news.jsonl", news)
    return written_questions([KNOWN], folder)


def test_questions_beside_known_ones_share_their_passage_and_article(tmp_path: Path) -> None:
    spent = {
        "beside": "q1",
        "question": "研发花多少？",
        "answer": "5%",
        "start": CONTEXT.index("5%"),
    }
    staff = {"beside": "q1", "question": "海天有多少工人？"}
    found = written(tmp_path, [spent, staff], [])
    assert [(q.question, q.context, q.article, q.subject, q.answers) for q in found] == [
        ("研发花多少？", CONTEXT, "article", "海天集团", (("5%", CONTEXT.index("5%")),)),
        ("海天有多少工人？", CONTEXT, "article", "海天集团", ()),
    ]


def test_passages_written_with_their_questions_are_articles_of_their_own(tmp_path: Path) -> None:
    passage = {
        "title": "南桥茶厂",
        "context": "南桥茶厂建于1958年。",
        "questions": [
            {"question": "哪年建的", "answer": "1958年", "start": 6},
            {"question": "谁建的"},
        ],
    }
    first, second = written(tmp_path, [], [passage])
    assert (first.subject, first.answers, second.answers) == ("南桥茶厂", (("1958年", 6),), ())
    assert first.article == second.article != KNOWN.article
    assert first.id != second.id


FOUNDED = "南桥茶厂由方远办起来，1958年开工。"
STAFFED = "北桥茶厂由何青办起来，有工人70名。"


def on_article(folder: Path, question: dict[str, object]) -> list[tuple[str, str, object]]:
    article = {"title": "茶厂", "paragraphs": [STAFFED, FOUNDED], "questions": [question]}
    write(folder / "articles.jsonl", [article])
    found = article_questions(folder / "articles.jsonl")
    assert {q.article for q in found} == {"articles.jsonl:1"}
    return [(q.question, q.context, q.answers) for q in found]


def test_an_article_is_asked_where_it_answers_and_where_it_only_seems_to(tmp_path: Path) -> None:
    asked = {"question": "南桥茶厂的创办人", "paragraph": 1, "answers": [["方远", 5]]}
    assert on_article(tmp_path, asked) == [
        ("南桥茶厂的创办人", FOUNDED, (("方远", 5),)),
        ("南桥茶厂的创办人", STAFFED, ()),
    ]


def test_the_next_paragraph_is_asked_too_where_the_answer_only_leads_up_to_it(
    tmp_path: Path,
) -> None:
    other = {"question": "南桥茶厂占地多大？"}
    asked = {"question": "北桥茶厂的创办人", "paragraph": 0, "answers": [["何青", 5]]}
    article = {"title": "茶厂", "paragraphs": [STAFFED, FOUNDED], "questions": [other, asked]}
    path = tmp_path / "articles.jsonl"
    write(path, [article])
    _, answered, following = article_questions(path)
    assert (answered.context, answered.lead_up) == (STAFFED, "茶厂")
    assert (following.context, following.answers) == (FOUNDED, ())
    assert "何青" in following.lead_up


def test_what_a_whole_article_does_not_tell_is_asked_of_what_is_most_like_it(
    tmp_path: Path,
) -> None:
    assert on_article(tmp_path, {"question": "南桥茶厂占地多大？"}) == [
        ("南桥茶厂占地多大？", FOUNDED, ()),
    ]


def test_each_thing_of_a_list_is_an_answer_in_its_turn(tmp_path: Path) -> None:
    things = [["方远", 5], ["1958年", 11]]
    asked = {"question": "谁在何时办起南桥茶厂", "paragraph": 1, "answers": things}
    assert [
        answers for _, context, answers in on_article(tmp_path, asked) if context == FOUNDED
    ] == [
        (("方远", 5), ("1958年", 11)),
        (("1958年", 11), ("方远", 5)),
    ]


def test_a_follow_up_comes_behind_the_question_before_it(tmp_path: Path) -> None:
    asked = {"after": "南桥茶厂是谁办的？", "question": "哪年开工", "paragraph": 1}
    asked["answers"] = [["1958年", 11]]
    assert on_article(tmp_path, asked)[0][0] == "南桥茶厂是谁办的？ 哪年开工"


def test_an_answer_that_is_not_at_its_place_is_named(tmp_path: Path) -> None:
    wrong = {"beside": "q1", "question": "研发花多少？", "answer": "5%", "start": 3}
    with pytest.raises(ValueError, match=r"beside\.jsonl:1: '5%' is not at character 3"):
        written(tmp_path, [wrong], [])


def test_what_is_not_told_is_drawn_without_an_answer(tmp_path: Path) -> None:
    absent = written(tmp_path, [{"beside": "q1", "question": "海天有多少工人？"}], [])
    tokenizer = Tokenizer.from_file(str(PACK / "tokenizer.json"))
    sampler = WindowSampler([KNOWN, *absent], tokenizer)
    window = sampler.draw(1, random.Random(1))
    assert (window.start, window.end) == (0, 0)
    asked = tokenizer.decode(window.ids[: window.passage])
    assert "工人" in asked


def test_a_question_mark_tells_nothing_of_the_answer() -> None:
    tokenizer = Tokenizer.from_file(str(PACK / "tokenizer.json"))
    unmarked = replace(KNOWN, id="q2", question="海天的创始人是谁")
    sampler = WindowSampler([KNOWN, unmarked], tokenizer, unmarked=0.5)
    rng = random.Random(1)
    ends: list[list[int]] = [[], []]
    for number in (0, 1) * 200:
        window = sampler.draw(number, rng)
        ends[number].append(tokenizer.decode(window.ids[: window.passage]).count("?"))
    assert all(0.4 < sum(marks) / len(marks) < 0.6 for marks in ends)
    assert all(set(marks) == {0, 1} for marks in ends)


def test_the_written_news_is_sound() -> None:
    """Every answer at its place, no question twice on a passage."""
    for name in ("articles", "features", "lists", "everyday", "decoys", "dense"):
        assert article_questions(WRITTEN / f"{name}.jsonl")
    news = (WRITTEN / "news.jsonl").read_text("utf-8").splitlines()
    for line in map(json.loads, news):
        asked = [question["question"] for question in line["questions"]]
        assert len(set(asked)) == len(asked)
        for question in line["questions"]:
            start = question.get("start", 0)
            answer = question.get("answer", "")
            assert line["context"][start : start + len(answer)] == answer
