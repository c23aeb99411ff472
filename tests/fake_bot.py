"""A bot that answers from a table: the interfaces are tested without a model."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace

from chatbot.answer import Answer, Citation, QuotedSpan, verify_verbatim
from chatbot.question_making.offering import Offers
from chatbot.reply import answer_reply, asking_back_reply, list_apart_reply, refusal_reply
from corpus.document import Document, Paragraph, Section
from index.passage import Passage


def document_of(*blocks: str, id: str = "essay", title: str = "试验") -> Document:
    """Return a document of these blocks; one that starts with "# " is a heading."""
    text = title
    sections: list[Section] = []
    paragraphs: list[Paragraph] = []
    for block in blocks:
        text += "\n\n"
        start = len(text)
        heading = block.startswith("# ")
        text += block.removeprefix("# ")
        if heading:
            sections.append(Section(block.removeprefix("# "), start, len(text), len(text), 0))
        else:
            name = sections[-1].title if sections else None
            paragraphs.append(Paragraph(id, name, len(paragraphs) + 1, start, len(text)))
    ends = [*(section.heading_start for section in sections), len(text)][1:]
    sections = [
        replace(section, start=section.heading_end, end=end)
        for section, end in zip(sections, ends, strict=bool(sections))
    ]
    return Document(id, title, f"{id}.txt", text, tuple(sections), tuple(paragraphs))


def cite(document: Document, words: str, within: str) -> Citation:
    """Return the citation of `words` in the paragraph of `document` that contains `within`."""
    for paragraph in document.paragraphs:
        text = document.paragraph_text(paragraph)
        if within in text:
            start = paragraph.start + text.index(within) + within.index(words)
            return Citation(
                document.id,
                document.title,
                paragraph.section,
                paragraph.number,
                start,
                start + len(words),
                text,
            )
    raise ValueError(f"no paragraph contains {within!r}")


class FakeBot:
    """Answers `answers[question]`: the sentences that answer, and the words in each.

    What stands in none of its documents it cannot quote, and refuses. Where `choices` holds a
    question, the bot asks back which of its answers is meant; they are the questions for each.
    """

    def __init__(
        self,
        documents: Sequence[Document],
        answers: dict[str, Sequence[tuple[str, str]]],
        *,
        suggestions: Sequence[str] = (),
        talk: dict[str, str] | None = None,
        choices: dict[str, Sequence[str]] | None = None,
    ) -> None:
        self.documents = tuple(documents)
        self.asked: list[tuple[str, tuple[str, ...], str | None]] = []
        self.go = threading.Event()
        self.go.set()
        self.offers = Offers((), lambda _: True)
        self._answers = answers
        self._suggestions = tuple(suggestions)
        self._talk = talk or {}
        self._choices = choices or {}

    def over(
        self, documents: Sequence[Document], progress: Callable[[int, int], None] | None = None
    ) -> FakeBot:
        if progress is not None:
            progress(1, 2)
            progress(2, 2)
        return FakeBot(documents, self._answers)

    def examples(self) -> tuple[str, ...]:
        return self._suggestions

    def ask(
        self,
        question: str,
        history: Sequence[str] = (),
        document: str | None = None,
        id: str | None = None,
        *,
        paragraphs: Collection[Paragraph] | None = None,
    ) -> Answer:
        self.go.wait(10)
        self.asked.append((question, tuple(history), document))
        if question == "出错":
            raise RuntimeError("the secret inside")
        spans: list[QuotedSpan] = []
        given = self._answers.get(question, ())
        for sentence, words in given:
            home = next((d for d in self.documents if sentence in d.text), None)
            if home is not None:
                spans.append(QuotedSpan(words, cite(home, words, sentence)))
        sentences = [sentence for sentence, _ in given]
        if len(set(sentences)) > 1 and len(spans) == len(sentences):
            pairs = zip(spans, sentences, strict=True)
            spans = [replace(span, sentence=own) for span, own in pairs]
        first = spans[0] if spans else None
        sentence = self._answers[question][0][0] if first else None
        answer = Answer(
            question=question,
            understood=f"{history[-1]}{question}" if history and spans else question,
            answered=first is not None,
            kind=_kind(spans, sentence) if first else self._refusal(question),
            answer=first.answer if first else None,
            sentence=sentence,
            answers=tuple(spans),
            confidence=0.93 if first else 0.21,
            citation=first.citation if first else None,
            passages=self._passages(),
            suggestions=self._suggestions[:3],
            reply=self._reply(question, spans, sentence),
            milliseconds=1.25,
            id=id,
        )
        if first is not None and question in self._choices:
            answer = self._asking_back(answer)
        if first is not None:
            home = next(d for d in self.documents if d.id == first.citation.document)
            verify_verbatim(answer, home)
        return answer

    def _asking_back(self, answer: Answer) -> Answer:
        things = tuple(
            replace(span, confidence=0.5, sentence=sentence, question=question)
            for span, (sentence, _), question in zip(
                answer.answers,
                self._answers[answer.question],
                self._choices[answer.question],
                strict=True,
            )
        )
        return replace(
            answer,
            kind="span",
            asks_back=True,
            answers=things,
            confidence=0.5,
            reply=asking_back_reply(things),
        )

    def _reply(self, question: str, spans: Sequence[QuotedSpan], sentence: str | None) -> str:
        if any(span.sentence for span in spans):
            return list_apart_reply(spans, 0.93)
        if spans and sentence is not None:
            things = [span.answer for span in spans]
            return answer_reply(things, sentence, spans[0].citation, 0.93)
        return self._talk.get(question) or refusal_reply(
            self._passages(), self._suggestions[:3], question
        )

    def _passages(self) -> tuple[Passage, ...]:
        document = self.documents[0]
        return tuple(
            Passage(paragraph, document.paragraph_text(paragraph), 0.5, 1.0, 0.4)
            for paragraph in document.paragraphs[:2]
        )

    def _refusal(self, question: str) -> str:
        return "chat" if question in self._talk else "refusal"


def _kind(spans: Sequence[QuotedSpan], sentence: str | None) -> str:
    if len(spans) > 1:
        return "list"
    return "passage" if spans[0].answer == sentence else "span"
