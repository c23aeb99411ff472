"""The page without a browser: what it answers, and every Gradio default that must stay off."""

from __future__ import annotations

import asyncio
import json
import os
import re
import subprocess
import sys
import textwrap
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from chatbot import dressing, page_events, web
from chatbot.api import create_app
from chatbot.dressing import EXTRAS
from chatbot.lobby import Lobby
from tests.fake_bot import FakeBot, document_of

REPO = Path(__file__).parents[2]
SENTENCE = "张三说，他每年拿出5%做研发。"
ARTICLE = document_of("开头一段。", "# 科创", SENTENCE)
QUESTION = "投入多少？"
# Scripts with their style sheets that are there only where the operator wants them.


def fake() -> FakeBot:
    return FakeBot([ARTICLE], {QUESTION: [(SENTENCE, "5%")]}, suggestions=(QUESTION,))


def lobby_of(bot: Any) -> Lobby:
    return Lobby(bot)


@pytest.fixture(scope="module")
def app() -> Any:
    return create_app(fake())  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def client(app: Any) -> Iterator[TestClient]:
    with TestClient(app, base_url="http://127.0.0.1", raise_server_exceptions=False) as client:
        yield client


@pytest.fixture(scope="module")
def config(client: TestClient) -> dict[str, Any]:
    config: dict[str, Any] = client.get("/config").json()
    return config


def ask(request: object, bot: Any = None) -> dict[str, Any]:
    return asyncio.run(page_events.ask(lobby_of(bot or fake()), request))


# ---- What the events answer -----------------------------------------------------------------


def test_an_answer_comes_as_html_with_its_turn() -> None:
    bot = fake()
    reply = ask({"turn": 3, "question": QUESTION, "history": ["先前的"]}, bot)
    assert reply["turn"] == 3
    assert "<mark>5%</mark>" in reply["html"]
    assert bot.asked == [(QUESTION, ("先前的",), None)]


@pytest.mark.parametrize(
    "request_",
    [None, 5, [], {}, {"question": None}, {"question": ["x"]}, {"question": "长" * 2_001}],
)
def test_whatever_is_sent_gets_a_failure_to_show(request_: object) -> None:
    reply = ask(request_)
    assert reply["failure"] == "问题应是文字，最多 2000 个字符。"


@pytest.mark.parametrize("history", [None, "x", 5, [None, 5, {}], {"a": 1}])
def test_a_history_of_another_kind_is_none(history: object) -> None:
    bot = fake()
    ask({"turn": 1, "question": QUESTION, "history": history}, bot)
    assert bot.asked == [(QUESTION, (), None)]


def test_only_the_latest_of_a_long_history_is_used() -> None:
    bot = fake()
    ask({"turn": 1, "question": QUESTION, "history": [str(n) for n in range(50)]}, bot)
    assert bot.asked[0][1] == tuple(str(n) for n in range(30, 50))


def test_a_lone_surrogate_is_replaced() -> None:
    bot = fake()
    assert "html" in ask({"turn": 1, "question": "甲\ud800", "history": ["\udfff"]}, bot)
    assert bot.asked == [("甲?", ("?",), None)]


def test_an_error_inside_is_logged_and_not_told(caplog: pytest.LogCaptureFixture) -> None:
    reply = ask({"turn": 1, "question": "出错"})
    assert reply == {"turn": 1, "failure": "回答时出了错，已记入服务器日志。"}
    assert "the secret inside" in caplog.text


@pytest.mark.parametrize("document", ["none", 5, ["essay"], ""])
def test_an_article_that_is_gone_is_told(document: object) -> None:
    reply = ask({"turn": 1, "question": QUESTION, "document": document})
    assert reply["failure"] == "要找的那篇文章已经不在了；可以在现有的文章里再试一次。"
    assert reply["gone"] == "document"
    # Where there are several the visitor can choose another.
    other = document_of("另一篇。", id="other", title="另一篇")
    two = FakeBot([ARTICLE, other], {})
    reply = ask({"turn": 1, "question": QUESTION, "document": document}, two)
    assert reply["failure"].endswith("也可以在输入框上面另选。")


