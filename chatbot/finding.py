"""Finding: from a question and its conversation to passages, spans and how sure the best one is."""

from __future__ import annotations

import sys
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from chatbot.confidence import Confidence, signs
from chatbot.conversation import TURNS, Reading, Turn, readings
from chatbot.plain_wording import in_script_of, plain
from chatbot.reader import Reader, Span
from chatbot.settings import QUESTION_LIMIT
from chatbot.small_talk import small_talk_reply
from chatbot.spelling import Spelling
from corpus.document import Document, Paragraph
from index.passage import Passage
from index.retriever import Retriever

# A question that is answered this surely as it stands is not about what was said before.
_STANDS = 0.7
# By how much a reading that takes something from earlier turns must be surer than without.
_LEAD = 0.15
# Earlier questions that are answered again, where they are not remembered, to know what was told.
LONGEST_HISTORY = 20
# Turns of conversations that are remembered, so that a follow-up costs no earlier answer again.
_REMEMBERED = 1000


@dataclass(frozen=True, slots=True)
class Finding:
    """What one reading found: passages, candidate spans (best first), confidence in the first."""

    reading: Reading
    passages: list[Passage]
    spans: list[Span]
    confidence: float


class Finder:
    """Retriever, reader and confidence, wired once. Safe to share between threads."""

    def __init__(
        self,
        documents: Mapping[str, Document],
        retriever: Retriever,
        reader: Reader,
        confidence: Confidence,
        passages: int,
    ) -> None:
        """`documents` by id; `passages` are read for a question."""
        self._documents = documents
        self._retriever = retriever
        self._reader = reader
        self._confidence = confidence
        self._passages = passages
        texts = [document.text for document in documents.values()]
        self._characters = frozenset(character for text in texts for character in text)
        self._spelling = Spelling(texts)
        self._remembered: dict[tuple[str | None, str, tuple[Turn, ...]], Turn] = {}

    def find(
        self,
        reading: Reading,
        document: str | None = None,
        paragraphs: Collection[Paragraph] | None = None,
    ) -> Finding:
        """Return what one reading of a question finds."""
        k = self._passages if paragraphs is None else sys.maxsize
        passages = self._retriever.retrieve(reading.text, k=k, document=document)
        shares_words = any(passage.lexical for passage in passages)
        if paragraphs is not None:
            passages = [passage for passage in passages if passage.paragraph in paragraphs]
        spans = self._reader.read(reading.text, passages, reading.asked)
        if not spans or not shares_words:
            # Not one character or word of it stands in the articles: keys pressed at random.
            return Finding(reading, passages, spans, 0.0)
        spans[0] = self._reader.compared(reading.text, spans[0])
        observed = signs(reading.asked, passages, spans)
        return Finding(reading, passages, spans, self._confidence.probability(observed))

    def understand(
        self,
        asked: str,
        history: Sequence[str],
        document: str | None = None,
        paragraphs: Collection[Paragraph] | None = None,
    ) -> Finding:
        """Return what the best reading of a question finds.

        As the question stands, unless its wording leans on earlier turns or a reading that takes
        something from them is surer by a clear lead. Names, numbers and script are first put as
        the articles have them.
        """
        turns = self._turns(history, document) if history else []
        best = self._best(asked, turns, document, paragraphs)
        if paragraphs is None:
            # The next question of the conversation will want it.
            self._remember(asked, turns, document, best)
        return best

    def _best(
        self,
        asked: str,
        turns: Sequence[Turn],
        document: str | None,
        paragraphs: Collection[Paragraph] | None,
    ) -> Finding:
        asked = self._put_plainly(asked)
        candidates = readings(asked, turns)
        best = self.find(candidates[0], document, paragraphs)
        standing = candidates[0].text == asked
        if standing and best.confidence >= _STANDS:
            return best
        for reading in candidates[1:]:
            found = self.find(reading, document, paragraphs)
            # Two questions in one are read only where nothing plainer does nearly as well.
            plainer = best.reading.text == asked or reading.text != reading.asked
            if found.confidence > best.confidence + (_LEAD if plainer else 0.0):
                best = found
        return best

    def _put_plainly(self, question: str) -> str:
        """Return `question` without courtesies, written as the articles write."""
        return self._spelling.mend(in_script_of(plain(question), self._characters))

    def _turns(self, history: Sequence[str], document: str | None) -> list[Turn]:
        """Return the last turns of a conversation as they were understood and answered.

        Small talk is no turn.
        """
        turns: list[Turn] = []
        documents = tuple(self._documents.values())
        for question in history[-LONGEST_HISTORY:]:
            asked = question[:QUESTION_LIMIT]
            if small_talk_reply(asked, documents) is not None:
                continue
            last = turns[-TURNS:]
            turn = self._remembered.get((document, asked, tuple(last)))
            if turn is None:
                turn = self._remember(
                    asked, last, document, self._best(asked, last, document, None)
                )
            turns.append(turn)
        return turns[-TURNS:]

    def _remember(
        self, asked: str, turns: Sequence[Turn], document: str | None, best: Finding
    ) -> Turn:
        """Return what a question found as a turn, and keep it."""
        answer = ""
        if best.spans and best.confidence >= self._confidence.refuse_below:
            span = best.spans[0]
            answer = self._documents[span.passage.paragraph.document].text[span.start : span.end]
        turn = Turn(best.reading.asked, answer, tuple(passage.text for passage in best.passages))
        if len(self._remembered) >= _REMEMBERED:
            self._remembered.clear()
        self._remembered[(document, asked, tuple(turns))] = turn
        return turn
