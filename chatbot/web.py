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
import os
from collections.abc import AsyncIterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

from starlette.routing import Match, Mount
from starlette.types import ASGIApp, Scope

from chatbot.dressing import Dressed, StaticAssets, path_within
from chatbot.lobby import Lobby
from chatbot.page_events import answering, opened, welcome
from chatbot.page_markup import ARTICLE, CHAT

if TYPE_CHECKING:
    import gradio as gr
    from fastapi import FastAPI

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


def prepare_environment() -> None:
    """Silence Gradio's telemetry and close what its variables would open. Before its import."""
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
    os.environ["HF_HUB_DISABLE_TELEMETRY"] = "1"
    for name in _UNWANTED:
        os.environ.pop(name, None)


def build_page(lobby: Lobby) -> "gr.Blocks":
    """Return the page as Gradio Blocks: the chat on the left, the article on the right."""
    prepare_environment()
    import gradio as gr

    async def on_ask(event: gr.EventData) -> AsyncIterator[dict[str, Any]]:
        async for state in answering(lobby, event._data):
            yield state

    async def on_load() -> AsyncIterator[tuple[Any, Any]]:
        async for state in welcome(lobby):
            yield state

    def on_open(event: gr.EventData) -> Any:
        shown = opened(lobby, event._data)
        return gr.skip() if shown is None else shown

    page = gr.Blocks(title="问答", analytics_enabled=False, fill_width=True)
    with page:
        chat = gr.HTML(
            value=None,
            html_template=CHAT,
            js_on_load="wenda.chat(element, props, watch, (data) => trigger('ask', data));",
            apply_default_css=False,
            elem_id="wenda-chat",
        )
        article = gr.HTML(
            value=None,
            html_template=ARTICLE,
            js_on_load="wenda.article(element, props, watch, (data) => trigger('open', data));",
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


def mount_page(app: "FastAPI", lobby: Lobby, extras: Sequence[str] = ()) -> None:
    """Mount the page at the root of `app`, after all its other routes, before it starts.

    `extras` name what the page offers beyond asking ("feedback"); each is a script and a style
    sheet of that name.
    """
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

    app.mount("/wenda", StaticAssets(), name="wenda")
    # In a loop of its own: where none is running, Gradio makes some and leaves them open; and the
    # caller may be inside one already, hence the thread.
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, mount()).result()
    mounted = app.router.routes.pop()
    assert isinstance(mounted, Mount)
    app.router.routes.append(PageMount(mounted.app, extras))


class PageMount(Mount):
    """Gradio's application, with only the routes that the page needs.

    What does not match here is left to our own routes, so a wrong method on /api/ask is still 405
    and an unknown address a 404 of ours.
    """

    def __init__(self, app: ASGIApp, extras: Sequence[str] = ()) -> None:
        """Mount Gradio's `app` at the root."""
        super().__init__("/", app=Dressed(app, extras))

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Match only what is on the list."""
        match, child = super().matches(scope)
        if match is Match.NONE or scope["type"] != "http":
            return Match.NONE, {}
        if not reachable(scope["method"], path_within(scope)):
            return Match.NONE, {}
        return match, child


def reachable(method: str, path: str) -> bool:
    """Say whether a path of Gradio's server (without the leading slash) is open to visitors."""
    if method in {"GET", "HEAD"}:
        return path in _PAGES or path in _CALLS or path.startswith(_FOLDERS)
    return method == "POST" and path in _POSTS
