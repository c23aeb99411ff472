"""Questions with all that was found for them: what ranking and confidence are fitted on, and
measured on. Finding takes long, so the cases of one reader and encoder are kept.

Every set is drawn in two parts that share no question: "fit" and "report".
"""

from __future__ import annotations

import hashlib
import json
import pickle
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Literal

from chatbot.answer_type import expected_kind
from chatbot.confidence import Confidence, shipped
from chatbot.finding import Finder
from chatbot.paraphrases import Paraphrases
from chatbot.question_sets import load_question_set
from chatbot.question_sets.comparison import stands_in
from chatbot.question_sets.scoring import is_alike
from chatbot.quoting import quote
from chatbot.reader import ReadingWeights, Span, SpanReader
from chatbot.reader_model import ReaderModel
from chatbot.self_contained import SelfContainment
from chatbot.settings import Settings
from chatbot.synonyms import Synonyms
from corpus.document import Document, Paragraph
from corpus.loading import DEFAULT_CORPUS, load_document
from corpus.sentences import split_sentences
from index.embedding import Encoder, open_encoder
from index.passage import Passage
from index.retriever import Retriever
from index.updating import update_index
from training.reading_data import Question, load_questions
from training.shipped_reader import shipped_version

ROOT = Path(__file__).resolve().parent.parent
QUESTIONS = ROOT / "tests" / "questions"
# Question sets and what they ask about: all articles of a folder, or one. The second and later
# ones are by authors who had not seen wenda at work; the fourth and the fifth are only for
# reporting, the third and those behind the fifth only for fitting.
ARTICLE_SETS = {
    QUESTIONS / "beilun.jsonl": DEFAULT_CORPUS,
    QUESTIONS / "beilun-second.jsonl": DEFAULT_CORPUS,
    QUESTIONS / "beilun-third.jsonl": DEFAULT_CORPUS,
    QUESTIONS / "beilun-fourth.jsonl": DEFAULT_CORPUS,
    QUESTIONS / "beilun-fifth.jsonl": DEFAULT_CORPUS,
    QUESTIONS / "beilun-sixth.jsonl": DEFAULT_CORPUS,
    QUESTIONS / "others.jsonl": QUESTIONS / "articles",
    **{
        path: QUESTIONS / "articles" / "tuning" / f"{path.stem}.txt"
        for path in sorted((QUESTIONS / "tuning").glob("*.jsonl"))
    },
}
UNFITTED = ReadingWeights(mass=0.5, coverage=6.0, paraphrased=1.0, passage=1.0, fit=1.0)
PASSAGES = Settings().passages
Part = Literal["fit", "report"]


@dataclass(frozen=True)
class Case:
    """A question with the spans found for it.

    `right` tells which of them answer, `holds` which stand in a sentence that holds the answer.
    `source` names the set, `kind` the sort of question in it.
    """

    question: str
    passages: list[Passage]
    spans: list[Span]
    right: list[bool]
    holds: list[bool]
    source: str
    kind: str
    answerable: bool


def load_cases(data: Path, runs: Path, part: Part, count: int) -> list[Case]:
    """Return the cases of one part, `count` questions of each foreign set; found once and kept."""
    encoder = open_encoder()
    code = [ROOT / name for name in _CODE]
    key = hashlib.sha256(
        repr((shipped_version(), encoder.identity, part, count)).encode()
        + b"".join(path.read_bytes() for path in (*code, Path(__file__), *ARTICLE_SETS))
    ).hexdigest()[:16]
    kept = runs / f"cases-{part}-{key}.pickle"
    if kept.exists():
        found: list[Case] = pickle.loads(kept.read_bytes())
        return found
    reader = SpanReader(ReaderModel(), encoder, UNFITTED)
    cases = [
        *article_cases(encoder, reader, runs, part),
        *(foreign_cases(encoder, reader, runs, data, count) if part == "fit" else ()),
        *cmrc_cases(encoder, reader, runs, data, part, count),
        *cjrc_cases(encoder, reader, runs, data, part, count),
    ]
    runs.mkdir(parents=True, exist_ok=True)
    kept.write_bytes(pickle.dumps(cases))
    return cases


# What a case depends on, besides the models.
_CODE = (
    "chatbot/answer_type.py",
    "chatbot/clauses.py",
    "chatbot/conversation.py",
    "chatbot/enumeration.py",
    "chatbot/finding.py",
    "chatbot/names.py",
    "chatbot/paraphrases.py",
    "chatbot/quantities.py",
    "chatbot/question_coverage.py",
    "chatbot/quoting.py",
    "chatbot/reader.py",
    "chatbot/reader_model.py",
    "chatbot/second_look.py",
    "chatbot/self_contained.py",
    "chatbot/span_costs.py",
    "chatbot/span_finding.py",
    "chatbot/trimming.py",
    "chatbot/words/paraphrases.txt",
    "index/passage.py",
    "index/retriever.py",
)


