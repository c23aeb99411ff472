"""A visitor's own article in the chat: brought, asked, marked, gone; nobody else sees it."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement

from chatbot.own_article import routes
from chatbot.own_article.reading import read_upload
from chatbot.own_article.shelf import GoneError, Shelf
from tests.browser.conftest import HOSTILE_WORDS
from tests.browser.full_server import FullServer, full_server
from tests.browser.page import ChatPage

pytestmark = pytest.mark.browser

# A page that is left aborts what gradio is still asking for, which says so or not, as it falls out.
LEFT = re.compile(r"/assets/.*(?:AbortError: signal|Connection errored out)")
RESEARCH = "海天每年把多少收入投入研发？"
SHEEP = "李四有几头牛？"
SENTENCE = "李四家里有三头牛，还有一只羊。"
OWN = f"我的文章\n\n{SENTENCE}\n\n后面还有一段，说的是别的事情。\n"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FullServer]:
    with full_server(tmp_path_factory.mktemp("own")) as server:
        server.bot._answers[SHEEP] = [(SENTENCE, "三头牛")]
        yield server


@pytest.fixture
def page(chromium: webdriver.Chrome, server: FullServer) -> Iterator[ChatPage]:
    page = ChatPage(chromium, server.url)
    page.open()
    yield page
    assert page.script("return window.hacked") is None
    assert complaints(chromium) == []


def complaints(chromium: webdriver.Chrome) -> list[str]:
    """Return the errors on the console since it was last read."""
    return [e["message"] for e in chromium.get_log("browser") if e["level"] == "SEVERE"]


def choose(page: ChatPage, file: Path) -> None:
    page.one(".wd-bring").click()
    page.one(".wd-bringing input[type=file]").send_keys(str(file))


def brought(page: ChatPage) -> WebElement:
    return page.wait("the own article", lambda: page.all(".wd-own-title"))[0]


def bring(page: ChatPage, folder: Path, text: str = OWN) -> WebElement:
    file = folder / "我的.txt"
    file.write_text(text, encoding="utf-8")
    choose(page, file)
    return brought(page)


def words(turn: WebElement) -> str:
    return turn.find_element(By.CSS_SELECTOR, ".wd-words").text


def says(turn: WebElement) -> str:
    return turn.find_element(By.CSS_SELECTOR, ".wd-says").text


def test_a_file_is_asked_about_at_once_and_marked(page: ChatPage, tmp_path: Path) -> None:
    chip = bring(page, tmp_path)
    assert chip.text == "只问您放入的《我的文章》"
    assert not page.all("dialog[open]")
    turn = page.ask(SHEEP)
    assert words(turn) == "三头牛"
    mark = page.wait("the mark", lambda: page.all("#wenda-article mark"))[0]
    assert mark.text == "三头牛" and page.in_view(mark)
    assert page.one(".wd-title").text == "我的文章"
    # What would outlive the article or lead nowhere is not offered.
    assert not turn.find_elements(By.CSS_SELECTOR, ".wd-feedback")
    assert "复制链接" not in turn.text
    assert (
        page.ask(RESEARCH).find_element(By.CSS_SELECTOR, ".wd-says").text.startswith("文章里没有")
    )


def test_another_visitor_sees_nothing_of_it(
    page: ChatPage, server: FullServer, chromium: webdriver.Chrome, tmp_path: Path
) -> None:
    bring(page, tmp_path)
    page.ask(SHEEP)
    other = ChatPage(chromium, server.url)
    other.open()  # with all storage of the browser emptied
    assert not other.all(".wd-own-title")
    turn = other.ask(SHEEP)
    assert says(turn).startswith("文章里没有")
    assert "李四家里" not in other.script("return document.documentElement.textContent")


def test_it_stays_over_a_reload_and_goes_when_taken_away(
    page: ChatPage, server: FullServer, tmp_path: Path
) -> None:
    bring(page, tmp_path)
    page.ask(SHEEP)
    page.reload()
    brought(page)
    page.wait("the mark", lambda: page.all("#wenda-article mark"))
    assert words(page.ask(SHEEP)) == "三头牛"
    token = page.script(
        "return Object.values(JSON.parse(sessionStorage.getItem('wenda-own')))[0].article"
    )
    page.one(".wd-own-away").click()
    page.wait("the corpus again", lambda: page.one(".wd-title").text == "北仑奋楫")
    assert "已取走" in page.text(".wd-notice")
    assert words(page.ask(RESEARCH)) == "5%"
    asked = page.script(
        """return fetch('./api/ask', {
             method: 'POST', headers: {'Content-Type': 'application/json'},
             body: JSON.stringify({question: arguments[0], article: arguments[1]})
           }).then((response) => response.status)""",
        SHEEP,
        token,
    )
    assert asked == 404
    page.driver.get_log("browser")  # Chromium complains of every 404


def test_it_goes_with_its_conversation(page: ChatPage, server: FullServer, tmp_path: Path) -> None:
    bring(page, tmp_path)
    page.ask(SHEEP)
    shelf = server.app.state.lobby.shelf
    token = page.script(
        "return Object.values(JSON.parse(sessionStorage.getItem('wenda-own')))[0].article"
    )
    assert shelf.get(token)
    page.one(".wd-list-open").click()
    page.one(".wd-delete").click()
    page.wait("it to be gone", lambda: gone(shelf, token))
    assert page.script("return sessionStorage.getItem('wenda-own')") == "{}"
    page.press(Keys.ESCAPE)
    page.wait("the corpus again", lambda: page.one(".wd-title").text == "北仑奋楫")
    assert page.all(".wd-bring")


def gone(shelf: Shelf, token: str) -> bool:
    try:
        shelf.get(token)
    except GoneError:
        return True
    return False


def token_of(page: ChatPage) -> str:
    return str(
        page.script(
            "return Object.values(JSON.parse(sessionStorage.getItem('wenda-own')))[0].article"
        )
    )


def test_an_empty_conversation_speaks_of_it_and_of_nothing_else(
    page: ChatPage, tmp_path: Path
) -> None:
    corpus = page.text(".wd-welcome .wd-says")
    assert "北仑奋楫" in corpus and page.all(".wd-welcome .wd-ask")
    bring(page, tmp_path)
    own = page.text(".wd-welcome .wd-says")
    assert own.startswith("关于您放入的《我的文章》，您想知道什么？")
    assert not page.all(".wd-welcome .wd-ask")  # what the corpus answers, it does not
    page.wait("the article", lambda: page.text(".wd-title") == "我的文章")
    page.reload()
    brought(page)
    assert page.text(".wd-welcome .wd-says") == own
    page.one(".wd-own-away").click()
    assert page.text(".wd-welcome .wd-says") == corpus
    assert page.all(".wd-welcome .wd-ask")


def test_where_it_is_gone_the_visitor_can_go_on(
    page: ChatPage, server: FullServer, tmp_path: Path
) -> None:
    bring(page, tmp_path)
    page.ask(SHEEP)
    server.app.state.lobby.shelf.remove(token_of(page))  # as after half an hour or a restart
    server.bot.go.clear()
    # In one go: the first is refused at once, and what is asked after that is not meant for it.
    page.input.send_keys(RESEARCH, Keys.ENTER, "你好", Keys.ENTER)
    server.bot.go.set()
    for turn in (2, 3):  # what waited in line was meant for it, too
        failure = page.answered(turn).find_element(By.CSS_SELECTOR, ".wd-failure").text
        assert "您放入的文章已经不在了" in failure
    assert not page.all(".wd-own-title")
    assert page.one(".wd-bring").is_displayed()
    assert page.one(".wd-notice button").text == "重新放入"
    # Its answer is still there to read, but not its text.
    page.all(".wd-cite")[0].click()
    page.wait("the word", lambda: page.all(".wd-gone"))
    assert not page.all("#wenda-article mark")
    # Without it the corpus is asked; with it, it is.
    page.all(".wd-again")[0].click()
    page.wait("the answer", lambda: len(page.all(".wd-words")) == 2)
    assert words(page.one('.wd-turn[data-turn="2"]')) == "5%"
    page.one(".wd-bring").click()
    page.one(".wd-bringing input[type=file]").send_keys(str(tmp_path / "我的.txt"))
    brought(page)
    assert words(page.ask(SHEEP)) == "三头牛"
    # A page that is loaded anew finds out by itself.
    server.app.state.lobby.shelf.remove(token_of(page))
    page.reload()
    page.wait("the other chip", lambda: page.all(".wd-bring"))
    assert page.one(".wd-notice button").text == "重新放入"
    page.driver.get_log("browser")  # Chromium complains of every 404


def test_it_goes_when_the_conversation_is_cleared(
    page: ChatPage, server: FullServer, tmp_path: Path
) -> None:
    bring(page, tmp_path)
    page.ask(SHEEP)
    token = token_of(page)
    page.one(".wd-list-open").click()
    page.one(".wd-clear").click()
    page.wait("it to be gone", lambda: gone(server.app.state.lobby.shelf, token))
    assert page.all(".wd-bring") and page.questions() == []


def test_it_goes_soon_after_its_page_was_closed_and_stays_over_a_reload(
    page: ChatPage, server: FullServer, tmp_path: Path
) -> None:
    places = server.app.state.lobby.shelf._places
    first = page.driver.current_window_handle
    page.driver.switch_to.new_window("tab")
    try:
        page.driver.get(page.url)
        page.wait_for_welcome()
        bring(page, tmp_path)
        token = token_of(page)
        page.reload()
        brought(page)
        page.wait("it to be back", lambda: places[token].leaving is None)
        assert words(page.ask(SHEEP)) == "三头牛"
    finally:
        page.driver.close()
        page.driver.switch_to.window(first)
    page.wait("the leave", lambda: places[token].leaving is not None)
    server.app.state.lobby.shelf.remove(token)
    assert [told for told in complaints(page.driver) if not LEFT.search(told)] == []


def test_what_is_given_up_while_it_is_read_does_not_stay_on_the_server(
    page: ChatPage, server: FullServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shelf = server.app.state.lobby.shelf
    reading, go_on, read = threading.Event(), threading.Event(), threading.Event()

    def slowly(*arguments: Any) -> Any:
        reading.set()
        go_on.wait(60)
        try:
            return read_upload(*arguments)
        finally:
            read.set()

    monkeypatch.setattr(routes, "read_upload", slowly)
    before = len(shelf)
    file = tmp_path / "我的.txt"
    file.write_text(OWN, encoding="utf-8")
    choose(page, file)
    assert reading.wait(60)
    page.press(Keys.ESCAPE)
    page.wait("the dialog to close", lambda: not page.all("dialog[open]"))
    time.sleep(0.5)  # the connection breaks
    go_on.set()
    assert read.wait(60)
    time.sleep(0.5)
    assert len(shelf) == before
    assert page.all(".wd-bring") and not page.all(".wd-own-title")


def test_it_belongs_to_its_conversation(page: ChatPage, tmp_path: Path) -> None:
    bring(page, tmp_path)
    page.ask(SHEEP)
    page.one(".wd-new").click()
    page.wait("the corpus", lambda: page.all(".wd-bring"))
    assert words(page.ask(RESEARCH)) == "5%"


def test_pasted_text_is_an_article_and_too_long_a_question_becomes_one(page: ChatPage) -> None:
    text = OWN + "这一段很长。" * 400
    page.script(
        """const data = new DataTransfer();
           data.setData('text', arguments[0]);
           const how = {clipboardData: data, bubbles: true, cancelable: true};
           document.querySelector('#wenda-question').dispatchEvent(
             new ClipboardEvent('paste', how));""",
        text,
    )
    field = page.one(".wd-bringing textarea")
    assert field.get_attribute("value") == text
    assert page.input.get_attribute("value") == ""
    page.one(".wd-use-text").click()
    brought(page)
    assert words(page.ask(SHEEP)) == "三头牛"


def test_a_dropped_file_is_taken(page: ChatPage) -> None:
    page.script(
        """const data = new DataTransfer();
           data.items.add(new File([arguments[0]], '拖来的.txt'));
           document.querySelector('.wd-log').dispatchEvent(
             new DragEvent('drop', {dataTransfer: data, bubbles: true, cancelable: true}));""",
        OWN,
    )
    assert brought(page).text == "只问您放入的《我的文章》"


def test_what_cannot_be_taken_is_named_with_what_to_do(page: ChatPage, tmp_path: Path) -> None:
    status = ".wd-bringing-status"
    large = tmp_path / "太大.txt"
    large.write_text("字" * 100_000, encoding="utf-8")
    choose(page, large)
    page.wait("the size", lambda: "太大.txt：超过 0.25 MB；请换一份" in page.text(status))
    broken = tmp_path / "坏.txt"
    broken.write_bytes(b"\0\1\2" * 50)
    page.one(".wd-bringing input[type=file]").send_keys(str(broken))
    page.wait("the reason", lambda: "坏.txt：这不是文本文件" in page.text(status))
    assert page.all("dialog[open]") and page.all(".wd-bring")
    page.driver.get_log("browser")  # Chromium complains of the 422


def test_mark_up_in_an_own_article_is_shown_as_the_text_it_is(
    page: ChatPage, tmp_path: Path
) -> None:
    text = f"# <img src=x onerror=window.hacked=1>\n\n甲说：{HOSTILE_WORDS}。\n\n后面一段说别的。\n"
    bring(page, tmp_path, text)
    page.wait("the article", lambda: HOSTILE_WORDS in page.text(".wd-article"))
    assert words(page.ask("甲说了什么？")) == HOSTILE_WORDS
