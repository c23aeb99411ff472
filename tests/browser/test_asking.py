"""Asking: the keys of the field, the line of questions, and waiting."""

from __future__ import annotations

import pytest
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from tests.browser.conftest import LiveServer
from tests.browser.page import ChatPage

pytestmark = pytest.mark.browser

RESEARCH = "海天每年把多少收入投入研发？"
FOUNDER = "创始人是谁？"


def typed(page: ChatPage) -> str:
    return str(page.input.get_attribute("value"))


def test_up_in_an_empty_field_brings_back_earlier_questions(page: ChatPage) -> None:
    page.ask(RESEARCH)
    page.ask(FOUNDER)
    page.press(Keys.ARROW_UP)
    assert typed(page) == FOUNDER
    page.press(Keys.ARROW_UP)
    assert typed(page) == RESEARCH
    page.press(Keys.ARROW_UP)
    assert typed(page) == RESEARCH
    page.press(Keys.ARROW_DOWN)
    assert typed(page) == FOUNDER
    page.press(Keys.ARROW_DOWN)
    assert typed(page) == ""
    page.press(Keys.ARROW_UP, Keys.ENTER)
    page.answered(3)
    assert page.questions() == [RESEARCH, FOUNDER, FOUNDER]


def test_up_leaves_what_is_being_typed_alone(page: ChatPage) -> None:
    page.ask(RESEARCH)
    page.press("海天")
    page.press(Keys.ARROW_UP)
    assert typed(page) == "海天"
    page.input.clear()
    page.input.click()
    page.press(Keys.ARROW_UP, "吗")
    page.press(Keys.ARROW_UP)
    assert typed(page) == f"{RESEARCH}吗"


def test_the_line_says_how_many_are_ahead_and_after_a_second_what_is_done(
    page: ChatPage, live_server: LiveServer
) -> None:
    live_server.bot.go.clear()
    for question in (RESEARCH, FOUNDER, "你好"):
        page.input.send_keys(question, Keys.ENTER)
    waits = [wait.text for wait in page.all(".wd-wait")]
    assert waits == ["正在找……", "排队中，前面还有 1 问", "排队中，前面还有 2 问"]
    page.wait("the word", lambda: page.all(".wd-wait")[0].text == "正在逐段细读最相近的几段……")
    live_server.bot.go.set()
    page.answered(3)
    assert [asked[0] for asked in live_server.bot.asked] == [RESEARCH, FOUNDER, "你好"]


def test_a_question_in_line_can_be_left_behind(page: ChatPage, live_server: LiveServer) -> None:
    live_server.bot.go.clear()
    page.input.send_keys(RESEARCH, Keys.ENTER)
    page.one(".wd-new").click()
    page.input.send_keys("你好", Keys.ENTER)
    live_server.bot.go.set()
    page.answered(1)
    assert page.questions() == ["你好"]
    assert page.one(".wd-turn").text.split("\n")[1].startswith("您好！")
    # The one left behind is kept and can be asked again.
    page.one(".wd-list-open").click()
    page.all(".wd-kept-open")[1].click()
    page.one(".wd-again").click()
    page.answered(1)
    assert page.one(".wd-words").text == "5%"


def test_a_failed_question_can_be_put_otherwise(page: ChatPage, chromium: webdriver.Chrome) -> None:
    turn = page.ask("出错")
    turn.find_element(By.CSS_SELECTOR, ".wd-edit").click()
    assert typed(page) == "出错"
    page.input.clear()
    page.input.send_keys(RESEARCH, Keys.ENTER)
    page.wait("the answer", lambda: page.all(".wd-words"))
    assert page.questions() == [RESEARCH]


def test_asking_again_in_vain_keeps_the_answer_from_before(
    page: ChatPage, live_server: LiveServer, chromium: webdriver.Chrome
) -> None:
    turn = page.ask(RESEARCH)
    queue = live_server.app.routes[-1].app.app.get_blocks()._queue
    limit, queue.max_size = queue.max_size, 0
    try:
        turn.find_element(By.CSS_SELECTOR, ".wd-retry").click()
        page.wait("the word", lambda: page.all(".wd-notice button"))
        assert page.one(".wd-notice span").text.startswith("没能重新回答：")
        assert page.one(".wd-words").text == "5%"
    finally:
        queue.max_size = limit
    page.one(".wd-notice button").click()
    page.wait("the second answer", lambda: len(live_server.bot.asked) == 2)
    page.answered(1)
    chromium.get_log("browser")  # the refused request itself is a complaint


def ask_beside_one_given_up(page: ChatPage, live_server: LiveServer) -> None:
    """Have two questions under way, of which the first was given up with its conversation."""
    live_server.bot.go.clear()
    page.input.send_keys(RESEARCH, Keys.ENTER)
    page.wait("the question on its way", lambda: page.all(".wd-wait"))
    page.one(".wd-new").click()
    page.input.send_keys("你好", Keys.ENTER)


def test_the_failure_of_a_question_that_was_given_up_fails_no_other(
    page: ChatPage, live_server: LiveServer
) -> None:
    ask_beside_one_given_up(page, live_server)
    # What Gradio calls when one of its events failed; it does not say which.
    page.script("wenda.failed()")
    assert not page.all(".wd-failure") and page.all(".wd-wait")
    live_server.bot.go.set()
    assert page.answered(1).find_element(By.CSS_SELECTOR, ".wd-says").text.startswith("您好！")


def test_where_all_fails_the_question_fails_at_last(
    page: ChatPage, live_server: LiveServer
) -> None:
    ask_beside_one_given_up(page, live_server)
    for _ in range(2):
        assert not page.all(".wd-failure")
        page.script("wenda.failed()")
    assert "服务器没有回答" in page.text(".wd-failure")
    live_server.bot.go.set()
    page.one(".wd-again").click()
    page.wait("the answer", lambda: page.all(".wd-turn .wd-says"))
