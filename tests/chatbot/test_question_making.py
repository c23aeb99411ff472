"""Questions made from articles: asked in place, whole by themselves, proven on the bot and kept."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chatbot.bot import Bot
from chatbot.confidence import Confidence
from chatbot.lobby import Lobby
from chatbot.question_making.keeping import ask_again, in_background, keep_up, offer_kept
from chatbot.question_making.making import MadeQuestion, make_questions
from chatbot.question_making.offering import Offers, Place
from chatbot.question_making.proving import SURE, ProvenQuestion, asked_of_each, proven_by
from chatbot.question_making.standing import LONGEST
from chatbot.question_making.store import Kept, answering_version, corpus_digest, load_kept
from chatbot.question_making.things import find_things
from chatbot.question_making.variety import most_various
from chatbot.question_making.words import cut_words
from corpus.document import Document, Paragraph
from corpus.loading import DEFAULT_CORPUS, load_corpus, make_document
from tests.chatbot.test_bot import bot_over

ROOT = Path(__file__).resolve().parents[2]
ARTICLES = ROOT / "tests" / "questions" / "articles"
# An empty model is as sure as its intercept says: 0.88 and 0.5.
SURELY = Confidence({}, 2.0, refuse_below=0.0)
HARDLY = Confidence({}, 0.0, refuse_below=0.0)

SHARE, FOUNDER = "海天每年拿出销售收入的多少用于技术研发？", "海天集团创始人是谁？"
COUNT = "北仑有模具企业多少家？"
ARTICLE = """北仑奋楫

海天集团创始人张静章说，海天每年拿出销售收入的5%用于技术研发。

向海而生

