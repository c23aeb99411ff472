"""A run with --report, --junit and --baseline: what it writes, compares and ends with."""

import csv
import errno
import io
import json
import tempfile
import threading
import xml.etree.ElementTree as ET
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from chatbot.question_sets import Report, run_question_sets, running, show_report
from chatbot.question_sets.answers_file import write_answer
from chatbot.question_sets.outputs import Outputs
from chatbot.question_sets.question_set import (
    AnswersFileError,
    AskError,
    NoAnswerError,
    ReportFileError,
)
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
    good = rolling.read_bytes()
    for _ in range(2):  # what a run broke must not be the same the next time
        report = run(path, worse, outputs=Outputs(baseline=rolling), answers=rolling)
        assert report.comparison is not None
        assert [change.question.id for change in report.comparison.broken] == ["a"]
        assert report.status == 1
        assert rolling.read_bytes() == good
    assert report.notes == ("有题变坏，基准 滚动.jsonl 没有换；这次的回答在 滚动.jsonl.new",)
    fresh = Path("滚动.jsonl.new").read_text("utf-8").splitlines()
    assert [json.loads(line)["answer"] for line in fresh] == ["张静章", None, None]

    better = {**RECORDS, "它呢？": given("6.8亿")}
    assert run(path, better, outputs=Outputs(baseline=rolling), answers=rolling).held
    assert not Path("滚动.jsonl.new").exists()
    assert "6.8亿" in rolling.read_text("utf-8")
    report = run(path, better, outputs=Outputs(baseline=rolling), answers=rolling)
    assert report.comparison is not None
    assert report.comparison.same == 3


def test_a_run_that_broke_off_leaves_the_baseline_as_it_was(path: Path) -> None:
    rolling = Path("滚动.jsonl")
    run(path, outputs=Outputs(), answers=rolling)
    good = rolling.read_bytes()
    records = {**RECORDS, "天气？": AskError("连不上")}
    report = run(path, records, outputs=Outputs(baseline=rolling), answers=rolling)
    assert report.status == 2
    assert rolling.read_bytes() == good
    assert report.notes == ("没有全部问到，基准 滚动.jsonl 没有换；这次的回答在 滚动.jsonl.new",)


def test_a_part_of_the_set_does_not_take_the_place_of_the_baseline(path: Path) -> None:
    rolling = Path("滚动.jsonl")
    run(path, outputs=Outputs(), answers=rolling)
    good = rolling.read_bytes()
    report = run(path, outputs=Outputs(baseline=rolling), answers=rolling, select=["数字"])
    assert report.held
    assert rolling.read_bytes() == good


def test_a_baseline_of_other_questions_is_an_error_before_anything_is_asked(path: Path) -> None:
    other = Path("别的.jsonl")
    other.write_text(json.dumps({**given(), "id": "z", "question": "别的？"}) + "\n", "utf-8")
    asker = Answers(RECORDS)
    with pytest.raises(AnswersFileError) as caught:
        run(path, asker, outputs=Outputs(baseline=other))
    assert str(caught.value) == (
        "--baseline 别的.jsonl：这次要问的题，里面一题也没有，没有可比的；"
        "请检查是不是这个问题集的 --answers 文件，或去掉 --baseline"
    )
    assert asker.asked == []


def test_a_question_without_an_answer_stands_in_every_output(path: Path) -> None:
    records = {**RECORDS, "它呢？": NoAnswerError("状态 500")}
    outputs = Outputs(report=Path("r"), junit=Path("j.xml"))
    report = run(path, records, outputs=outputs, answers=Path("答.jsonl"), fail_under=["1"])
    assert report.status == 2
    assert [score.id for score in report.scores] == ["a", "c"]
    lines = shown(report)
    assert lines[-3:-1] == [
        "没有得到回答：1 次提问，不进分数，也不算通过",
        "  b 它呢？：状态 500",
    ]
    assert cases(Path("j.xml")) == [("a 多少？", []), ("c 天气？", []), ("b 它呢？", ["error"])]
    page = Path("r/report.html").read_text("utf-8")
    assert page.count("<li data-state=") == 3
    assert page.count('<li data-state="error"') == 1
    assert "没有得到回答：1 次提问" in page
    with Path("r/answers.csv").open(encoding="utf-8-sig", newline="") as file:
        assert [(row["编号"], row["结论"], row["原因"]) for row in csv.DictReader(file)][-1] == (
            "b",
            "出错",
            "状态 500",
        )
    answered = Path("答.jsonl").read_text("utf-8").splitlines()
    assert [json.loads(line)["id"] for line in answered] == ["a", "c"]


