"""The path of a question with a made-up encoder: what is promised holds for any text whatever."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from chatbot.answer import Answer
from chatbot.answer_type import expected_kind
from chatbot.bot import Bot, UnknownDocumentError
from chatbot.confidence import Confidence
from chatbot.conversation import Reading
from chatbot.finding import Finding
from chatbot.kind_recognition import AskedKind
from chatbot.quoting import sentences_apart
from chatbot.reader import ReadingWeights, SpanReader
from chatbot.settings import QUESTION_LIMIT
from chatbot.synonyms import parse_synonyms
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

LOW = Confidence({}, 0.0, refuse_below=0.1)
WEIGHTS = ReadingWeights(mass=1.0, coverage=0.0, paraphrased=0.0, passage=0.01, fit=0.0)

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
    self_contained: float = 0.0,
    synonyms: str = "",
    model: FakeReaderModel | None = None,
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
        SpanReader(model or FakeReaderModel(words), encoder, WEIGHTS),  # type: ignore[arg-type]
        confidence,
        example_questions=examples,
        kind_of=kind_of,
        self_contained=lambda _: self_contained,
        synonyms=parse_synonyms(synonyms, "synonyms.txt"),
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
        # Things that stand apart come in reading order or as asked for; not the surest first.
        whole = (answer.citation.start, answer.citation.end)
        places = [(one.citation.start, one.citation.end) for one in answer.answers]
        assert any(whole[0] <= start and end <= whole[1] for start, end in places)
        assert answer.kind == "list" or places[0] == whole
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


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("海天怎样坚持研发？", "用于技术研发"),
        ("海天把收入用于研发吗？", "海天每年拿出销售收入的5%用于技术研发"),
    ],
)
def test_a_way_is_told_by_its_words_and_a_yes_by_the_clauses_round_them(
    question: str, told: str
) -> None:
    answer = bot_over(ARTICLE, words={question: "用于技术研发"}).ask(question)
    assert answer.kind == "passage"
    assert answer.answer == told


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
    words = {"海天的创始人是谁？": "张静章", "宁波是沿海城市吗？": "沿海城市"}
    bot = bot_over(ARTICLE, examples=[*words], words=words)
    assert bot.ask("海天的创始人是谁？").suggestions == ("宁波是沿海城市吗？",)


def test_a_document_restricts_the_search() -> None:
    question = "海天在哪里？"
    bot = bot_over(ARTICLE, "甲地\n\n海天在甲地有一座工厂。", words={question: "甲地"})
    assert bot.ask(question).answer == "甲地"
    answer = bot.ask(question, document="a0")
    assert answer.citation is not None
    assert answer.citation.document == "a0"


def test_where_one_article_is_asked_it_alone_is_suggested_from() -> None:
    here, there = "北仑的基因是什么？", "甲地有什么？"
    words = {here: "开放", there: "一座工厂", "海天呢？": "甲地"}
    other = "甲地\n\n海天在甲地有一座工厂。"
    # Either is answered by the one article only: by the other there is no such word.
    bot = bot_over(ARTICLE, other, confidence=LOW, words=words, examples=[here, there])
    verified: list[tuple[str, str | None]] = []
    find = bot._finder.find

    def finding(reading: Reading, document: str | None = None, *more: object) -> Finding:
        verified.append((reading.text, document))
        found = find(reading, document)
        unknown = (reading.text, document) in {(here, "a1"), (there, "a0")}
        return replace(found, spans=()) if unknown else found

    bot._finder.find = finding  # type: ignore[method-assign, assignment]
    assert bot.ask("你好", document="a0").suggestions == (here,)
    assert bot.ask("你好", document="a1").suggestions == (there,)
    assert {document for _, document in verified} == {"a0", "a1"}
    asked = len(verified)
    assert bot.ask("你好", document="a1").suggestions == (there,)
    assert len(verified) == asked  # once each
    assert bot.ask("你好").suggestions == (here, there)


def test_things_in_several_sentences_have_their_own() -> None:
    (document,) = bot_over("题\n\n甲出5%。乙出6%，丙出7%。").documents
    text = document.text
    things = [(text.index(words), text.index(words) + 2) for words in ("5%", "6%", "7%")]
    second = (text.index("乙"), text.index("丙出") + 5)
    assert sentences_apart(document, second, things[1:]) == [None, None]
    assert sentences_apart(document, second, things) == [
        "甲出5%。",
        "乙出6%，丙出7%。",
        "乙出6%，丙出7%。",
    ]


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


@pytest.mark.parametrize(
    ("question", "read"),
    [
        ("老爷子的海天在哪里？", "张静章的海天在哪里？"),
        ("Who is the founder of 海天集团?", "海天集团的创始人是谁？"),
        ("海天集团 创始人", "海天集团的创始人是谁？"),
        ("请问海天集团的创始人是谁呀，谢谢", "海天集团的创始人是谁？"),
    ],
)
def test_how_a_question_was_read_is_told(question: str, read: str) -> None:
    bot = bot_over(ARTICLE, words={read: "张静章"}, synonyms="老爷子 => 张静章\n")
    answer = bot.ask(question)
    assert (answer.understood, answer.answer) == (read, "张静章")
    check(answer, bot.documents)


def test_a_synonym_is_tried_where_the_own_word_finds_less() -> None:
    # By the margin alone: the own word points nowhere (a margin of -1), the other at the words.
    sure = Confidence({"margin": 1.0}, 0.0, refuse_below=0.1)
    question, read = "海天把多少钱投进科研？", "海天把多少钱投进技术研发？"
    words = {question: "没有这回事", read: "5%"}
    found = bot_over(ARTICLE, confidence=sure, words=words, synonyms="科研、技术研发").ask(question)
    assert (found.understood, found.answer) == (read, "5%")
    plain = bot_over(ARTICLE, confidence=sure, words=words).ask(question)
    assert plain.understood == question


@pytest.mark.parametrize(
    ("sure", "read", "again"),
    [
        pytest.param(0.8, 6, 0, id="the first answer surely"),
        pytest.param(0.6, 10, 3, id="they do not"),
    ],
)
def test_more_passages_are_read_where_the_first_do_not_answer_surely(
    sure: float, read: int, again: int
) -> None:
    """And the likeliest of them again: alone and side by side."""
    article = "港口\n\n" + "\n\n".join(f"第{number}号港口有{number}艘船。" for number in range(12))
    confidence = Confidence({}, math.log(sure / (1 - sure)), refuse_below=0.1)
    model = FakeReaderModel()
    answer = bot_over(article, confidence=confidence, model=model).ask("港口有几艘船？")
    assert len(answer.passages) == read
    texts = ["".join(map(chr, window)) for window in model.windows]
    assert [text.count("\n") + 1 for text in texts if "\n" in text] == ([again] if again else [])
    assert sum(not before for before in model.lead_ups) == (again + 1 if again else 0)


TWO_HEADS = """开发区

