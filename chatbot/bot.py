"""The path of a question, wired once: conversation, passages, reading, confidence, answer."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from chatbot.answer import Answer, Citation, Kind, QuotedSpan, verify_verbatim
from chatbot.answer_type import ExpectedKind, expected_kind, is_decided
from chatbot.asked_number import asked_number
from chatbot.asking_back import Choice
from chatbot.confidence import Confidence, shipped
from chatbot.conversation import Reading
from chatbot.examples import load_examples
from chatbot.finding import Finder, Finding
from chatbot.kind_recognition import AskedKind, KindRecogniser
from chatbot.paraphrases import Paraphrases
from chatbot.question_making.keeping import offer_kept
from chatbot.question_making.offering import SHOWN, Offers, Place
from chatbot.question_making.store import answering_version
from chatbot.question_parts import parts_of
from chatbot.quoting import quote, sentences_apart
from chatbot.reader import Reader, ReadingWeights, Span, SpanReader
from chatbot.reader_model import ReaderModel
from chatbot.reply import answer_reply, asking_back_reply, list_apart_reply, refusal_reply
from chatbot.self_contained import SelfContainment
from chatbot.settings import QUESTION_LIMIT, Settings
from chatbot.small_talk import remark_reply, small_talk_reply
from chatbot.synonyms import Synonyms, load_synonyms
from corpus.document import Document, Paragraph
from corpus.loading import load_corpus
from index.embedding import Progress, open_encoder
from index.passage import Passage
from index.retriever import Retriever
from index.updating import IndexUpdate, update_index


class UnknownDocumentError(KeyError):
    """A document was named that is not in the corpus."""


class Bot:
    """Answers questions from its documents. Safe to share between threads.

    `example_questions` are candidates to offer to visitors; only those that are answered are
    offered. `kind_of` tells what kind of answer a question asks for, `self_contained` how likely
    (0 to 1) it is to need nothing that was said before. `synonyms` are the operator's.
    """

    def __init__(
        self,
        documents: Sequence[Document],
        retriever: Retriever,
        reader: Reader,
        confidence: Confidence,
        *,
        passages: int = 10,
        example_questions: Sequence[str] = (),
        kind_of: Callable[[str], AskedKind] = expected_kind,
        self_contained: Callable[[str], float] = lambda _: 0.0,
        synonyms: Synonyms | None = None,
    ) -> None:
        self.documents = tuple(documents)
        self._by_id = {document.id: document for document in self.documents}
        self.retriever = retriever
        self._reader = reader
        self._confidence = confidence
        self._passages = passages
        self._synonyms = synonyms or Synonyms()
        self._finder = Finder(
            self._by_id, retriever, reader, confidence, passages, self._synonyms, self_contained
        )
        self.offers = Offers(example_questions, self._answered_at, confidence.refuse_below)
        self._kind_of = kind_of
        self._self_contained = self_contained
        self._proven: dict[tuple[str, str | None], Place | None] = {}

    @classmethod
    def open(
        cls,
        settings: Settings,
        *,
        progress: Callable[[int, int], None] | None = None,
        on_update: Callable[[IndexUpdate], None] | None = None,
    ) -> Bot:
        """Read the corpus and its synonyms, bring its index up to date and return the bot over it.

        `progress` is called with (paragraphs encoded, paragraphs to encode), `on_update` with
        what changed. Raises CorpusError (SynonymsError too), IndexFileError, EncoderError or
        ModelFileError, each with lines for the user.
        """
        synonyms = load_synonyms(settings.corpus, settings.synonyms)
        documents = load_corpus(settings.corpus)
        encoder = open_encoder(settings.model)
        update = update_index(documents, settings.index_folder(), encoder, progress=progress)
        if on_update is not None:
            on_update(update)
        # Loads the model now, so that the first question is answered as fast as the next.
        encoder.encode_questions(["问"])
        numbers = shipped()
        fitted = Confidence(**numbers["confidence"])
        if settings.refuse_below is not None:
            fitted = replace(fitted, refuse_below=settings.refuse_below)
        model = ReaderModel()
        bot = cls(
            documents,
            Retriever(update.index, encoder, instead=Paraphrases.shipped().instead),
            SpanReader(model, encoder, ReadingWeights(**numbers["reader"])),
            fitted,
            passages=settings.passages,
            example_questions=load_examples(Path(settings.corpus)),
            kind_of=partial(KindRecogniser.shipped().recognise, model=model, documents=documents),
            self_contained=partial(SelfContainment.shipped().probability, model=model),
            synonyms=synonyms,
        )
        offer_kept(bot, settings.index_folder(), answering_version(encoder.identity))
        return bot

    def ask(
        self,
        question: str,
        history: Sequence[str] = (),
        document: str | None = None,
        id: str | None = None,
        *,
        paragraphs: Collection[Paragraph] | None = None,
    ) -> Answer:
        """Answer `question`; any text whatever gets an answer, a refusal or a friendly word.

        `history` are the earlier questions of the conversation in order, `document` restricts the
        search to one document (UnknownDocumentError if there is none of that id), `id` is handed
        on to the answer. `paragraphs`, where given, are read instead of what retrieval finds. The
        same arguments always give the same answer.
        """
        began = time.perf_counter()
        if document is not None and document not in self._by_id:
            raise UnknownDocumentError(document)
        answer = self._answer(question, history, document, paragraphs)
        milliseconds = (time.perf_counter() - began) * 1000
        return replace(answer, id=id, milliseconds=milliseconds)

    def over(self, documents: Sequence[Document], progress: Progress | None = None) -> Bot:
        """Return a bot over other articles, in memory alone, with this one's models and numbers.

        The operator's synonyms hold for them too. `progress` is called as in `open`; what it raises
        ends the work.
        """
        retriever = self.retriever.over(documents, progress)
        return Bot(
            documents,
            retriever,
            self._reader,
            self._confidence,
            passages=self._passages,
            kind_of=self._kind_of,
            self_contained=self._self_contained,
            synonyms=self._synonyms,
        )

    def examples(self) -> tuple[str, ...]:
        """Return questions to begin with that this bot does answer."""
        return self.offers.first()

    def _answered_at(self, example: str, document: str | None = None) -> Place | None:
        """Return where an example question is answered, None if it is not; found out once each.

        With `document` only that one is asked.
        """
        key = (example, document)
        if key not in self._proven:
            found = self._finder.find(Reading(example, example), document)
            place = None
            if found.spans and found.confidence >= self._confidence.refuse_below:
                span = found.spans[0]
                place = (span.passage.paragraph.document, span.start, span.end)
            self._proven[key] = place
        return self._proven[key]

    def _offers_of(self, document: str | None) -> Offers:
        """Return what is offered where `document` is asked, None for all of them."""
        if document is None or len(self.documents) == 1:
            return self.offers
        return self.offers.within(document, partial(self._answered_at, document=document))

    def _answer(
        self,
        question: str,
        history: Sequence[str],
        document: str | None,
        paragraphs: Collection[Paragraph] | None,
    ) -> Answer:
        asked = question[:QUESTION_LIMIT]
        offers = self._offers_of(document)
        talk = small_talk_reply(asked, self.documents)
        if talk is not None:
            suggestions = offers.first(SHOWN)
            return _unanswered(question, asked, "chat", (), 0.0, talk, suggestions)
        best = self._finder.understand(asked, history, document, paragraphs)
        understood, passages, spans = best.reading.text, best.passages, best.spans
        kind = self._kind_of(best.reading.asked)
        if not spans or best.confidence < self._confidence.refuse_below:
            if kind == "chat":
                # Only where nothing answers: a question of the articles is never put off so.
                talk = remark_reply(self.documents)
                suggestions = offers.first(SHOWN)
                return _unanswered(question, asked, "chat", (), best.confidence, talk, suggestions)
            suggestions = offers.like(understood, passages)
            reply = refusal_reply(passages, suggestions, understood)
            return _unanswered(
                question, understood, "refusal", passages, best.confidence, reply, suggestions
            )
        place = (spans[0].start, spans[0].end)
        suggestions = offers.beside(
            understood, spans[0].passage.paragraph, place, exclude=(asked, *history)
        )
        expected = expected_kind(best.reading.asked) if kind == "chat" else kind
        answer = self._quote(question, expected, best, suggestions)
        if answer.kind == "span" and paragraphs is None:
            answer = self._asking_back(answer, self._finder.choices(best, document))
        for cited in dict.fromkeys(span.citation.document for span in answer.answers):
            verify_verbatim(answer, self._by_id[cited])
        return answer

    def _asking_back(self, answer: Answer, choices: Sequence[Choice]) -> Answer:
        """Return an answer that asks which of `choices` is meant, itself where there are none."""
        if not choices:
            return answer
        things = []
        for choice in choices:
            place = (choice.span.start, choice.span.end)
            text = self._by_id[choice.span.passage.paragraph.document].text
            citation = self._cite(choice.span, place)
            sentence = text[choice.span.sentence_start : choice.span.sentence_end]
            words = text[slice(*place)]
            things.append(QuotedSpan(words, citation, choice.confidence, sentence, choice.question))
        return replace(
            answer,
            asks_back=True,
            answer=things[0].answer,
            citation=things[0].citation,
            answers=tuple(things),
            reply=asking_back_reply(things),
        )

    def _cite(self, span: Span, place: tuple[int, int]) -> Citation:
        """Return the citation of [start, end) of the document in the passage of `span`."""
        paragraph = span.passage.paragraph
        return Citation(
            document=paragraph.document,
            title=self._by_id[paragraph.document].title,
            section=paragraph.section,
            paragraph=paragraph.number,
            start=place[0],
            end=place[1],
            text=span.passage.text,
        )

    def _quote(
        self, question: str, expected: ExpectedKind, best: Finding, suggestions: tuple[str, ...]
    ) -> Answer:
        """Turn what was found into the answer that quotes it."""
        understood, span, confidence = best.reading.text, best.spans[0], best.confidence
        parts = []
        if understood == best.reading.asked:
            parts = self._reader.each(parts_of(understood), span)
        if parts:
            expected = "list"
            if all(part.sentence_start != span.sentence_start for part in parts):
                span = parts[0]
        document = self._by_id[span.passage.paragraph.document]
        sentence = document.text[span.sentence_start : span.sentence_end]
        quotation = quote(
            expected,
            span,
            document.text,
            partial(self._reader.best_of, understood, span),
            asked_number(best.reading.asked) if expected == "list" else None,
            is_decided(best.reading.asked),
            parts,
        )
        words = document.text[slice(*quotation.whole)]
        citation = self._cite(span, quotation.whole)
        within = (span.sentence_start, span.sentence_end)
        sentences = sentences_apart(document, within, quotation.things)
        things = tuple(
            QuotedSpan(document.text[slice(*thing)], self._cite(span, thing), sentence=own)
            for thing, own in zip(quotation.things, sentences, strict=True)
        )
        if any(sentences):
            reply = list_apart_reply(things, confidence)
        else:
            words_of = [thing.answer for thing in things]
            reply = answer_reply(words_of, sentence, citation, confidence)
        return Answer(
            question=question,
            understood=understood,
            answered=True,
            kind=expected,
            answer=words,
            sentence=sentence,
            answers=things,
            confidence=confidence,
            citation=citation,
            passages=tuple(best.passages),
            suggestions=suggestions,
            reply=reply,
            milliseconds=0.0,
        )


def _unanswered(
    question: str,
    understood: str,
    kind: Kind,
    passages: Sequence[Passage],
    confidence: float,
    reply: str,
    suggestions: tuple[str, ...],
) -> Answer:
    """Return the answer that quotes nothing: a refusal or small talk."""
    return Answer(
        question=question,
        understood=understood,
        answered=False,
        kind=kind,
        answer=None,
        sentence=None,
        answers=(),
        confidence=confidence,
        citation=None,
        passages=tuple(passages),
        suggestions=suggestions,
        reply=reply,
        milliseconds=0.0,
    )
