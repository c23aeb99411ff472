"""The outcomes of a run, kept on disk: ten thousand records with their paragraphs are a heap."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from types import TracebackType
from typing import Self

from chatbot.question_sets.outcomes import Outcome
from chatbot.question_sets.question_set import ReportFileError, why_not


class Spool:
    """Takes outcomes in any order, gives them back in the order of the questions, again and again.

    Memory holds questions and scores; the records lie in a temporary file, which goes with the
    spool. Use it as a context manager.
    """

    def __init__(self) -> None:
        """Open the temporary file. Raises ReportFileError where there is no place for one."""
        try:
            # Not buffered: what a full disk did not take must not wait to fail again.
            self._file = tempfile.TemporaryFile(buffering=0)  # noqa: SIM115 - closed by close
        except OSError as error:
            raise _no_room(error) from None
        self._kept: dict[int, tuple[Outcome, int, int]] = {}

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Delete the temporary file."""
        self.close()

    def close(self) -> None:
        """Delete the temporary file."""
        self._file.close()

    def add(self, number: int, found: Outcome) -> None:
        """Keep the outcome of the question with this index.

        Raises ReportFileError where the disk is full; what was kept before stays readable.
        """
        # ASCII, because half a character in a record is no UTF-8.
        line = json.dumps(dict(found.record)).encode("ascii") + b"\n"
        try:
            place = self._file.seek(0, 2)
            left = memoryview(line)
            while left:
                left = left[self._file.write(left) :]
        except OSError as error:
            raise _no_room(error) from None
        self._kept[number] = (replace(found, record={}), place, len(line))

    def sources(self) -> tuple[str, ...]:
        """Return the files that the questions came from, each once."""
        files = {bare.question.source: None for bare, _, _ in self._kept.values()}
        return tuple(filter(None, files))

    def __len__(self) -> int:
        """Return how many outcomes there are."""
        return len(self._kept)

    def __iter__(self) -> Iterator[Outcome]:
        """Yield the outcomes in the order of the questions' indices."""
        for number in sorted(self._kept):
            bare, place, length = self._kept[number]
            self._file.seek(place)
            yield replace(bare, record=json.loads(self._file.read(length)))


def _no_room(error: OSError) -> ReportFileError:
    where = "临时文件夹"
    with suppress(OSError):  # it is looked for among several, and there may be none
        where += f" {tempfile.gettempdir()} "
    return ReportFileError(
        f"{where}：写不了，{why_not(error)}；请腾出空间，或用环境变量 TMPDIR 换一个文件夹"
    )
