"""Whom a question set is put to: the bot in this process, or a server."""

from __future__ import annotations

from collections.abc import Sequence
from types import TracebackType
from typing import TYPE_CHECKING, Any, Protocol, Self

from chatbot.question_sets.question_set import AskError

if TYPE_CHECKING:
    import httpx

    from chatbot.answer import Answer

# An answer takes a fraction of a second; a server that is busy with others may take some.
TIMEOUT_SECONDS = 30.0
_LOOPBACK = ("localhost", "127.0.0.1", "::1")


class Asker(Protocol):
    """Something that answers. Must be safe to call from several threads at once."""

    def ask(self, question: str, history: Sequence[str], id: str) -> dict[str, Any]:
        """Return the answer record. Raises AskError when no answer can be had."""
        ...


class _Bot(Protocol):
    """What of chatbot.bot.Bot is needed here, so that a test needs no model."""

    def ask(
        self,
        question: str,
        history: Sequence[str] = (),
        document: str | None = None,
        id: str | None = None,
    ) -> Answer: ...


class BotAsker:
    """Asks the bot in this process."""

    def __init__(self, bot: _Bot) -> None:
        """Ask `bot`, which must be safe to share between threads."""
        self._bot = bot

    def ask(self, question: str, history: Sequence[str], id: str) -> dict[str, Any]:
        """Return the bot's record."""
        return self._bot.ask(question, history, id=id).record()


class HttpAsker:
    """Asks a server over `POST {url}/api/ask`. Close it, or use it as a context manager."""

    def __init__(self, url: str, *, timeout: float = TIMEOUT_SECONDS) -> None:
        """Prepare to ask at `url`, such as http://127.0.0.1:7860; nothing is sent yet.

        `timeout` is in seconds, for each question. Raises AskError for what is no address.
        """
        import httpx

        self._url = url.rstrip("/")
        self._timeout = timeout
        try:
            address = httpx.URL(self._url)
            scheme, host = address.scheme, address.host
        except (httpx.InvalidURL, UnicodeError):
            scheme = host = ""
        if scheme not in ("http", "https") or not host:
            raise AskError(
                f"--url {url}：不是网址；要以 http:// 或 https:// 开头，例如 http://127.0.0.1:7860"
            )
        # A proxy of the environment is for the world outside, not for this machine.
        self._client = httpx.Client(timeout=timeout, trust_env=host not in _LOOPBACK)

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Close the connections."""
        self.close()

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def ask(self, question: str, history: Sequence[str], id: str) -> dict[str, Any]:
        """Return the server's record. Raises AskError with one line that says what went wrong."""
        import httpx

        try:
            response = self._client.post(
                f"{self._url}/api/ask", json={"question": question, "history": list(history)}
            )
        except (httpx.ConnectError, UnicodeError):  # the latter: no host can be called so
            raise AskError(f"连不上 {self._url}：服务没有启动，或者地址不对") from None
        except httpx.TimeoutException:
            raise AskError(
                f"{self._url} 过了 {self._timeout:g} 秒还没有回答（编号 {id}）"
            ) from None
        except httpx.HTTPError as error:
            raise AskError(
                f"与 {self._url} 的连接断了（编号 {id}，{type(error).__name__}）"
            ) from None
        if response.status_code != 200:
            raise AskError(f"{self._url} 没有回答（编号 {id}）：{_refused(response)}")
        record = _record(response)
        if record is None:
            raise AskError(f"{self._url} 回的不是 wenda 的回答记录（编号 {id}）：请检查地址")
        return record


def _refused(response: httpx.Response) -> str:
    """Return what a status other than 200 means, with what the server said about it."""
    meanings = {
        404: "那里没有 /api/ask，请检查地址",
        413: "问题太长",
        429: "问得太快，请调小 --concurrency",
        503: "服务正忙或还没有准备好，请稍后再试",
    }
    status = response.status_code
    meaning = f"状态 {status}，{meanings[status]}" if status in meanings else f"状态 {status}"
    try:
        detail = response.json()["detail"]
    except (ValueError, KeyError, TypeError):
        return meaning
    if not isinstance(detail, str):
        return meaning
    return f"{meaning}（{' '.join(detail.split())}）"


def _record(response: httpx.Response) -> dict[str, Any] | None:
    """Return the record, or None for anything else: some other server answers 200 too."""
    try:
        record = response.json()
    except ValueError:
        return None
    if not isinstance(record, dict) or not isinstance(record.get("answered"), bool):
        return None
    numbers = (record.get("confidence"), record.get("milliseconds"))
    if any(isinstance(number, bool) or not isinstance(number, int | float) for number in numbers):
        return None
    texts = [record.get("answer"), record.get("sentence")]
    try:
        texts += [span["answer"] for span in record.get("answers") or ()]
        texts += [record["citation"]["text"]] if record.get("citation") is not None else []
    except (KeyError, TypeError):
        return None
    return record if all(isinstance(text, str | None) for text in texts) else None
