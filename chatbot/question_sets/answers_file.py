"""The file of --answers: one record a line, each written out before the next question is put."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from contextlib import nullcontext, suppress
from pathlib import Path
from typing import Any, TextIO

from chatbot.question_sets.question_set import AnswersFileError, why_not


def open_answers(
    path: Path | None, sets: Iterable[Path], folders: Sequence[Path] = ()
) -> TextIO | nullcontext[None]:
    """Open the file for the answers; None for none. What it holds stays until the first answer.

    Raises AnswersFileError where it cannot be written, is one of the question `sets`, or would lie
    in one of the `folders` of question sets, where the next run took it for one.
    """
    if path is None:
        return nullcontext()
    try:
        if path.exists() and any(path.samefile(questions) for questions in sets):
            raise AnswersFileError(
                f"--answers {path}：这是问题集本身，写进去就毁了它；请换一个文件名"
            )
        if any(path.resolve().is_relative_to(folder.resolve()) for folder in folders):
            raise AnswersFileError(
                f"--answers {path}：在问题集的文件夹里，下次会被当作问题集；请写到别的文件夹"
            )
        # What cannot be UTF-8 becomes \udc80, which is how JSON escapes it anyway.
        return path.open("a", encoding="utf-8", errors="backslashreplace", newline="\n")
    except OSError as error:
        raise AnswersFileError(f"--answers {path}：写不了，{why_not(error)}") from None


def beside(path: Path) -> Path:
    """Return where the answers wait that may take the place of the baseline at `path`."""
    return path.with_name(f"{path.name}.new")


def write_answer(file: TextIO, record: dict[str, Any], *, first: bool) -> None:
    """Write one record as one line, at once: a run that is killed keeps what was answered.

    `first` empties the file of what an earlier run left. Raises AnswersFileError, the file closed.
    """
    try:
        if first and Path(file.name).is_file():  # a pipe or a device has nothing to empty
            file.truncate(0)
        file.write(json.dumps(record, ensure_ascii=False) + "\n")
        file.flush()
    except OSError as error:
        with suppress(OSError):  # closing tries to write the rest again
            file.close()
        raise AnswersFileError(f"--answers {file.name}：写不下去了，{why_not(error)}") from None
