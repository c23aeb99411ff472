"""A run with --report, --junit and --baseline: what it writes, compares and ends with."""

import csv
import io
import json
import threading
import xml.etree.ElementTree as ET
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from chatbot.question_sets import Report, run_question_sets, show_report
from chatbot.question_sets.outputs import Outputs
from chatbot.question_sets.question_set import AnswersFileError, AskError, ReportFileError
from tests.chatbot.question_sets.records import Answers, given, refused

SET = [
    {"id": "a", "question": "多少？", "answer": "5%", "evidence": "研发", "tags": ["数字"]},
    {"id": "b", "question": "它呢？", "answer": "6.8亿", "history": ["多少？"]},
    {"id": "c", "question": "天气？", "answerable": False, "tags": ["敏感"]},
]
RECORDS = {"多少？": given(), "它呢？": refused(), "天气？": refused(confidence=0.2)}
WRONG = given("张静章", "张静章说。")


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    path = Path("题.jsonl")
    lines = (json.dumps(question, ensure_ascii=False) + "\n" for question in SET)
    path.write_text("".join(lines), "utf-8")
    return path


def run(path: Path, records: Any = RECORDS, *, outputs: Outputs, **rest: Any) -> Report:
    asker = records if hasattr(records, "ask") else Answers(records)
    return run_question_sets([path], asker, outputs=outputs, **rest)


def shown(report: Report) -> list[str]:
    out = Console(file=io.StringIO(), width=80)
    show_report(report, out)
    return str(out.file.getvalue()).splitlines()  # type: ignore[attr-defined]


def cases(path: Path) -> list[tuple[str, list[str]]]:
    root = ET.fromstring(path.read_bytes())
    return [(case.get("name", ""), [child.tag for child in case]) for case in root.iter("testcase")]


def test_the_report_and_junit_of_a_run(path: Path) -> None:
    outputs = Outputs(report=Path("报告/今天"), junit=Path("ci/junit.xml"))
    report = run(path, outputs=outputs, fail_under=["0.5"])
    files = (Path("报告/今天/report.html"), Path("报告/今天/answers.csv"), Path("ci/junit.xml"))
    assert report.written == files
    page = files[0].read_text("utf-8")
    assert "达标：right（答对）&gt;= 0.5，实得 0.6666" in page
    assert page.count("<li data-state=") == 3
    with files[1].open(encoding="utf-8-sig", newline="") as file:
        assert [(row["编号"], row["结论"]) for row in csv.DictReader(file)] == [
            ("a", "对"),
            ("b", "错"),
            ("c", "对"),
        ]
    assert cases(files[2]) == [("a 多少？", []), ("b 它呢？", ["failure"]), ("c 天气？", [])]


def test_outcomes_stand_in_the_order_of_the_set_however_they_came(path: Path) -> None:
    together = threading.Barrier(3)
    first_last = {"多少？": 0.06, "它呢？": 0.03, "天气？": 0.0}

    class Slow(Answers):
        def ask(self, question: str, history: Sequence[str], id: str) -> dict[str, Any]:
            together.wait(10)
            threading.Event().wait(first_last[question])
            return super().ask(question, history, id)

    outputs = Outputs(junit=Path("j.xml"))
    run(path, Slow(RECORDS), outputs=outputs, concurrency=3)
    assert [name[0] for name, _ in cases(Path("j.xml"))] == ["a", "b", "c"]


def test_a_run_that_broke_off_reports_what_was_asked(path: Path) -> None:
    records = {**RECORDS, "天气？": AskError("连不上 http://127.0.0.1:9")}
    report = run(path, records, outputs=Outputs(report=Path("r"), junit=Path("j.xml")))
    assert report.status == 2
    assert cases(Path("j.xml")) == [
        ("a 多少？", []),
        ("b 它呢？", ["failure"]),
        ("c 天气？", ["skipped"]),
        ("跑完问题集", ["error"]),
    ]
    page = Path("r/report.html").read_text("utf-8")
    assert page.count("<li data-state=") == 2
    assert "连不上 http://127.0.0.1:9" in page


def test_answers_keep_what_a_later_run_is_compared_with(path: Path) -> None:
    last = Path("上次.jsonl")
    run(path, outputs=Outputs(), answers=last)
    same = run(path, outputs=Outputs(baseline=last))
    assert same.held
    assert shown(same)[-1] == "达标：变坏 0 题，允许 0 题"

    worse = {**RECORDS, "多少？": WRONG}
    report = run(path, worse, outputs=Outputs(baseline=last))
    assert (report.held, report.status) == (False, 1)
    assert shown(report)[-8:] == [
        "变坏（先前对，这次错）：1 题",
        "  a 多少？（期望 5%）",
        "    先前 5%",
        "    这次 张静章",
        "",
        "比较：变坏 1，变好 0，改答 0，没变 2，新题 0，缺题 0",
        "两次都评了分的 3 题：先前答对 2，这次答对 1；McNemar 精确检验（双侧）p = 1",
        "未达标：变坏 1 题，允许 0 题",
    ]
    assert run(path, worse, outputs=Outputs(baseline=last, allow_broken=1)).held


