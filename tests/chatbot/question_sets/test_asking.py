"""Asking the bot and a server; every way a server can fail is one line."""

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from chatbot.answer import Answer
from chatbot.question_sets.asking import BotAsker, HttpAsker
from chatbot.question_sets.question_set import AskError
from tests.chatbot.question_sets.records import given, refused
from tests.chatbot.question_sets.replying_server import ReplyingServer

Reply = Callable[[dict[str, Any]], tuple[int, bytes]]


@pytest.fixture
def serve() -> Iterator[Callable[[Reply], ReplyingServer]]:
    """Start servers, and stop them after the test."""
    servers: list[ReplyingServer] = []

    def start(reply: Reply) -> ReplyingServer:
        servers.append(ReplyingServer(lambda body: (*reply(body), {})))
        return servers[-1]

    yield start
    for server in servers:
        server.close()


def with_json(value: Any, status: int = 200) -> Reply:
    return lambda body: (status, json.dumps(value, ensure_ascii=False).encode())


def refusal(asker: HttpAsker) -> str:
    """Ask, and return the message of the error."""
    with asker, pytest.raises(AskError) as caught:
        asker.ask("北仑在哪里？", (), "q1")
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_the_bot_is_asked_with_history_and_id() -> None:
    asked: list[tuple[str, tuple[str, ...], str | None]] = []

    class Bot:
        def ask(
            self, question: str, history: Any = (), document: str | None = None, id: Any = None
        ) -> Answer:
            asked.append((question, tuple(history), id))
            return Answer(
                question=question,
                understood=question,
                answered=False,
                kind="refusal",
                answer=None,
                sentence=None,
                answers=(),
                confidence=0.1,
                citation=None,
                passages=(),
                suggestions=(),
                reply="没有。",
                milliseconds=3.0,
                id=id,
            )

    record = BotAsker(Bot()).ask("它呢？", ("海天呢？",), "q1")
    assert asked == [("它呢？", ("海天呢？",), "q1")]
    assert (record["id"], record["kind"], record["milliseconds"]) == ("q1", "refusal", 3.0)


@pytest.mark.parametrize("record", [given(), refused()], ids=["answer", "refusal"])
def test_a_server_is_asked_at_api_ask(
    serve: Callable[[Reply], ReplyingServer], record: dict[str, Any]
) -> None:
    server = serve(with_json(record))
    with HttpAsker(server.url + "/") as asker:
        assert asker.ask("它呢？", ("海天呢？",), "q1") == {**record, "retries": 0}
    assert server.received == [("/api/ask", {"question": "它呢？", "history": ["海天呢？"]})]


def test_a_server_below_a_path(serve: Callable[[Reply], ReplyingServer]) -> None:
    server = serve(with_json(given()))
    with HttpAsker(server.url + "/wenda") as asker:
        asker.ask("它呢？", (), "q1")
    assert server.received[0][0] == "/wenda/api/ask"


def test_a_proxy_of_the_environment_is_not_asked_for_this_machine(
    serve: Callable[[Reply], ReplyingServer], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")
    server = serve(with_json(given()))
    with HttpAsker(server.url) as asker:
        assert asker.ask("它呢？", (), "q1")["answered"] is True


def test_connection_refused() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # taken, and nobody listens
        url = f"http://127.0.0.1:{taken.getsockname()[1]}"
        assert refusal(HttpAsker(url)) == f"连不上 {url}：服务没有启动，或者地址不对"


@pytest.mark.parametrize("host", ["a..b", "a" * 80, "nowhere.invalid"])
def test_a_host_that_cannot_be(host: str) -> None:
    message = f"连不上 http://{host}：服务没有启动，或者地址不对"
    assert refusal(HttpAsker(f"http://{host}")) == message


def test_time_out(serve: Callable[[Reply], ReplyingServer]) -> None:
    def sleep(body: dict[str, Any]) -> tuple[int, bytes]:
        time.sleep(0.5)
        return 200, b"{}"

    url = serve(sleep).url
    assert refusal(HttpAsker(url, timeout=0.1)) == f"{url} 过了 0.1 秒还没有回答（编号 q1）"


def test_connection_lost() -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"

        def hang_up() -> None:
            connection, _ = listener.accept()
            connection.recv(65536)
            connection.close()

        thread = threading.Thread(target=hang_up)
        thread.start()
        message = refusal(HttpAsker(url))
        thread.join()
    # Which of the two depends on whether the question had been read when the line went dead.
    errors = ("RemoteProtocolError", "ReadError")
    assert message in [f"与 {url} 的连接断了（编号 q1，{error}）" for error in errors]


@pytest.mark.parametrize(
    ("status", "body", "message"),
    [
        (503, b"", "状态 503，服务正忙或还没有准备好，请稍后再试"),
        (
            503,
            '{"title": "还没有准备好", "detail": "正在\\n建立索引"}'.encode(),
            "状态 503，服务正忙或还没有准备好，请稍后再试（正在 建立索引）",
        ),
        (429, b"", "状态 429，问得太快，请调小 --concurrency"),
        (404, b'{"detail": [1]}', "状态 404，那里没有 /api/ask，请检查地址"),
        (413, b"[]", "状态 413，问题太长"),
        (500, b"<html>", "状态 500"),
        (302, b"", "状态 302"),
    ],
)
def test_a_status_other_than_200(
    serve: Callable[[Reply], ReplyingServer], status: int, body: bytes, message: str
) -> None:
    url = serve(lambda _: (status, body)).url
    assert refusal(HttpAsker(url)) == f"{url} 没有回答（编号 q1）：{message}"


@pytest.mark.parametrize(
    "body",
    [
        b"<html>",
        b"",
        b"[]",
        b'"ok"',
        b'{"answered": "yes"}',
        b"\xff",
        *(
            json.dumps({**given(), **wrong}).encode()
            for wrong in (
                {"answered": 1},
                {"confidence": None},
                {"milliseconds": "fast"},
                {"answer": 5},
                {"citation": "here"},
                {"citation": {}},
                {"answers": [{}]},
                {"answers": 3},
            )
        ),
    ],
)
def test_what_is_no_answer_record(serve: Callable[[Reply], ReplyingServer], body: bytes) -> None:
    url = serve(lambda _: (200, body)).url
    message = f"{url} 回的不是 wenda 的回答记录（编号 q1）：请检查地址"
    assert refusal(HttpAsker(url)) == message


@pytest.mark.parametrize(
    "url", ["127.0.0.1:7860", "localhost", "ftp://a", "http://", "", "http://a:b", "http://xn--"]
)
def test_what_is_no_address(url: str) -> None:
    with pytest.raises(AskError) as caught:
        HttpAsker(url)
    assert str(caught.value) == (
        f"--url {url}：不是网址；要以 http:// 或 https:// 开头，例如 http://127.0.0.1:7860"
    )
