"""--select: by tag, and what was wrong in the last run."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from chatbot.question_sets import load_question_sets, run_question_sets
from chatbot.question_sets.last_run import LastRun
from chatbot.question_sets.question_set import SelectionError
from chatbot.question_sets.selection import select
from tests.chatbot.question_sets.records import Answers, given, refused

ROWS = "问题,答案,标签\n甲？,5%,数字\n乙？,5%,数字|追问\n丙？,5%,\n"
RIGHT, WRONG = given(), refused()


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("题.csv").write_text(ROWS, "utf-8")
    return Path("题.csv")


@pytest.fixture
def last(tmp_path: Path) -> LastRun:
    return LastRun(tmp_path / "cache" / "last-runs")


def asked(
    paths: Sequence[Path], records: dict[str, Any], wanted: Sequence[str], last: LastRun
) -> list[str]:
    """Run and return what was asked."""
    asker = Answers(records)
    run_question_sets(paths, asker, select=wanted, last_run=last)
    return [question for question, _, _ in asker.asked]


def records(*, wrong: str) -> dict[str, Any]:
    return {f"{name}？": WRONG if name in wrong else RIGHT for name in "甲乙丙"}


@pytest.mark.parametrize(
    ("wanted", "ids"),
    [
        ([], ["2", "3", "4"]),
        (["追问"], ["3"]),
        (["追问", "数字"], ["2", "3"]),
    ],
)
def test_any_of_the_tags(path: Path, wanted: list[str], ids: list[str]) -> None:
    assert [q.id for q in select(load_question_sets([path]), wanted, None)] == ids


@pytest.mark.parametrize(
    ("wanted", "message"),
    [
        (["数子"], "--select 数子：没有一题有这个标签；有的标签是 数字、追问"),
        (["failed"], "--select failed：还没有上次的结果；先不加 --select failed 跑一遍"),
        (
            ["x", "追问", "y"],
            "--select x：没有一题有这个标签；有的标签是 数字、追问\n"
            "--select y：没有一题有这个标签；有的标签是 数字、追问",
        ),
    ],
)
def test_what_names_no_question(path: Path, last: LastRun, wanted: list[str], message: str) -> None:
    with pytest.raises(SelectionError) as caught:
        asked([path], {}, wanted, last)
    assert str(caught.value) == message


def test_without_tags_and_with_too_many(path: Path) -> None:
    path.write_text("问题\n甲？\n", "utf-8")
    with pytest.raises(SelectionError, match="这些题都没有标签"):
        select(load_question_sets([path]), ["数字"], None)
    path.write_text("问题,标签\n" + "".join(f"问{n}？,标{n}\n" for n in range(30)), "utf-8")
    with pytest.raises(SelectionError, match=r"、标19 等 30 个$"):
        select(load_question_sets([path]), ["数字"], None)


def test_what_was_wrong_is_asked_until_it_is_right(path: Path, last: LastRun) -> None:
    assert asked([path], records(wrong="甲丙"), [], last) == ["甲？", "乙？", "丙？"]
    assert asked([path], records(wrong="丙"), ["failed"], last) == ["甲？", "丙？"]
    # What is not asked keeps its place: only 乙 is asked here, and 丙 stays wrong.
    assert asked([path], records(wrong="乙"), ["追问"], last) == ["乙？"]
    assert asked([path], records(wrong=""), ["failed"], last) == ["乙？", "丙？"]
    with pytest.raises(SelectionError) as caught:
        asked([path], {}, ["failed"], last)
    assert str(caught.value) == (
        "--select failed：上次没有答错的题；去掉 --select failed 就问全部的题"
    )


def test_rows_put_in_above_do_not_matter(path: Path, last: LastRun) -> None:
    asked([path], records(wrong="乙"), [], last)
    path.write_text(ROWS.replace("甲？,", "新的？,,\n甲？,"), "utf-8")
    assert asked([path], records(wrong=""), ["failed"], last) == ["乙？"]


def test_each_file_remembers_its_own(path: Path, last: LastRun) -> None:
    Path("二").mkdir()
    Path("二/题.csv").write_text("问题,答案\n甲？,5%\n丁？,5%\n", "utf-8")
    both = {**records(wrong="乙"), "丁？": WRONG}
    asked([path, Path("二")], both, [], last)
    assert asked([path], both, ["failed"], last) == ["乙？"]
    assert asked([Path("二/题.csv").resolve()], both, ["failed"], last) == ["丁？"]


def test_an_answer_that_changes_is_wrong(path: Path, last: LastRun) -> None:
    class Changing(Answers):
        def ask(self, question: str, history: Sequence[str], id: str) -> dict[str, Any]:
            super().ask(question, history, id)
            first = len(self.asked) <= 3
            return given(confidence=0.9 if first or question != "乙？" else 0.8)

    run_question_sets([path], Changing(records(wrong="")), repeat=2, last_run=last)
    assert asked([path], records(wrong=""), ["failed"], last) == ["乙？"]


def test_a_cache_that_cannot_be_written_is_said_and_costs_no_report(path: Path) -> None:
    Path("file").write_text("", "utf-8")
    report = run_question_sets([path], Answers(records(wrong="")), last_run=LastRun(Path("file/x")))
    assert len(report.scores) == 3
    (note,) = report.notes
    assert note.startswith("记不下答错的题，下次不能用 --select failed：")


def test_a_damaged_cache_is_none(path: Path, last: LastRun, tmp_path: Path) -> None:
    asked([path], records(wrong="乙"), [], last)
    (kept,) = (tmp_path / "cache" / "last-runs").iterdir()
    for content in ("", "[", "[]", '{"failed": 3}'):
        kept.write_text(content, "utf-8")
        with pytest.raises(SelectionError, match="还没有上次的结果"):
            asked([path], {}, ["failed"], last)
    assert asked([path], records(wrong="甲"), [], last) == ["甲？", "乙？", "丙？"]


def test_the_cache_holds_no_words_of_the_set(path: Path, last: LastRun, tmp_path: Path) -> None:
    asked([path], records(wrong="甲乙丙"), [], last)
    (kept,) = (tmp_path / "cache" / "last-runs").iterdir()
    assert not any(name in kept.read_text("utf-8") for name in "甲乙丙")
