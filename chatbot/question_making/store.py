"""Made questions on disk, beside the index: a file for each document.

    DIR/questions/<hash>.json

The name is a hash of what the questions were made from: the document's content and what answered
them. So a changed article, another model or other rules find no file, and nothing has to be
invalidated. A file that is missing, damaged or cannot be read is as good as none: it is made again.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from importlib import resources
from pathlib import Path

from chatbot.question_making.proving import ProvenQuestion
from corpus.document import Document

FORMAT = 1
RULES = 1
"""Raised whenever the rules of making or the bar of proving change."""

_FOLDER = "questions"
_WEIGHTS = ("answering.json", "kinds.json", "reader/reader.json")


@dataclass(frozen=True, slots=True)
class Kept:
    """The proven questions of one document, and the digest of the corpus they were proven over."""

    questions: tuple[ProvenQuestion, ...]
    corpus: str


def answering_version(encoder: str) -> str:
    """Return a hash of all that decides how a question is answered; `encoder` is its identity."""
    digest = hashlib.sha256(f"{FORMAT} {RULES} {encoder}".encode())
    for name in _WEIGHTS:
        digest.update(resources.files("chatbot").joinpath(f"weights/{name}").read_bytes())
    return digest.hexdigest()


def corpus_digest(documents: Iterable[Document]) -> str:
    """Return a hash of all documents: what is asked over other ones may be answered otherwise."""
    digest = hashlib.sha256()
    for document in documents:
        digest.update(document.fingerprint().encode())
    return digest.hexdigest()


def load_kept(folder: Path, document: Document, version: str) -> Kept | None:
    """Return what is kept of `document` in the index at `folder`, None where that is nothing."""
    try:
        record = json.loads(_file(folder, document, version).read_text("utf-8"))
        kept = Kept(
            tuple(ProvenQuestion(**question) for question in record["questions"]),
            str(record["corpus"]),
        )
    except (OSError, ValueError, TypeError, KeyError):
        return None
    return kept if all(_fits(question, document) for question in kept.questions) else None


def save_kept(folder: Path, document: Document, version: str, kept: Kept) -> None:
    """Keep what was made of `document`; whoever is killed leaves the old file or the new.

    Raises OSError where the folder cannot be written.
    """
    path = _file(folder, document, version)
    path.parent.mkdir(parents=True, exist_ok=True)
    record = {
        "document": document.id,
        "corpus": kept.corpus,
        "questions": [asdict(question) for question in kept.questions],
    }
    fresh = path.with_suffix(f".{os.getpid()}.new")
    fresh.write_text(json.dumps(record, ensure_ascii=False, indent=1), "utf-8", "backslashreplace")
    fresh.replace(path)


def remove_others(folder: Path, documents: Sequence[Document], version: str) -> None:
    """Remove what was kept of other documents, earlier texts and other weights."""
    wanted = {_file(folder, document, version).name for document in documents}
    with contextlib.suppress(OSError):
        for path in (folder / _FOLDER).iterdir():
            if path.name not in wanted and path.suffix in (".json", ".new"):
                path.unlink(missing_ok=True)


def _file(folder: Path, document: Document, version: str) -> Path:
    name = hashlib.sha256(f"{version} {document.fingerprint()}".encode()).hexdigest()[:32]
    return folder / _FOLDER / f"{name}.json"


def _fits(question: ProvenQuestion, document: Document) -> bool:
    """Tell whether a question may be of that document, whatever somebody wrote into the file."""
    return (
        isinstance(question.question, str)
        and question.document == document.id
        and 0 <= question.start < question.end <= len(document.text)
        and 0 <= question.confidence <= 1
    )
