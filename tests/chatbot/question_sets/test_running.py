"""A run: what is asked, written, shown and judged."""

import io
import json
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from chatbot.question_sets import (
    HttpAsker,
    QuestionSetError,
    Report,
    run_question_sets,
    show_report,
)
from chatbot.question_sets.question_set import AnswersFileError, AskError, GateError, NoAnswerError
from tests.chatbot.question_sets.records import Answers, given, refused

SET = [
    {"id": "a", "question": "多少？", "answer": "5%", "evidence": "研发", "tags": ["数字"]},
    {"id": "b", "question": "它呢？", "answer": "6%", "history": ["多少？"], "tags": ["[b]追问"]},
    {"id": "c", "question": "天气？", "answerable": False, "tags": ["数字"]},
]
RECORDS = {"多少？": given(confidence=0.9), "它呢？": refused(), "天气？": refused(confidence=0.2)}


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    path = Path("题.jsonl")
    write(path, SET)
    return path


def write(path: Path, questions: Sequence[dict[str, Any]]) -> None:
    lines = (json.dumps(question, ensure_ascii=False) + "\n" for question in questions)
    path.write_text("".join(lines), "utf-8")


def run(path: Path, asker: Any, **options: Any) -> tuple[Report, str]:
    """Run one set; return the report and what was shown on a terminal of 80 columns."""
    out = Console(file=io.StringIO(), width=80)
    report = run_question_sets([path], asker, out=out, **options)
    return report, out.file.getvalue()  # type: ignore[attr-defined]


def test_every_question_is_asked_in_order_with_its_history(path: Path) -> None:
    asker = Answers(RECORDS)
    report, _ = run(path, asker)
    assert asker.asked == [("多少？", (), "a"), ("它呢？", ("多少？",), "b"), ("天气？", (), "c")]
    assert [(score.id, score.right) for score in report.scores] == [
        ("a", True),
        ("b", False),
        ("c", True),
    ]
    assert report.held


def test_several_sets_make_one_run(path: Path) -> None:
    write(Path("二.jsonl"), [{"id": "d", "question": "多少？"}])
    out = Console(file=io.StringIO())
    report = run_question_sets([path, Path("二.jsonl")], Answers(RECORDS), out=out)
    assert [score.id for score in report.scores] == ["a", "b", "c", "d"]


def test_the_answers_are_records_with_the_questions_id(path: Path) -> None:
    run(path, Answers(RECORDS), answers=Path("答.jsonl"))
    text = Path("答.jsonl").read_text("utf-8")
    assert text.endswith("\n")
    assert "研发" in text
    lines = [json.loads(line) for line in text.splitlines()]
    # Beside the record itself stands what was expected of it; test_outcomes looks into that.
    assert [line.pop("test")["question"] for line in lines] == ["多少？", "它呢？", "天气？"]
    assert lines == [
        {**RECORDS["多少？"], "id": "a"},
        {**RECORDS["它呢？"], "id": "b"},
        {**RECORDS["天气？"], "id": "c"},
    ]


def test_an_answer_is_in_the_file_before_the_next_question(path: Path) -> None:
    class Peeking(Answers):
        def ask(self, question: str, history: Sequence[str], id: str) -> dict[str, Any]:
            lines.append(len(Path("答.jsonl").read_text("utf-8").splitlines()))
            return super().ask(question, history, id)

    lines: list[int] = []
    run(path, Peeking(RECORDS), answers=Path("答.jsonl"))
    assert lines == [0, 1, 2]


def test_a_failure_keeps_and_reports_what_was_answered(path: Path) -> None:
    asker = Answers({**RECORDS, "天气？": AskError("连不上")})
    report, shown = run(path, asker, answers=Path("答.jsonl"), fail_under=["0.1"])
    ids = [json.loads(line)["id"] for line in Path("答.jsonl").read_text("utf-8").splitlines()]
    assert ids == ["a", "b"]
    assert [score.id for score in report.scores] == ["a", "b"]
    assert (report.held, report.status) == (False, 2)
    assert shown.splitlines()[-2:] == [
        "连不上",
        "3 次提问只问了 2 次，以上只是问过的；不算通过",
    ]


@pytest.mark.parametrize("concurrency", [1, 2])
def test_one_question_without_an_answer_does_not_end_the_run(path: Path, concurrency: int) -> None:
    asker = Answers({**RECORDS, "多少？": NoAnswerError("状态 413，问题太长")})
    report, shown = run(path, asker, concurrency=concurrency, repeat=2)
    assert (report.status, len(asker.asked)) == (2, 6)
    assert [(it.question.id, it.round) for it in report.failures] == [("a", 1), ("a", 2)]
    assert [score.id for score in report.scores] == ["b", "c"]
    assert shown.splitlines()[-3:] == [
        "没有得到回答：2 次提问，不进分数，也不算通过",
        "  a 多少？：状态 413，问题太长",
        "  a 多少？（第 2 遍）：状态 413，问题太长",
    ]


