from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import textwrap
import threading
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from chatbot import api
from chatbot.api import ListenError, PortInUseError, create_app
from chatbot.lobby import Lobby, NotReadyError
from chatbot.protection import BODY_LIMIT, content_policy, hosts_for, is_origin
from tests.fake_bot import FakeBot, document_of

REPO = Path(__file__).parents[2]
SENTENCE = "张三说，他每年拿出5%做研发。"
ARTICLE = document_of("开头一段。", "# 科创", SENTENCE)
QUESTION = "投入多少？"


def fake() -> FakeBot:
    return FakeBot([ARTICLE], {QUESTION: [(SENTENCE, "5%")]})


def client_of(bot: Any, **options: Any) -> TestClient:
    app = create_app(bot, web=False, **options)
    return TestClient(app, base_url="http://127.0.0.1", raise_server_exceptions=False)


@pytest.fixture
def client() -> Iterator[TestClient]:
    with client_of(fake()) as client:
        yield client


def problem(response: Any, status: int) -> dict[str, Any]:
    """Check that a response is problem details of that status and return them."""
    assert response.status_code == status
    assert response.headers["content-type"] == "application/problem+json"
    details: dict[str, Any] = response.json()
    assert details["status"] == status
    assert details["type"] == "about:blank"
    assert not details["title"].isascii() and not details["detail"].isascii()
    return details


def test_ask_returns_the_answer_record(client: TestClient) -> None:
    response = client.post("/api/ask", json={"question": QUESTION, "id": "q1"})
    assert response.status_code == 200
    assert response.json() == {**fake().ask(QUESTION, id="q1").record()}
    record = response.json()
    citation = record["citation"]
    assert ARTICLE.text[citation["start"] : citation["end"]] == record["answer"] == "5%"


def test_the_record_is_the_one_that_openapi_describes(client: TestClient) -> None:
    record = client.post("/api/ask", json={"question": QUESTION}).json()
    assert api.AnswerRecord.model_validate(record).model_dump() == record
    assert set(record) == set(api.AnswerRecord.model_fields)


def test_history_and_document_reach_the_bot() -> None:
    bot = fake()
    with client_of(bot) as client:
        client.post(
            "/api/ask", json={"question": "那么？", "history": ["一", "二"], "document": "essay"}
        )
    assert bot.asked == [("那么？", ("一", "二"), "essay")]


@pytest.mark.parametrize("question", ["", "  ", "<b>", "？", "\x00", "长" * 2_000])
def test_any_text_up_to_the_limit_gets_a_record(client: TestClient, question: str) -> None:
    response = client.post("/api/ask", json={"question": question})
    assert response.status_code == 200
    assert response.json()["question"] == question


def test_a_question_over_the_limit_is_413(client: TestClient) -> None:
    details = problem(client.post("/api/ask", json={"question": "长" * 2_001}), 413)
    assert details["detail"] == "问题超过 2000 个字符。"


def test_a_body_over_the_limit_is_413_announced_or_not(client: TestClient) -> None:
    body = json.dumps({"question": "x", "history": ["长" * 40_000]}, ensure_ascii=False).encode()
    assert len(body) > BODY_LIMIT
    headers = {"content-type": "application/json"}
    problem(client.post("/api/ask", content=body, headers=headers), 413)

    def chunks() -> Iterator[bytes]:
        yield from (body[start : start + 4096] for start in range(0, len(body), 4096))

    problem(client.post("/api/ask", content=chunks(), headers=headers), 413)


@pytest.mark.parametrize(
    ("body", "status", "field", "message"),
    [
        ({}, 422, "question", "缺少这个字段"),
        ({"question": 5}, 422, "question", "应是文字"),
        ({"question": None}, 422, "question", "应是文字"),
        ({"question": "x", "history": "y"}, 422, "history", "应是列表"),
        ({"question": "x", "history": [1]}, 422, "history.0", "应是文字"),
        ({"question": "x", "documents": "y"}, 422, "documents", "没有这个字段"),
        ([], 422, "请求内容", "应是 JSON 对象"),
    ],
)
def test_a_wrong_request_says_what_is_wrong(
    client: TestClient, body: Any, status: int, field: str, message: str
) -> None:
    details = problem(client.post("/api/ask", json=body), status)
    assert details["errors"] == [{"field": field, "message": message}]
    assert details["detail"] == f"{field}：{message}。"


def test_broken_json_is_400(client: TestClient) -> None:
    response = client.post(
        "/api/ask", content=b'{"question": ', headers={"content-type": "application/json"}
    )
    assert problem(response, 400)["detail"] == "请求内容不是合法的 JSON。"


def test_a_lone_surrogate_is_the_callers_mistake_and_no_crash(client: TestClient) -> None:
    response = client.post(
        "/api/ask",
        content=b'{"question": "\\ud800"}',
        headers={"content-type": "application/json"},
    )
    problem(response, 422)


