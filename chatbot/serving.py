"""Serving the application with uvicorn: a port, a word on the terminal, a quiet end."""

from __future__ import annotations

import asyncio
import errno
import socket
import sys
from typing import TYPE_CHECKING

from starlette.types import ASGIApp, Message, Receive, Scope, Send

if TYPE_CHECKING:
    import uvicorn
    from fastapi import FastAPI

    from chatbot.lobby import Lobby


class ListenError(Exception):
    """The server cannot listen where it was told to; the message is one line for the user."""


class PortInUseError(ListenError):
    """Something else listens on the port already."""


def serve(app: FastAPI, host: str, port: int) -> None:
    """Serve until Ctrl-C, which ends quietly.

    Raises PortInUseError or ListenError before anything is built, and whatever building the bot
    raised, after the server has stopped: a page that waits for ever helps nobody.
    """
    lobby: Lobby = app.state.lobby
    listener = _listen(host, port)
    address = _address(host, listener.getsockname()[1])
    server = server_of(app)

    def stop() -> None:
        server.should_exit = True

    def say_ready() -> None:
        print(f"已就绪：{address}", file=sys.stderr, flush=True)

    lobby.on_failure = stop
    lobby.on_ready = say_ready
    print(f"问答：{address} （按 Ctrl-C 结束）", file=sys.stderr, flush=True)
    try:
        with listener:
            server.run(sockets=[listener])
    except KeyboardInterrupt:
        pass
    if lobby.failure is not None:
        raise lobby.failure


def server_of(app: ASGIApp) -> uvicorn.Server:
    """Return a server of `app` that ends the streams which open pages hold before it waits."""
    import uvicorn

    class Server(uvicorn.Server):
        """Tells the open streams before it waits for them."""

        async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
            leaving.set()
            await super().shutdown(sockets)

    leaving = asyncio.Event()
    config = uvicorn.Config(
        EndStreams(app, leaving),
        log_level="warning",
        access_log=False,
        # Open streams end by themselves (see EndStreams); this is for what hangs.
        timeout_graceful_shutdown=3,
    )
    return Server(config)


class EndStreams:
    """Ends the streams that open pages hold, once `leaving` is set.

    Every open chat page listens to the server for as long as it is open. uvicorn would wait for
    them, cut them off and print a traceback for each. Told that its visitor has gone, Starlette
    ends a stream in good order.
    """

    def __init__(self, app: ASGIApp, leaving: asyncio.Event) -> None:
        """Wrap `app`."""
        self.app = app
        self._leaving = leaving

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; when leaving, say that the visitor has gone."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        unfinished = False

        async def receive_or_leave() -> Message:
            message = asyncio.ensure_future(receive())
            left = asyncio.ensure_future(self._leaving.wait())
            try:
                await asyncio.wait({message, left}, return_when=asyncio.FIRST_COMPLETED)
                return message.result() if message.done() else {"type": "http.disconnect"}
            finally:
                message.cancel()
                left.cancel()

        async def watch(message: Message) -> None:
            nonlocal unfinished
            unfinished = message["type"] == "http.response.start" or message.get("more_body", False)
            await send(message)

        await self.app(scope, receive_or_leave, watch)
        if unfinished and self._leaving.is_set():
            await send({"type": "http.response.body", "body": b"", "more_body": False})


def _listen(host: str, port: int) -> socket.socket:
    """Return a socket that listens there. uvicorn would end the process with a traceback."""
    try:
        family = socket.getaddrinfo(host or None, port, type=socket.SOCK_STREAM)[0][0]
        return socket.create_server((host, port), family=family, backlog=512)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise PortInUseError(f"端口 {port} 已被占用；请用 --port 换一个。") from None
        if error.errno == errno.EACCES:
            raise ListenError(
                f"没有权限使用端口 {port}；请用 --port 换一个大于 1024 的。"
            ) from None
        raise ListenError(f"不能在 {host} 上监听；请检查 --host。") from None


def _address(host: str, port: int) -> str:
    """Return the address to open in a browser."""
    shown = {"0.0.0.0": "127.0.0.1", "": "127.0.0.1", "::": "[::1]"}.get(host, host)
    if ":" in shown and not shown.startswith("["):
        shown = f"[{shown}]"
    return f"http://{shown}:{port}"