def test_the_baseline_may_be_the_file_that_the_answers_go_to(path: Path) -> None:
    rolling = Path("滚动.jsonl")
    run(path, outputs=Outputs(), answers=rolling)
    worse = {**RECORDS, "多少？": WRONG}
    report = run(path, worse, outputs=Outputs(baseline=rolling), answers=rolling)
    assert report.comparison is not None
    assert [change.question.id for change in report.comparison.broken] == ["a"]
    report = run(path, worse, outputs=Outputs(baseline=rolling), answers=rolling)
    assert report.comparison is not None
    assert report.comparison.same == 3


def test_a_question_that_was_not_selected_is_not_gone(path: Path) -> None:
    last = Path("上次.jsonl")
    run(path, outputs=Outputs(), answers=last)
    lines = path.read_text("utf-8").splitlines()
    path.write_text("\n".join(lines[:2]), "utf-8")
    report = run(path, outputs=Outputs(baseline=last), select=["数字"])
    assert report.comparison is not None
    # b was not selected; c is in the set no more.
    assert [question.id for question in report.comparison.gone] == ["c"]
    assert report.comparison.same == 1


@pytest.mark.parametrize(
    ("outputs", "error", "message"),
    [
        (
            {"report": Path("题.jsonl")},
            ReportFileError,
            "--report 题.jsonl：写不了，这里已经有一个文件，不是文件夹",
        ),
        (
            {"junit": Path("夹")},
            ReportFileError,
            "--junit 夹：写不了，这是一个文件夹，不是文件",
        ),
        (
            {"baseline": Path("没有.jsonl")},
            AnswersFileError,
            "没有.jsonl：读不了，没有这个文件或文件夹",
        ),
        (
            {"baseline": Path("题.jsonl")},
            AnswersFileError,
            "题.jsonl 第 1 行：不是回答记录；要用 wenda test --answers 写出的文件",
        ),
    ],
)
def test_what_cannot_be_is_said_before_anything_is_asked(
    path: Path, outputs: dict[str, Any], error: type[Exception], message: str
) -> None:
    Path("夹").mkdir()
    before = path.read_bytes()
    asker = Answers(RECORDS)
    with pytest.raises(error) as caught:
        run(path, asker, outputs=Outputs(**outputs))
    assert str(caught.value) == message
    assert asker.asked == []
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    ("outputs", "message"),
    [
        (
            {"junit": Path("题.jsonl")},
            "--junit 题.jsonl：这是问题集本身，写进去就毁了它；请换一个文件名",
        ),
        (
            {"junit": Path("夹/../答.jsonl")},
            "--junit 夹/../答.jsonl：这是 --answers 的文件，写进去就毁了它；请换一个文件名",
        ),
        (
            {"junit": Path("上次.jsonl"), "baseline": Path("上次.jsonl")},
            "--junit 上次.jsonl：这是 --baseline 的文件，写进去就毁了它；请换一个文件名",
        ),
        (
            {"report": Path("夹/报告")},
            "--report 夹/报告：在问题集的文件夹里，下次会被当作问题集；请写到别的文件夹",
        ),
    ],
)
def test_no_report_overwrites_what_the_run_reads_or_writes(
    path: Path, outputs: dict[str, Any], message: str
) -> None:
    folder = Path("夹")
    folder.mkdir()
    (folder / "二.jsonl").write_text('{"question": "多少？"}\n', "utf-8")
    Path("上次.jsonl").write_text("", "utf-8")
    before = path.read_bytes()
    with pytest.raises(ReportFileError) as caught:
        run_question_sets(
            [path, folder],
            Answers(RECORDS),
            outputs=Outputs(**outputs),
            answers=Path("答.jsonl"),
        )
    assert str(caught.value) == message
    assert path.read_bytes() == before


def test_finding_out_leaves_nothing_and_spoils_nothing(path: Path) -> None:
    Path("旧.xml").write_text("旧", "utf-8")
    with pytest.raises(AskError):
        run(
            path,
            {"多少？": AskError("连不上")},
            outputs=Outputs(report=Path("r"), junit=Path("旧.xml")),
        )
    assert Path("旧.xml").read_text("utf-8") == "旧"
    assert list(Path("r").iterdir()) == []


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a full disk to write to")
def test_a_disk_that_is_full_by_then_does_not_take_the_table_with_it(path: Path) -> None:
    report = run(path, outputs=Outputs(junit=Path("/dev/full")))
    assert report.status == 2
    lines = shown(report)
    assert lines[0].startswith("分数")
    assert lines[-1] == "--junit /dev/full：写不了，磁盘满了"
