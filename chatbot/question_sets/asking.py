"""Whom a question set is put to: the bot in this process, or a server."""

from __future__ import annotations

import threading
from collections.abc import Collection, Sequence
from types import TracebackType
from typing import TYPE_CHECKING, Any, Protocol, Self

from chatbot.question_sets.question_set import AskError, NoAnswerError
from chatbot.question_sets.retrying import WORTH_ANOTHER_TRY, wait_seconds
from chatbot.settings import QUESTION_LIMIT

if TYPE_CHECKING:
    import httpx

    from chatbot.answer import Answer
    from corpus.document import Document, Paragraph

# An answer takes a fraction of a second; a server that is busy with others may take some.
TIMEOUT_SECONDS = 30.0
# The address is wrong, or nobody works behind it.
_NO_SERVER = frozenset((404, 502, 503, 504))
_LOOPBACK = ("localhost", "127.0.0.1", "::1")


class Asker(Protocol):
    """Something that answers. Must be safe to call from several threads at once."""

    def ask(self, question: str, history: Sequence[str], id: str) -> dict[str, Any]:
        """Return the answer record.

        Raises NoAnswerError when no answer to this question can be had, AskError when none to any.
        """
        ...


class AskableBot(Protocol):
    """What of chatbot.bot.Bot question sets need, so that a test needs no model."""

    @property
    def documents(self) -> tuple[Document, ...]:
        """The articles."""
        ...

    def ask(
        self,
        question: str,
        history: Sequence[str] = (),
        document: str | None = None,
        id: str | None = None,
        *,
        paragraphs: Collection[Paragraph] | None = None,
    ) -> Answer:
        """Answer, from these `paragraphs` alone where they are given."""
        ...


class BotAsker:
    """Asks the bot in this process."""

    def __init__(self, bot: AskableBot) -> None:
        """Ask `bot`, which must be safe to share between threads."""
        self.bot = bot

    def ask(self, question: str, history: Sequence[str], id: str) -> dict[str, Any]:
        """Return the bot's record."""
        return self.bot.ask(question, history, id=id).record()


class HttpAsker:
    """Asks a server over `POST {url}/api/ask`. Close it, or use it as a context manager."""

    def __init__(
        self,
        url: str,
        *,
        timeout: float = TIMEOUT_SECONDS,
        retries: int = 0,
        stopping: threading.Event | None = None,
    ) -> None:
        """Prepare to ask at `url`, such as http://127.0.0.1:7860; nothing is sent yet.

        `timeout` is in seconds, for each try. A question that the server was too busy for, or whose
        connection failed, is put up to `retries` times more, after a wait that grows or that the
        server asks for; nobody waits any longer once `stopping` is set. Raises AskError for what is
        no address.
        """
        import httpx

        self._url = url.rstrip("/")
        self._timeout = timeout
        self._retries = retries
        self._stopping = stopping or threading.Event()
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
        """Return the server's record, and in its `retries` how often it had to be asked again.

        A question that is too long is cut where the bot cuts it: the API would refuse what a run
        in this process answers. Raises NoAnswerError with one line that says what went wrong, the
        last time.
        """
        if len(question) > QUESTION_LIMIT:
            return {**self.ask(question[:QUESTION_LIMIT], history, id), "question": question}
        for retry in range(self._retries + 1):
            try:
                return {**self._ask_once(question, history, id), "retries": retry}
            except _TryAgainError as error:
                last = retry == self._retries
                if last or self._stopping.wait(wait_seconds(retry, error.retry_after)):
                    again = f"；又试了 {retry} 次，都不成" if retry else ""
                    raise NoAnswerError(f"{error}{again}", no_server=error.no_server) from None
        raise AssertionError("the last try returns or raises")

    def _ask_once(self, question: str, history: Sequence[str], id: str) -> dict[str, Any]:
        """Return the record. Raises NoAnswerError; _TryAgainError where another try may help."""
        import httpx

        try:
            response = self._client.post(
                f"{self._url}/api/ask", json={"question": question, "history": list(history)}
            )
        except (httpx.ConnectError, UnicodeError):  # the latter: no host can be called so
            raise _TryAgainError(
                f"连不上 {self._url}：服务没有启动，或者地址不对", no_server=True
            ) from None
        except httpx.TimeoutException:
            raise _TryAgainError(
                f"{self._url} 过了 {self._timeout:g} 秒还没有回答（编号 {id}）", no_server=True
            ) from None
        except httpx.HTTPError as error:
            raise _TryAgainError(
                f"与 {self._url} 的连接断了（编号 {id}，{type(error).__name__}）", no_server=True
            ) from None
        if response.status_code != 200:
            message = f"{self._url} 没有回答（编号 {id}）：{_refused(response)}"
            no_server = response.status_code in _NO_SERVER
            if response.status_code in WORTH_ANOTHER_TRY:
                after = response.headers.get("Retry-After")
                raise _TryAgainError(message, after, no_server=no_server)
            raise NoAnswerError(message, no_server=no_server)
        record = _record(response)
        if record is None:
            raise NoAnswerError(
                f"{self._url} 回的不是 wenda 的回答记录（编号 {id}）：请检查地址", no_server=True
            )
        return record


class _TryAgainError(NoAnswerError):
    """No answer, but another try may bring one; `retry_after` is the header of that name."""

    def __init__(
        self, message: str, retry_after: str | None = None, *, no_server: bool = False
    ) -> None:
        super().__init__(message, no_server=no_server)
        self.retry_after = retry_after


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