开发区商务局局长史海辉说，开放是大事。

开发区营商环境改革局局长沈健说，服务是大事。
"""
WHO = "开发区的局长是谁？"


def test_the_same_words_twice_are_one_answer() -> None:
    bot = bot_over(TWO_HEADS, words={WHO: "大事"})
    assert bot.ask(WHO).asks_back is False


class TwoHeads(FakeReaderModel):
    """Points at the name after 局长 in each window, for the one question."""

    def scores(
        self,
        question: Sequence[int],
        windows: Sequence[Sequence[int]],
        lead_ups: Sequence[Sequence[int]],
    ) -> list[tuple[NDArray[np.float32], NDArray[np.float32], float]]:
        asked = "".join(map(chr, question))
        found = []
        for window in windows:
            text = "".join(map(chr, window))
            starts, ends = np.zeros((2, len(window)), np.float32)
            for office, name in (("商务局", "史海辉"), ("改革局", "沈健")):
                own = office in asked or asked == WHO
                if name in text and own:
                    at = text.index(name)
                    starts[at] = ends[at + len(name) - 1] = 5.0
            found.append((starts, ends, 1.0))
        return found


@pytest.mark.parametrize(
    ("second", "kind", "things"),
    [
        ("海天集团", "list", ["张静章", "海天集团"]),
        # Not answered in the passage, or by the same words: one thing is told, as before.
        ("没有", "span", ["张静章"]),
        ("张静章", "span", ["张静章"]),
    ],
)
def test_what_a_question_asks_by_parts_is_answered_part_by_part(
    second: str, kind: str, things: list[str]
) -> None:
    question = "海天的创始人是谁，总裁又是谁？"
    words = {
        question: "张静章",
        "海天的创始人是谁": "张静章",
        "总裁又是谁": second,
    }
    bot = bot_over(ARTICLE, words=words, kind_of=lambda _: "span")
    answer = bot.ask(question)
    check(answer, bot.documents)
    assert (answer.kind, [thing.answer for thing in answer.answers]) == (kind, things)


def test_what_may_be_meant_is_listed_with_questions_that_ask_for_it() -> None:
    bot = bot_over(TWO_HEADS, model=TwoHeads())
    answer = bot.ask(WHO)
    check(answer, bot.documents)
    assert answer.asks_back
    assert {choice.answer for choice in answer.answers} == {"史海辉", "沈健"}
    questions = {choice.answer: choice.question for choice in answer.answers}
    assert questions == {"史海辉": f"商务局，{WHO}", "沈健": f"营商环境改革局，{WHO}"}
    assert [choice["confidence"] for choice in answer.record()["answers"]] == [0.5, 0.5]
    assert answer.reply.startswith("文中有两处都像答案，您问的是哪一个？")
    for choice in answer.answers:
        assert choice.question is not None
        chosen = bot.ask(choice.question)
        assert (chosen.answer, chosen.asks_back) == (choice.answer, False)


def test_what_was_told_answers_no_follow_up() -> None:
    question, follow = "海天每年拿出多少？", "其中外资的有多少？"
    glued = f"{question} {follow}"
    bot = bot_over(ARTICLE, words={question: "5%", glued: "5%"}, confidence=LOW)
    assert bot.ask(question).answer == "5%"
    answer = bot.ask(follow, history=[question])
    assert answer.answered is False
    assert answer.confidence == 0.0


def test_a_follow_up_of_which_nothing_is_told_is_refused() -> None:
    question = "海天集团创始人是谁？"
    bot = bot_over(ARTICLE, words={question: "张静章"}, confidence=LOW)
    assert bot.ask("他哪一天出生？", history=[question]).answered is False
    told = bot.ask("他把收入用于什么研发？", history=[question])
    assert told.answered is True


def test_a_question_that_stands_alone_is_answered_as_if_nothing_had_been_asked() -> None:
    before, asked = "海天集团创始人是谁？", "哪一天放假？"
    faint = replace(LOW, intercept=-1.0)
    bot = bot_over(ARTICLE, confidence=faint, self_contained=0.99)
    alone, after = bot.ask(asked), bot.ask(asked, history=[before])
    assert replace(after, milliseconds=0.0) == replace(alone, milliseconds=0.0)
    leaning = bot_over(ARTICLE, confidence=faint).ask(asked, history=[before])
    assert (alone.understood, leaning.understood) == (asked, f"海天集团创始人{asked}")