def article_cases(encoder: Encoder, reader: SpanReader, runs: Path, part: Part) -> Iterator[Case]:
    """Yield the questions on articles: the tuning half to fit on, the reporting half else."""
    half = {"fit": "tune", "report": "report"}[part]
    for corpus in dict.fromkeys(ARTICLE_SETS.values()):
        documents, retriever = open_articles(corpus, encoder, runs)
        texts = {document.id: document.text for document in documents}
        # Which reading of a question is taken (follow-ups, other words) is told by the shipped
        # numbers. One reader for both, which keeps what it has read.
        numbers = shipped()
        own = SpanReader(reader.model, encoder, ReadingWeights(**numbers["reader"]))
        finder = Finder(
            {document.id: document for document in documents},
            retriever,
            own,
            Confidence(**numbers["confidence"]),
            PASSAGES,
            Synonyms(),
            partial(SelfContainment.shipped().probability, model=reader.model),
        )
        for question in chain.from_iterable(
            load_question_set(path) for path, asked in ARTICLE_SETS.items() if asked == corpus
        ):
            if half not in question.tags or "chat" in question.tags:
                continue
            reading = finder.understand(question.question, question.history).reading
            passages = retriever.retrieve(reading.text, k=PASSAGES)
            spans = own.read_again(reading.text, own.read(reading.text, passages, reading.asked))
            evidence = question.evidence or "\x00"

            def is_own(span: Span, evidence: str = evidence) -> bool:
                return evidence in span.passage.text

            yield _case(
                reading.asked, passages, spans, list(question.answers), is_own, texts,
                source="article", kind=question.tags[0],
            )  # fmt: skip


def foreign_cases(
    encoder: Encoder, reader: SpanReader, runs: Path, data: Path, count: int
) -> Iterator[Case]:
    """Yield questions of cmrc2018_dev asked of the articles, none of which tells of such things.

    The questions from outside that people wrote for an article are too few to fit on.
    """
    questions = sample(load_questions(data / "cmrc2018_dev.json"), "fit", count)
    corpora = [
        open_articles(corpus, encoder, runs) for corpus in dict.fromkeys(ARTICLE_SETS.values())
    ]
    for number, question in enumerate(questions):
        documents, retriever = corpora[number % len(corpora)]
        texts = {document.id: document.text for document in documents}
        passages = retriever.retrieve(question.question, k=PASSAGES)
        spans = reader.read_again(question.question, reader.read(question.question, passages))
        yield _case(
            question.question, passages, spans, [], lambda _: False, texts,
            source="article", kind="foreign",
        )  # fmt: skip


def open_articles(corpus: Path, encoder: Encoder, runs: Path) -> tuple[list[Document], Retriever]:
    """Return the documents of a folder, or the one of a file, and a retriever over them."""
    paths = [corpus] if corpus.is_file() else sorted(corpus.glob("*.txt"))
    documents = [load_document(path) for path in paths]
    update = update_index(documents, runs / f"article-{corpus.stem}", encoder)
    return documents, Retriever(update.index, encoder, instead=Paraphrases.shipped().instead)


def cmrc_cases(
    encoder: Encoder, reader: SpanReader, runs: Path, data: Path, part: Part, count: int
) -> Iterator[Case]:
    """Yield questions of cmrc2018_dev asked of all its paragraphs, each three times.

    As it is; with its paragraph taken out of the corpus; and with only the sentence that answers
    taken out of it, so that the subject is there and the answer is not.
    """
    questions = load_questions(data / "cmrc2018_dev.json")
    contexts = list(dict.fromkeys(question.context for question in questions))
    retriever, texts = paragraph_retriever(contexts, encoder, runs / "cmrc")
    for question in sample(questions, part, count):
        found = retriever.retrieve(question.question, k=PASSAGES + 1)
        accepted = [text for text, _ in question.answers]
        every = reader.read(question.question, found)
        open_ = found[:PASSAGES]

        def is_own(span: Span, question: Question = question) -> bool:
            return span.passage.text == question.context

        def spans_in(
            passages: Sequence[Passage],
            every: Sequence[Span] = every,
            asked: str = question.question,
        ) -> list[Span]:
            return reader.read_again(asked, [span for span in every if span.passage in passages])

        yield _case(
            question.question, open_, spans_in(open_), accepted, is_own, texts,
            source="cmrc", kind="as it is",
        )  # fmt: skip
        without = [passage for passage in found if passage.text != question.context][:PASSAGES]
        yield _case(
            question.question, without, spans_in(without), [], is_own, texts,
            source="cmrc", kind="paragraph removed",
        )  # fmt: skip
        cut = [_answer_cut(passage, question) for passage in open_]
        if all(passage is not None for passage in cut):
            passages = [passage for passage in cut if passage is not None]
            changed = [new for new, old in zip(passages, open_, strict=True) if new is not old]
            spans = [s for s in every if s.passage in passages]
            spans += reader.read(question.question, changed)
            spans = reader.read_again(question.question, spans)
            yield _case(
                question.question, passages, spans, [], is_own, texts,
                source="cmrc", kind="sentence removed",
            )  # fmt: skip


