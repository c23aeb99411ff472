"""Questions made from a visitor's own article."""

from __future__ import annotations

import threading
from typing import Any

from chatbot.own_article.suggesting import Suggesting
from tests.chatbot.test_bot import ALWAYS, ARTICLE, bot_over
from tests.fake_bot import FakeBot, document_of

SENTENCE = "海天集团每年拿出销售收入的5%用于技术研发。"
QUESTION = "海天集团每年拿出销售收入的多少用于技术研发？"


def own() -> Any:
    return FakeBot([document_of(SENTENCE)], {QUESTION: [(SENTENCE, "5%")]})


def test_what_is_made_and_answered_is_offered() -> None:
    bot = own()
    Suggesting().make(bot, lambda: True, threading.Event())
    assert [one.question for one in bot.offers.made()] == [QUESTION]


def test_nothing_is_asked_of_an_article_that_was_taken_away_or_of_a_server_that_ends() -> None:
    for wanted, left in ((False, False), (True, True)):
        bot, leaving = own(), threading.Event()
        if left:
            leaving.set()
        Suggesting().make(bot, lambda wanted=wanted: wanted, leaving)  # type: ignore[misc]
        assert bot.asked == []


def test_after_its_time_no_more_is_asked() -> None:
    bot = own()
    Suggesting(seconds=0.0).make(bot, lambda: True, threading.Event())
    assert bot.asked == []


def test_the_operators_synonyms_hold_for_own_articles() -> None:
    bot = bot_over(ARTICLE, confidence=ALWAYS, synonyms="老厂 => 王五\n")
    over = bot.over([document_of("王五的厂里有37人，都是本地人。", id="own")])
    assert over.ask("老厂有多少人？").understood == "王五有多少人？"