def test_unknown_things_are_404_and_a_wrong_method_405(client: TestClient) -> None:
    details = problem(client.post("/api/ask", json={"question": "x", "document": "无"}), 404)
    assert details["detail"] == "没有编号为“无”的文章。"
    problem(client.get("/api/documents/none"), 404)
    problem(client.get("/api/nothing"), 404)
    response = client.get("/api/ask")
    problem(response, 405)
    assert response.headers["allow"] == "POST"


def test_an_error_inside_is_500_without_its_text(client: TestClient) -> None:
    response = client.post("/api/ask", json={"question": "出错"})
    problem(response, 500)
    assert "secret" not in response.text


def test_documents_are_listed_and_given_whole(client: TestClient) -> None:
    assert client.get("/api/documents").json() == [
        {
            "id": "essay",
            "title": "试验",
            "path": "essay.txt",
            "paragraphs": 2,
            "sections": ["科创"],
        }
    ]
    whole = client.get("/api/documents/essay").json()
    assert whole["text"] == ARTICLE.text
    paragraph = whole["paragraphs"][1]
    assert paragraph["number"] == 2 and paragraph["section"] == "科创"
    assert whole["text"][paragraph["start"] : paragraph["end"]] == SENTENCE
    section = whole["sections"][0]
    assert whole["text"][section["heading_start"] : section["heading_end"]] == "科创"


def test_a_document_id_may_hold_slashes() -> None:
    nested = document_of("一段。", id="folder/文 章")
    with client_of(FakeBot([nested], {})) as client:
        assert client.get("/api/documents/folder/文 章").json()["id"] == "folder/文 章"


def test_the_server_answers_while_the_bot_is_being_built() -> None:
    built = threading.Event()

    def build() -> FakeBot:
        assert built.wait(10)
        return fake()

    with client_of(build) as client:
        assert client.get("/health/live").json() == {"status": "ok"}
        details = problem(client.get("/health/ready"), 503)
        assert details["detail"] == "正在准备，请稍候再问。"
        response = client.post("/api/ask", json={"question": QUESTION})
        problem(response, 503)
        assert response.headers["retry-after"] == "2"
        problem(client.get("/api/documents"), 503)
        built.set()
        deadline = time.monotonic() + 5
        while client.get("/health/ready").status_code != 200:
            assert time.monotonic() < deadline
            time.sleep(0.01)
        assert client.post("/api/ask", json={"question": QUESTION}).json()["answer"] == "5%"


def test_a_bot_that_cannot_be_built_is_never_ready() -> None:
    def build() -> FakeBot:
        raise ValueError("/some/path is broken")

    with client_of(build) as client:
        deadline = time.monotonic() + 5
        while "没能准备好" not in client.get("/health/ready").text:
            assert time.monotonic() < deadline
            time.sleep(0.01)
        assert "/some/path" not in client.get("/health/ready").text
        assert client.get("/health/live").status_code == 200


def test_a_builder_runs_once() -> None:
    calls: list[int] = []

    def build() -> FakeBot:
        calls.append(1)
        return fake()

    lobby = Lobby(build)  # type: ignore[arg-type]
    with pytest.raises(NotReadyError):
        lobby.ready()
    lobby.open()
    lobby.open()
    deadline = time.monotonic() + 5
    while lobby.bot is None:
        assert time.monotonic() < deadline
        time.sleep(0.01)
    assert calls == [1]


def test_openapi_describes_our_routes_alone_with_problem_details(client: TestClient) -> None:
    schema = client.get("/openapi.json").json()
    assert set(schema["paths"]) == {
        "/api/ask",
        "/api/documents",
        "/api/documents/{id}",
        "/health/live",
        "/health/ready",
    }
    responses = schema["paths"]["/api/ask"]["post"]["responses"]
    assert set(responses) == {"200", "400", "404", "413", "422", "503"}
    for status, response in responses.items():
        kind = "application/json" if status == "200" else "application/problem+json"
        assert set(response["content"]) == {kind}
    assert "HTTPValidationError" not in json.dumps(schema)
    assert {"Problem", "Finding"} <= set(schema["components"]["schemas"])


def test_pages_that_load_from_other_hosts_are_off(client: TestClient) -> None:
    for path in ("/docs", "/redoc"):
        problem(client.get(path), 404)


@pytest.mark.parametrize("path", ["/health/live", "/api/nothing"])
def test_every_response_carries_the_content_policy(client: TestClient, path: str) -> None:
    headers = client.get(path).headers
    assert "default-src 'self'" in headers["content-security-policy"]
    assert "frame-ancestors 'self'" in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"


def test_only_named_origins_may_frame_the_page() -> None:
    origins = ("https://www.example.com", "http://localhost:8080", "https://*.Example.org")
    with client_of(fake(), embed_origins=origins) as client:
        policy = client.get("/health/live").headers["content-security-policy"]
    assert policy.endswith(
        "; frame-ancestors 'self' https://www.example.com http://localhost:8080"
        " https://*.example.org"
    )


