"""The sets in `understanding/` agree with the articles they ask about and with their README."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from corpus.loading import DEFAULT_CORPUS, load_document

HERE = Path(__file__).parent
ARTICLES = {
    "beilun-fenji": DEFAULT_CORPUS / "beilun-fenji.txt",
    "shiduhua": HERE / "articles" / "shiduhua.txt",
    "youpiao": HERE / "articles" / "youpiao.txt",
    **{path.stem: path for path in (HERE / "articles" / "tuning").glob("*.txt")},
}
FOLLOWUPS = {
    "pronoun": 14,
    "dropped-subject": 14,
    "swapped-subject": 13,
    "swapped-attribute": 13,
    "narrowed": 13,
    "refers-to-answer": 13,
}
VARIATIONS = [
    "traditional",
    "width",
    "numerals",
    "punctuation",
    "polite",
    "keywords",
    "misspelt",
    "pinyin",
    "english",
    "synonym",
]
KINDS = {
    "followups": FOLLOWUPS,
    "subject-changes": {"related": 10, "unrelated": 10},
    "unanswerable-followups": {"unanswerable": 20},
    "variants": dict.fromkeys(VARIATIONS, 20),
    "ask-back": {"ask-back": 12},
}
# What was written later, for tuning alone: at least so many of each kind.
TUNING = {
    "followups": {**dict.fromkeys(FOLLOWUPS, 10), "refers-to-answer": 15},
    "unanswerable-followups": {"unanswerable": 25},
    "variants": {
        **dict.fromkeys(("polite", "keywords", "english", "synonym", "misspelt"), 15),
        **dict.fromkeys(("punctuation", "numerals"), 10),
    },
    "ask-back": {"ask-back": 15},
}
SETS = [*KINDS, *(f"tuning/{name}" for name in TUNING)]


@cache
def paragraphs(document_id: str) -> list[str]:
    document = load_document(ARTICLES[document_id])
    return [document.paragraph_text(paragraph) for paragraph in document.paragraphs]


@cache
def rows(name: str) -> list[dict[str, Any]]:
    text = (HERE / "understanding" / f"{name}.jsonl").read_text("utf-8")
    return [json.loads(line) for line in text.splitlines()]


@pytest.mark.parametrize("name", KINDS)
def test_kinds_have_their_counts_and_equal_halves(name: str) -> None:
    assert Counter(row["tags"][0] for row in rows(name)) == KINDS[name]
    halves = Counter(row["tags"][1] for row in rows(name))
    assert set(halves) == {"tune", "report"}
    assert halves["tune"] == halves["report"]
    for kind in KINDS[name]:
        by_half = Counter(row["tags"][1] for row in rows(name) if row["tags"][0] == kind)
        assert abs(by_half["tune"] - by_half["report"]) <= 1, kind


@pytest.mark.parametrize("name", TUNING)
def test_the_tuning_sets_have_enough_of_each_kind_and_nothing_to_report(name: str) -> None:
    found = rows(f"tuning/{name}")
    assert {row["tags"][1] for row in found} == {"tune"}
    counts = Counter(row["tags"][0] for row in found)
    assert set(counts) == set(TUNING[name])
    assert [kind for kind, least in TUNING[name].items() if counts[kind] < least] == []


def test_followups_are_spread_over_the_articles() -> None:
    assert Counter(row["document"] for row in rows("followups")) == {
        "beilun-fenji": 40,
        "shiduhua": 20,
        "youpiao": 20,
    }


def test_ids_are_unique_over_all_sets() -> None:
    counts = Counter(row["id"] for name in SETS for row in rows(name))
    assert [row_id for row_id, count in counts.items() if count > 1] == []


@pytest.mark.parametrize(
    "name", ["followups", "subject-changes", "variants", "tuning/followups", "tuning/variants"]
)
def test_evidence_and_answers_are_verbatim_in_one_paragraph(name: str) -> None:
    for row in rows(name):
        holding = [text for text in paragraphs(row["document"]) if row["evidence"] in text]
        assert len(holding) == 1, row["id"]
        assert [answer for answer in row["answer"] if answer not in holding[0]] == [], row["id"]


@pytest.mark.parametrize(
    "name",
    [
        "followups",
        "subject-changes",
        "unanswerable-followups",
        "tuning/followups",
        "tuning/unanswerable-followups",
    ],
)
def test_every_history_holds_one_to_three_questions(name: str) -> None:
    for row in rows(name):
        assert 1 <= len(row["history"]) <= 3, row["id"]
        assert all(question.strip() for question in row["history"]), row["id"]


@pytest.mark.parametrize("name", ["unanswerable-followups", "tuning/unanswerable-followups"])
def test_unanswerable_followups_say_so(name: str) -> None:
    for row in rows(name):
        assert row["answerable"] is False, row["id"]
        assert "answer" not in row and "evidence" not in row, row["id"]


@pytest.mark.parametrize(
    ("name", "fact"),
    [("followups", "evidence"), ("subject-changes", "evidence"), ("variants", "plain")],
)
def test_no_fact_is_asked_in_both_halves(name: str, fact: str) -> None:
    halves = defaultdict(set)
    for row in rows(name):
        halves[row["document"], row[fact]].add(row["tags"][1])
    assert [asked for asked, found in halves.items() if len(found) > 1] == []


@pytest.mark.parametrize(
    ("name", "count", "half"),
    [
        ("beilun-fourth", 150, "report"),
        ("beilun-fifth", 242, "report"),
        ("beilun-sixth", 332, "tune"),
    ],
)
def test_sets_of_one_half_on_the_article_are_told_there_or_absent(
    name: str, count: int, half: str
) -> None:
    text = (HERE / f"{name}.jsonl").read_text("utf-8")
    found = [json.loads(line) for line in text.splitlines()]
    assert len({row["id"] for row in found}) == len(found) == count
    for row in found:
        assert row["tags"][1] == half, row["id"]
        if row["tags"][0] in ("absent", "outside"):
            assert row["answerable"] is False and "answer" not in row, row["id"]
            continue
        holding = [text for text in paragraphs("beilun-fenji") if row["evidence"] in text]
        assert len(holding) == 1, row["id"]
        told = [*row["answer"], *row.get("items", [])]
        # The later writers' evidence may be a part of a sentence, or one of several.
        where = row["evidence"] if name == "beilun-fourth" else holding[0]
        assert all(words in where for words in told), row["id"]


@pytest.mark.parametrize("path", sorted((HERE / "tuning").glob("*.jsonl")), ids=lambda p: p.stem)
def test_what_is_fitted_on_one_article_is_told_there_or_absent(path: Path) -> None:
    found = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    assert len({row["id"] for row in found}) == len(found) >= 38
    for row in found:
        assert row["document"] == path.stem and row["tags"][1] == "tune", row["id"]
        if row["tags"][0] in ("absent", "outside"):
            assert row["answerable"] is False and "answer" not in row, row["id"]
            continue
        assert any(row["evidence"] in text for text in paragraphs(path.stem)), row["id"]
        assert all(answer in row["evidence"] for answer in row["answer"]), row["id"]


@pytest.mark.parametrize("name", ["variants", "tuning/variants"])
def test_variants_differ_from_their_plain_question(name: str) -> None:
    assert [row["id"] for row in rows(name) if row["question"] == row["plain"]] == []
    asked = Counter((row["tags"][0], row["plain"]) for row in rows(name))
    assert max(asked.values()) == 1


@pytest.mark.parametrize("name", ["ask-back", "tuning/ask-back"])
def test_the_readings_of_one_question_answer_differently(name: str) -> None:
    for row in rows(name):
        answers = [reading["answer"] for reading in row["readings"]]
        assert len(answers) == len(set(answers)) == 2, row["id"]
        for answer in answers:
            assert any(answer in text for text in paragraphs(row["document"])), row["id"]
