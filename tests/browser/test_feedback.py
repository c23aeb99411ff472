"""From a thumb to a question set: what a visitor says is tomorrow's test."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement

from chatbot.feedback.question_set import question_set, to_json_lines
from chatbot.question_sets import Question, load_question_set
from tests.browser.conftest import LiveServer
from tests.browser.full_server import FullServer, full_server
from tests.browser.page import ChatPage

pytestmark = pytest.mark.browser

RESEARCH = "海天每年把多少收入投入研发？"
FOUNDER = "创始人是谁？"
BUDGET = "北仑明年的预算是多少？"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FullServer]:
    with full_server(tmp_path_factory.mktemp("feedback")) as server:
        yield server


@pytest.fixture
def page(chromium: webdriver.Chrome, server: FullServer) -> Iterator[ChatPage]:
    for file in server.feedback.path.parent.glob("feedback.db*"):
        file.unlink()
    page = ChatPage(chromium, server.url)
    page.open()
    yield page
    complaints = [entry for entry in chromium.get_log("browser") if entry["level"] == "SEVERE"]
    assert complaints == []


def within(turn: WebElement, selector: str) -> WebElement:
    return turn.find_element(By.CSS_SELECTOR, selector)


def thanked(page: ChatPage, turn: WebElement) -> None:
    status = within(turn, ".wd-feedback-status")
    page.wait("the thanks", lambda: status.text == "谢谢，记下了。")


def judge(page: ChatPage, turn: WebElement, rating: str) -> None:
    within(turn, f".wd-thumb-{rating}").click()
    thanked(page, turn)


def correct(page: ChatPage, turn: WebElement, proposed: str = "", reason: str = "") -> None:
    within(turn, ".wd-correction input:not([type=checkbox])").send_keys(proposed)
    within(turn, ".wd-correction textarea").send_keys(reason)
    within(turn, ".wd-correct").click()
    page.wait("the form to go", lambda: not turn.find_elements(By.CSS_SELECTOR, ".wd-correction"))


def test_where_no_feedback_is_taken_there_are_no_thumbs(
    chromium: webdriver.Chrome, live_server: LiveServer
) -> None:
    """As `serve --no-feedback` serves it (tests/chatbot/test_serve_options.py)."""
    page = ChatPage(chromium, live_server.url)
    page.open()
    for question in (RESEARCH, BUDGET):
        turn = page.ask(question)
        assert "复制链接" in turn.text
        assert not turn.find_elements(By.CSS_SELECTOR, ".wd-feedback, .wd-thumb")
    assert not page.script(
        "return performance.getEntriesByType('resource').filter((e) => /feedback/.test(e.name))"
    )


def test_thumbs_reach_the_file_and_leave_it_as_a_question_set(
    page: ChatPage, server: FullServer
) -> None:
    right = page.ask(RESEARCH)
    assert not server.feedback.path.exists()
    judge(page, right, "up")
    assert within(right, ".wd-thumb-up").get_attribute("aria-pressed") == "true"

    wrong = page.ask(FOUNDER)
    judge(page, wrong, "down")
    correct(page, wrong, "海天集团创始人张静章", "要写全")

    refused = page.ask(BUDGET)
    judge(page, refused, "up")

    file = server.feedback.path.with_name("set.jsonl")
    file.write_text(to_json_lines(question_set(server.feedback.all())), encoding="utf-8")
    first, second, third = (replace(one, id="", source="") for one in load_question_set(file))
    sentence = within(right, ".wd-sentence").text
    assert first == Question("", RESEARCH, ("5%",), (), sentence, True, (), ("feedback", "赞"))
    assert second == Question(
        "",
        FOUNDER,
        ("海天集团创始人张静章",),
        (),
        sentence,
        True,
        (RESEARCH,),
        ("feedback", "踩"),
    )
    assert third == Question(
        "", BUDGET, answerable=False, history=(RESEARCH, FOUNDER), tags=("feedback", "赞")
    )
    kept = server.feedback.all()[1]
    assert kept.reason == "要写全" and kept.record["answer"] == "张静章"


def test_a_second_thumb_corrects_the_first_also_after_a_reload(
    page: ChatPage, server: FullServer
) -> None:
    judge(page, page.ask(RESEARCH), "up")
    page.reload()
    turn = page.one(".wd-turn")
    assert within(turn, ".wd-thumb-up").get_attribute("aria-pressed") == "true"
    judge(page, turn, "down")
    box = within(turn, ".wd-correction-none input")
    box.click()
    assert not within(turn, ".wd-correction-field input").is_enabled()
    correct_button = within(turn, ".wd-correct")
    correct_button.click()
    page.wait("the form to go", lambda: not turn.find_elements(By.CSS_SELECTOR, ".wd-correction"))
    (kept,) = server.feedback.all()
    assert (kept.rating, kept.answerable) == ("down", False)


def test_feedback_by_keyboard_and_escape_leads_back(page: ChatPage) -> None:
    turn = page.ask(RESEARCH)
    page.script("arguments[0].focus()", within(turn, ".wd-thumb-down"))
    page.press(Keys.ENTER)
    thanked(page, turn)
    focused = "return document.activeElement.className || document.activeElement.tagName"
    assert page.script(focused) == "INPUT"
    page.press(Keys.ESCAPE)
    assert "wd-thumb-down" in page.script(focused)


@pytest.mark.parametrize("field", ["input:not([type=checkbox])", "textarea"])
def test_keys_of_a_composition_neither_send_nor_close_the_correction(
    page: ChatPage, server: FullServer, field: str
) -> None:
    turn = page.ask(RESEARCH)
    judge(page, turn, "down")
    within(turn, f".wd-correction {field}").click()
    page.compose("haitian")
    for name, code in (("Escape", 27), ("Escape", 229), ("Enter", 13), ("Enter", 229)):
        page.key(name, code)
        assert turn.find_elements(By.CSS_SELECTOR, ".wd-correction")
    page.command("Input.insertText", text="海天")
    page.key("Enter", 229)  # Safari's late ones
    page.key("Escape", 229)
    form = within(turn, ".wd-correction")
    assert within(form, field).get_attribute("value") == "海天"
    (kept,) = server.feedback.all()
    assert (kept.proposed, kept.reason) == (None, None)
    page.key("Escape", 27)
    assert not turn.find_elements(By.CSS_SELECTOR, ".wd-correction")


def test_what_cannot_be_sent_stays_with_all_that_was_typed(
    page: ChatPage, server: FullServer, chromium: webdriver.Chrome
) -> None:
    turn = page.ask(RESEARCH)
    judge(page, turn, "down")
    within(turn, ".wd-correction textarea").send_keys("不全")
    page.command("Network.enable")
    page.command("Network.setBlockedURLs", urls=["*/api/feedback"])
    try:
        within(turn, ".wd-correct").click()
        status = within(turn, ".wd-feedback-status")
        page.wait("the failure", lambda: "没能送出：连不上服务器" in status.text)
        assert within(turn, ".wd-correction textarea").get_attribute("value") == "不全"
    finally:
        page.command("Network.setBlockedURLs", urls=[])
    within(turn, ".wd-correct").click()
    thanked(page, turn)
    assert [entry.reason for entry in server.feedback.all()] == ["不全"]
    chromium.get_log("browser")  # the blocked request is complained of there, as it should be


def test_an_answer_that_changed_meanwhile_is_not_judged(
    page: ChatPage, server: FullServer, chromium: webdriver.Chrome
) -> None:
    turn = page.ask(RESEARCH)
    answers = server.bot._answers
    was = answers.pop(RESEARCH)
    try:
        within(turn, ".wd-thumb-up").click()
        status = within(turn, ".wd-feedback-status")
        page.wait("the reason", lambda: "现在的回答已经不同，请再问一次" in status.text)
    finally:
        answers[RESEARCH] = was
    assert within(turn, ".wd-thumb-up").get_attribute("aria-pressed") == "false"
    assert server.feedback.all() == ()
    chromium.get_log("browser")  # Chromium complains of every answer that is not 2xx
