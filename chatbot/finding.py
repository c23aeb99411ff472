"""Finding: from a question and its conversation to passages, spans and how sure the best one is."""

from __future__ import annotations

import sys
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from chatbot.asking_back import Choice, narrowed, rival_of, values_of
from chatbot.confidence import Confidence, signs
from chatbot.conversation import TURNS, Reading, Turn, readings
from chatbot.follow_up_support import ENOUGH, REPEATED, evidence, support
from chatbot.plain_wording import in_script_of, plain
from chatbot.question_evidence import around
from chatbot.reader import Reader, Span
from chatbot.recently_used import RecentlyUsed
from chatbot.rewording import Reworded, Rewording, joined
from chatbot.settings import QUESTION_LIMIT
from chatbot.small_talk import small_talk_reply
from chatbot.spelling import Spelling
from chatbot.synonyms import Synonyms
from corpus.document import Document, Paragraph
from index.passage import Passage
from index.retriever import Retriever

# A question that is answered this surely as it stands is not about what was said before.
_STANDS = 0.7
# How many passages are read at first. Where they answer as surely as _STANDS, the others are not.
FIRST = 6
# A question that stands alone this surely is answered as if nothing had been asked before: 91 % of
# those that do, 6 % of the others (`training/fit_self_contained.py`, cross-validated).
_WHOLE = 0.8
# A whole question that is answered this surely needs nothing else to speak for it. With _STANDS in
# its place 21 of 92 whole tuning questions were refused after another one though answered rightly
# (`benchmarks.follow_up_support`); with this, 4 of 146 unanswerable follow-ups more are answered.
_ALONE = 0.35
# By how much a reading that takes something from earlier turns must be surer than without.
_LEAD = 0.15
# Earlier questions that are answered again, where they are not remembered, to know what was told.
LONGEST_HISTORY = 20
# Turns of conversations that are remembered, so that a follow-up costs no earlier answer again.
_REMEMBERED = 1000


@dataclass(frozen=True, slots=True)
class Finding:
    """What one reading found: passages, candidate spans (best first), confidence in the first.

    `others` are what other readings of the same question found about as surely, and otherwise.
    """

    reading: Reading
    passages: list[Passage]
    spans: list[Span]
    confidence: float
    others: tuple[Finding, ...] = ()


