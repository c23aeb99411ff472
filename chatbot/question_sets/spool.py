"""The outcomes of a run, kept on disk: ten thousand records with their paragraphs are a heap."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from types import TracebackType
from typing import Self

from chatbot.question_sets.outcomes import Outcome


class Spool:
    """Takes outcomes in any order, gives them back in the order of the questions, again and again.

    Memory holds questions and scores; the records lie in a temporary file, which goes with the
    spool. Use it as a context manager.
    """

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 - closed by close
        self._kept: dict[int, tuple[Outcome, int]] = {}

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
        """Keep the outcome of the question with this index."""
        self._file.seek(0, 2)
        self._kept[number] = (replace(found, record={}), self._file.tell())
        # ASCII, because half a character in a record is no UTF-8.
        self._file.write(json.dumps(dict(found.record)).encode("ascii") + b"\n")

    def sources(self) -> tuple[str, ...]:
        """Return the files that the questions came from, each once."""
        files = {bare.question.source: None for bare, _ in self._kept.values()}
        return tuple(filter(None, files))

    def __len__(self) -> int:
        """Return how many outcomes there are."""
        return len(self._kept)

    def __iter__(self) -> Iterator[Outcome]:
        """Yield the outcomes in the order of the questions' indices."""
        for number in sorted(self._kept):
            bare, place = self._kept[number]
            self._file.seek(place)
            yield replace(bare, record=json.loads(self._file.readline()))
