"""The web chat: one Gradio page, two panes, three events.

Why `gr.HTML` and not `gr.Chatbot` and `gr.Textbox`: Chatbot takes what it shows for Markdown,
LaTeX and HTML, so an article's `*`, `$$` or `1.` would not look as they stand in the article, and
a quoted answer, its sentence and its place need mark-up of their own. In an HTML component the
words are exactly ours, `role="log"` speaks every new answer once (Gradio renders the whole value
again; the script appends), and Enter inside an input method can be guarded. Everything still
travels as Gradio events, through its queue.

The conversation lives in the browser alone: each question brings its own history, the server
remembers nobody, and a restart loses nothing.
"""

# No `from __future__ import annotations` here: Gradio looks at the annotations of event functions,
# and could not resolve names of a module that is only imported inside `build_page`.
import asyncio
import hashlib
import logging
import os
import re
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from starlette.routing import Match, Mount
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from chatbot.lobby import Lobby, NotReadyError
from chatbot.rendering import render_answer, render_document, render_welcome
from chatbot.settings import QUESTION_LIMIT

if TYPE_CHECKING:
    import gradio as gr
    from fastapi import FastAPI

logger = logging.getLogger(__name__)

STATIC = Path(str(files("chatbot").joinpath("static")))

# How many earlier questions a follow-up can lean on.
HISTORY = 20
# Questions waiting for an answer, over all visitors; the next one is told that it is too busy.
QUEUE = 64

# What the page needs of Gradio's server, and no more: uploads, file access, the proxy, monitoring,
# component functions, the code editor and whatever a later version adds stay unreachable.
_PAGES = frozenset({"", "config", "theme.css", "favicon.ico", "robots.txt"})
_FOLDERS = ("assets/", "static/", "svelte/", "gradio_api/heartbeat/")
_CALLS = frozenset(
    {
        "gradio_api/info",
        "gradio_api/app_id",
        "gradio_api/theme.css",
        "gradio_api/startup-events",
        "gradio_api/queue/data",
    }
)
_POSTS = frozenset({"gradio_api/queue/join", "gradio_api/cancel", "gradio_api/reset"})

# Anything of these in the environment would open what is closed here.
_UNWANTED = (
    "GRADIO_SHARE",
    "GRADIO_VIBE_MODE",
    "GRADIO_ALLOWED_PATHS",
    "GRADIO_MCP_SERVER",
    "GRADIO_SSR_MODE",
    "GRADIO_PROFILING",
    "GRADIO_WATCH_DIRS",
)

_CHAT = """
<section class="wd-chat" aria-label="对话">
  <header class="wd-brand">
    <svg viewBox="0 0 32 32" aria-hidden="true"><rect width="32" height="32" rx="8" fill="#1f5f5b"/>
      <path d="M8 9.5h16M8 16h6M21 16h3M8 22.5h10" stroke="#fff" stroke-width="2.6"
        stroke-linecap="round"/>
      <rect x="14.4" y="12.9" width="6.2" height="6.2" rx="1.6" fill="#ffd866"/></svg>
    <h1>问答</h1><p>只用文章的原话回答</p>
    <button type="button" class="wd-read">看原文</button>
  </header>
  <div class="wd-log" role="log" aria-live="polite" aria-label="问与答" tabindex="0"></div>
  <form class="wd-composer">
    <label class="wd-hidden" for="wenda-question">您的问题</label>
    <textarea id="wenda-question" rows="1" maxlength="LIMIT" enterkeyhint="send"
      autocomplete="off" placeholder="向文章提问"
      aria-describedby="wenda-keys"></textarea>
    <button type="submit" class="wd-send">发送</button>
    <p id="wenda-keys" class="wd-keys">Enter 发送，Shift + Enter 换行</p>
  </form>
</section>
""".replace("LIMIT", str(QUESTION_LIMIT))

_ARTICLE = """
<section class="wd-pane" aria-label="原文">
  <header class="wd-bar">
    <span>原文</span>
    <button type="button" class="wd-close">关闭</button>
  </header>
  <div class="wd-scroll" tabindex="0">${value}</div>
</section>
"""


# What link previews would show of Gradio instead of us, with pictures from other hosts, and the
# manifest of an installable app with Gradio's name and icon.
_ADVERTISEMENTS = re.compile(
    r'<meta\s+(?:property="og:|name="twitter:)[^>]*>|<link rel="manifest"[^>]*>'
)


