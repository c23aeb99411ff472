"""`wenda feedback`: data on stdout, talk on stderr, nothing overwritten."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from chatbot.feedback.store import FeedbackStore
from chatbot.question_sets import load_question_set
from tests.chatbot.feedback.test_question_set import ENTRY
from tests.chatbot.test_cli import Run, run

__all__ = ["run"]  # the fixture


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "feedback.db"
    store = FeedbackStore(path)
    store.save(ENTRY)
    store.save(replace(ENTRY, id="a2", rating="down", question="几人？\x1b[31m", reason="不对"))
    return path


def test_export_writes_a_question_set_to_stdout(run: Run, file: Path) -> None:
    status, out, err = run("feedback", "export", "--feedback", file)
    assert status == 0
    assert [json.loads(line)["id"] for line in out.splitlines()] == ["feedback-a1", "feedback-a2"]
    assert err == "导出 2 题。其中 1 题只知道答错了，请补上 answer（标签“待补答案”）。\n"


def test_export_writes_a_new_file_that_loads(run: Run, file: Path, tmp_path: Path) -> None:
    output = tmp_path / "反馈.jsonl"
    status, out, err = run("feedback", "export", "--feedback", file, "--output", output)
    assert (status, out) == (0, "")
    assert f"到 {output}；用 wenda test {output} 来跑" in err
    assert load_question_set(output)[0].question == "投入多少？"


def test_export_never_overwrites(run: Run, file: Path, tmp_path: Path) -> None:
    output = tmp_path / "set.jsonl"
    output.write_text("mine", encoding="utf-8")
    status, _, err = run("feedback", "export", "--feedback", file, "--output", output)
    assert status == 2
    assert err == f"wenda：--output {output}：已经有这个文件，没有动它；请换一个名字\n"
    assert output.read_text(encoding="utf-8") == "mine"


def test_list_is_for_reading_and_cannot_colour_the_terminal(run: Run, file: Path) -> None:
    status, out, err = run("feedback", "list", "--feedback", file)
    assert (status, err) == (0, "")
    assert out.splitlines() == [
        "2026-11-24T12:00:00+00:00  赞  投入多少？",
        "    回答：5%",
        "2026-11-24T12:00:00+00:00  踩  几人？ [31m",
        "    回答：5%",
        "    理由：不对",
    ]


@pytest.mark.parametrize("command", ["list", "export"])
def test_without_feedback_it_says_so_and_makes_no_file(
    run: Run, tmp_path: Path, command: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "none.db"
    monkeypatch.setenv("WENDA_FEEDBACK", str(path))
    assert run("feedback", command) == (0, "", f"还没有评价（{path}）。\n")
    assert not path.exists()


def test_a_broken_file_is_one_line(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "f.db"
    path.write_text("不是数据库。" * 100, encoding="utf-8")
    status, out, err = run("feedback", "list", "--feedback", path)
    assert (status, out) == (2, "")
    assert err == f"wenda：反馈文件 {path}：不是反馈数据库；请用 --feedback 换一个文件\n"