def test_an_own_article_that_is_gone_is_told_apart() -> None:
    reply = ask({"turn": 1, "question": QUESTION, "article": "no-such-token"})
    assert reply["gone"] == "article"
    assert "请重新放入" in reply["failure"]


def test_only_the_chosen_article_is_asked() -> None:
    bot = fake()
    ask({"turn": 1, "question": QUESTION, "document": "essay"}, bot)
    assert bot.asked == [(QUESTION, (), "essay")]


def collect_states(lobby: Lobby, *requests: object) -> list[list[dict[str, Any]]]:
    """Return what becomes of each of the questions asked at once."""

    async def one(request: object) -> list[dict[str, Any]]:
        return [state async for state in page_events.answering(lobby, request)]

    async def every() -> list[list[dict[str, Any]]]:
        return await asyncio.gather(*(one(request) for request in requests))

    return asyncio.run(every())


def test_a_quick_answer_comes_without_a_word_before_it() -> None:
    (states,) = collect_states(lobby_of(fake()), {"turn": 1, "question": QUESTION})
    assert len(states) == 1
    assert states[0]["record"]["answer"] == "5%"


def test_after_a_while_the_page_says_what_is_being_done(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page_events, "SOON", 0.1)
    monkeypatch.setattr(os, "cpu_count", lambda: 1)
    bot = fake()
    bot.go.clear()
    threading.Timer(0.5, bot.go.set).start()
    first, second = collect_states(
        lobby_of(bot), {"turn": 1, "question": QUESTION}, {"turn": 2, "question": QUESTION}
    )
    reading = {"turn": 1, "doing": "正在逐段细读最相近的几段……"}
    assert [first[0], first[-1]["record"]["answer"]] == [reading, "5%"]
    assert second[0] == {"turn": 2, "doing": "前面还有别人的问题，轮到就回答……"}
    assert second[-1]["record"]["answer"] == "5%"


def test_the_page_waits_for_the_bot_and_says_so() -> None:
    built = threading.Event()

    def build() -> FakeBot:
        built.wait(10)
        return fake()

    async def collect() -> list[Any]:
        lobby = lobby_of(build)
        lobby.open()
        seen = []
        async for state in page_events.welcome(lobby):
            seen.append(state)
            built.set()
        return seen

    first, last = asyncio.run(collect())
    assert first == ({"waiting": "正在准备……"}, None)
    assert last[0]["ready"] is True
    assert QUESTION in last[0]["html"]
    assert last[0]["documents"] == [{"id": "essay", "title": "试验", "paragraphs": 2}]
    assert SENTENCE in last[1]["html"]


def test_the_page_says_when_there_will_be_no_bot() -> None:
    def build() -> FakeBot:
        raise ValueError("/some/path")

    async def collect() -> list[Any]:
        lobby = lobby_of(build)
        lobby.open()
        return [state async for state in page_events.welcome(lobby)]

    last = asyncio.run(collect())[-1]
    assert last == ({"failure": "问答没能准备好，请看服务器上的说明。"}, None)


def test_a_question_before_the_bot_is_there_is_told_to_wait() -> None:
    lobby = lobby_of(lambda: fake())
    reply = asyncio.run(page_events.ask(lobby, {"turn": 1, "question": QUESTION}))
    assert reply == {"turn": 1, "failure": "正在准备，请稍候再问。"}


def test_an_article_is_shown_by_its_id() -> None:
    lobby = lobby_of(fake())
    shown = page_events.show_document(lobby, {"document": "essay"})
    assert shown is not None and SENTENCE in shown["html"]
    for unknown in ("none", None, 5, {"a": 1}, {"document": "none"}, {"document": ["essay"]}):
        assert page_events.show_document(lobby, unknown) is None