def test_what_did_not_hold_fails_in_a_suite_of_its_own(path: Path) -> None:
    last = Path("上次.jsonl")
    run(path, outputs=Outputs(), answers=last)

    class Changing(Answers):
        def ask(self, question: str, history: Sequence[str], id: str) -> dict[str, Any]:
            record = super().ask(question, history, id)
            return {**record, "reply": str(len(self.asked))} if id == "c" else record

    outputs = Outputs(junit=Path("j.xml"), baseline=last)
    asker = Changing({**RECORDS, "多少？": WRONG})
    report = run(path, asker, outputs=outputs, repeat=2, fail_under=["0.1", "f1>=0.9"])
    assert report.status == 1
    suites = list(ET.fromstring(Path("j.xml").read_bytes()))
    assert [suite.get("name") for suite in suites] == ["题.jsonl", "wenda test 的门槛"]
    assert (suites[1].get("tests"), suites[1].get("failures")) == ("3", "3")
    assert [(case.get("classname"), case.get("name")) for case in suites[1]] == [
        ("wenda.gate", "门槛 f1>=0.9"),
        ("wenda.baseline", "与基准比较"),
        ("wenda.repeat", "回答不变 c"),
    ]
    messages = [failure.get("message") for failure in suites[1].iter("failure")]
    assert messages[:2] == [
        "未达标：f1（字符 F1）>= 0.9，实得 0",
        "未达标：变坏 1 题，允许 0 题",
    ]
    assert "先前 5%" in (suites[1][1][0].text or "")


def test_retries_and_the_oracle_stand_in_the_report(path: Path) -> None:
    records = {**RECORDS, "多少？": {**given(), "retries": 2}}
    run(path, records, outputs=Outputs(report=Path("r")))
    assert "重试：1 题共 2 次；编号 a（2 次）" in Path("r/report.html").read_text("utf-8")
    with Path("r/answers.csv").open(encoding="utf-8-sig", newline="") as file:
        assert [row["重试"] for row in csv.DictReader(file)] == ["2", "", ""]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a full disk to write to")
def test_a_full_temporary_folder_is_said_and_ends_the_run(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    message = "：写不了，磁盘满了；请腾出空间，或用环境变量 TMPDIR 换一个文件夹"

    def full(**options: Any) -> Any:
        return Path("/dev/full").open("r+b", buffering=0)

    monkeypatch.setattr(tempfile, "TemporaryFile", full)
    with pytest.raises(ReportFileError) as caught:
        run(path, outputs=Outputs(junit=Path("j.xml")))
    assert str(caught.value) == f"临时文件夹 {tempfile.gettempdir()} {message}"

    def none(**options: Any) -> Any:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(tempfile, "TemporaryFile", none)
    with pytest.raises(ReportFileError, match="磁盘满了；请腾出空间"):
        run(path, outputs=Outputs(junit=Path("j.xml")))


def test_a_disk_that_fills_up_under_the_answers_leaves_the_report(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def second_fails(file: Any, record: dict[str, Any], *, first: bool) -> None:
        if not first:
            raise AnswersFileError("--answers 答.jsonl：写不下去了，磁盘满了")
        write_answer(file, record, first=first)

    monkeypatch.setattr(running, "write_answer", second_fails)
    outputs = Outputs(report=Path("r"), junit=Path("j.xml"))
    report = run(path, outputs=outputs, answers=Path("答.jsonl"))
    assert report.status == 2
    assert shown(report)[-2:] == [
        "--answers 答.jsonl：写不下去了，磁盘满了",
        "3 次提问只问了 2 次，以上只是问过的；不算通过",
    ]
    assert [kinds for _, kinds in cases(Path("j.xml"))] == [[], ["failure"], ["skipped"], ["error"]]
    assert Path("r/report.html").read_text("utf-8").count("<li data-state=") == 2


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