北仑有模具企业3000多家。
"""
WORDS = {SHARE: "5%", FOUNDER: "张静章", COUNT: "3000多家"}


def questions_of(sentence: str, title: str = "邮票") -> dict[str, str]:
    """Return what is asked of one sentence, and the words that answer."""
    document = make_document(f"{title}\n\n{sentence}\n", "a", "a.txt")
    return {one.question: document.text[one.start : one.end] for one in make_questions(document)}


@pytest.mark.parametrize(
    ("sentence", "question", "answer"),
    [
        (
            "海天每年拿出销售收入的5%用于技术研发，不断迭代。",
            "海天每年拿出销售收入的多少用于技术研发？",
            "5%",
        ),
        (
            "年逾八旬的海天集团创始人张静章说，要创新。",
            "海天集团创始人是谁？",
            "张静章",
        ),
        (
            "北仑是模具之乡，有大小模具企业3000多家。",
            "北仑是模具之乡，有大小模具企业多少家？",
            "3000多家",
        ),
        (
            "近年来，北仑推进改革，北仑土地开发强度近40%。",
            "北仑土地开发强度是多少？",
            "40%",
        ),
        (
            "2020年8月，浙江自贸试验区宁波片区正式获批。",
            "浙江自贸试验区宁波片区什么时候正式获批？",
            "2020年8月",
        ),
        (
            "1849年，法国发行了第一套邮票。",
            "法国哪一年发行了第一套邮票？",
            "1849年",
        ),
        (
            "奥地利则在1850年6月1日开始发行邮票。",
            "奥地利在哪一天开始发行邮票？",
            "1850年6月1日",
        ),
        (
            "2023年，北仑实现外贸进出口总额4501.6亿元。",
            "2023年北仑实现外贸进出口总额多少亿元？",
            "4501.6亿元",
        ),
        (
            "继峰股份成功并购德国百年企业格拉默。",
            "哪家公司成功并购德国百年企业格拉默？",
            "继峰股份",
        ),
        (
            "北仑在全市首创了《产业投资项目建设指南》手册。",
            "北仑在全市首创了哪本手册？",
            "《产业投资项目建设指南》",
        ),
        (
            "世界上的第一枚邮票是英国的黑便士。",
            "世界上的第一枚邮票是什么？",
            "黑便士",
        ),
        (
            "吉米与导演约翰·福特有过四次西部片的合作。",
            "吉米与导演约翰·福特有过几次西部片的合作？",
            "四次",
        ),
    ],
)
def test_a_clause_is_asked_in_place(sentence: str, question: str, answer: str) -> None:
    assert questions_of(sentence).get(question) == answer


@pytest.mark.parametrize(
    ("sentence", "why"),
    [
        ("其中，规模以上企业58家，国家级单项冠军企业5家。", "of what?"),
        ("它每年拿出销售收入的5%用于技术研发。", "whose?"),
        ("而北仑又投资了30亿元。", "leans on what came before"),
        ("“我们在北仑建了3座工厂。”", "somebody's we"),
        ("宁波是我国首批对外开放的14个沿海城市之一。", "one of them is no number of it"),
        ("海天8800吨超大型注塑机交付客商。", "a number in a name"),
        ("北仑在2019年至2023年建成码头。", "two times"),
        ("记者去年在北仑见到30人。", "last year of when?"),
    ],
)
def test_what_leans_on_other_text_is_not_asked(sentence: str, why: str) -> None:
    assert questions_of(sentence) == {}, why


def check(made: MadeQuestion, document: Document) -> None:
    """Assert all that a made question promises."""
    answer = document.text[made.start : made.end]
    (paragraph,) = [p for p in document.paragraphs if p.number == made.paragraph]
    assert paragraph.start <= made.start < made.end <= paragraph.end
    assert paragraph.section == made.section
    assert answer and answer not in made.question
    assert made.question.endswith("？") and made.question.count("？") == 1
    assert len(made.question) <= LONGEST
    for opening, closing in ("“”", "《》", "（）", "「」"):  # type: ignore[str-unpack]
        assert made.question.count(opening) == made.question.count(closing)


SHORT = ("binjiang-malasong", "hengchuan-nianbao", "linruoxi", "yunxi-bowuguan")


@pytest.mark.parametrize(
    ("path", "least"),
    [
        (DEFAULT_CORPUS, 10),
        (ARTICLES / "shiduhua.txt", 10),
        (ARTICLES / "youpiao.txt", 10),
        *((ARTICLES / "tuning" / f"{name}.txt", 3) for name in SHORT),
        (ARTICLES / "tuning", 0),  # all of them keep the promises, few as they may be
    ],
    ids=["default", "shiduhua", "youpiao", *SHORT, "tuning"],
)
def test_real_articles_give_questions_that_keep_their_promises(path: Path, least: int) -> None:
    for document in load_corpus(path):
        made = make_questions(document)
        assert len(made) >= least
        assert len({one.question for one in made}) == len(made)
        for one in made:
            check(one, document)


@pytest.mark.xfail(strict=True, reason="what is told like a story gives 0 to 3 questions")
def test_every_article_gives_questions() -> None:
    few = {
        document.id: len(make_questions(document)) for document in load_corpus(ARTICLES / "tuning")
    }
    assert [name for name, count in few.items() if count < 3] == []


PIECES = st.sampled_from(
    [
        *"，。；：！？“”《》（）、\n的在是有了于年说\ud800",
        *("北仑", "海天集团", "张静章", "创始人", "2023年5月8日", "5%", "3000多家", "14个", "位于"),
        *("宁波大学", "发行", "约翰·福特", "其中", "第12位", "1亿多元"),
    ]
)


@settings(max_examples=60, deadline=None)
@given(raw=st.lists(PIECES, max_size=60).map("".join))
def test_any_text_whatever_gives_only_sound_questions(raw: str) -> None:
    document = make_document(f"北仑\n\n{raw}", "a", "a.txt")
    for one in make_questions(document):
        check(one, document)


@settings(max_examples=40, deadline=None)
@given(raw=st.lists(PIECES, max_size=40).map("".join))
def test_things_stand_in_order_and_do_not_overlap(raw: str) -> None:
    things = find_things(raw, cut_words(raw))
    assert all(0 <= one.start < one.end <= len(raw) for one in things)
    assert all(one.end <= other.start for one, other in pairwise(things))
    assert all(one.asked_start <= one.start and one.end <= one.asked_end for one in things)


def test_the_words_of_a_text_are_all_of_it() -> None:
    text = "海天集团 创始人\n张静章😀"
    words = cut_words(text)
    assert "".join(word.text for word in words) == text
    assert all(text[word.start : word.end] == word.text for word in words)


def proven(question: str, start: int, **more: object) -> ProvenQuestion:
    given = {"document": "a0", "paragraph": 1, "section": None, "kind": "number"} | more
    return ProvenQuestion(question, start=start, end=start + 2, confidence=0.9, **given)  # type: ignore[arg-type]


def test_few_of_many_are_of_all_sections_and_kinds() -> None:
    many = [proven(f"甲{n}", n, section="甲", paragraph=n) for n in range(8)]
    other = proven("乙", 50, section="乙", paragraph=9)
    person = proven("丙", 60, section="甲", kind="person", paragraph=10)
    assert {one.question for one in most_various([*many, other, person], 3)} >= {"乙", "丙"}
    assert most_various(many, 20, [1.0] * 8) == many
    assert most_various([], 3) == []


@pytest.mark.parametrize(
    ("documents", "each"), [(0, 40), (1, 40), (30, 40), (100, 12), (1200, 1), (5000, 1)]
)
def test_the_more_documents_the_fewer_questions_of_each(documents: int, each: int) -> None:
    assert asked_of_each(documents) == each


def test_only_what_the_bot_answers_surely_with_the_very_words_is_kept() -> None:
    bot = bot_over(ARTICLE, confidence=SURELY, words=WORDS)
    (document,) = bot.documents
    made = {one.question: one for one in make_questions(document)}
    assert set(made) == set(WORDS)
    kept = proven_by(bot.ask(SHARE), made[SHARE], document)
    assert kept is not None and document.text[kept.start : kept.end] == "5%"
    assert kept.confidence >= SURE
    elsewhere = replace(made[SHARE], start=made[SHARE].start - 3, end=made[SHARE].end - 3)
    assert proven_by(bot.ask(SHARE), elsewhere, document) is None
    assert proven_by(bot.ask(SHARE), replace(made[SHARE], document="a1"), document) is None
    unsure = bot_over(ARTICLE, confidence=HARDLY, words=WORDS)
    assert proven_by(unsure.ask(SHARE), made[SHARE], document) is None


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The questions that every bot of the test is asked."""
    found: list[str] = []
    real: Callable[..., object] = Bot.ask

    def ask(bot: Bot, question: str, *arguments: object, **more: object) -> object:
        found.append(question)
        return real(bot, question, *arguments, **more)

    monkeypatch.setattr(Bot, "ask", ask)
    return found