@pytest.mark.parametrize(
    "text",
    [
        "*",
        "www.example.com",
        "https://a.com/path",
        "https://a.com; script-src *",
        "https://",
        "ftp://a.com",
        "https://a b.com",
        "https://a.com\n",
        "'none'",
        "https://-a.com",
        "",
    ],
)
def test_what_is_no_origin_never_reaches_the_policy(text: str) -> None:
    assert not is_origin(text)
    with pytest.raises(ValueError, match="is no origin"):
        content_policy([text])


def test_no_other_site_may_read_an_answer(client: TestClient) -> None:
    origin = {"origin": "https://evil.example"}
    response = client.post("/api/ask", json={"question": QUESTION}, headers=origin)
    assert "access-control-allow-origin" not in response.headers
    preflight = client.options(
        "/api/ask", headers={**origin, "access-control-request-method": "POST"}
    )
    assert preflight.status_code == 400
    assert "access-control-allow-origin" not in preflight.headers


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("127.0.0.1:7860", 200),
        ("localhost:7860", 200),
        ("LOCALHOST", 200),
        ("[::1]:7860", 200),
        ("192.168.1.5", 200),
        ("evil.example", 421),
        ("127.0.0.1.evil.example", 421),
        ("", 421),
        ("[", 421),
    ],
)
def test_only_named_hosts_are_answered_which_stops_rebinding(
    client: TestClient, host: str, status: int
) -> None:
    response = client.get("/health/live", headers={"host": host})
    assert response.status_code == status
    if status == 421:
        problem(response, 421)


def test_the_operator_names_further_hosts() -> None:
    with client_of(fake(), allowed_hosts=["wenda.example"]) as client:
        assert client.get("/health/live", headers={"host": "wenda.example"}).status_code == 200
    with client_of(fake(), allowed_hosts=["*"]) as client:
        assert client.get("/health/live", headers={"host": "any.example"}).status_code == 200


def test_hosts_follow_from_where_it_listens() -> None:
    assert hosts_for("127.0.0.1") == ("localhost", "127.0.0.1")
    assert hosts_for("wenda.lan") == ("localhost", "wenda.lan")
    assert socket.gethostname() in hosts_for("0.0.0.0")


def test_a_port_in_use_is_one_line() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(PortInUseError) as raised:
            api.serve(create_app(fake(), web=False), "127.0.0.1", port)  # type: ignore[arg-type]
    assert str(raised.value) == f"端口 {port} 已被占用；请用 --port 换一个。"


def test_an_address_of_another_machine_is_one_line() -> None:
    with pytest.raises(ListenError) as raised:
        api.serve(create_app(fake(), web=False), "203.0.113.7", 0)  # type: ignore[arg-type]
    assert str(raised.value) == "不能在 203.0.113.7 上监听；请检查 --host。"


def test_a_name_that_does_not_resolve_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    def unresolved(*args: object, **kwargs: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unresolved)
    with pytest.raises(ListenError, match="不能在 nowhere 上监听"):
        api.serve(create_app(fake(), web=False), "nowhere", 0)  # type: ignore[arg-type]


def test_serve_raises_what_building_raised_after_it_stopped() -> None:
    def build() -> FakeBot:
        raise ValueError("broken corpus")

    with pytest.raises(ValueError, match="broken corpus"):
        api.serve(create_app(build, web=False), "127.0.0.1", 0)  # type: ignore[arg-type]


@pytest.mark.skipif(sys.platform == "win32", reason="SIGINT is sent otherwise there")
@pytest.mark.parametrize("web", [False, True])
def test_ctrl_c_ends_quietly_with_status_0_even_under_an_open_page(web: bool) -> None:
    script = textwrap.dedent(f"""
        from chatbot.api import create_app, serve
        from tests.chatbot.test_api import fake
        serve(create_app(fake(), web={web}), "127.0.0.1", 0)
    """)
    process = subprocess.Popen(
        [sys.executable, "-c", script],
        cwd=REPO,
        env={**os.environ, "PYTHONPATH": str(REPO), "PYTHONIOENCODING": "utf-8"},
        stderr=subprocess.PIPE,
        encoding="utf-8",
    )
    assert process.stderr is not None
    line = process.stderr.readline()
    address = line.split("：", 1)[1].split(" ")[0]
    deadline = time.monotonic() + 30
    while True:
        try:
            with urllib.request.urlopen(f"{address}/health/live", timeout=5) as response:
                assert response.status == 200
            break
        except OSError:
            assert time.monotonic() < deadline
            time.sleep(0.05)
    # What an open page holds: a stream that only ends when its visitor leaves.
    heartbeat = f"{address}/gradio_api/heartbeat/abc"
    stream = urllib.request.urlopen(heartbeat, timeout=30) if web else None
    if stream is not None:
        assert stream.readline()
    began = time.monotonic()
    process.send_signal(signal.SIGINT)
    _, rest = process.communicate(timeout=20)
    if stream is not None:
        stream.close()
    assert process.returncode == 0
    assert rest == ""
    assert time.monotonic() - began < 3
