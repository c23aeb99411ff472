"""The article beside the chat: the sheet on a phone, selecting in it, several of them."""

from __future__ import annotations

import pytest
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from tests.browser.conftest import HOSTILE, LiveServer
from tests.browser.page import ChatPage

pytestmark = pytest.mark.browser

RESEARCH = "海天每年把多少收入投入研发？"


def pull(page: ChatPage, down: int) -> None:
    """Hold the sheet at its bar, pull it down that far, slowly, and let go."""
    bar = page.one(".wd-bar > span:not(.wd-grip)")
    chain = ActionChains(page.driver, duration=300).move_to_element(bar).click_and_hold()
    for _ in range(4):
        chain.move_by_offset(0, down // 4)
    chain.pause(0.05).release().perform()


@pytest.fixture
def sheet(page: ChatPage) -> ChatPage:
    """The page on a phone with the sheet open at the answer."""
    page.open(360, 740)
    turn = page.ask(RESEARCH)
    turn.find_element(By.CSS_SELECTOR, ".wd-cite").click()
    page.wait("the mark in view", lambda: page.in_view(page.one("#wenda-article mark")))
    return page


def closed(page: ChatPage) -> bool:
    return not page.one(".wd-pane").is_displayed()


def test_the_sheet_closes_when_pulled_down(sheet: ChatPage) -> None:
    pull(sheet, 60)
    assert not closed(sheet)
    assert sheet.script("return document.querySelector('.wd-pane').style.transform") == ""
    pull(sheet, 320)
    sheet.wait("the sheet to close", lambda: closed(sheet))
    assert sheet.script("return document.activeElement.matches('.wd-cite')")
    assert not sheet.script("return document.querySelector('.wd-chat').closest('[inert]')")


def test_a_finger_on_the_bar_pulls_the_sheet_and_scrolls_nothing(sheet: ChatPage) -> None:
    # Otherwise the browser takes the movement for scrolling and the script never sees it.
    assert sheet.one(".wd-bar").value_of_css_property("touch-action") == "none"


def test_the_sheet_closes_at_a_touch_beside_it(sheet: ChatPage) -> None:
    ActionChains(sheet.driver).move_to_element_with_offset(
        sheet.one("body"), 0, 30 - 370
    ).click().perform()
    sheet.wait("the sheet to close", lambda: closed(sheet))


def test_the_sheet_stays_a_dialog_when_another_article_comes(sheet: ChatPage) -> None:
    sheet.script(
        """
        const choose = document.querySelector(".wd-choose");
        choose.value = "hostile";
        choose.dispatchEvent(new Event("change", { bubbles: true }));
        """
    )
    sheet.wait("it", lambda: sheet.all('.wd-article[data-document="hostile"]'))
    assert sheet.one(".wd-pane").get_attribute("role") == "dialog"
    assert not closed(sheet)


def select(page: ChatPage, words: str) -> None:
    """Select words in the article as a mouse does."""
    page.script(
        """
        const walker = document.createTreeWalker(
          document.querySelector(".wd-scroll"), NodeFilter.SHOW_TEXT);
        while (walker.nextNode()) {
          const at = walker.currentNode.data.indexOf(arguments[0]);
          if (at < 0) continue;
          const range = document.createRange();
          range.setStart(walker.currentNode, at);
          range.setEnd(walker.currentNode, at + arguments[0].length);
          walker.currentNode.parentElement.scrollIntoView({ block: "center" });
          document.getSelection().removeAllRanges();
          document.getSelection().addRange(range);
          return;
        }
        """,
        words,
    )


def test_selecting_in_the_article_offers_to_ask_about_it(page: ChatPage) -> None:
    assert not page.one(".wd-ask-selection").is_displayed()
    page.input.send_keys("请问")
    select(page, "海天集团")
    offer = page.one(".wd-ask-selection")
    page.wait("the offer", offer.is_displayed)
    assert page.in_view(offer, ".wd-pane")
    offer.click()
    assert page.input.get_attribute("value") == "请问关于“海天集团”，"
    assert page.script("return document.activeElement.id") == "wenda-question"
    page.wait("the offer to go", lambda: not offer.is_displayed())


def test_on_a_phone_asking_about_a_selection_leads_back_to_the_chat(sheet: ChatPage) -> None:
    select(sheet, "成绩背后")
    offer = sheet.one(".wd-ask-selection")
    sheet.wait("the offer", offer.is_displayed)
    offer.click()
    sheet.wait("the sheet to close", lambda: closed(sheet))
    assert sheet.input.get_attribute("value") == "关于“成绩背后”，"
    assert sheet.script("return document.activeElement.id") == "wenda-question"


def test_one_article_all_or_by_search(page: ChatPage, live_server: LiveServer) -> None:
    chip = page.one(".wd-scope")
    assert chip.text == "在全部 2 篇里找"
    chip.click()
    page.press("坏")
    assert len(page.all(".wd-document")) == 1
    assert page.text(".wd-document > span:first-child") == HOSTILE.title
    assert page.one(".wd-document-count").text == "找到 1 篇"
    page.press(Keys.ENTER)
    assert page.text(".wd-scope") == f"只在《{HOSTILE.title}》里找"
    # What turns the direction of the title turns nothing after it, here and in the list.
    assert page.one(".wd-scope .wd-direction").value_of_css_property("unicode-bidi") == "isolate"
    page.wait("it to read", lambda: page.all('.wd-article[data-document="hostile"]'))
    page.ask("甲说了什么？")
    assert live_server.bot.asked[-1][2] == "hostile"
    chip.click()
    page.all(".wd-document")[0].click()
    page.ask(RESEARCH)
    assert live_server.bot.asked[-1][2] is None
    assert not page.all(".wd-documents :is(b, script)")


def test_enter_inside_a_composition_chooses_no_article(page: ChatPage) -> None:
    page.one(".wd-scope").click()
    page.compose("huai")
    page.key("Enter", 13)
    page.key("Enter", 229)
    assert page.all(".wd-documents[open]")
    page.command("Input.insertText", text="坏")
    page.key("Enter", 229)  # Safari's late one
    assert page.all(".wd-documents[open]")
    assert page.one(".wd-scope").text == "在全部 2 篇里找"
    page.key("Enter", 13)
    assert not page.all(".wd-documents[open]")
    assert page.text(".wd-scope") == f"只在《{HOSTILE.title}》里找"


def test_the_choice_over_the_article_names_what_turns_the_direction(page: ChatPage) -> None:
    options = [page.script("return arguments[0].textContent", o) for o in page.all("option")]
    assert options == ["北仑奋楫", '坏<b>题</b>"[U+202E]反']


@pytest.mark.parametrize("width", [360, 1440])
def test_a_citation_of_an_article_that_is_gone_says_so_and_marks_nothing(
    page: ChatPage, width: int
) -> None:
    page.open(width, 800)
    gone = page.ask(RESEARCH).find_element(By.CSS_SELECTOR, ".wd-cite")
    here = page.ask("2023年北仑实际利用外资多少？").find_element(By.CSS_SELECTOR, ".wd-cite")
    page.wait("the mark", lambda: page.all("#wenda-article mark"))
    # As after a restart of the server over other articles.
    page.script("arguments[0].dataset.document = 'gone'", gone)
    for _ in range(2):  # the server says the same twice, and Gradio tells it once
        gone.click()
        page.wait("the word", lambda: page.all(".wd-gone"))
        assert page.in_view(page.one(".wd-gone"))
        assert "已经不在了" in page.text(".wd-gone")
        assert not page.all("#wenda-article :is(mark, .wd-cited)")
        if width == 360:
            page.one(".wd-close").click()
        here.click()
        mark = page.wait("the mark", lambda: page.all("#wenda-article mark"))[0]
        page.wait("the mark in view", lambda mark=mark: page.in_view(mark))
        assert not page.all(".wd-gone")
        if width == 360:
            page.one(".wd-close").click()