def cjrc_cases(
    encoder: Encoder, reader: SpanReader, runs: Path, data: Path, part: Part, count: int
) -> Iterator[Case]:
    """Yield questions on court documents, half of them unanswerable, asked of their own paragraph
    among those of all questions drawn. Never stored but as scores: no licence is stated.
    """
    able: list[Question] = []
    unable: list[Question] = []
    raw = json.loads((data / "cjrc_dev.json").read_text("utf-8"))
    for article in raw["data"]:
        for paragraph in article["paragraphs"]:
            for qa in paragraph["qas"]:
                answers = tuple(
                    (given["text"], given["answer_start"])
                    for given in qa["answers"]
                    if given["answer_start"] >= 0
                )
                impossible = qa["is_impossible"] == "true"
                if impossible or answers:
                    question = Question(qa["id"], qa["question"], paragraph["context"], answers, "")
                    (unable if impossible else able).append(question)
    half = count // 2
    drawn = [
        replace(question, answers=() if impossible else question.answers)
        for group, impossible in ((able, False), (unable, True))
        for question in sample(group, part, half)
    ]
    contexts = list(dict.fromkeys(question.context for question in drawn))
    retriever, texts = paragraph_retriever(contexts, encoder, runs / f"cjrc-{part}-{count}")
    for question in drawn:
        passages = retriever.retrieve(question.question, k=PASSAGES)

        def is_own(span: Span, question: Question = question) -> bool:
            return span.passage.text == question.context

        spans = reader.read_again(question.question, reader.read(question.question, passages))
        accepted = [text for text, _ in question.answers]
        yield _case(
            question.question, passages, spans, accepted, is_own, texts,
            source="cjrc", kind="answerable" if accepted else "impossible",
        )  # fmt: skip


def paragraph_retriever(
    contexts: Sequence[str], encoder: Encoder, folder: Path
) -> tuple[Retriever, dict[str, str]]:
    """Return a retriever over `contexts`, a document of one paragraph each, and their texts."""
    documents = [
        Document(f"p{n}", "", "", text, (), (Paragraph(f"p{n}", None, 1, 0, len(text)),))
        for n, text in enumerate(contexts)
    ]
    update = update_index(documents, folder, encoder)
    retriever = Retriever(update.index, encoder, instead=Paraphrases.shipped().instead)
    return retriever, {d.id: d.text for d in documents}


def sample(questions: Sequence[Question], part: Part, count: int) -> list[Question]:
    """Return `count` questions spread over all; those of the two parts are never the same."""
    own = questions[("fit", "report").index(part) :: 2]
    return list(own[:: max(1, len(own) // count)][:count])


def _answer_cut(passage: Passage, question: Question) -> Passage | None:
    """Return `passage` without the sentences that hold an answer; None if nothing is left."""
    if passage.text != question.context:
        return passage
    rest = "".join(
        passage.text[start:end]
        for start, end in split_sentences(passage.text)
        if not any(text in passage.text[start:end] for text, _ in question.answers)
    )
    if len(rest) < len(passage.text) // 4:
        return None
    paragraph = replace(passage.paragraph, end=passage.paragraph.start + len(rest))
    return replace(passage, paragraph=paragraph, text=rest)


def _case(
    question: str,
    passages: list[Passage],
    spans: list[Span],
    accepted: list[str],
    is_own: Callable[[Span], bool],
    texts: dict[str, str],
    *,
    source: str,
    kind: str,
) -> Case:
    """Judge the spans of a question."""
    expected = expected_kind(question)
    right, holds = [], []
    for span in spans:
        own = bool(accepted) and is_own(span)
        offset = span.passage.paragraph.start
        sentence = span.passage.text[span.sentence_start - offset : span.sentence_end - offset]
        held = own and any(stands_in(answer, sentence) for answer in accepted)
        holds.append(held)
        if expected == "passage" and source == "article":
            right.append(held)
        else:
            whole = quote(
                "span" if expected == "passage" else expected,
                span,
                texts[span.passage.paragraph.document],
                lambda _: (),
            ).whole
            words = texts[span.passage.paragraph.document][slice(*whole)]
            right.append(own and any(is_alike(words, answer) for answer in accepted))
    return Case(question, passages, spans, right, holds, source, kind, bool(accepted))
