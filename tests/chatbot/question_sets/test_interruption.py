"""Ctrl-C and worse: what was asked is reported, what was answered is in the file."""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from chatbot.question_sets import Report, run_question_sets
from tests.chatbot.question_sets.records import given

ROOT = Path(__file__).parents[3]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "题.jsonl"
    path.write_text("".join(f'{{"question": "{n}？"}}\n' for n in range(50)), "utf-8")
    return path


class Stopping:
    """Sets the event while it answers the question number `at`."""

    def __init__(self, at: int) -> None:
        self.event = threading.Event()
        self._at = at
        self._asked = 0
        self._lock = threading.Lock()

    def ask(self, question: str, history: Sequence[str], id: str) -> dict[str, Any]:
        with self._lock:
            self._asked += 1
            if self._asked == self._at:
                self.event.set()
        return given()


def run(path: Path, asker: Stopping, **options: Any) -> tuple[Report, list[str]]:
    out = Console(file=io.StringIO(), width=80)
    report = run_question_sets([path], asker, out=out, stopping=asker.event, **options)
    return report, out.file.getvalue().splitlines()  # type: ignore[attr-defined]


@pytest.mark.parametrize("concurrency", [1, 4])
def test_a_stopped_run_reports_what_was_asked_and_does_not_pass(
    path: Path, concurrency: int
) -> None:
    answers = path.with_name("答.jsonl")
    report, shown = run(path, Stopping(7), answers=answers, concurrency=concurrency)
    asked = len(report.scores)
    assert 7 <= asked <= 7 + concurrency
    assert len(answers.read_text("utf-8").splitlines()) == asked
    assert (report.held, report.status) == (False, 130)
    assert shown[-1] == (f"被 Ctrl-C 打断：50 次提问只问了 {asked} 次，以上只是问过的；不算通过")


def test_stopped_in_the_second_round(path: Path) -> None:
    report, shown = run(path, Stopping(60), repeat=2)
    assert len(report.scores) == 50
    assert report.status == 130
    assert shown[-1] == (
        "被 Ctrl-C 打断：100 次提问（每题 2 遍）只问了 60 次，以上只是问过的；不算通过"
    )


def test_stopped_at_the_last_question_all_was_asked(path: Path) -> None:
    report, _ = run(path, Stopping(50))
    assert (report.held, report.status) == (True, 0)


PROGRAM = """
import os, signal, sys, threading
from pathlib import Path
from rich.console import Console
from chatbot.question_sets import run_question_sets
from tests.chatbot.question_sets.records import given
# A process that is started in the background may be told to ignore Ctrl-C.
signal.signal(signal.SIGINT, signal.default_int_handler)
sent, at, times, concurrency = map(int, sys.argv[3:])
lock, asked = threading.Lock(), 0
class Struck:
    def ask(self, question, history, id):
        global asked
        with lock:
            asked += 1
            if asked == at:
                for _ in range(times):
                    signal.raise_signal(sent) if times > 1 else os.kill(os.getpid(), sent)
        return {**given(), "reply": "长" * 5000}
report = run_question_sets(
    [Path(sys.argv[1])], Struck(), out=Console(), answers=Path(sys.argv[2]),
    concurrency=concurrency, stopping=threading.Event(),
)
sys.exit(report.status)
"""


def struck(
    path: Path, signal: int, *, at: int, times: int = 1, concurrency: int = 1
) -> tuple[int, list[dict[str, Any]], str, str]:
    """Run in a process that gets a signal during question `at`; its status, records and output."""
    answers = path.with_name("答.jsonl")
    numbers = map(str, (int(signal), at, times, concurrency))
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(path), str(answers), *numbers],
        cwd=ROOT,
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        check=False,
        timeout=60,
    )
    # Every line must be a whole record: json.loads raises for half of one.
    records = [json.loads(line) for line in answers.read_text("utf-8").splitlines()]
    return done.returncode, records, done.stdout.decode(), done.stderr.decode()


@pytest.mark.skipif(os.name == "nt", reason="Windows sends Ctrl-C to a whole console")
@pytest.mark.parametrize("concurrency", [1, 4])
def test_ctrl_c_ends_in_good_order(path: Path, concurrency: int) -> None:
    status, records, out, err = struck(path, signal.SIGINT, at=9, concurrency=concurrency)
    assert status == 130
    assert 9 <= len(records) <= 9 + concurrency
    assert f"被 Ctrl-C 打断：50 次提问只问了 {len(records)} 次" in out
    assert err.strip() == ("停下来：等已经问出的题答完，再给出报告；再按一次 Ctrl-C 就立即结束。")


@pytest.mark.skipif(os.name == "nt", reason="Windows sends Ctrl-C to a whole console")
def test_a_second_ctrl_c_ends_at_once(path: Path) -> None:
    # Both arrive during one question: the first stops the run, the second is an interrupt as ever.
    status, records, _, err = struck(path, signal.SIGINT, at=9, times=2)
    assert status not in (0, 1, 2)
    assert "KeyboardInterrupt" in err
    assert [record["id"] for record in records] == [str(number) for number in range(1, 9)]


@pytest.mark.parametrize("concurrency", [1, 4])
def test_killed_at_once_every_finished_record_is_readable(path: Path, concurrency: int) -> None:
    kill = getattr(signal, "SIGKILL", signal.SIGTERM)
    status, records, _, _ = struck(path, kill, at=20, concurrency=concurrency)
    assert status != 0
    assert 20 - concurrency <= len(records) < 20 + concurrency
    assert all(record["reply"] == "长" * 5000 for record in records)


HANGING = """
import signal, sys, threading, time
from pathlib import Path
from chatbot.question_sets import run_question_sets
signal.signal(signal.SIGINT, signal.default_int_handler)
stopping = threading.Event()
class Hanging:
    def ask(self, question, history, id):
        if id == "4":
            signal.raise_signal(signal.SIGINT)
            # Two that wait together are one: the second comes once the first was noticed.
            stopping.wait()
            signal.raise_signal(signal.SIGINT)
        time.sleep(60)
run_question_sets([Path(sys.argv[1])], Hanging(), concurrency=4, stopping=stopping)
"""


@pytest.mark.skipif(os.name == "nt", reason="Windows sends Ctrl-C to a whole console")
def test_a_second_ctrl_c_waits_for_no_answer_under_way(path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", HANGING, str(path)],
        cwd=ROOT,
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        check=False,
        timeout=45,
    )
    assert done.returncode not in (0, 1, 2)
    assert "KeyboardInterrupt" in done.stderr.decode()
