"""Gradio's page made ours: its language, style sheets and scripts, and no foreign addresses."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any

from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

STATIC = Path(str(files("chatbot").joinpath("static")))

# In this order: what stands later may overrule what stands before.
STYLES = ("frame.css", "chat.css", "answer.css", "dialog.css", "article.css", "embed.css")
# Scripts that start by themselves; all the others are imported by one of them.
ENTRIES = ("wenda.js",)
MODULES = (
    "article.js",
    "chat.js",
    "composer.js",
    "conversation-list.js",
    "conversations.js",
    "embed.js",
    "export.js",
    "hooks.js",
    "line.js",
    "marking.js",
    "notice.js",
    "permalink.js",
    "scope.js",
    "screen.js",
    "selection.js",
    "sheet.js",
    "text.js",
    "turn.js",
)
# Further scripts, each with a style sheet of its name, for what an operator may leave out.
EXTRAS = ("feedback", "own-article")


# What link previews would show of Gradio instead of us, with pictures from other hosts, and the
# manifest of an installable app with Gradio's name and icon.
_ADVERTISEMENTS = re.compile(
    r'<meta\s+(?:property="og:|name="twitter:)[^>]*>|<link rel="manifest"[^>]*>'
)


def path_within(scope: Scope) -> str:
    """Return the path within this application, without its leading slash."""
    path: str = scope["path"]
    return path.removeprefix(scope.get("root_path", "")).removeprefix("/")


class Dressed:
    """Turns Gradio's page into ours: its language, style sheet and script, no foreign addresses.

    Gradio adds a page's `head` by script, after the first paint; these must be there before it.
    """

    def __init__(self, app: ASGIApp, extras: Sequence[str] = ()) -> None:
        """Wrap Gradio's `app`; `extras` are further scripts with their style sheets, by name."""
        self.app = app
        self._extras = tuple(extras)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass everything through but the page itself."""
        if scope["type"] != "http" or scope["method"] != "GET" or path_within(scope):
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
            dressed = dress(body.decode(), self._extras).encode()
            kept = [(n, v) for n, v in start["headers"] if n.lower() != b"content-length"]
            kept.append((b"content-length", str(len(dressed)).encode()))
            await send({**start, "headers": kept})
            await send({"type": "http.response.body", "body": dressed})

        await self.app({**scope, "headers": headers}, receive, collect)


def dress(page: str, extras: Sequence[str] = ()) -> str:
    """Return Gradio's index.html in Chinese, with our head and without its advertisements.

    Our scripts stand before Gradio's, which calls them; `extras` are further ones, each with its
    style sheet. Raises ValueError when the page is no longer built as it was: better no page than
    one whose style and script are missing.
    """
    head = "".join(
        (
            '<meta name="color-scheme" content="light dark" />',
            '<meta name="description" content="只用文章原话回答问题" />',
            f'<link rel="icon" type="image/svg+xml" href="{_asset("wenda.svg")}" />',
            *(f'<link rel="stylesheet" href="{_asset(name)}" />' for name in STYLES),
            *(f'<link rel="stylesheet" href="{_asset(f"{name}.css")}" />' for name in extras),
        )
    )
    scripts = "".join(
        (
            # The address that an import names, which carries no hash: the server says that it is
            # to be checked each time.
            *(f'<link rel="modulepreload" href="./wenda/{name}" />' for name in MODULES),
            *(f'<script type="module" src="./wenda/{name}"></script>' for name in ENTRIES),
            *(f'<script type="module" src="./wenda/{name}.js"></script>' for name in extras),
        )
    )
    for old, new in (
        (r'lang="en"', 'lang="zh-CN"'),
        (r'<script type="module"', f'{scripts}<script type="module"'),
        (r"</head>", f"{head}</head>"),
    ):
        page, times = re.subn(old, lambda _, new=new: new, page, count=1)  # type: ignore[misc]
        if times != 1:
            raise ValueError(f"Gradio's page has no {old}")
    return _ADVERTISEMENTS.sub("", page)


class StaticAssets(StaticFiles):
    """Our files. A browser may keep them but asks each time whether they are still the same.

    Scripts import each other by plain names: one that is new beside one that is old would break
    the page after an update.
    """

    def __init__(self) -> None:
        """Serve the folder of static files."""
        super().__init__(directory=STATIC)

    def file_response(self, *args: Any, **kwargs: Any) -> Response:
        """Add to a file's response that it must be checked before it is used again."""
        response = super().file_response(*args, **kwargs)
        response.headers["Cache-Control"] = "no-cache"
        return response


def _asset(name: str) -> str:
    """Return the address of one of our static files; its content's hash makes it fresh."""
    digest = hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:12]
    return f"./wenda/{name}?v={digest}"