def test_only_changed_documents_are_made_anew(tmp_path: Path, asked: list[str]) -> None:
    other = "梅山\n\n2022年1月，宁波舟山港挂牌运行。\n"
    when = "宁波舟山港什么时候挂牌运行？"
    words = {**WORDS, when: "2022年1月"}
    first = bot_over(ARTICLE, other, confidence=SURELY, words=words)
    steps: list[tuple[int, int]] = []
    assert keep_up(first, tmp_path, "v1", progress=lambda *step: steps.append(step)) == 4
    assert steps == [(1, 43), (2, 43), (3, 43), (4, 4)]
    assert {one.question for one in first.offers.made()} == set(words)

    asked.clear()
    again = bot_over(ARTICLE, other, confidence=SURELY, words=words)
    offer_kept(again, tmp_path, "v1")
    assert keep_up(again, tmp_path, "v1") == 0
    assert asked == []
    assert again.offers.made() == first.offers.made()
    assert again.offers.unproven() == ()

    changed = bot_over(ARTICLE, other.replace("1月", "3月"), confidence=SURELY, words=words)
    offer_kept(changed, tmp_path, "v1")
    # What is kept of the other article was proven when this one was not there.
    assert {one.question for one in changed.offers.unproven()} == set(WORDS)
    assert keep_up(changed, tmp_path, "v1") == 1
    assert asked == [when]
    assert len(list((tmp_path / "questions").iterdir())) == 2

    asked.clear()
    assert keep_up(changed, tmp_path, "other weights") == 4
    assert len(list((tmp_path / "questions").iterdir())) == 2


def test_a_damaged_or_foreign_file_is_made_again(tmp_path: Path) -> None:
    bot = bot_over(ARTICLE, confidence=SURELY, words=WORDS)
    keep_up(bot, tmp_path, "v")
    (file,) = (tmp_path / "questions").iterdir()
    whole = file.read_text("utf-8")
    for broken in ("", "[]", "{", whole.replace('"start"', '"begin"'), whole[:-40], "\x00" * 20):
        file.write_text(broken, "utf-8")
        assert load_kept(tmp_path, bot.documents[0], "v") is None
        assert keep_up(bot, tmp_path, "v") == 3
    file.write_text(whole.replace('"confidence": 0.8808', '"confidence": 7'), "utf-8")
    assert load_kept(tmp_path, bot.documents[0], "v") is None


def test_what_cannot_be_written_is_offered_all_the_same(tmp_path: Path) -> None:
    bot = bot_over(ARTICLE, confidence=SURELY, words=WORDS)
    file = tmp_path / "a file"
    file.write_text("")
    keep_up(bot, file, "v")
    assert len(bot.offers.made()) == 3


