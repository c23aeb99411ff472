"""What stands before the application: which hosts it answers for, how much it reads, what it sends.

Gradio, mounted, echoes any Origin with credentials, takes uploads of any size and sets no
content policy (research.md 3.1). These small ASGI middlewares decide all three for the server.
"""

from __future__ import annotations

import ipaddress
import re
import socket
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from chatbot.problems import ProblemResponse

BODY_LIMIT = 64 * 1024

_ORIGIN = re.compile(
    r"https?://(?:\*\.)?(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9-]*[a-z0-9])?"
    r"(?::[0-9]{1,5})?"
)


# Gradio compiles the templates of `gr.HTML` in the browser and writes its configuration and theme
# inline, hence the two 'unsafe-' words; what counts here is that nothing comes from, or goes to,
# another host, and that no other site may frame the page but those the operator named.
def content_policy(embed_origins: Sequence[str] = ()) -> str:
    """Return the Content-Security-Policy; pages of `embed_origins` may show this one in a frame.

    Raises ValueError for what `is_origin` does not take.
    """
    for origin in embed_origins:
        if not is_origin(origin):
            raise ValueError(f"{origin!r} is no origin")
    ancestors = " ".join(("'self'", *(origin.lower() for origin in embed_origins)))
    return "; ".join((*_POLICY, f"frame-ancestors {ancestors}"))


def is_origin(text: str) -> bool:
    """Say whether `text` is an origin as a policy names it: `https://www.example.com`.

    `https://*.example.com` stands for every host below; a lone * is none: everybody is nobody in
    particular.
    """
    return _ORIGIN.fullmatch(text.lower()) is not None


_POLICY = (
    "default-src 'self'",
    "script-src 'self' 'unsafe-inline' 'unsafe-eval'",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self' data:",
    "connect-src 'self'",
    "object-src 'none'",
    "base-uri 'self'",
    "form-action 'self'",
)
CONTENT_POLICY = content_policy()


def hosts_for(host: str) -> tuple[str, ...]:
    """Return the host names that a server listening on `host` answers for.

    Addresses in figures are always answered (see `TrustedHosts`); this adds the names.
    """
    names = ["localhost", host]
    if host in {"0.0.0.0", "::", ""}:
        names += [socket.gethostname(), f"{socket.gethostname()}.local"]
    return tuple(name for name in dict.fromkeys(names) if name)


class TrustedHosts:
    """Refuses requests whose Host is a name that the operator did not name.

    It stops DNS rebinding: a page of another site whose name is made to point at this machine
    still sends that name. An address in figures cannot be rebound, so it passes. "*" lets all pass.
    """

    def __init__(self, app: ASGIApp, allowed: Sequence[str]) -> None:
        """Answer only for the host names in `allowed`."""
        self.app = app
        self._allowed = {name.lower() for name in allowed}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on or answer 421."""
        if scope["type"] in {"http", "websocket"} and not self._trusts(Headers(scope=scope)):
            refusal = ProblemResponse(421, "请用启动时给出的地址访问。")
            await refusal(scope, receive, send)
            return
        await self.app(scope, receive, send)

    def _trusts(self, headers: Headers) -> bool:
        if "*" in self._allowed:
            return True
        try:
            name = urlsplit(f"//{headers.get('host', '')}").hostname
        except ValueError:
            return False
        if not name:
            return False
        if name.lower() in self._allowed:
            return True
        try:
            ipaddress.ip_address(name)
        except ValueError:
            return False
        return True


class BodyLimit:
    """Refuses request bodies over `limit` bytes, announced or not."""

    def __init__(
        self,
        app: ASGIApp,
        limit: int = BODY_LIMIT,
        larger: Mapping[str, int] = MappingProxyType({}),
    ) -> None:
        """Let bodies of up to `limit` bytes through, to the paths in `larger` so many."""
        self.app = app
        self._limit = limit
        self._larger = larger

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Read the body up to the limit, then hand it on, or answer 413."""
        if scope["type"] != "http" or scope["method"] in {"GET", "HEAD", "OPTIONS"}:
            await self.app(scope, receive, send)
            return
        limit = self._larger.get(scope["path"], self._limit)
        refusal = ProblemResponse(413, f"请求内容超过 {limit // 1024} KB。")
        announced = Headers(scope=scope).get("content-length", "0")
        if not announced.isdecimal() or int(announced) > limit:
            await refusal(scope, receive, send)
            return
        body = b""
        message: Message = {"type": "http.request", "body": b"", "more_body": True}
        while message["type"] == "http.request" and message.get("more_body", False):
            message = await receive()
            body += message.get("body", b"")
            if len(body) > limit:
                await refusal(scope, receive, send)
                return
        waiting: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]
        if message["type"] == "http.disconnect":
            waiting.append(message)

        async def replay() -> Message:
            return waiting.pop(0) if waiting else await receive()

        await self.app(scope, replay, send)


class SafeHeaders:
    """Adds the content policy and its companions to every response."""

    def __init__(self, app: ASGIApp, embed_origins: Sequence[str] = ()) -> None:
        """Wrap `app`; pages of `embed_origins` may show it in a frame."""
        self.app = app
        self._policy = content_policy(embed_origins)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, adding headers to what comes back."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers["Content-Security-Policy"] = self._policy
                headers["X-Content-Type-Options"] = "nosniff"
                headers["Referrer-Policy"] = "no-referrer"
                if headers.get("content-type", "").startswith("text/event-stream"):
                    # Else nginx holds back what should arrive at once (gradio 6804).
                    headers["X-Accel-Buffering"] = "no"
            await send(message)

        await self.app(scope, receive, with_headers)
