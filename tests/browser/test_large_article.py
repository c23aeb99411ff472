"""A large article is read part by part: what is quoted or pressed decides which part comes."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from selenium import webdriver
from selenium.webdriver.common.keys import Keys

from chatbot.api import create_app
from chatbot.article_rendering import PART
from tests.browser.conftest import article_bot, serving
from tests.browser.page import ChatPage
from tests.fake_bot import FakeBot, document_of

pytestmark = pytest.mark.browser

SECTIONS = 40
LARGE = document_of(
    *(
        block
        for number in range(1, SECTIONS + 1)
        for block in (
            f"# 第{number}章",
            *(f"第{number}章的第{k}段，" + "说了又说，" * 60 + "就是这样。" for k in range(1, 26)),
        )
    ),
    id="large",
    title="一本大书",
)
SENTENCE = "第33章的第7段，" + "说了又说，" * 60 + "就是这样。"
QUESTION = "第三十三章的第七段是哪一段？"


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    small = article_bot().documents[0]
    bot = FakeBot((LARGE, small), {QUESTION: [(SENTENCE, "第33章的第7段")]})
    with serving(create_app(bot)) as url:  # type: ignore[arg-type]
        yield url


@pytest.fixture
def page(chromium: webdriver.Chrome, url: str) -> Iterator[ChatPage]:
    page = ChatPage(chromium, url)
    page.open()
    page.wait("the article", lambda: page.all('.wd-article[data-document="large"]'))
    yield page
    complaints = [entry for entry in chromium.get_log("browser") if entry["level"] == "SEVERE"]
    assert complaints == []


def numbers(page: ChatPage) -> list[int]:
    found = page.script(
        "return [...document.querySelectorAll('.wd-paragraph')].map((p) => +p.dataset.paragraph)"
    )
    return [int(number) for number in found]


def focused(page: ChatPage) -> str:
    return str(page.script("return document.activeElement.className"))


def test_only_a_part_of_a_large_article_is_loaded(page: ChatPage) -> None:
    assert len(LARGE.text) > 10 * PART
    assert numbers(page)[0] == 1 and len(numbers(page)) < len(LARGE.paragraphs) / 5
    shown = page.text(".wd-article")
    assert len(shown) < 2 * PART
    assert len(page.all(".wd-jump")) == SECTIONS


def test_an_answer_brings_its_part_and_its_mark(page: ChatPage) -> None:
    page.ask(QUESTION)
    page.wait("the mark in view", lambda: any(map(page.in_view, page.all("#wenda-article mark"))))
    assert page.text("#wenda-article mark") == "第33章的第7段"
    assert 1 not in numbers(page)
    # A reload shows the same.
    page.reload()
    page.wait("the mark in view", lambda: any(map(page.in_view, page.all("#wenda-article mark"))))


def test_it_is_read_on_and_back_by_keyboard(page: ChatPage) -> None:
    first = numbers(page)
    page.script("document.querySelector('.wd-part').focus()")
    page.press(Keys.ENTER)
    page.wait("the next part", lambda: numbers(page)[:1] == [first[-1] + 1])
    # The button is gone with its part: whoever pressed it stays in the article.
    assert focused(page) == "wd-scroll"
    assert page.script("return document.querySelector('.wd-scroll').scrollTop") == 0
    page.script("document.querySelector('.wd-part').focus()")
    page.press(Keys.ENTER)
    page.wait("the first part", lambda: numbers(page) == first)


def test_the_outline_leads_into_any_part(page: ChatPage) -> None:
    page.script("document.querySelectorAll('.wd-jump')[29].focus()")
    page.press(Keys.ENTER)
    heading = page.wait(
        "the heading",
        lambda: [e for e in page.all(".wd-heading") if e.text == "第30章"],
    )[0]
    page.wait("the focus", lambda: focused(page) == "wd-heading")
    assert page.in_view(heading)


def test_choosing_another_article_keeps_the_focus(page: ChatPage) -> None:
    page.script("document.querySelector('.wd-choose').focus()")
    page.press(Keys.ARROW_DOWN)
    page.wait("the other", lambda: page.all('.wd-article[data-document="beilun-fenji"]'))
    assert focused(page) == "wd-choose"
    assert not page.all(".wd-part")
