"""A server that fails as it is told to, and then answers."""

from __future__ import annotations

import json
from typing import Any

from tests.chatbot.question_sets.records import given
from tests.chatbot.question_sets.replying_server import ReplyingServer

# What a server does with one request: a status and its Retry-After, or "hang up".
Step = tuple[int, str | None] | str


class Flaky(ReplyingServer):
    """A server that goes through its steps, one a request, and then answers."""

    def __init__(self, *steps: Step) -> None:
        left = list(steps)

        def reply(body: dict[str, Any]) -> tuple[int, bytes, dict[str, str]] | None:
            step = left.pop(0) if left else (200, None)
            if isinstance(step, str):
                return None
            status, after = step
            content = json.dumps(given()).encode() if status == 200 else b"{}"
            return status, content, {} if after is None else {"Retry-After": after}

        super().__init__(reply)

    @property
    def asked(self) -> list[str]:
        return [body["question"] for _, body in self.received]
