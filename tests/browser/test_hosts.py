"""No request leaves for another host, whatever a visitor does with the page."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from tests.browser.full_server import full_server
from tests.browser.page import ChatPage

pytestmark = pytest.mark.browser

RESEARCH = "海天每年把多少收入投入研发？"
SHEEP = "李四有几头牛？"
SENTENCE = "李四家里有三头牛，还有一只羊。"
OWN = f"我的文章\n\n{SENTENCE}\n\n见 https://example.com/a.png 和 <img src=//example.com/b.png>。\n"

DROP = """
const data = new DataTransfer();
data.items.add(new File([arguments[0]], "拖来的.txt"));
document.querySelector(".wd-log").dispatchEvent(
  new DragEvent("drop", {dataTransfer: data, bubbles: true, cancelable: true}));
"""


def ask(page: ChatPage) -> None:
    """An answer, a refusal, one that asks back and one with mark-up in it; then the article."""
    page.ask(RESEARCH)
    page.ask("北仑明年的预算是多少？")
    page.ask("2023年北仑有多少？")
    page.ask("甲说了什么？")
    page.all(".wd-cite")[0].click()
    page.all(".wd-near")[0].click()


def judge(page: ChatPage) -> None:
    """A thumb up, a thumb down with the right answer and the reason."""
    turns = page.all(".wd-turn")
    turns[0].find_element(By.CSS_SELECTOR, ".wd-thumb-up").click()
    turns[3].find_element(By.CSS_SELECTOR, ".wd-thumb-down").click()
    page.one(".wd-correction input:not([type=checkbox])").send_keys("正确的")
    page.one(".wd-correction textarea").send_keys("不全")
    page.one(".wd-correct").click()
    page.wait("the form to go", lambda: not page.all(".wd-correction"))


def take_along(page: ChatPage) -> None:
    """Both exports, another conversation, another scope."""
    page.one(".wd-list-open").click()
    for button in (".wd-markdown", ".wd-question-set"):
        page.one(button).click()
    page.press(Keys.ESCAPE)
    page.one(".wd-scope").click()
    page.press("北仑", Keys.ENTER)
    page.one(".wd-new").click()


def bring_own(page: ChatPage, folder: Path) -> None:
    """An own article as a file, dropped and pasted; asked about and taken away."""
    file = folder / "我的.txt"
    file.write_text(OWN, encoding="utf-8")
    page.one(".wd-bring").click()
    page.one(".wd-bringing input[type=file]").send_keys(str(file))
    page.wait("the chosen file", lambda: page.all(".wd-own-title"))
    page.ask(SHEEP)
    page.one(".wd-own-away").click()
    page.script(DROP, OWN)
    page.wait("the dropped file", lambda: page.all(".wd-own-title"))
    page.one(".wd-own-away").click()
    page.one(".wd-bring").click()
    page.one(".wd-bringing textarea").send_keys(OWN)
    page.one(".wd-use-text").click()
    page.wait("the pasted text", lambda: page.all(".wd-own-title"))


def test_no_request_leaves_for_another_host(chromium: webdriver.Chrome, tmp_path: Path) -> None:
    """A full session with all that the page can do, every other host blocked, every request seen.

    What asked for another host would fail (see the fixture `chromium`) and be counted here.
    """
    downloads = tmp_path / "downloads"
    with full_server(tmp_path) as server:
        server.bot._answers[SHEEP] = [(SENTENCE, "三头牛")]
        page = ChatPage(chromium, server.url)
        page.command("Network.enable")
        page.command("Browser.setDownloadBehavior", behavior="allow", downloadPath=str(downloads))
        page.command("Network.clearBrowserCache")
        page.open()
        ask(page)
        judge(page)
        take_along(page)
        bring_own(page, tmp_path)
        page.driver.get(f"{server.url}/?q={quote(RESEARCH)}")
        page.wait("the answer", lambda: page.all(".wd-words"))
        page.reload()
        page.driver.get(f"{server.url}/?embed=1")
        page.wait_for_welcome()
        requests = page.requests()
        # What is off for some operators was on here, and used.
        kept = [entry.rating for entry in server.feedback.all()]
    assert kept == ["up", "down"]
    assert sum("queue/join" in address for address in requests) > 5
    assert sum("/api/feedback" in address for address in requests) == 3
    assert sum("/api/articles?name=" in address for address in requests) == 3
    strangers = [
        address
        for address in requests
        if urlsplit(address).scheme in {"http", "https", "ws", "wss"}
        and urlsplit(address).netloc != urlsplit(server.url).netloc
    ]
    assert strangers == []