def test_opening_an_article_that_is_gone_says_so() -> None:
    lobby = lobby_of(fake())
    assert SENTENCE in (page_events.opened(lobby, {"document": "essay"}) or {})["html"]
    assert page_events.opened(lobby, {"document": "none"}) == {"gone": "none"}
    token = {"document": "own:1", "article": "no-such-token"}
    assert page_events.opened(lobby, token) == {"gone": "own:1"}
    # A page that only wants to hear from the server, or comes before the bot, is told nothing.
    for nothing in (None, 5, {}, {"document": ["essay"]}):
        assert page_events.opened(lobby, nothing) is None
    assert page_events.opened(lobby_of(lambda: fake()), {"document": "none"}) is None


# ---- The page -------------------------------------------------------------------------------


def test_the_page_is_chinese_and_ours_from_its_first_byte(client: TestClient) -> None:
    page = client.get("/").text
    assert re.search(r'<html\s+lang="zh-CN"', page)
    assert 'rel="stylesheet" href="./wenda/frame.css?v=' in page
    # Gradio's script calls ours: it must come after them.
    scripts = re.findall(r'<script type="module"[^>]* src="([^"]+)"', page)
    assert scripts[0] == "./wenda/wenda.js"
    assert scripts[-1].startswith("./assets/")
    assert "og:" not in page and "twitter:" not in page and "manifest" not in page


def test_the_page_names_no_other_host(client: TestClient) -> None:
    page = client.get("/").text
    hosts = set(re.findall(r"https?://([\w.-]+)", page))
    # The first is the name space of SVG.
    assert hosts <= {"www.w3.org", "127.0.0.1"}
    for file in dressing.STATIC.iterdir():
        text = file.read_text(encoding="utf-8")
        assert set(re.findall(r"https?://([\w.-]+)", text)) <= {"www.w3.org"}
        assert "url(//" not in text and "@import" not in text


def test_gradios_theme_brings_no_font_from_elsewhere(client: TestClient) -> None:
    theme = client.get("/theme.css").text
    assert not re.search(r"url\([\"']?(https?:)?//", theme)
    assert "@import" not in theme


def test_a_page_that_is_built_otherwise_is_refused() -> None:
    with pytest.raises(ValueError, match="Gradio's page has no"):
        dressing.dress("<html><head></head></html>")


def test_static_files_are_served_with_their_type(client: TestClient) -> None:
    assert client.get("/wenda/frame.css").headers["content-type"].startswith("text/css")
    script = client.get("/wenda/wenda.js")
    assert "javascript" in script.headers["content-type"]
    # Scripts that import each other must be of one version.
    assert script.headers["cache-control"] == "no-cache"
    unchanged = client.get("/wenda/wenda.js", headers={"if-none-match": script.headers["etag"]})
    assert unchanged.status_code == 304
    assert client.get("/wenda/../api.py").status_code == 404
    assert client.get("/wenda/%2e%2e/api.py").status_code == 404


def test_static_files_belong_to_the_package() -> None:
    # Hatch packs everything under the package's folder; nothing else lists these files.
    assert dressing.STATIC == REPO / "chatbot" / "static"
    static = {file.name for file in dressing.STATIC.iterdir()}
    named = {*dressing.STYLES, *dressing.ENTRIES, *dressing.MODULES, "wenda.svg"}
    assert static - named <= {f"{extra}.{kind}" for extra in EXTRAS for kind in ("js", "css")}
    assert named <= static


def test_the_answers_of_the_api_stand_beside_the_page(client: TestClient) -> None:
    assert client.post("/api/ask", json={"question": QUESTION}).json()["answer"] == "5%"
    assert client.get("/health/ready").status_code == 200
    assert client.get("/api/ask").status_code == 405
    assert client.get("/openapi.json").json()["info"]["title"] == "问答"
    unknown = client.get("/nothing/here")
    assert unknown.status_code == 404
    assert unknown.headers["content-type"] == "application/problem+json"


