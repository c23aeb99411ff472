"""A visitor's own article over HTTP: brought, asked about, taken away, seen by nobody else."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient
from starlette.types import Message

from chatbot.api import create_app
from chatbot.own_article import routes
from chatbot.own_article.limits import UploadLimits
from chatbot.protection import BODY_LIMIT
from tests.chatbot.test_api import QUESTION, SENTENCE, fake, problem
from tests.chatbot.test_bot import ALWAYS, ARTICLE, bot_over

OCTETS = {"Content-Type": "application/octet-stream"}
OWN = f"我的文章\n\n{SENTENCE}\n".encode()


def client_of(bot: Any, **limits: Any) -> TestClient:
    app = create_app(bot, web=False, own_articles=UploadLimits(**limits))
    return TestClient(app, base_url="http://127.0.0.1", raise_server_exceptions=False)


@pytest.fixture
def client() -> Iterator[TestClient]:
    with client_of(fake(), megabytes=0.5) as client:
        yield client


def bring(client: TestClient, data: bytes = OWN, name: str = "我的.txt") -> Any:
    return client.post("/api/articles", params={"name": name}, content=data, headers=OCTETS)


def ask(client: TestClient, article: str | None, **more: Any) -> Any:
    return client.post("/api/ask", json={"question": QUESTION, "article": article, **more})


def test_an_article_is_asked_about_at_once(client: TestClient) -> None:
    own = bring(client).json()
    assert (own["title"], own["paragraphs"], own["minutes"]) == ("我的文章", 1, 30)
    record = ask(client, own["article"]).json()
    assert record["answer"] == "5%"
    assert record["citation"]["document"] == own["document"]
    assert record["citation"]["title"] == "我的文章"
    assert own["article"] not in str(record)


def test_the_real_bot_answers_from_it_and_the_corpus_stays_as_it_was() -> None:
    words = {"王五有多少人？": "37人", "海天每年拿出多少？": "5%"}
    bot = bot_over(ARTICLE, confidence=ALWAYS, words=words)
    with client_of(bot) as client:
        data = "王五的厂\n\n王五的厂里有37人，都是本地人。\n".encode()
        own = bring(client, data).json()
        asked = {"question": "王五有多少人？", "article": own["article"]}
        record = client.post("/api/ask", json=asked).json()
        assert (record["answer"], record["citation"]["document"]) == ("37人", own["document"])
        assert {passage["document"] for passage in record["passages"]} == {own["document"]}
        other = client.post("/api/ask", json={"question": "海天每年拿出多少？"}).json()
        assert (other["answer"], other["citation"]["document"]) == ("5%", "a0")
        assert [summary["id"] for summary in client.get("/api/documents").json()] == ["a0"]


def test_nobody_else_sees_it(client: TestClient) -> None:
    first = bring(client).json()
    second = bring(client, "别的文章\n\n李四有三头牛，一只羊。\n".encode()).json()
    assert ask(client, second["article"]).json()["kind"] == "refusal"
    assert ask(client, None).json()["citation"]["document"] == "essay"
    for guess in (first["document"], "own", first["article"][:-1]):
        assert "请重新放入" in problem(ask(client, guess), 404)["detail"]
    problem(ask(client, second["article"], document=first["document"]), 404)
    problem(client.get(f"/api/documents/{first['document']}"), 404)
    assert first["document"] not in client.get("/api/documents").text
    terms = client.get("/api/articles").json()
    assert set(terms) == {"formats", "megabytes", "seconds", "minutes"}
    assert {".txt", ".md"} <= set(terms["formats"]) and terms["megabytes"] == 0.5


def test_what_is_taken_away_is_gone(client: TestClient) -> None:
    own = bring(client).json()
    assert client.delete(f"/api/articles/{own['article']}").status_code == 204
    problem(ask(client, own["article"]), 404)
    problem(client.delete(f"/api/articles/{own['article']}"), 404)


def test_a_page_that_is_closed_leaves_its_article_for_one_that_was_only_loaded_anew(
    client: TestClient,
) -> None:
    address = f"/api/articles/{bring(client).json()['article']}"
    assert client.get(address).status_code == 204
    assert client.delete(address, params={"after": 60}).status_code == 204
    assert client.get(address).status_code == 204  # it came back
    assert client.delete(address, params={"after": 0.01}).status_code == 204
    time.sleep(0.05)
    problem(client.get(address), 404)
    problem(client.delete(address, params={"after": 60}), 404)
    problem(client.delete(address, params={"after": 1e9}), 422)


def test_an_article_that_was_given_up_while_it_was_read_is_not_kept() -> None:
    app = create_app(fake(), web=False, own_articles=UploadLimits())
    scope = {
        "type": "http",
        "method": "POST",
        "path": "/api/articles",
        "raw_path": b"/api/articles",
        "query_string": b"name=a.txt",
        "headers": [(b"host", b"127.0.0.1"), (b"content-type", b"application/octet-stream")],
        "client": ("127.0.0.1", 1),
    }
    body = {"type": "http.request", "body": OWN, "more_body": False}
    messages: list[Message] = [body, {"type": "http.disconnect"}]

    async def receive() -> Message:
        return messages.pop(0)

    async def send(_: Message) -> None:
        pass

    asyncio.run(app(scope, receive, send))
    assert messages == []
    assert len(app.state.lobby.shelf) == 0


def test_a_file_that_cannot_be_read_is_named(client: TestClient) -> None:
    assert problem(bring(client, b"\0\1" * 50, "../坏.txt"), 422)["detail"].startswith(
        "坏.txt：这不是文本文件"
    )


def test_only_formats_that_the_operator_named_are_taken() -> None:
    with client_of(fake(), formats=(".md",)) as client:
        assert client.get("/api/articles").json()["formats"] == [".md"]
        detail = problem(bring(client), 422)["detail"]
        assert detail == "我的.txt：还不能读这种文件，可以放入的是 .md。"
        assert bring(client, name="我的.MD").status_code == 201


def test_a_large_file_is_413_and_every_other_body_stays_small(client: TestClient) -> None:
    assert bring(client, OWN + b"\n" * BODY_LIMIT).status_code == 201
    assert problem(bring(client, b"x" * 512 * 1024 + b"x"), 413)["detail"] == (
        "请求内容超过 512 KB。"
    )
    problem(ask(client, None, history=["问" * 2000] * 40), 413)


def test_encoding_that_takes_too_long_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(routes, "read_upload", lambda *_: fake().documents[0])
    with client_of(fake(), seconds=0) as client:
        detail = problem(bring(client), 422)["detail"]
    assert detail == "我的.txt：太长，0 秒只准备好了 2 段里的 1 段；请只放入要问的部分。"


def test_another_site_cannot_bring_anything_unasked(client: TestClient) -> None:
    response = client.post("/api/articles?name=a.txt", content=OWN)
    problem(response, 415)
    preflight = client.options(
        "/api/articles",
        headers={"Origin": "https://elsewhere.example", "Access-Control-Request-Method": "POST"},
    )
    assert "access-control-allow-origin" not in preflight.headers


def test_too_many_are_429(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(routes, "ALLOWANCE", "1/minute")
    with client_of(fake()) as client:
        assert bring(client).status_code == 201
        problem(bring(client), 429)


def test_a_name_is_needed(client: TestClient) -> None:
    problem(client.post("/api/articles", content=OWN, headers=OCTETS), 422)


def test_where_it_is_off_there_is_no_route_and_no_token() -> None:
    app = create_app(fake(), web=False)  # type: ignore[arg-type]
    with TestClient(app, base_url="http://127.0.0.1") as client:
        problem(bring(client), 404)
        problem(ask(client, "anything"), 404)