def prepare_environment() -> None:
    """Silence Gradio's telemetry and close what its variables would open. Before its import."""
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
    os.environ["HF_HUB_DISABLE_TELEMETRY"] = "1"
    for name in _UNWANTED:
        os.environ.pop(name, None)


async def ask(lobby: Lobby, request: object) -> dict[str, Any]:
    """Answer one question of the page: `{"turn", "question", "history"}`, by `{"turn", "html"}`.

    Beside the HTML stand the quoted words (`answer`, None where there are none). Whatever the
    browser sends, what comes back is something to show: an answer, or a `failure` in Chinese with
    the turn it belongs to.
    """
    data = request if isinstance(request, dict) else {}
    turn = data.get("turn")
    question = data.get("question")
    earlier = data.get("history")
    if not isinstance(question, str) or len(question) > QUESTION_LIMIT:
        return {"turn": turn, "failure": f"问题应是文字，最多 {QUESTION_LIMIT} 个字符。"}
    history = (
        [item for item in earlier if isinstance(item, str)] if isinstance(earlier, list) else []
    )
    try:
        answer = await lobby.ask(_readable(question), [_readable(q) for q in history[-HISTORY:]])
        documents = {document.id: document for document in lobby.ready().documents}
        return {"turn": turn, "html": render_answer(answer, documents), "answer": answer.answer}
    except NotReadyError as error:
        return {"turn": turn, "failure": str(error)}
    except Exception:
        logger.exception("no answer")
        return {"turn": turn, "failure": "回答时出了错，已记入服务器日志。"}


async def welcome(lobby: Lobby) -> AsyncIterator[tuple[dict[str, Any], str]]:
    """Yield what the two panes show on loading: that it is being prepared, then the real thing."""
    waited = False
    while lobby.bot is None:
        if lobby.failure is not None:
            yield {"failure": "问答没能准备好，请看服务器上的说明。"}, ""
            return
        if not waited:
            yield {"waiting": "正在准备……"}, ""
            waited = True
        await asyncio.sleep(0.25)
    bot = lobby.bot
    examples = await asyncio.to_thread(bot.examples)
    article = render_document(bot.documents[0], bot.documents) if bot.documents else ""
    yield {"ready": True, "html": render_welcome(bot.documents, examples)}, article


def show_document(lobby: Lobby, id: object) -> str | None:
    """Return the article of that id as HTML, None if there is none."""
    documents = lobby.bot.documents if lobby.bot is not None else ()
    for document in documents:
        if document.id == id:
            return render_document(document, documents)
    return None


def build_page(lobby: Lobby) -> "gr.Blocks":
    """Return the page as Gradio Blocks: the chat on the left, the article on the right."""
    prepare_environment()
    import gradio as gr

    async def on_ask(event: gr.EventData) -> dict[str, Any]:
        return await ask(lobby, event._data)

    async def on_load() -> AsyncIterator[tuple[dict[str, Any], str]]:
        async for state in welcome(lobby):
            yield state

    def on_open(event: gr.EventData) -> Any:
        data = event._data if isinstance(event._data, dict) else {}
        shown = show_document(lobby, data.get("document"))
        return gr.skip() if shown is None else shown

    page = gr.Blocks(title="问答", analytics_enabled=False, fill_width=True)
    with page:
        chat = gr.HTML(
            value=None,
            html_template=_CHAT,
            js_on_load="wenda.chat(element, props, watch, (data) => trigger('ask', data));",
            apply_default_css=False,
            elem_id="wenda-chat",
        )
        article = gr.HTML(
            value="",
            html_template=_ARTICLE,
            js_on_load="wenda.article(element, watch, (data) => trigger('open', data));",
            apply_default_css=False,
            elem_id="wenda-article",
        )
        # "private" keeps the events out of Gradio's API description; testers have /api/ask.
        shared: dict[str, Any] = {
            "show_progress": "hidden",
            "api_visibility": "private",
            "trigger_mode": "multiple",
        }
        chat.ask(on_ask, None, chat, concurrency_limit=os.cpu_count() or 1, **shared).failure(
            None, None, None, js="() => wenda.failed()"
        )
        article.open(on_open, None, article, concurrency_limit=8, **shared)
        # Waiting pages hold a place each while the bot is being built, but compute nothing.
        page.load(on_load, None, [chat, article], concurrency_limit=None, **shared)
    page.queue(max_size=QUEUE, api_open=False, default_concurrency_limit=2)
    return page


