"""Every setting in one place: an option, else its WENDA_ variable, else the default here."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from pathlib import Path

import platformdirs

from corpus.loading import DEFAULT_CORPUS

# The longest question that is read; whatever stands behind it is cut off and the answer says so.
# A visitor's question has some 15 characters, a pasted paragraph some 300.
QUESTION_LIMIT = 2_000
HOST = "127.0.0.1"
PORT = 7860


@dataclass(frozen=True, slots=True)
class Settings:
    """What an operator can choose.

    `corpus` is a folder of articles or one article; `index` the folder the index is kept in, None
    for one in the user's cache that belongs to this corpus; `model` a sentence-transformers model
    or folder, None for the bundled one; `host` and `port` where `serve` listens; `passages` how
    many passages are read for a question at most; `refuse_below` the confidence (0 to 1) under
    which wenda says that the articles do not tell, None for the measured default; `synonyms` a list
    of synonyms beside those that stand with the articles.
    """

    corpus: Path = field(default=DEFAULT_CORPUS)
    index: Path | None = None
    model: str | None = None
    host: str = HOST
    port: int = PORT
    passages: int = 10
    refuse_below: float | None = None
    synonyms: Path | None = None

    def index_folder(self) -> Path:
        """Return the folder of the index: the one asked for, else one per corpus in the cache."""
        if self.index is not None:
            return self.index
        from index.bundled_model import cache_folder  # numpy, which `wenda --help` need not load

        corpus = self.corpus.resolve()
        # The path's hash keeps two corpora of one name apart; the name keeps the folder readable.
        digest = hashlib.sha256(str(corpus).encode("utf-8", "surrogateescape")).hexdigest()[:10]
        return cache_folder() / "indexes" / f"{corpus.stem}-{digest}"


def feedback_file(chosen: Path | None) -> Path:
    """Return where feedback is kept: the file asked for, else one in the user's data folder.

    Not in the cache: what visitors said cannot be made again.
    """
    return platformdirs.user_data_path("wenda") / "feedback.db" if chosen is None else chosen
