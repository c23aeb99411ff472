"""The whole way with nothing made up: `wenda serve`, the real model, a real browser."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from selenium import webdriver
from selenium.webdriver.common.by import By

from corpus.loading import DEFAULT_CORPUS, load_corpus
from tests.browser.page import ChatPage

pytestmark = [pytest.mark.browser, pytest.mark.slow]

# Seconds until the index is built and the model loaded, on a machine that does other things too.
PATIENCE = 300


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of `wenda serve` on the article, started with an empty cache."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    folder = tmp_path_factory.mktemp("serve")
    log = folder / "log"
    with log.open("w") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "chatbot", "serve", "--port", str(port)],
            env={**os.environ, "WENDA_CACHE": str(folder / "cache")},
            cwd=Path(__file__).parents[2],
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    url = f"http://127.0.0.1:{port}"
    deadline = time.monotonic() + PATIENCE
    while not _is_ready(url):
        assert process.poll() is None, log.read_text()
        assert time.monotonic() < deadline, f"not ready after {PATIENCE} s: {log.read_text()}"
        time.sleep(0.5)
    yield url
    process.send_signal(signal.SIGINT)
    assert process.wait(30) == 0
    assert "Traceback" not in log.read_text()


def _is_ready(url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{url}/health/ready", timeout=5) as response:
            return bool(response.status == 200)
    except OSError:
        return False


def ask(url: str, **body: Any) -> dict[str, Any]:
    request = urllib.request.Request(
        f"{url}/api/ask",
        json.dumps(body).encode(),
        {"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=60) as response:
        record: dict[str, Any] = json.loads(response.read())
    return record


def test_a_typed_question_is_answered_and_marked(chromium: webdriver.Chrome, served: str) -> None:
    page = ChatPage(chromium, served)
    page.open()
    turn = page.ask("海天每年拿出销售收入的多少用于技术研发？")
    sentence = turn.find_element(By.CSS_SELECTOR, ".wd-sentence").text
    assert "销售收入的5%用于技术研发" in sentence
    mark = page.wait("the mark", lambda: page.all("#wenda-article mark"))[0]
    assert mark.text == turn.find_element(By.CSS_SELECTOR, ".wd-words").text
    assert page.in_view(mark)
    assert "第 8 段" in turn.find_element(By.CSS_SELECTOR, ".wd-cite").text


def test_the_record_over_http_is_verbatim(served: str) -> None:
    record = ask(served, question="极氪007累计订单有多少？")
    assert record["answered"]
    citation = record["citation"]
    (document,) = load_corpus(DEFAULT_CORPUS)
    assert document.text[citation["start"] : citation["end"]] == record["answer"]
    assert "5万辆" in record["sentence"]
    assert ask(served, question="极氪007累计订单有多少？")["answer"] == record["answer"]


def test_what_is_outside_the_article_is_refused_with_suggestions(served: str) -> None:
    record = ask(served, question="用Python写一个快速排序")
    assert record["kind"] == "refusal"
    assert record["suggestions"]