def test_the_page_can_stay_away() -> None:
    app = create_app(fake(), web=False)  # type: ignore[arg-type]
    with TestClient(app, base_url="http://127.0.0.1") as client:
        assert client.get("/").status_code == 404


# ---- Gradio's defaults ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/gradio_api/upload"),
        ("GET", "/gradio_api/upload_progress?upload_id=x"),
        ("GET", "/gradio_api/file=/etc/passwd"),
        ("GET", "/gradio_api/file=https://example.com/"),
        ("GET", "/gradio_api/file/etc/passwd"),
        ("GET", "/gradio_api/proxy=https://x.hf.space/"),
        ("GET", "/gradio_api/stream/a/b/c/playlist.m3u8"),
        ("GET", "/gradio_api/deep_link?session_hash=x"),
        ("POST", "/gradio_api/component_server"),
        ("POST", "/gradio_api/process_recording"),
        ("POST", "/gradio_api/vibe-edit"),
        ("GET", "/gradio_api/vibe-code"),
        ("GET", "/gradio_api/runs"),
        ("POST", "/gradio_api/run-history/connect"),
        ("POST", "/gradio_api/run/ask"),
        ("POST", "/gradio_api/call/ask"),
        ("POST", "/gradio_api/api/ask"),
        ("GET", "/gradio_api/openapi.json"),
        ("GET", "/gradio_api/mcp/"),
        ("GET", "/monitoring"),
        ("GET", "/monitoring/summary"),
        ("POST", "/login"),
        ("GET", "/dev/reload"),
        ("GET", "/custom_component/1/client/component/x.js"),
        ("GET", "/pwa_icon"),
        ("GET", "/manifest.json"),
        ("DELETE", "/"),
    ],
)
def test_routes_that_the_page_does_not_need_are_closed(
    client: TestClient, method: str, path: str
) -> None:
    response = client.request(method, path)
    assert response.status_code in {404, 405}
    assert response.headers["content-type"] == "application/problem+json"


def test_every_route_of_gradio_is_closed_unless_listed(app: Any) -> None:
    """A later Gradio may bring routes that nobody here has looked at."""
    mount = next(route for route in app.routes if isinstance(route, web.PageMount))
    paths = {
        (method.upper(), path.lstrip("/"))
        for path, operations in mount.app.app.openapi()["paths"].items()
        for method in operations
    }
    assert len(paths) > 50
    opened = {path for method, path in paths if web.reachable(method, path)}
    assert opened == {
        "",
        "assets/{path}",
        "config",
        "favicon.ico",
        "gradio_api/app_id",
        "gradio_api/cancel",
        "gradio_api/heartbeat/{session_hash}",
        "gradio_api/info",
        "gradio_api/queue/data",
        "gradio_api/queue/join",
        "gradio_api/reset",
        "gradio_api/startup-events",
        "gradio_api/theme.css",
        "robots.txt",
        "static/{path}",
        "svelte/{path}",
        "theme.css",
    }


def test_a_body_over_the_limit_never_reaches_gradio(client: TestClient) -> None:
    response = client.post("/gradio_api/queue/join", content=b"x" * 70_000)
    assert response.status_code == 413


def test_settings_of_the_mounted_page(app: Any) -> None:
    mount = next(route for route in app.routes if isinstance(route, web.PageMount))
    blocks = mount.app.app.get_blocks()
    assert blocks.analytics_enabled is False
    assert blocks.run_history is False
    assert blocks.show_error is False
    assert blocks.footer_links == []
    assert blocks.enable_monitoring is False
    assert blocks.allowed_paths == []
    assert blocks.max_file_size == 0
    assert blocks.ssr_mode is False
    assert blocks.share is False
    assert blocks.mcp_server is False
    assert blocks.vibe_mode is False
    assert blocks.api_open is False
    assert blocks._queue.max_size == web.QUEUE
    assert mount is app.router.routes[-1]


