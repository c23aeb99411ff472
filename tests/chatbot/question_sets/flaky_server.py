"""A server that fails as it is told to, and then answers."""

from __future__ import annotations

import json
import socket
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from tests.chatbot.question_sets.records import given

# What a server does with one request: a status and its Retry-After, or "hang up".
Step = tuple[int, str | None] | str


class Flaky:
    """A server that goes through its steps, one a request, and then answers."""

    def __init__(self, *steps: Step) -> None:
        self.asked: list[str] = []
        left = list(steps)
        flaky = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                flaky.asked.append(body["question"])
                step = left.pop(0) if left else (200, None)
                if isinstance(step, str):
                    self.connection.shutdown(socket.SHUT_RDWR)
                    return
                status, after = step
                content = json.dumps(given()).encode() if status == 200 else b"{}"
                self.send_response(status)
                if after is not None:
                    self.send_header("Retry-After", after)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *args: object) -> None:
                """Keep the test's output clean."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._server.handle_error = lambda *args: None  # type: ignore[method-assign]
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))
        self._thread.start()

    def __enter__(self) -> Flaky:
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