def test_a_server_that_is_gone_ends_the_run_after_three(path: Path) -> None:
    write(path, [{"question": f"{number}？", "answer": "5%"} for number in range(9)])
    gone = NoAnswerError("连不上", no_server=True)
    records: dict[str, Any] = {f"{number}？": gone for number in range(9)}
    # One answer between them, and it is not gone yet.
    asker = Answers({**records, "0？": given(), "3？": given()})
    report, shown = run(path, asker)
    assert (report.status, len(asker.asked), len(report.failures)) == (2, 7, 5)
    assert shown.splitlines()[-3:] == [
        "连不上",
        "接连 3 次都问不到服务，不再问下去",
        "9 次提问只问了 7 次，以上只是问过的；不算通过",
    ]


def test_a_server_that_never_was_there_is_an_error(path: Path) -> None:
    gone = NoAnswerError("连不上", no_server=True)
    with pytest.raises(AskError, match="连不上"):
        run(path, Answers(dict.fromkeys(RECORDS, gone)))


def test_an_id_stays_what_it_is(path: Path) -> None:
    write(path, [{"id": "题库:A:12", "question": "多少？", "answer": "5%", "tags": [":A:"]}])
    _, shown = run(path, Answers({"多少？": NoAnswerError("不行")}))
    assert "  题库:A:12 多少？：不行" in shown.splitlines()
    _, shown = run(path, Answers({"多少？": {**given(), "retries": 1}}))
    assert "编号 题库:A:12（1 次）" in shown
    assert "\n:A: " in shown


def test_a_failure_at_the_first_question_is_an_error(path: Path) -> None:
    with pytest.raises(AskError, match="连不上"):
        run(path, Answers({"多少？": AskError("连不上")}))


def test_the_answers_of_an_earlier_run_stay_until_the_first_of_this(path: Path) -> None:
    answers = Path("答.jsonl")
    answers.write_text("早先的回答\n" * 9, "utf-8")
    with pytest.raises(AskError):
        run(path, Answers({"多少？": AskError("连不上")}), answers=answers)
    assert answers.read_text("utf-8") == "早先的回答\n" * 9
    run(path, Answers(RECORDS), answers=answers)
    assert [json.loads(line)["id"] for line in answers.read_text("utf-8").splitlines()] == [
        "a",
        "b",
        "c",
    ]


def test_killed_at_once_every_finished_record_is_readable(path: Path) -> None:
    # A process that is killed in the middle of its second question.
    program = """
import os, signal, sys
from pathlib import Path
from rich.console import Console
from chatbot.question_sets import run_question_sets
from tests.chatbot.question_sets.records import given
class Dying:
    asked = 0
    def ask(self, question, history, id):
        self.asked += 1
        if self.asked == 3:
            os.kill(os.getpid(), getattr(signal, "SIGKILL", signal.SIGTERM))
        return given()
run_question_sets([Path(sys.argv[1])], Dying(), out=Console(), answers=Path(sys.argv[2]))
"""
    root = Path(__file__).parents[3]
    subprocess.run(
        [sys.executable, "-c", program, str(path.resolve()), str(Path("答.jsonl").resolve())],
        cwd=root,
        check=False,
    )
    ids = [json.loads(line)["id"] for line in Path("答.jsonl").read_text("utf-8").splitlines()]
    assert ids == ["a", "b"]


def test_half_a_character_in_a_record_is_written_as_json_escapes_it(path: Path) -> None:
    record = {**given(), "reply": "\ud800"}
    run(path, Answers(dict.fromkeys(RECORDS, record)), answers=Path("答.jsonl"))
    first = Path("答.jsonl").read_bytes().split(b"\n")[0]
    assert json.loads(first)["reply"] == "\ud800"