def mount_page(app: "FastAPI", lobby: Lobby) -> None:
    """Mount the page at the root of `app`, after all its other routes, before it starts."""
    prepare_environment()
    import gradio as gr

    async def mount() -> None:
        gr.mount_gradio_app(
            app,
            build_page(lobby),
            path="/",
            server_name="127.0.0.1",
            footer_links=[],
            run_history=False,
            allowed_paths=[],
            show_error=False,
            max_file_size=0,
            ssr_mode=False,
            enable_monitoring=False,
            pwa=False,
            mcp_server=False,
        )

    app.mount("/wenda", StaticFiles(directory=STATIC), name="wenda")
    # In a loop of its own: where none is running, Gradio makes some and leaves them open; and the
    # caller may be inside one already, hence the thread.
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, mount()).result()
    mounted = app.router.routes.pop()
    assert isinstance(mounted, Mount)
    app.router.routes.append(PageMount(mounted.app))


class PageMount(Mount):
    """Gradio's application, with only the routes that the page needs.

    What does not match here is left to our own routes, so a wrong method on /api/ask is still 405
    and an unknown address a 404 of ours.
    """

    def __init__(self, app: ASGIApp) -> None:
        """Mount Gradio's `app` at the root."""
        super().__init__("/", app=Dressed(app))

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Match only what is on the list."""
        match, child = super().matches(scope)
        if match is Match.NONE or scope["type"] != "http":
            return Match.NONE, {}
        if not reachable(scope["method"], _path(scope)):
            return Match.NONE, {}
        return match, child


def reachable(method: str, path: str) -> bool:
    """Say whether a path of Gradio's server (without the leading slash) is open to visitors."""
    if method in {"GET", "HEAD"}:
        return path in _PAGES or path in _CALLS or path.startswith(_FOLDERS)
    return method == "POST" and path in _POSTS


class Dressed:
    """Turns Gradio's page into ours: its language, style sheet and script, no foreign addresses.

    Gradio adds a page's `head` by script, after the first paint; these must be there before it.
    """

    def __init__(self, app: ASGIApp) -> None:
        """Wrap Gradio's `app`."""
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass everything through but the page itself."""
        if scope["type"] != "http" or scope["method"] != "GET" or _path(scope):
            await self.app(scope, receive, send)
            return
        # Gradio must not compress what is rewritten here; the middleware of the app does it after.
        headers = [(name, value) for name, value in scope["headers"] if name != b"accept-encoding"]
        start: Message = {}
        body = b""

        async def collect(message: Message) -> None:
            nonlocal start, body
            if message["type"] == "http.response.start":
                start = message
                return
            if message["type"] != "http.response.body":
                await send(message)
                return
            body += message.get("body", b"")
            if message.get("more_body", False):
                return
            dressed = dress(body.decode()).encode()
            kept = [(n, v) for n, v in start["headers"] if n.lower() != b"content-length"]
            kept.append((b"content-length", str(len(dressed)).encode()))
            await send({**start, "headers": kept})
            await send({"type": "http.response.body", "body": dressed})

        await self.app({**scope, "headers": headers}, receive, collect)


def _path(scope: Scope) -> str:
    """Return the path within this application, without its leading slash."""
    path: str = scope["path"]
    return path.removeprefix(scope.get("root_path", "")).removeprefix("/")


def dress(page: str) -> str:
    """Return Gradio's index.html in Chinese, with our head and without its advertisements.

    Raises ValueError when the page is no longer built as it was: better no page than one whose
    style and script are missing.
    """
    head = "".join(
        (
            '<meta name="color-scheme" content="light dark" />',
            '<meta name="description" content="只用文章原话回答问题" />',
            f'<link rel="icon" type="image/svg+xml" href="{_asset("wenda.svg")}" />',
            f'<link rel="stylesheet" href="{_asset("wenda.css")}" />',
            f'<script defer src="{_asset("wenda.js")}"></script>',
        )
    )
    for old, new in ((r'lang="en"', 'lang="zh-CN"'), (r"</head>", f"{head}</head>")):
        page, times = re.subn(old, lambda _, new=new: new, page, count=1)  # type: ignore[misc]
        if times != 1:
            raise ValueError(f"Gradio's page has no {old}")
    return _ADVERTISEMENTS.sub("", page)


def _readable(text: str) -> str:
    """Return `text` without lone surrogates, which no encoder takes."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _asset(name: str) -> str:
    """Return the address of one of our static files; its content's hash makes it fresh."""
    digest = hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:12]
    return f"./wenda/{name}?v={digest}"