def test_events_are_private_and_their_concurrency_is_set(config: dict[str, Any]) -> None:
    events = {target[1]: event for event in config["dependencies"] for target in event["targets"]}
    assert set(events) == {"ask", "open", "load", "failure"}
    for name in ("ask", "open", "load"):
        assert events[name]["api_visibility"] == "private"
        assert events[name]["queue"] is not False


def test_the_concurrency_of_each_event(app: Any) -> None:
    mount = next(route for route in app.routes if isinstance(route, web.PageMount))
    functions = mount.app.app.get_blocks().fns.values()
    limits = {fn.name: fn.concurrency_limit for fn in functions if fn.fn is not None}
    assert limits == {"on_ask": os.cpu_count() or 1, "on_open": 8, "on_load": None}


def test_gradio_describes_no_event_of_ours(client: TestClient) -> None:
    assert client.get("/gradio_api/info").json()["named_endpoints"] == {}


def test_what_every_visitor_gets_holds_no_article(config: dict[str, Any]) -> None:
    assert SENTENCE not in json.dumps(config, ensure_ascii=False)
    assert config["run_history"] is False
    assert config["analytics_enabled"] is False
    assert config["show_error"] is False
    assert config["footer_links"] == []
    kinds = {component["type"] for component in config["components"]}
    assert kinds == {"html"}  # no upload, no share button, no file access


def test_no_other_site_may_read_gradios_answers(client: TestClient) -> None:
    origin = {"origin": "https://evil.example"}
    for host in ("127.0.0.1", "192.168.1.5"):
        response = client.get("/config", headers={**origin, "host": host})
        assert response.status_code == 200
        assert "access-control-allow-origin" not in response.headers
    assert client.get("/", headers={"host": "evil.example"}).status_code == 421


def test_variables_that_open_gradio_are_cleared(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("GRADIO_SHARE", "GRADIO_VIBE_MODE", "GRADIO_ALLOWED_PATHS", "GRADIO_MCP_SERVER"):
        monkeypatch.setenv(name, "True")
    monkeypatch.setenv("GRADIO_ANALYTICS_ENABLED", "True")
    web.prepare_environment()
    assert os.environ["GRADIO_ANALYTICS_ENABLED"] == "False"
    for name in ("GRADIO_SHARE", "GRADIO_VIBE_MODE", "GRADIO_ALLOWED_PATHS", "GRADIO_MCP_SERVER"):
        assert name not in os.environ


def test_nothing_is_asked_of_any_other_host() -> None:
    """The whole start, with every variable against us and every look at the network counted."""
    script = textwrap.dedent("""
        import sys
        asked = []
        def watch(event, args):
            if event in ("socket.connect", "socket.getaddrinfo", "socket.gethostbyname"):
                asked.append((event, repr(args)))
        sys.addaudithook(watch)
        from fastapi.testclient import TestClient
        from chatbot.api import create_app
        from tests.fake_bot import FakeBot, document_of
        app = create_app(FakeBot([document_of("一段。")], {}))
        with TestClient(app, base_url="http://127.0.0.1") as client:
            assert client.get("/").status_code == 200
            assert client.get("/config").status_code == 200
        import threading, time
        time.sleep(1)
        names = [thread.name for thread in threading.enumerate()]
        print(asked, [name for name in names if "version" in name])
    """)
    environment = {
        **os.environ,
        "PYTHONPATH": str(REPO),
        "GRADIO_ANALYTICS_ENABLED": "True",
        "GRADIO_SHARE": "True",
        "GRADIO_RUN_HISTORY": "True",
    }
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=REPO,
        env=environment,
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "[] []"


def test_neither_gradio_nor_torch_is_loaded_for_the_api_alone() -> None:
    script = (
        "import sys; import chatbot.api, chatbot.rendering, chatbot.web; "
        "print({'gradio', 'torch', 'uvicorn'} & set(sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=REPO,
        env={**os.environ, "PYTHONPATH": str(REPO)},
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    assert done.stdout.strip() == "set()"