@pytest.mark.parametrize(
    ("answers", "message"),
    [
        ("没有/答.jsonl", "--answers 没有/答.jsonl：写不了，没有这个文件或文件夹"),
        ("夹", "--answers 夹：写不了，这是一个文件夹，不是文件"),
        ("题.jsonl", "--answers 题.jsonl：这是问题集本身，写进去就毁了它；请换一个文件名"),
        (
            "夹/../题.jsonl",
            "--answers 夹/../题.jsonl：这是问题集本身，写进去就毁了它；请换一个文件名",
        ),
    ],
)
def test_an_answers_file_that_cannot_be_is_said_before_anything_is_asked(
    path: Path, answers: str, message: str
) -> None:
    Path("夹").mkdir()
    before = path.read_bytes()
    asker = Answers(RECORDS)
    with pytest.raises(AnswersFileError) as caught:
        run(path, asker, answers=Path(answers))
    assert str(caught.value) == message
    assert asker.asked == []
    assert path.read_bytes() == before


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a full disk to write to")
def test_a_full_disk(path: Path) -> None:
    with pytest.raises(AnswersFileError) as caught:
        run(path, Answers(RECORDS), answers=Path("/dev/full"))
    assert str(caught.value) == "--answers /dev/full：写不下去了，磁盘满了"


def test_nothing_is_opened_for_a_broken_set_or_gate(path: Path) -> None:
    def never() -> Answers:
        raise AssertionError("opened")

    with pytest.raises(GateError):
        run(path, never, fail_under=["90"])
    path.write_text("{", "utf-8")
    with pytest.raises(QuestionSetError):
        run(path, never, answers=Path("答.jsonl"))
    assert not Path("答.jsonl").exists()


def test_an_asker_may_be_opened_late(path: Path) -> None:
    report, _ = run(path, lambda: Answers(RECORDS))
    assert len(report.scores) == 3


def test_an_asker_that_the_run_opened_is_closed(path: Path) -> None:
    askers: list[HttpAsker] = []

    def connect() -> HttpAsker:
        askers.append(HttpAsker("http://127.0.0.1:9"))
        return askers[0]

    with pytest.raises(AskError, match=r"http://127\.0\.0\.1:9"):
        run(path, connect)
    with pytest.raises(RuntimeError, match="closed"):
        askers[0].ask("多少？", (), "a")


def test_progress(path: Path) -> None:
    seen: list[tuple[int, int]] = []
    run(path, Answers(RECORDS), progress=lambda done, all: seen.append((done, all)))
    assert seen == [(1, 3), (2, 3), (3, 3)]


def test_concurrency_asks_so_many_at_once_and_reports_in_order(path: Path) -> None:
    write(path, [{"question": f"{number}？", "answer": "5%"} for number in range(40)])
    barrier = threading.Barrier(4)  # breaks unless four questions are under way together
    under_way, most, lock = 0, 0, threading.Lock()

    class Together:
        def ask(self, question: str, history: Sequence[str], id: str) -> dict[str, Any]:
            nonlocal under_way, most
            with lock:
                under_way += 1
                most = max(most, under_way)
            barrier.wait(timeout=10)
            with lock:
                under_way -= 1
            return given(milliseconds=float(question.removesuffix("？")))

    report, _ = run(path, Together(), concurrency=4, answers=Path("答.jsonl"))
    assert most == 4
    assert [score.milliseconds for score in report.scores] == [float(n) for n in range(40)]
    records = [json.loads(line) for line in Path("答.jsonl").read_text("utf-8").splitlines()]
    assert {record["id"]: record["milliseconds"] for record in records} == {
        str(number + 1): float(number) for number in range(40)
    }


def test_a_failure_among_several_keeps_what_was_under_way_with_it(path: Path) -> None:
    failed = threading.Event()

    class Failing:
        def ask(self, question: str, history: Sequence[str], id: str) -> dict[str, Any]:
            if id == "b":
                failed.set()
                raise AskError("连不上")
            failed.wait(10)
            return given()

    report, _ = run(path, Failing(), concurrency=3, answers=Path("答.jsonl"))
    assert report.status == 2
    lines = Path("答.jsonl").read_text("utf-8").splitlines()
    assert sorted(json.loads(line)["id"] for line in lines) == ["a", "c"]


