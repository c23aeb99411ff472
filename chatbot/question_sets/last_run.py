"""Which questions of a set were wrong when they were last asked, for `--select failed`."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path

from chatbot.question_sets.question_set import Question


class LastRun:
    """Remembers wrong questions in a folder, one small file for each question set.

    A question is known by its words and its history, not by its id: the row number that stands in
    for an id moves with every row put in above it.
    """

    def __init__(self, folder: Path) -> None:
        """Keep them in `folder`, which is made when there is something to keep."""
        self._folder = folder

    def failed(self, source: str) -> frozenset[str] | None:
        """Return the marks of the questions of this file that were wrong; None if never run."""
        try:
            kept = json.loads(self._file(source).read_text("utf-8"))
            return frozenset(map(str, kept["failed"]))
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def remember(self, asked: Iterable[tuple[Question, bool]]) -> None:
        """Keep which of the questions `asked` were wrong (True) and which were not.

        What was not asked this time stays as it was. Raises OSError if it cannot be written.
        """
        by_source: dict[str, list[tuple[str, bool]]] = {}
        for question, wrong in asked:
            by_source.setdefault(question.source, []).append((mark(question), wrong))
        for source, results in by_source.items():
            right = {marked for marked, wrong in results if not wrong}
            failed = (self.failed(source) or frozenset()) - right
            failed |= {marked for marked, wrong in results if wrong}
            self._write(source, sorted(failed))

    def _file(self, source: str) -> Path:
        path = Path(source).resolve()
        digest = hashlib.sha256(str(path).encode("utf-8", "surrogateescape")).hexdigest()[:10]
        return self._folder / f"{path.stem}-{digest}.json"

    def _write(self, source: str, failed: Sequence[str]) -> None:
        """Write whole or not at all: a run beside this one may be reading."""
        self._folder.mkdir(parents=True, exist_ok=True)
        handle, fresh = tempfile.mkstemp(dir=self._folder)
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                json.dump({"failed": failed}, file)
            Path(fresh).replace(self._file(source))
        except OSError:
            with suppress(OSError):
                Path(fresh).unlink()
            raise


def mark(question: Question) -> str:
    """Return what a question is known by from run to run: a hash of its words and history."""
    words = json.dumps([question.question, *question.history])
    return hashlib.sha256(words.encode()).hexdigest()[:16]
