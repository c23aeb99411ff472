"""A question with what is expected of its answer, and the mistakes that a tester can mend."""

from __future__ import annotations

import errno
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Question:
    """One question of a question set; empty and None mean that nothing is expected there.

    `answers` are the accepted answers, any of which will do; `items` the several things that a
    list question asks for, all of which are wanted; `evidence` stands in the paragraph that must
    be cited. `answerable` is False where the right behaviour is to refuse, None where the set
    expects nothing at all of this question and only records its answer. `history` are the earlier
    questions of the conversation in order, `tags` group the questions in the report. `source` names
    the file that the question came from, "" where there is none.
    """

    id: str
    question: str
    answers: tuple[str, ...] = ()
    items: tuple[str, ...] = ()
    evidence: str | None = None
    answerable: bool | None = None
    history: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    source: str = field(default="", compare=False)


class QuestionSetError(ValueError):
    """What keeps a run from being made; the message is for the tester, in Simplified Chinese."""


@dataclass(frozen=True, slots=True)
class Mistake:
    """One mistake in a question set, and what would be right.

    `row` counts from 1 and is None for the file as a whole; `column` is the letter of a column of
    a table, `sheet` the sheet of a workbook that has several.
    """

    path: Path
    row: int | None
    text: str
    column: str | None = None
    sheet: str | None = None

    def __str__(self) -> str:
        """Return the mistake as one line."""
        place = str(self.path)
        if self.sheet is not None:
            place += f" 工作表“{self.sheet}”"
        if self.row is not None:
            place += f" 第 {self.row} 行"
        if self.column is not None:
            place += f" {self.column} 列"
        return f"{place}：{self.text}"


class BrokenQuestionSetError(QuestionSetError):
    """A question set that cannot be run; `mistakes` are all of them, the message one a line."""

    def __init__(self, mistakes: Sequence[Mistake]) -> None:
        """Say all `mistakes`, in their order."""
        super().__init__("\n".join(map(str, mistakes)))
        self.mistakes = tuple(mistakes)


class AskError(QuestionSetError):
    """A question could not be put, so the run ended there."""


class NoAnswerError(AskError):
    """This one question got no answer; the others may.

    `no_server` says that nothing like a wenda that works was met at all: several of those in a row
    and the server is gone.
    """

    def __init__(self, message: str, *, no_server: bool = False) -> None:
        """Say `message`, which is one line."""
        super().__init__(message)
        self.no_server = no_server


class AnswersFileError(QuestionSetError):
    """The file that the answers go to cannot be written."""


class ReportFileError(QuestionSetError):
    """A report (--report, --junit) cannot be written."""


class SelectionError(QuestionSetError):
    """A --select that names no question."""


class OracleError(QuestionSetError):
    """What keeps --oracle from reading the right paragraph."""


class TemplateError(QuestionSetError):
    """A --template that cannot be written."""


class GateError(QuestionSetError):
    """A --fail-under that says no threshold."""


def why_not(error: OSError) -> str:
    """Return in Chinese why a file could not be opened, read or written."""
    if isinstance(error, FileNotFoundError):
        return "没有这个文件或文件夹"
    if isinstance(error, PermissionError):
        return "没有权限"
    if isinstance(error, IsADirectoryError):
        return "这是一个文件夹，不是文件"
    if error.errno == errno.ENOSPC:
        return "磁盘满了"
    return error.strerror or type(error).__name__
