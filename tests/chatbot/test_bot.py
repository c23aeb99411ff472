"""The path of a question with a made-up encoder: what is promised holds for any text whatever."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chatbot.answer import Answer
from chatbot.answer_type import expected_kind
from chatbot.bot import Bot, UnknownDocumentError
from chatbot.confidence import Confidence
from chatbot.kind_recognition import AskedKind
from chatbot.reader import ReadingWeights, SpanReader
from chatbot.settings import QUESTION_LIMIT
from corpus.document import Document
from corpus.loading import make_document
from index.bm25 import LexicalIndex
from index.faiss_store import FaissStore
from index.generation import Index, paragraph_texts
from index.retriever import Retriever
from tests.chatbot.fake_reader_model import FakeReaderModel
from tests.index.fake_encoder import FakeEncoder

ALWAYS = Confidence({}, 0.0, refuse_below=0.0)
NEVER = Confidence({}, 0.0, refuse_below=0.6)  # an empty model says 0.5 to everything

WEIGHTS = ReadingWeights(margin=1.0, coverage=0.0, passage=0.01, fit=0.0)

ARTICLE = """北仑奋楫

制造业是北仑的名片。海天集团创始人张静章说，海天每年拿出销售收入的5%用于技术研发。

向海而生

宁波是我国首批对外开放的14个沿海城市之一。面朝大海的北仑，开放是与生俱来的基因。
"""


def bot_over(
    *articles: str,
    confidence: Confidence = ALWAYS,
    examples: Sequence[str] = (),
    words: Mapping[str, str] | None = None,
    kind_of: Callable[[str], AskedKind] = expected_kind,
) -> Bot:
    documents = tuple(
        make_document(raw, f"a{number}", f"a{number}.txt") for number, raw in enumerate(articles)
    )
    encoder = FakeEncoder()
    texts = paragraph_texts(documents)
    index = Index(
        documents=documents,
        store=FaissStore.build(encoder.encode_paragraphs(texts)),
        lexical=LexicalIndex.build(texts),
        model=encoder.identity,
        generation="000001",
        directory=Path("nowhere"),
        made_with={},
    )
    return Bot(
        documents,
        Retriever(index, encoder),
        SpanReader(FakeReaderModel(words), encoder, WEIGHTS),  # type: ignore[arg-type]
        confidence,
        example_questions=examples,
        kind_of=kind_of,
    )


def check(answer: Answer, documents: Sequence[Document]) -> None:
    """Assert all that the record promises."""
    if not answer.answered:
        assert answer.kind in ("refusal", "chat")
        assert (answer.answer, answer.sentence, answer.citation) == (None, None, None)
        assert answer.answers == ()
    else:
        assert answer.kind in ("span", "list", "passage")
        assert answer.citation is not None
        assert answer.answer is not None and answer.sentence is not None
        (document,) = [d for d in documents if d.id == answer.citation.document]
        assert document.text[answer.citation.start : answer.citation.end] == answer.answer
        assert answer.answer in answer.sentence
        assert answer.sentence in answer.citation.text
        assert answer.citation.text in document.text
        assert answer.answers[0].answer == answer.answer
    assert 0 <= answer.confidence <= 1
    assert answer.reply
    assert answer.milliseconds >= 0


@settings(max_examples=150, deadline=None)
@given(question=st.text(max_size=60), article=st.text(max_size=300))
def test_the_verbatim_promise_holds_for_any_question_and_any_article(
    question: str, article: str
) -> None:
    bot = bot_over(article)
    check(bot.ask(question), bot.documents)


CHINESE = st.text(
    alphabet="北仑海天是的。！？…，、“”（）《》5%0年\n 　a.😀\u200b\x00\ud800", max_size=200
)


@settings(max_examples=150, deadline=None)
@given(question=CHINESE, articles=st.lists(CHINESE, min_size=1, max_size=3))
def test_the_verbatim_promise_holds_for_broken_chinese(question: str, articles: list[str]) -> None:
    bot = bot_over(*articles)
    check(bot.ask(question, history=["海天呢？"]), bot.documents)


@pytest.mark.parametrize(
    "article",
    [
        "",
        "字",
        "没有标点的一段话",
        "😀😀🎉",
        "\x00\x01\x02",
        "一句话，没有换行。" * 22_000,  # 200 KB of characters on one line
        "字" * 70_000,
    ],
)
def test_odd_articles_are_answered_from_or_refused(article: str) -> None:
    bot = bot_over(article)
    check(bot.ask("这句话说了什么？"), bot.documents)


@pytest.mark.parametrize("question", ["", " \n", "？", "<script>alert(1)</script>", "啊" * 10_000])
def test_odd_questions_never_raise(question: str) -> None:
    bot = bot_over(ARTICLE)
    answer = bot.ask(question)
    check(answer, bot.documents)
    assert answer.question == question
    assert len(answer.understood) <= QUESTION_LIMIT


def test_the_shortest_words_are_quoted_in_their_sentence_with_their_place() -> None:
    question = "海天每年拿出销售收入的多少用于研发？"
    answer = bot_over(ARTICLE, words={question: "5%"}).ask(question, id="q7")
    assert answer.id == "q7"
    assert (answer.kind, answer.answer) == ("span", "5%")
    assert answer.sentence == "海天集团创始人张静章说，海天每年拿出销售收入的5%用于技术研发。"
    assert answer.citation is not None
    assert (answer.citation.title, answer.citation.section) == ("北仑奋楫", None)
    assert answer.citation.paragraph == 1


@pytest.mark.parametrize("question", ["海天怎样坚持研发？", "海天把收入用于研发吗？"])
def test_a_reason_or_a_yes_is_told_by_the_clauses_round_it(question: str) -> None:
    answer = bot_over(ARTICLE, words={question: "用于技术研发"}).ask(question)
    assert answer.kind == "passage"
    assert answer.answer == "海天每年拿出销售收入的5%用于技术研发"


def test_under_the_threshold_it_refuses_and_shows_what_came_close() -> None:
    answer = bot_over(ARTICLE, confidence=NEVER).ask("海天的员工有多少？")
    assert answer.kind == "refusal"
    assert answer.passages
    assert answer.confidence == 0.5
    assert answer.reply.startswith("文章提到了“海天”，但没有说到您问的这一点。")


def test_what_shares_nothing_with_the_articles_is_refused() -> None:
    answer = bot_over(ARTICLE, confidence=Confidence({}, 0.0, refuse_below=0.1)).ask("asdfghjkl")
    assert (answer.kind, answer.confidence) == ("refusal", 0.0)


def test_small_talk_quotes_nothing_and_suggests() -> None:
    bot = bot_over(ARTICLE, examples=["海天的创始人是谁？", "宁波是沿海城市吗？"])
    answer = bot.ask("你好")
    assert answer.kind == "chat"
    assert answer.suggestions == ("海天的创始人是谁？", "宁波是沿海城市吗？")


def test_examples_that_are_not_answered_are_not_offered() -> None:
    bot = bot_over(ARTICLE, confidence=NEVER, examples=["海天的创始人是谁？"])
    assert bot.examples() == ()
    assert bot.ask("你好").suggestions == ()


def test_suggestions_leave_out_what_was_just_asked() -> None:
    bot = bot_over(ARTICLE, examples=["海天的创始人是谁？", "宁波是沿海城市吗？"])
    assert bot.ask("海天的创始人是谁？").suggestions == ("宁波是沿海城市吗？",)


def test_a_document_restricts_the_search() -> None:
    question = "海天在哪里？"
    bot = bot_over(ARTICLE, "甲地\n\n海天在甲地有一座工厂。", words={question: "甲地"})
    assert bot.ask(question).answer == "甲地"
    answer = bot.ask(question, document="a0")
    assert answer.citation is not None
    assert answer.citation.document == "a0"


def test_given_paragraphs_are_read_instead_of_what_retrieval_finds() -> None:
    question = "海天在哪里？"
    bot = bot_over(ARTICLE, "甲地\n\n海天在甲地有一座工厂。", words={question: "甲地"})
    for document in bot.documents:
        for paragraph in document.paragraphs:
            answer = bot.ask(question, paragraphs=[paragraph])
            assert [passage.paragraph for passage in answer.passages] == [paragraph]
            check(answer, bot.documents)
    assert bot.ask(question, paragraphs=[]).answered is False


def test_an_unknown_document_is_told_apart() -> None:
    with pytest.raises(UnknownDocumentError):
        bot_over(ARTICLE).ask("海天？", document="nowhere")


def test_the_same_question_gives_the_same_record() -> None:
    bot = bot_over(ARTICLE)
    first, second = (bot.ask("北仑的基因是什么？").record() for _ in range(2))
    del first["milliseconds"], second["milliseconds"]
    assert first == second


def test_a_remark_that_nothing_answers_is_small_talk() -> None:
    bot = bot_over(ARTICLE, confidence=NEVER, kind_of=lambda question: "chat")
    answer = bot.ask("今天心情真不错呀")
    assert (answer.kind, answer.answered) == ("chat", False)
    assert "原话" in answer.reply


def test_what_is_taken_for_a_remark_is_answered_where_the_article_does() -> None:
    bot = bot_over(ARTICLE, words={"海天每年拿出多少？": "5%"}, kind_of=lambda question: "chat")
    answer = bot.ask("海天每年拿出多少？")
    assert (answer.kind, answer.answer) == ("span", "5%")