def test_the_tables(path: Path) -> None:
    _, shown = run(path, Answers(RECORDS), fail_under=["0.5", "f1>=0.9"])
    assert [line.rstrip() for line in shown.splitlines()] == [
        # Wilson: 2 of 3, 1 of 1 and 1 of 2.
        "分数                     值         95% 区间   题数",
        "───────────────────────────────────────────────────",
        "答对 right            66.7%    20.8% – 93.9%      3",
        "段落命中 paragraph   100.0%   20.7% – 100.0%      1",
        "句子命中 sentence     50.0%     9.5% – 90.5%      2",
        "完全一致 exact        50.0%     9.5% – 90.5%      2",
        "字符 F1 f1            50.0%     9.5% – 90.5%      2",
        "该答而答 answered     50.0%     9.5% – 90.5%      2",
        "该拒而拒 refusal     100.0%   20.7% – 100.0%      1",
        # 0.9 is above 0.2, 0.1 below.
        "把握 AUROC auroc      0.500    0.079 – 0.921      3",
        "",
        "标签         题数     答对     段落     句子     一致       F1     作答     拒答",
        "────────────────────────────────────────────────────────────────────────────────",
        "数字            2   100.0%   100.0%   100.0%   100.0%   100.0%   100.0%   100.0%",
        "[b]追问         1     0.0%        –     0.0%     0.0%     0.0%     0.0%        –",
        "",
        "用时：中位数 40.0 毫秒，p95 40.0 毫秒，p99 40.0 毫秒",
        "达标：right（答对）>= 0.5，实得 0.6666",
        "未达标：f1（字符 F1）>= 0.9，实得 0.5",
        "门槛共 2 项：1 项达标（right>=0.5），1 项未达标（f1>=0.9）",
    ]


def test_a_report_may_be_shown_later(path: Path) -> None:
    report = run_question_sets([path], Answers(RECORDS), fail_under=["0.5"])
    out = Console(file=io.StringIO(), width=80)
    show_report(report, out)
    assert out.file.getvalue() == run(path, Answers(RECORDS), fail_under=["0.5"])[1]  # type: ignore[attr-defined]


def test_list_scores_are_shown_where_there_are_items(path: Path) -> None:
    write(path, [{"question": "多少？", "items": ["5%", "6%"]}, {"question": "它呢？"}])
    _, shown = run(path, Answers({**RECORDS, "它呢？": given(milliseconds=60.0)}))
    assert [line.rstrip() for line in shown.splitlines()] == [
        "分数                       值         95% 区间   题数",
        "─────────────────────────────────────────────────────",
        "答对 right             100.0%   20.7% – 100.0%      1",  # found 1/2, right 1: 0.67
        "列举找全 items_found    50.0%     5.5% – 94.5%      1",
        "列举无误 items_right   100.0%   20.7% – 100.0%      1",
        "该答而答 answered      100.0%   20.7% – 100.0%      1",
        "",
        "另有 1 题没有写明该怎样回答，只记录了回答。",
        "用时：中位数 50.0 毫秒，p95 59.0 毫秒，p99 59.8 毫秒",
    ]


def test_list_scores_are_shown_by_tag_too(path: Path) -> None:
    write(path, [{"question": "多少？", "items": ["5%", "6%"], "tags": ["列"]}])
    _, shown = run(path, Answers(RECORDS))
    lines = [line.split() for line in shown.splitlines()]
    assert ["标签", "题数", "答对", "找全", "无误", "作答"] in lines
    assert ["列", "1", "100.0%", "50.0%", "100.0%", "100.0%"] in lines


def test_a_long_tag_is_folded_not_cut(path: Path) -> None:
    tag = "很长的标签" * 8
    write(path, [{**SET[0], "tags": [tag]}, SET[2]])
    _, shown = run(path, Answers(RECORDS))
    lines = shown[shown.index("标签") :].splitlines()[2:]
    assert "".join(line.split(" ")[0] for line in lines).startswith(tag)


def test_nothing_expected_nothing_scored(path: Path) -> None:
    write(path, [{"question": "多少？"}, {"question": "它呢？"}])
    report, shown = run(path, Answers(RECORDS))
    assert report.held
    assert shown.splitlines() == [
        "2 题都没有写明该怎样回答，只记录了回答，没有分数。",
        "用时：中位数 40.0 毫秒，p95 40.0 毫秒，p99 40.0 毫秒",
    ]


def test_a_gate_on_a_score_that_nothing_gave_does_not_hold(path: Path) -> None:
    write(path, [{"question": "多少？"}])
    report, shown = run(path, Answers(RECORDS), fail_under=["0.5"])
    assert not report.held
    assert shown.splitlines()[-1] == "未达标：right（答对）>= 0.5，可是没有一题能算这个分数"


def test_ten_thousand_questions_keep_no_records(path: Path) -> None:
    write(path, [{"question": "多少？", "answer": "5%", "evidence": "研发"}] * 10_000)
    began = time.perf_counter()
    report, _ = run(path, Answers(RECORDS))
    assert time.perf_counter() - began < 20
    assert report.summary.scores["exact"].value == 1.0


def test_importing_question_sets_loads_nothing_heavy() -> None:
    program = (
        "import sys, chatbot.question_sets;"
        "print([name for name in ('torch', 'gradio', 'httpx', 'rich', 'numpy', 'faiss')"
        " if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=Path(__file__).parents[3],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == "[]"
