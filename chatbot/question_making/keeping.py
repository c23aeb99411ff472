"""Bringing the made questions up to date with the articles: only what is new is made."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Sequence
from itertools import takewhile
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from chatbot.question_making.offering import Offers
from chatbot.question_making.proving import (
    ProvenQuestion,
    asked_of_each,
    candidates,
    prove,
    proven_by,
)
from chatbot.question_making.store import (
    Kept,
    corpus_digest,
    load_kept,
    remove_others,
    save_kept,
)
from corpus.document import Document
from index.embedding import Progress

if TYPE_CHECKING:
    from chatbot.answer import Answer

logger = logging.getLogger(__name__)


class Keeper(Protocol):
    """What questions are made with and for: the bot."""

    offers: Offers

    @property
    def documents(self) -> tuple[Document, ...]:
        """The corpus."""
        ...

    def ask(self, question: str) -> Answer:
        """Return the answer of the whole corpus."""
        ...


def offer_kept(bot: Keeper, folder: Path, version: str) -> None:
    """Let `bot` offer what is kept beside the index at `folder`; makes nothing."""
    corpus = corpus_digest(bot.documents)
    for document in bot.documents:
        kept = load_kept(folder, document, version)
        if kept is not None:
            bot.offers.add(document.id, kept.questions, proven=kept.corpus == corpus)


def keep_up(
    bot: Keeper,
    folder: Path,
    version: str,
    *,
    progress: Progress | None = None,
    leaving: threading.Event | None = None,
) -> int:
    """Make what is missing of the questions of `bot`, keep it and let it be offered.

    Returns how many questions were asked for it; `progress` is called with (asked, to ask), of
    which the latter is at first the most it may be. What cannot be written down is offered all the
    same. With `leaving` it is done gently: after every question it rests as long as that took, so
    that visitors find a processor free, and once `leaving` is set it ends; what is made of an
    article only in part is not kept.
    """
    corpus = corpus_digest(bot.documents)
    missing = [d for d in bot.documents if load_kept(folder, d, version) is None]
    each = asked_of_each(len(bot.documents))
    asked, total, began = 0, 0, time.monotonic()

    def staying(_: object = None) -> bool:
        return leaving is None or not leaving.is_set()

    def done() -> None:
        nonlocal asked, began
        asked += 1
        if progress is not None:
            progress(asked, total)
        if leaving is not None:
            leaving.wait(time.monotonic() - began)
        began = time.monotonic()

    for number, document in enumerate(missing, start=1):
        # One document after the other: of a large corpus the first examples are there soon.
        made = candidates(document, each)
        total = asked + len(made) + each * (len(missing) - number)
        proven: list[ProvenQuestion] = []
        for question in prove(bot, takewhile(staying, made), document, done):
            proven.append(question)
            bot.offers.add(document.id, proven)
        if not staying():
            return asked
        _save(folder, document, version, Kept(tuple(proven), corpus))
    if missing:
        remove_others(folder, bot.documents, version)
    return asked


def ask_again(
    bot: Keeper, questions: Sequence[ProvenQuestion], progress: Progress | None = None
) -> list[bool]:
    """Tell of each question whether the corpus still answers it with the same words."""
    by_id = {document.id: document for document in bot.documents}
    held = []
    for number, question in enumerate(questions, start=1):
        answer = bot.ask(question.question)
        held.append(proven_by(answer, question, by_id[question.document]) is not None)
        if progress is not None:
            progress(number, len(questions))
    return held


def _save(folder: Path, document: Document, version: str, kept: Kept) -> None:
    try:
        save_kept(folder, document, version, kept)
    except OSError as error:
        logger.debug("%s: made questions are not kept (%s)", folder, error)


def in_background(folder: Path, version: str) -> Callable[[Keeper, threading.Event], None]:
    """Return what makes the missing questions of a bot that already serves, until it leaves."""

    def make(bot: Keeper, leaving: threading.Event) -> None:
        keep_up(bot, folder, version, leaving=leaving)

    return make
