"""When a server is asked again: what is counted, what is waited for, what is given up."""

from __future__ import annotations

import io
import json
import socket
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from chatbot.question_sets import HttpAsker, run_question_sets
from chatbot.question_sets import retrying as waits
from chatbot.question_sets.question_set import AskError
from chatbot.question_sets.retrying import wait_seconds
from chatbot.settings import QUESTION_LIMIT
from tests.chatbot.question_sets.flaky_server import Flaky, Step


@pytest.fixture(autouse=True)
def _short(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Wait a fiftieth of the time; what is waited for is tested on its own."""
    monkeypatch.setattr(waits, "_FIRST_WAIT_SECONDS", 0.01)
    yield


@pytest.mark.parametrize(
    "steps",
    [
        [(503, None)], [(429, "0"), (503, None)], ["hang up"], ["hang up", (429, None)],
        [(502, None), (504, None)],
    ],
)  # fmt: skip
def test_asked_again_until_it_answers_and_counted(steps: list[Step]) -> None:
    with Flaky(*steps) as server, HttpAsker(server.url, retries=2) as asker:
        record = asker.ask("甲？", (), "a")
    assert record["answered"] is True
    assert record["retries"] == len(steps)
    assert server.asked == ["甲？"] * (len(steps) + 1)


def test_given_up_after_so_many_retries() -> None:
    with (
        Flaky(*[(503, None)] * 9) as server,
        HttpAsker(server.url, retries=2) as asker,
        pytest.raises(AskError) as caught,
    ):
        asker.ask("甲？", (), "a")
    assert str(caught.value) == (
        f"{server.url} 没有回答（编号 a）：状态 503，服务正忙或还没有准备好，请稍后再试"
        "；又试了 2 次，都不成"
    )
    assert len(server.asked) == 3


@pytest.mark.parametrize("status", [400, 404, 413, 422, 500])
def test_what_another_try_would_not_mend_is_not_tried(status: int) -> None:
    with (
        Flaky((status, None)) as server,
        HttpAsker(server.url, retries=5) as asker,
        pytest.raises(AskError, match=f"状态 {status}"),
    ):
        asker.ask("甲？", (), "a")
    assert len(server.asked) == 1


def test_a_server_that_is_not_there_is_tried_again_too() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        with pytest.raises(AskError, match="又试了 3 次，都不成"):
            HttpAsker(f"http://127.0.0.1:{port}", retries=3).ask("甲？", (), "a")


def test_the_server_says_how_long_to_wait() -> None:
    with Flaky((429, "1")) as server, HttpAsker(server.url, retries=1) as asker:
        began = time.perf_counter()
        asker.ask("甲？", (), "a")
    assert 1 <= time.perf_counter() - began < 5


def test_nobody_waits_once_the_run_is_stopped() -> None:
    stopping = threading.Event()
    with (
        Flaky((503, "60")) as server,
        HttpAsker(server.url, retries=3, stopping=stopping) as asker,
    ):
        threading.Timer(0.2, stopping.set).start()
        began = time.perf_counter()
        with pytest.raises(AskError, match="状态 503"):
            asker.ask("甲？", (), "a")
    assert time.perf_counter() - began < 10


@pytest.mark.parametrize(
    ("retry", "retry_after", "seconds"),
    [
        (0, None, 0.01), (3, None, 0.08), (20, None, 60), (0, "7", 7), (5, "0", 0), (0, "600", 60),
        (0, "9" * 400, 60), (0, "soon", 0.01), (0, "-3", 0.01), (0, "", 0.01),
        (0, "Wed, 21 Oct 2015 07:28:00 GMT", 0),
    ],
)  # fmt: skip
def test_how_long(retry: int, retry_after: str | None, seconds: float) -> None:
    assert wait_seconds(retry, retry_after) == seconds


def test_until_when() -> None:
    soon = format_datetime(datetime.now(UTC) + timedelta(seconds=30), usegmt=True)
    assert 25 < wait_seconds(0, soon) <= 30


def test_retries_stand_in_the_table_and_in_the_records(tmp_path: Path) -> None:
    path, answers = tmp_path / "题.jsonl", tmp_path / "答.jsonl"
    path.write_text('{"id": "a", "question": "甲？"}\n{"id": "b", "question": "乙？"}\n', "utf-8")
    out = Console(file=io.StringIO(), width=80)
    with Flaky((503, None), (429, None)) as server:
        report = run_question_sets(
            [path], lambda: HttpAsker(server.url, retries=3), answers=answers, out=out
        )
    assert report.held
    assert "重试：1 题共 2 次；编号 a（2 次）" in out.file.getvalue().splitlines()  # type: ignore[attr-defined]
    records: list[dict[str, Any]] = list(map(json.loads, answers.read_text("utf-8").splitlines()))
    assert [record["retries"] for record in records] == [2, 0]


def test_a_run_goes_on_after_a_question_that_the_server_cannot_answer(tmp_path: Path) -> None:
    path = tmp_path / "题.jsonl"
    path.write_text("".join(f'{{"question": "{n}？"}}\n' for n in range(3)), "utf-8")
    with Flaky((200, None), (500, None)) as server:
        report = run_question_sets([path], lambda: HttpAsker(server.url, retries=0))
    assert report.status == 2
    assert [score.id for score in report.scores] == ["1", "3"]
    assert [it.message for it in report.failures] == [f"{server.url} 没有回答（编号 2）：状态 500"]


def test_a_question_that_is_too_long_is_cut_as_in_this_process() -> None:
    question = "长" * (QUESTION_LIMIT + 1)
    with Flaky() as server, HttpAsker(server.url) as asker:
        record = asker.ask(question, (), "a")
    assert server.asked == ["长" * QUESTION_LIMIT]
    assert record["question"] == question