class Finder:
    """Retriever, reader and confidence, wired once. Safe to share between threads."""

    def __init__(
        self,
        documents: Mapping[str, Document],
        retriever: Retriever,
        reader: Reader,
        confidence: Confidence,
        passages: int,
        synonyms: Synonyms,
        self_contained: Callable[[str], float],
    ) -> None:
        """`documents` by id; at most `passages` are read for a question; `synonyms` the operator's;
        `self_contained` tells how likely (0 to 1) a question needs nothing that was said before.
        """
        self._documents = documents
        self._retriever = retriever
        self._reader = reader
        self._confidence = confidence
        self._passages = passages
        self._self_contained = self_contained
        texts = [document.text for document in documents.values()]
        self._characters = frozenset(character for text in texts for character in text)
        self._spelling = Spelling(texts)
        self._rewording = Rewording(texts, synonyms)
        self._remembered: RecentlyUsed[tuple[str | None, str, tuple[Turn, ...]], Turn] = (
            RecentlyUsed(_REMEMBERED)
        )

    def find(
        self,
        reading: Reading,
        document: str | None = None,
        paragraphs: Collection[Paragraph] | None = None,
    ) -> Finding:
        """Return what one reading of a question finds.

        The passages that were retrieved last are read only where the first do not answer surely;
        and only then the likeliest are read again.
        """
        k = self._passages if paragraphs is None else sys.maxsize
        passages = self._retriever.retrieve(reading.text, k=k, document=document)
        shares_words = any(passage.lexical for passage in passages)
        if paragraphs is not None:
            passages = [passage for passage in passages if passage.paragraph in paragraphs]
        found = self._judged(reading, passages[:FIRST])
        if not shares_words:
            # Not one character or word of it stands in the articles, nor another for it: keys
            # pressed at random.
            return replace(found, confidence=0.0)
        return found if found.confidence >= _STANDS else self._judged(reading, passages, again=True)

    def _judged(self, reading: Reading, passages: list[Passage], again: bool = False) -> Finding:
        """Return what a question's passages answer, and how surely; after a second look if told."""
        spans = self._reader.read(reading.text, passages, reading.asked)
        if again:
            spans = self._reader.read_again(reading.text, spans)
        if not spans:
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

    def choices(self, best: Finding, document: str | None = None) -> tuple[Choice, ...]:
        """Return what `best` and its rivals answer, where they do about equally well; else nothing.

        The first is the answer of `best`, or a part of it. Each has a question of its own where
        one is found that is answered by it. For questions that ask for one thing.
        """
        if not best.spans:
            return ()
        first = Choice(best.spans[0], best.confidence)
        question = best.reading.text
        values = values_of(first.span, self._document_text(first.span), best.reading.asked)
        if values:
            found = [Choice(span, best.confidence) for span in values]
            return tuple(self._told_apart(question, best.reading, found, document))
        if best.others:
            other = best.others[0]
            return (
                replace(first, question=question),
                Choice(other.spans[0], other.confidence, other.reading.text),
            )
        if question != best.reading.asked:
            return ()  # with the earlier question in it, that one's answer looks as good
        rival = rival_of(
            best.spans, best.confidence, lambda span: self._sureness(best, span), self._words
        )
        if rival is None:
            return ()
        return tuple(self._told_apart(question, best.reading, [first, rival], document))

    def _told_apart(
        self, question: str, reading: Reading, found: Sequence[Choice], document: str | None
    ) -> Iterator[Choice]:
        """Yield choices with a question of its own for each, where there is one that finds it."""
        for choice in found:
            others = [other.span for other in found if other is not choice]
            # The nearest before it: what stands between the two tells them apart.
            nearest = max(others, key=lambda span: (span.end <= choice.span.start, span.end))
            meant = None
            for wording in narrowed(question, choice.span, nearest, self._sentence)[:2]:
                spans = self.find(Reading(wording, reading.asked), document).spans
                if (
                    spans
                    and _overlap(spans[0], choice.span)
                    and not any(_overlap(spans[0], other) for other in others)
                ):
                    meant = wording
                    break
            yield replace(choice, question=meant)

    def _sureness(self, best: Finding, span: Span) -> float:
        """Return how sure (0 to 1) another span of a finding is, were it the first."""
        span = self._reader.compared(best.reading.text, span)
        others = [
            other
            for other in best.spans
            if (other.passage, other.start) != (span.passage, span.start)
        ]
        return self._confidence.probability(
            signs(best.reading.asked, best.passages, [span, *others])
        )

    def _document_text(self, span: Span) -> str:
        return self._documents[span.passage.paragraph.document].text

    def _words(self, span: Span) -> str:
        return self._document_text(span)[span.start : span.end]

    def _sentence(self, span: Span) -> str:
        return self._document_text(span)[span.sentence_start : span.sentence_end]

    def _best(
        self,
        asked: str,
        turns: Sequence[Turn],
        document: str | None,
        paragraphs: Collection[Paragraph] | None,
    ) -> Finding:
        """Return what the best wording of a question finds in its best reading.

        Other words are tried where the question's own do not find it surely.
        """
        plainly = self._put_plainly(asked)
        if turns and self._self_contained(plainly) >= _WHOLE:
            turns = ()
        full = plainly if turns else self._rewording.in_full(plainly)
        best = self._read(full, turns, document, paragraphs)
        if best.confidence >= _STANDS:
            return best
        others = self._rewording.others(full, [passage.text for passage in best.passages])
        if full != plainly:
            others.insert(0, Reworded(plainly, needed=False))
        for other in others:
            if best.confidence >= _STANDS:
                break
            found = self._read(other.text, turns, document, paragraphs)
            if found.confidence > best.confidence + (0.0 if other.needed else _LEAD):
                best = found
        return best

    def _read(
        self,
        asked: str,
        turns: Sequence[Turn],
        document: str | None,
        paragraphs: Collection[Paragraph] | None,
    ) -> Finding:
        """Return what the best reading of a question after `turns` finds."""
        candidates = readings(asked, turns)

        def find(reading: Reading) -> Finding:
            found = self.find(reading, document, paragraphs)
            return self._supported(found, asked, turns) if turns else found

        best = find(candidates[0])
        standing = candidates[0].text == asked
        if standing and best.confidence >= _STANDS:
            return best
        every = [best]
        for reading in candidates[1:]:
            found = find(reading)
            every.append(found)
            # Two questions in one are read only where nothing plainer does nearly as well.
            plainer = best.reading.text == asked or reading.text != reading.asked
            if found.confidence > best.confidence + (_LEAD if plainer else 0.0):
                best = found
        if standing or not best.spans:
            return best
        return replace(best, others=tuple(self._as_good(best, every)))

    def _as_good(self, best: Finding, every: Sequence[Finding]) -> Iterator[Finding]:
        """Yield readings that put another name in and find another answer about as surely."""
        whole = best.reading.text == best.reading.asked
        for found in every:
            if found is best or not whole or found.reading.text != found.reading.asked:
                continue
            rival = rival_of(
                [best.spans[0], *found.spans[:1]],
                best.confidence,
                lambda _, found=found: found.confidence,  # type: ignore[misc]
                self._words,
            )
            if rival is not None and found.confidence >= self._confidence.refuse_below:
                yield found

    def _supported(self, found: Finding, asked: str, turns: Sequence[Turn]) -> Finding:
        """Return what a follow-up found, sure of nothing untold.

        What was told already makes room for what answers beside it; and where too little speaks for
        it that what the follow-up asks is told there, the old source only looks like one.
        """
        alone = found.reading.text == asked
        if not found.spans or (alone and found.confidence >= _ALONE):
            return found
        found, signs = self.weighed(found, asked, turns)
        if support(signs) < ENOUGH:
            return replace(found, confidence=0.0)
        if signs["repeats"]:
            return replace(found, confidence=REPEATED * found.confidence)
        return found

    def weighed(
        self, found: Finding, asked: str, turns: Sequence[Turn]
    ) -> tuple[Finding, dict[str, float]]:
        """Return what a reading of a follow-up found, beside what was told, and what speaks for it.

        For findings that hold a span.
        """
        repeats = found.reading.text != asked and self._repeats(found.spans[0], turns)
        if repeats:
            found = self._beside_repeats(found, turns)
        span = found.spans[0]
        paragraph, text = span.passage.paragraph, span.passage.text
        place = (span.sentence_start - paragraph.start, span.sentence_end - paragraph.start)
        others = self._rewording.others(asked, [around(text, place)])
        return found, evidence(
            [asked, *(other.text for other in others)],
            text,
            place,
            span.margin,
            found.reading.about,
            # What the whole article or section is about is not named again in each paragraph.
            "\n".join((text, paragraph.section or "", self._documents[paragraph.document].title)),
            repeats,
        )

    def _repeats(self, span: Span, turns: Sequence[Turn]) -> bool:
        """Tell whether a span holds all of what an earlier turn told."""
        return any(
            turn.place is not None
            and turn.place[0] == span.passage.paragraph.document
            and span.start <= turn.place[1]
            and turn.place[2] <= span.end
            for turn in turns
        )

    def _beside_repeats(self, found: Finding, turns: Sequence[Turn]) -> Finding:
        """Return a finding with what else answers beside the old answer, itself if nothing does."""
        beside = [
            span
            for span in self._reader.others(found.reading.text, found.spans[0])
            if not self._repeats(span, turns)
        ]
        if not beside:
            return found
        best = max(beside, key=lambda span: span.margin)
        spans = [self._reader.compared(found.reading.text, best), *found.spans[1:]]
        observed = signs(found.reading.asked, found.passages, spans)
        return replace(found, spans=spans, confidence=self._confidence.probability(observed))

    def _put_plainly(self, question: str) -> str:
        """Return `question` without courtesies, written as the articles write."""
        bare = plain(question)
        settled = self._rewording.settled(bare)
        mended = self._spelling.mend(in_script_of(settled, self._characters))
        return mended if settled == bare else joined(mended)

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
        answer, place = "", None
        if best.spans and best.confidence >= self._confidence.refuse_below:
            span = best.spans[0]
            answer = self._words(span)
            place = (span.passage.paragraph.document, span.start, span.end)
        texts = tuple(passage.text for passage in best.passages)
        turn = Turn(best.reading.asked, answer, texts, place)
        self._remembered.keep((document, asked, tuple(turns)), turn)
        return turn


def _overlap(one: Span, other: Span) -> bool:
    """Tell whether two spans share a character of one document."""
    return (
        one.passage.paragraph.document == other.passage.paragraph.document
        and one.start < other.end
        and other.start < one.end
    )
