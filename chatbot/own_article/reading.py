"""Reading a stranger's file: in a process of its own, which is ended when it takes too long.

What a file from anyone can do to a parser (a document that unfolds to gigabytes, a page that takes
hours) then ends with that process and not with the server.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import re
import signal
import sys
import tempfile
from collections.abc import Collection
from multiprocessing.connection import Connection
from pathlib import Path, PurePosixPath

from corpus.document import Document
from corpus.loading import make_document
from corpus.readers import READERS, CorpusError, read_article

# Memory that reading one article may take, in bytes (where the system can limit it).
_MEMORY = 2 * 1024**3

_NAME_LIMIT = 100
# Control characters, half characters, and what turns the direction of text.
_UNSHOWN = re.compile(
    r"[\x00-\x1f\x7f-\x9f\ud800-\udfff\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]"
)


class UploadError(ValueError):
    """An article that cannot be taken; the message names it, in one line for the visitor."""


def clean_name(name: str) -> str:
    """Return a file name as it is shown and read by: without folders and control characters."""
    last = PurePosixPath(name.replace("\\", "/")).name
    shown = _UNSHOWN.sub("", last)
    suffix = PurePosixPath(shown).suffix
    return shown if len(shown) <= _NAME_LIMIT else shown[: _NAME_LIMIT - len(suffix)] + suffix


def read_upload(
    name: str, data: bytes, document_id: str, seconds: float, formats: Collection[str] = ()
) -> Document:
    """Return the article in a file of that name and content. The file is on disk only meanwhile.

    Raises UploadError where it cannot be read as an article, is of none of the `formats` (where
    there are any), holds no paragraph, or takes longer than `seconds`.
    """
    suffix = PurePosixPath(name).suffix.lower()
    taken = READERS.keys() & formats if formats else READERS.keys()
    if suffix not in taken:
        known = "、".join(sorted(taken))
        paste = "；也可以直接粘贴文字" if ".txt" in taken else ""
        raise UploadError(f"{name}：还不能读这种文件，可以放入的是 {known}{paste}。")
    with tempfile.TemporaryDirectory(prefix="wenda-") as folder:
        path = Path(folder) / f"article{suffix}"
        path.write_bytes(data)
        found = _in_a_child(path, name, document_id, seconds)
    if isinstance(found, str):
        raise UploadError(found)
    if not found.paragraphs:
        raise UploadError(f"{name}：里面没有成段的文字；请换一份有正文的文章。")
    return found


def _in_a_child(path: Path, name: str, document_id: str, seconds: float) -> Document | str:
    """Return the article, or what is wrong with it."""
    context = multiprocessing.get_context("spawn")
    receiver, sender = context.Pipe(duplex=False)
    child = context.Process(target=_read, args=(sender, path, name, document_id), daemon=True)
    child.start()
    sender.close()
    try:
        if not receiver.poll(seconds):
            return f"{name}：{seconds:g} 秒还没有读完；请换一份短一些、简单一些的。"
        answer: Document | str = receiver.recv()
        return answer
    except EOFError:
        return f"{name}：读不了，它可能损坏，或展开后太大；请另存为 UTF-8 的 .txt 再放入。"
    finally:
        child.kill()
        child.join()
        child.close()
        receiver.close()


def _read(sender: Connection, path: Path, name: str, document_id: str) -> None:
    """Send the article, or what is wrong with it. Runs in the child."""
    # Ctrl-C is for the server, which ends its children.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _limit_memory()
    try:
        sender.send(make_document(read_article(path), document_id, name))
    except CorpusError as error:
        sender.send(str(error).replace(str(path), name))


def _limit_memory() -> None:
    if sys.platform == "win32":
        return
    import resource

    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