class Leaving(threading.Event):
    """Set once it has been waited on so many times; remembers for how long."""

    def __init__(self, after: int) -> None:
        super().__init__()
        self.after, self.rests = after, list[float]()

    def wait(self, timeout: float | None = None) -> bool:
        self.rests.append(timeout or 0.0)
        if len(self.rests) == self.after:
            self.set()
        return self.is_set()


def test_in_the_background_it_rests_as_long_as_a_question_took(tmp_path: Path) -> None:
    leaving = Leaving(after=100)
    in_background(tmp_path, "v")(bot_over(ARTICLE, confidence=SURELY, words=WORDS), leaving)
    assert len(leaving.rests) == 3 and all(rest > 0 for rest in leaving.rests)


def test_a_server_that_ends_makes_no_more_and_keeps_no_half(tmp_path: Path) -> None:
    leaving = Leaving(after=2)
    bot = bot_over(ARTICLE, confidence=SURELY, words=WORDS)
    in_background(tmp_path, "v")(bot, leaving)
    assert len(leaving.rests) == 2
    assert list(tmp_path.iterdir()) == []
    assert keep_up(bot, tmp_path, "v") == 3


def test_ask_again_tells_what_is_answered_otherwise_now(tmp_path: Path) -> None:
    bot = bot_over(ARTICLE, confidence=SURELY, words=WORDS)
    keep_up(bot, tmp_path, "v")
    worse = bot_over(ARTICLE, confidence=SURELY, words={**WORDS, FOUNDER: "海天"})
    held = dict(zip(bot.offers.made(), ask_again(worse, bot.offers.made()), strict=True))
    assert {one.question for one, good in held.items() if not good} == {FOUNDER}


def test_the_version_is_another_for_another_encoder() -> None:
    assert answering_version("a") == answering_version("a") != answering_version("b")


def test_the_digest_of_a_corpus_is_of_all_its_articles() -> None:
    one, two = (make_document(raw, raw, raw) for raw in ("甲", "乙"))
    assert len({corpus_digest(those) for those in ((one,), (two,), (one, two))}) == 3


@pytest.mark.parametrize("fails", [False, True])
def test_what_follows_readiness_delays_and_breaks_nothing(fails: bool) -> None:
    ready, order = threading.Event(), []

    def afterwards(bot: Bot, leaving: threading.Event) -> None:
        order.append("made" if lobby.ready() is bot else "too early")
        ready.set()
        if fails:
            raise RuntimeError("disk full")

    lobby = Lobby(lambda: bot_over(ARTICLE))
    lobby.on_ready = lambda: order.append("ready")
    lobby.afterwards = afterwards
    lobby.open()
    assert ready.wait(60)
    assert order == ["ready", "made"]
    assert lobby.failure is None and lobby.ready()


def test_leaving_ends_what_runs_in_the_background() -> None:
    lobby = Lobby(lambda: bot_over(ARTICLE))
    lobby.afterwards = lambda _, leaving: leaving.wait(60)
    lobby.open()
    assert lobby.leave(30)


def test_leaving_says_what_does_not_end() -> None:
    end = threading.Event()
    lobby = Lobby(lambda: bot_over(ARTICLE))
    lobby.afterwards = lambda _, __: end.wait(60)
    lobby.open()
    assert not lobby.leave(0.1)
    end.set()
    assert lobby.leave(30)


def test_a_lobby_that_builds_nothing_leaves_at_once() -> None:
    assert Lobby(bot_over(ARTICLE)).leave(0.0)


# What is offered


def paragraph(number: int, section: str | None = None) -> Paragraph:
    return Paragraph("a0", section, number, 0, 100)


def elsewhere(question: str) -> Place:
    """Say that a question is answered, each at a place of its own."""
    at = 1000 + sum(map(ord, question))
    return "a0", at, at + 1


def test_own_examples_come_first_and_few_are_filled_up() -> None:
    offers = Offers(["甲？", "乙？", "丙？"], lambda it: None if it == "乙？" else elsewhere(it))
    assert offers.first() == ("甲？", "丙？")
    offers.add("a0", [proven(f"{n}？", n) for n in range(9)] + [proven("甲？", 20)])
    assert len(offers.first()) == 6
    assert offers.first()[:2] == ("甲？", "丙？")
    assert len(set(offers.first())) == 6
    assert offers.first(1) == ("甲？",)
    assert len(offers.first(3)) == 3
    many = Offers([f"{n}？" for n in range(8)], elsewhere)
    many.add("a0", [proven("甲？", 1)])
    assert "甲？" not in many.first()


