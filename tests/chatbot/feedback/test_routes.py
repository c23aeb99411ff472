"""POST /api/feedback: what is kept, and everything that is not taken."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from chatbot.api import create_app
from chatbot.feedback import routes
from chatbot.feedback.store import FeedbackFileError, FeedbackStore
from tests.chatbot.test_api import ARTICLE, QUESTION, SENTENCE, fake, problem

UP = {"rating": "up", "question": QUESTION}


@pytest.fixture
def store(tmp_path: Path) -> FeedbackStore:
    return FeedbackStore(tmp_path / "feedback.db")


@pytest.fixture
def client(store: FeedbackStore) -> Iterator[TestClient]:
    app = create_app(fake(), web=False, feedback=store.path)  # type: ignore[arg-type]
    with TestClient(app, base_url="http://127.0.0.1", raise_server_exceptions=False) as client:
        yield client


def give(client: TestClient, **said: Any) -> Any:
    return client.post("/api/feedback", json={**UP, **said})


def test_feedback_is_kept_with_the_answer_record(client: TestClient, store: FeedbackStore) -> None:
    said = {
        "rating": "down",
        "history": ["张三是谁？"],
        "document": "essay",
        "answer": "5%",
        "reason": " 不全 ",
        "proposed": "每年拿出5%",
    }
    response = give(client, **said)
    assert response.status_code == 201
    (kept,) = store.all()
    assert kept.id == response.json()["id"]
    assert (kept.rating, kept.question, kept.history) == ("down", QUESTION, ("张三是谁？",))
    assert (kept.document, kept.reason, kept.proposed) == ("essay", "不全", "每年拿出5%")
    assert kept.evidence == SENTENCE
    record = fake().ask(QUESTION, ["张三是谁？"], "essay").record()
    assert kept.record == record


def test_nothing_is_stored_by_asking(client: TestClient, store: FeedbackStore) -> None:
    client.post("/api/ask", json={"question": QUESTION})
    assert not store.path.exists()


def test_an_earlier_word_is_amended_by_its_id(client: TestClient, store: FeedbackStore) -> None:
    id = give(client).json()["id"]
    assert give(client, id=id, rating="down", answerable=False).status_code == 201
    (kept,) = store.all()
    assert (kept.id, kept.rating, kept.answerable) == (id, "down", False)


def test_another_questions_feedback_is_not_amended(
    client: TestClient, store: FeedbackStore
) -> None:
    id = give(client).json()["id"]
    assert problem(give(client, id=id, question="别的？"), 404)["detail"] == (
        "没有这条反馈可以更正。"
    )
    problem(give(client, id="made up"), 404)
    assert [entry.question for entry in store.all()] == [QUESTION]


def test_an_answer_that_is_no_longer_given_is_not_kept(
    client: TestClient, store: FeedbackStore
) -> None:
    assert "已经不同" in problem(give(client, answer="6%"), 409)["detail"]
    assert "已经不同" in problem(give(client, answer=None), 409)["detail"]
    assert give(client, question="明年呢？", answer=None).status_code == 201
    assert len(store.all()) == 1


@pytest.mark.parametrize(
    ("said", "detail"),
    [
        ({"rating": "meh"}, "rating：不是可用的值。"),
        ({"question": "  "}, "question：是空的。"),
        ({"question": "问" * 2001}, "question：太长，最多 2000 个字符。"),
        ({"question": "问\0"}, "question：含有空字符（NUL）。"),
        ({"history": ["问"] * 51}, "history：太多，最多 50 个。"),
        ({"reason": "长" * 1001}, "reason：太长，最多 1000 个字符。"),
        ({"proposed": "长" * 501}, "proposed：太长，最多 500 个字符。"),
        ({"proposed": "——。"}, "proposed：没有可以比较的文字。"),
        ({"answerable": "maybe"}, "answerable：应是 true 或 false。"),
        (
            {"answerable": False, "proposed": "5%"},
            "answerable：是 false（文章没有说），却给了 proposed；去掉其中一样。",
        ),
        ({"record": {}}, "record：没有这个字段。"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_kept(
    client: TestClient, store: FeedbackStore, said: dict[str, Any], detail: str
) -> None:
    assert problem(give(client, **said), 422)["detail"] == detail
    assert not store.path.exists()


def test_half_a_character_is_the_callers_mistake(client: TestClient) -> None:
    body = b'{"rating": "up", "question": "\\ud800"}'
    response = client.post(
        "/api/feedback", content=body, headers={"Content-Type": "application/json"}
    )
    problem(response, 422)


def test_another_site_cannot_send_without_asking_first(
    client: TestClient, store: FeedbackStore
) -> None:
    # A page elsewhere may send text/plain unasked; JSON it may not.
    response = client.post(
        "/api/feedback",
        content=b'{"rating": "up", "question": "q"}',
        headers={"Content-Type": "text/plain", "Origin": "https://elsewhere.example"},
    )
    problem(response, 422)
    assert not store.path.exists()


def test_an_unknown_document_is_404_and_a_long_body_413(client: TestClient) -> None:
    problem(give(client, document="nowhere"), 404)
    problem(give(client, history=["问" * 2000] * 40), 413)


def test_too_many_are_429_with_a_time_to_wait(
    store: FeedbackStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(routes, "ALLOWANCE", "2/minute")
    app = create_app(fake(), web=False, feedback=store.path)  # type: ignore[arg-type]
    with TestClient(app, base_url="http://127.0.0.1") as client:
        assert [give(client).status_code for _ in range(3)] == [201, 201, 429]
        response = give(client)
        problem(response, 429)
        assert 1 <= int(response.headers["Retry-After"]) <= 60
    assert len(store.all()) == 2


def test_a_file_that_cannot_be_written_is_503_and_logged(
    client: TestClient, store: FeedbackStore, caplog: pytest.LogCaptureFixture
) -> None:
    store.path.write_text("不是数据库。" * 100, encoding="utf-8")
    assert problem(give(client), 503)["detail"] == "反馈没能存下，请稍后再试。"
    assert str(store.path) in caplog.text


def test_a_file_that_cannot_be_used_stops_the_start(store: FeedbackStore) -> None:
    store.path.write_text("不是数据库。" * 100, encoding="utf-8")
    with pytest.raises(FeedbackFileError):
        create_app(fake(), web=False, feedback=store.path)  # type: ignore[arg-type]


def test_where_none_is_taken_the_answer_says_so() -> None:
    with TestClient(create_app(fake(), web=False), base_url="http://127.0.0.1") as client:  # type: ignore[arg-type]
        refused = problem(client.post("/api/feedback", json=UP), 403)
        assert refused["detail"] == "这个服务不收评价。"
        assert "/api/feedback" not in client.get("/openapi.json").json()["paths"]


def test_openapi_describes_feedback(client: TestClient) -> None:
    route = client.get("/openapi.json").json()["paths"]["/api/feedback"]["post"]
    assert {"201", "404", "409", "413", "422", "429", "503"} <= set(route["responses"])
    assert ARTICLE.title not in str(route)
