"""Where feedback is kept: one SQLite file, which several threads and servers may share.

Every call opens its own connection, so nothing is held between calls and no thread sees another's;
write-ahead logging lets an export read while a server writes. The file is made by the first word
of feedback, not before.
"""

from __future__ import annotations

import contextlib
import json
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from chatbot.feedback.entry import Feedback

# Each script takes the file one version on; never change one that was released.
SCHEMA = (
    """
    CREATE TABLE feedback (
        number INTEGER PRIMARY KEY,
        id TEXT NOT NULL UNIQUE,
        given TEXT NOT NULL,
        rating TEXT NOT NULL CHECK (rating IN ('up', 'down')),
        question TEXT NOT NULL,
        history TEXT NOT NULL,
        document TEXT,
        record TEXT NOT NULL,
        reason TEXT,
        proposed TEXT,
        evidence TEXT,
        answerable INTEGER
    )
    """,
)

# Seconds that a writer waits for another.
_PATIENCE = 10.0
# A public server takes what anyone sends: the file grows to 256 MB (some 50,000 entries).
_PAGES = 65_536

_COLUMNS = (
    "id, given, rating, question, history, document, record, reason, proposed, evidence, answerable"
)


class FeedbackFileError(ValueError):
    """The file of feedback cannot be used; the message is one line for the operator."""


class FeedbackStore:
    """The feedback in one file. Safe to share between threads.

    Every method raises FeedbackFileError for a file that is no feedback file, is of a newer wenda,
    cannot be read or written, or is full.
    """

    def __init__(self, path: Path) -> None:
        """Keep feedback in `path`, which need not be there yet."""
        self.path = path

    def check(self) -> None:
        """Look whether the file, if it is there, can be used; makes none."""
        if self.path.exists():
            with self._connection():
                pass

    def save(self, feedback: Feedback) -> None:
        """Keep `feedback`, in place of an earlier one of the same id."""
        row = (
            feedback.id,
            feedback.given,
            feedback.rating,
            feedback.question,
            json.dumps(feedback.history),
            feedback.document,
            json.dumps(feedback.record),
            feedback.reason,
            feedback.proposed,
            feedback.evidence,
            feedback.answerable,
        )
        updates = ", ".join(f"{name} = excluded.{name}" for name in _COLUMNS.split(", "))
        marks = ", ".join("?" * len(row))
        with self._connection() as connection:
            connection.execute(
                f"INSERT INTO feedback ({_COLUMNS}) VALUES ({marks}) "
                f"ON CONFLICT (id) DO UPDATE SET {updates}",
                row,
            )

    def get(self, id: str) -> Feedback | None:
        """Return the feedback of that id, None if there is none."""
        if not self.path.exists():
            return None
        with self._connection() as connection:
            row = connection.execute(
                f"SELECT {_COLUMNS} FROM feedback WHERE id = ?", (id,)
            ).fetchone()
        return None if row is None else _feedback(row)

    def all(self) -> tuple[Feedback, ...]:
        """Return all feedback in the order in which it was first given; none without a file."""
        if not self.path.exists():
            return ()
        with self._connection() as connection:
            rows = connection.execute(f"SELECT {_COLUMNS} FROM feedback ORDER BY number").fetchall()
        return tuple(map(_feedback, rows))

    @contextmanager
    def _connection(self) -> Iterator[sqlite3.Connection]:
        """Open the file at the current schema; what is done with it is one transaction."""
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            _make(self.path)
            with closing(sqlite3.connect(self.path, _PATIENCE, isolation_level=None)) as connection:
                connection.execute("PRAGMA journal_mode = WAL")
                connection.execute(f"PRAGMA max_page_count = {_PAGES}")
                connection.execute("BEGIN IMMEDIATE")
                _bring_up_to_date(connection, self.path)
                yield connection
                connection.execute("COMMIT")
        except (sqlite3.Error, OSError) as error:
            raise FeedbackFileError(f"反馈文件 {self.path}：{_trouble(error)}") from error


def _make(path: Path) -> None:
    """Make the file where there is none, for its owner alone: what visitors wrote is private.

    One that is there is not opened: closing it would drop the locks that SQLite holds on it for
    other threads (POSIX locks belong to the process).
    """
    with contextlib.suppress(FileExistsError):
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))


def _bring_up_to_date(connection: sqlite3.Connection, path: Path) -> None:
    """Apply the schema scripts that the file has not seen."""
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if version > len(SCHEMA):
        raise FeedbackFileError(
            f"反馈文件 {path}：由更新版本的 wenda 写成；请升级 wenda，或用 --feedback 换一个文件"
        )
    tables = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
    if version == 0 and tables:
        raise FeedbackFileError(f"反馈文件 {path}：是别的程序的数据库；请用 --feedback 换一个文件")
    for number, script in enumerate(SCHEMA[version:], start=version + 1):
        connection.execute(script)
        connection.execute(f"PRAGMA user_version = {number}")


def _trouble(error: Exception) -> str:
    """Say in Chinese what is wrong with the file and what to do."""
    code = getattr(error, "sqlite_errorcode", None)
    primary = None if code is None else code & 0xFF
    if primary == sqlite3.SQLITE_NOTADB:
        return "不是反馈数据库；请用 --feedback 换一个文件"
    if primary == sqlite3.SQLITE_CORRUPT:
        return "数据库损坏；请从备份恢复，或用 --feedback 换一个文件"
    if primary == sqlite3.SQLITE_FULL:
        return "磁盘或文件满了；请用 wenda feedback export 导出后换一个文件"
    if primary in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
        return "一直被别的程序占用；请稍后再试"
    if primary in {sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM}:
        return "打不开或不能写；请检查访问权限，或用 --feedback 换一个文件"
    if isinstance(error, PermissionError):
        return "没有权限；请检查访问权限，或用 --feedback 换一个文件"
    if isinstance(error, IsADirectoryError):
        return "这是一个文件夹；请用 --feedback 给出一个文件"
    return f"读写时出错（{error}）；请检查文件和磁盘"


def _feedback(row: tuple[Any, ...]) -> Feedback:
    """Return the feedback of a row in the order of `_COLUMNS`."""
    id, given, rating, question, history, document, record, *rest, answerable = row
    reason, proposed, evidence = rest
    return Feedback(
        id=id,
        given=given,
        rating=rating,
        question=question,
        history=tuple(json.loads(history)),
        document=document,
        record=json.loads(record),
        reason=reason,
        proposed=proposed,
        evidence=evidence,
        answerable=None if answerable is None else bool(answerable),
    )