def test_after_an_answer_its_paragraph_is_asked_about_but_not_its_words() -> None:
    offers = Offers(["另一题？"], elsewhere)
    offers.add(
        "a0",
        [
            proven("远处？", 90, paragraph=9, section="乙"),
            proven("同节？", 50, paragraph=3, section="甲"),
            proven("同段？", 10, paragraph=2, section="甲"),
            proven("同答案？", 20, paragraph=2, section="甲"),
            proven("问过？", 30, paragraph=2, section="甲"),
        ],
    )
    shown = offers.beside("问？", paragraph(2, "甲"), (19, 21), exclude=["问过？"])
    assert shown == ("同段？", "同节？", "另一题？")
    assert offers.beside("问？", replace(paragraph(1), document="a7"), (0, 1)) == ("另一题？",)


def test_what_was_just_answered_is_not_offered_in_other_words() -> None:
    places = {"换个说法？": ("a0", 20, 23), "别篇？": ("a1", 20, 23), "同一处？": ("a1", 22, 25)}
    offers = Offers([*places, "另一题？"], lambda it: places.get(it) or elsewhere(it))
    assert offers.beside("问？", paragraph(2), (19, 21)) == ("别篇？", "另一题？")
    # Nor is what is offered already.
    offers.add("a0", [proven("同段？", 40, paragraph=2)])
    places["另一题？"] = ("a0", 40, 41)
    assert offers.beside("问？", paragraph(2), (19, 21)) == ("同段？", "别篇？")
    # Instead of a refused question anything may be asked, but nothing twice.
    assert offers.like("问？") == ("换个说法？", "别篇？", "另一题？")


def test_made_questions_below_the_threshold_of_refusal_are_not_offered() -> None:
    offers = Offers([], elsewhere, least=0.95)
    offers.add("a0", [proven("甲？", 1)])
    assert offers.first() == ()


def test_what_was_proven_over_other_articles_is_asked_before_it_is_offered() -> None:
    doubts: list[str] = []

    def answered_at(question: str) -> Place | None:
        doubts.append(question)
        return None if question == "乙？" else elsewhere(question)

    offers = Offers([], answered_at)
    offers.add("a0", [proven("甲？", 1), proven("乙？", 5)], proven=False)
    assert offers.first() == ("甲？",)
    assert doubts == ["甲？", "乙？"]


def test_a_refusal_and_an_answer_offer_what_was_made(tmp_path: Path) -> None:
    bot = bot_over(ARTICLE, confidence=SURELY, words=WORDS)
    keep_up(bot, tmp_path, "v")
    assert set(bot.examples()) == set(WORDS)
    assert bot.ask("你好").suggestions
    suggested = bot.ask(SHARE).suggestions
    assert suggested[0] == FOUNDER
    assert SHARE not in suggested
    refusing = bot_over(ARTICLE, confidence=Confidence({}, 2.0, refuse_below=0.87), words=WORDS)
    keep_up(refusing, tmp_path / "other", "v")
    object.__setattr__(refusing._confidence, "intercept", -3.0)
    refused = refusing.ask("海天有多少员工？")
    assert refused.kind == "refusal" and refused.suggestions
    assert all(one in refused.reply.replace("\\", "") for one in refused.suggestions)


def test_kept_questions_are_the_same_after_a_round_trip(tmp_path: Path) -> None:
    bot = bot_over(ARTICLE, confidence=SURELY, words=WORDS)
    keep_up(bot, tmp_path, "v")
    assert load_kept(tmp_path, bot.documents[0], "v") == Kept(
        bot.offers.made(), corpus_digest(bot.documents)
    )


def test_within_a_document_only_its_own_questions_that_hold_there_are_offered() -> None:
    offers = Offers(["甲？", "乙？"], elsewhere)
    offers.add("a0", [proven("丙？", 1), proven("丁？", 5)])
    offers.add("a7", [proven("戊？", 9, document="a7")])
    places = {"乙？": ("a0", 90, 92), "丙？": ("a0", 1, 2), "戊？": ("a0", 9, 10)}
    assert offers.within("a0", places.get).first() == ("乙？", "丙？")
    assert offers.within("a0", places.get).like("丁？") == ("乙？",)
    assert len(offers.first()) == 5
