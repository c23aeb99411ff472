"""The conversation of a visitor: it stays, can be changed, taken along and thrown away."""

from __future__ import annotations

import json
import time
from pathlib import Path
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement

from chatbot.api import create_app
from chatbot.question_sets.loading import load_question_set
from tests.browser.conftest import HOSTILE_WORDS, LiveServer, article_bot, serving
from tests.browser.page import ChatPage

pytestmark = pytest.mark.browser

RESEARCH = "海天每年把多少收入投入研发？"
FOUNDER = "创始人是谁？"
UNKNOWN = "北仑明年的预算是多少？"


def press(turn: WebElement, selector: str) -> None:
    turn.find_element(By.CSS_SELECTOR, selector).click()


def kept(page: ChatPage) -> list[str]:
    """Return the titles in the list of conversations, which is opened."""
    page.one(".wd-list-open").click()
    return [str(e.get_attribute("textContent")) for e in page.all(".wd-kept-title")]


def close(page: ChatPage) -> None:
    page.one(".wd-conversations .wd-dialog-close").click()


def downloaded(page: ChatPage, folder: Path, button: str) -> Path:
    """Press a button of the first conversation in the list and return the file that comes."""
    page.command("Browser.setDownloadBehavior", behavior="allow", downloadPath=str(folder))
    page.one(".wd-list-open").click()
    page.all(f".wd-kept-item {button}")[0].click()
    (file,) = page.wait("the file", lambda: [f for f in folder.iterdir() if f.suffix[:2] != ".c"])
    close(page)
    return file


# ---- It stays -------------------------------------------------------------------------------


def test_a_conversation_survives_a_reload(page: ChatPage, live_server: LiveServer) -> None:
    page.ask(RESEARCH)
    page.ask(UNKNOWN)
    page.input.send_keys("还没发的字")
    page.reload()
    assert page.questions() == [RESEARCH, UNKNOWN]
    assert page.one(".wd-words").text == "5%"
    assert page.input.get_attribute("value") == "还没发的字"
    page.all(".wd-cite")[0].click()
    mark = page.wait("the mark", lambda: page.all("#wenda-article mark"))[0]
    assert mark.text == "5%"
    page.input.clear()
    page.ask(FOUNDER)
    # It goes on where it was: the follow-up leans on what was asked before the reload.
    assert live_server.bot.asked[-1] == (FOUNDER, (RESEARCH, UNKNOWN), None)


def test_after_a_reload_the_last_answer_is_marked(page: ChatPage) -> None:
    page.ask(RESEARCH)
    page.reload()
    mark = page.wait("the mark", lambda: page.all("#wenda-article mark"))[0]
    assert mark.text == "5%"
    assert page.in_view(mark)


def test_a_conversation_survives_a_restart_of_the_server(chromium: webdriver.Chrome) -> None:
    bot = article_bot()
    with serving(create_app(bot)) as url:  # type: ignore[arg-type]
        page = ChatPage(chromium, url)
        page.open()
        page.ask(RESEARCH)
    page.input.send_keys(FOUNDER, Keys.ENTER)
    page.wait("the failure", lambda: page.all(".wd-failure"))
    assert page.questions() == [RESEARCH, FOUNDER]
    restarted = article_bot()
    port = urlsplit(url).port
    assert port
    with serving(create_app(restarted), port):  # type: ignore[arg-type]
        page.reload()
        assert page.questions() == [RESEARCH, FOUNDER]
        assert page.one(".wd-words").text == "5%"
        # Nothing of it was known to the new server before the visitor asked again.
        assert restarted.asked == []
        page.one(".wd-again").click()
        page.wait("the answer", lambda: len(page.all(".wd-words")) == 2)
        assert restarted.asked == [(FOUNDER, (RESEARCH,), None)]
        page.driver.get("about:blank")
    chromium.get_log("browser")  # the requests that failed are complaints


def test_a_lost_connection_keeps_the_conversation_and_the_question(
    page: ChatPage, chromium: webdriver.Chrome
) -> None:
    page.ask(RESEARCH)
    page.command("Network.enable")
    offline = {"latency": 0, "downloadThroughput": -1, "uploadThroughput": -1}
    page.command("Network.emulateNetworkConditions", offline=True, **offline)
    try:
        turn = page.ask(FOUNDER)
        assert "连接断了" in turn.find_element(By.CSS_SELECTOR, ".wd-failure").text
        page.input.send_keys("正在写的下一问")
    finally:
        page.command("Network.emulateNetworkConditions", offline=False, **offline)
    page.reload()
    assert page.questions() == [RESEARCH, FOUNDER]
    assert page.input.get_attribute("value") == "正在写的下一问"
    page.one(".wd-again").click()
    page.wait("the answer", lambda: len(page.all(".wd-words")) == 2)
    chromium.get_log("browser")  # the requests that failed are complaints


def test_without_storage_the_page_still_answers(page: ChatPage) -> None:
    page.command(
        "Page.addScriptToEvaluateOnNewDocument",
        source="Storage.prototype.setItem = () => { throw new DOMException('full'); };",
    )
    script = page.driver.execute_cdp_cmd(
        "Page.addScriptToEvaluateOnNewDocument", {"source": "window.noStorage = 1"}
    )
    try:
        page.reload()
        assert page.ask(RESEARCH).find_element(By.CSS_SELECTOR, ".wd-words").text == "5%"
        assert kept(page) == [RESEARCH]
    finally:
        for identifier in range(1, int(script["identifier"]) + 1):
            page.command("Page.removeScriptToEvaluateOnNewDocument", identifier=str(identifier))


def test_what_was_quoted_from_an_older_article_is_not_marked_in_a_newer(page: ChatPage) -> None:
    page.ask(RESEARCH)
    page.script(
        """
        const key = Object.keys(localStorage).find((k) => k.startsWith("wenda-conversation-"));
        localStorage[key] = localStorage[key].replaceAll('5%', '6%');
        """
    )
    page.reload()
    page.wait("the paragraph", lambda: page.all("#wenda-article .wd-cited"))
    assert not page.all("#wenda-article mark")


# ---- Several --------------------------------------------------------------------------------


def test_several_conversations_are_listed_by_their_first_question(page: ChatPage) -> None:
    page.ask(RESEARCH)
    page.ask(FOUNDER)
    page.one(".wd-new").click()
    assert page.questions() == []
    page.ask(UNKNOWN)
    assert kept(page) == [UNKNOWN, RESEARCH]
    page.all(".wd-kept-open")[1].click()
    assert page.questions() == [RESEARCH, FOUNDER]
    page.reload()
    assert page.questions() == [RESEARCH, FOUNDER]


def test_a_conversation_is_deleted_and_can_be_brought_back(page: ChatPage) -> None:
    page.ask(RESEARCH)
    page.one(".wd-new").click()
    page.ask(UNKNOWN)
    assert kept(page) == [UNKNOWN, RESEARCH]
    page.all(".wd-delete")[0].click()
    assert [e.text for e in page.all(".wd-kept-title")] == [RESEARCH]
    assert page.questions() == []
    page.one(".wd-kept-status button").click()
    assert [e.text for e in page.all(".wd-kept-title")] == [UNKNOWN, RESEARCH]
    page.all(".wd-delete")[0].click()
    page.reload()
    assert kept(page) == [RESEARCH]


def test_many_conversations_scroll_between_what_stays_in_sight(page: ChatPage) -> None:
    page.ask(RESEARCH)
    page.script(
        """
        const key = Object.keys(localStorage).find((k) => k.startsWith("wenda-conversation-"));
        for (let n = 0; n < 30; n += 1) {
          const one = { ...JSON.parse(localStorage[key]), id: `more${n}`, updated: n };
          localStorage[`wenda-conversation-more${n}`] = JSON.stringify(one);
        }
        """
    )
    for width in (1440, 360):
        page.command(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=740,
            deviceScaleFactor=1,
            mobile=False,
        )
        assert len(kept(page)) == 31
        assert page.in_view(page.one(".wd-conversations .wd-dialog-close"), "body")
        assert page.in_view(page.one(".wd-clear"), "body")
        assert page.in_view(page.all(".wd-kept-open")[0], ".wd-kept")
        close(page)


def test_two_pages_of_one_browser_show_one_conversation(page: ChatPage) -> None:
    page.ask(RESEARCH)
    first = page.driver.current_window_handle
    page.driver.switch_to.new_window("tab")
    try:
        page.driver.get(page.url)
        page.wait_for_welcome()
        assert page.questions() == [RESEARCH]
        page.ask(FOUNDER)
        page.driver.close()
    finally:
        page.driver.switch_to.window(first)
    page.wait("the other's question", lambda: page.questions() == [RESEARCH, FOUNDER])


def other_tab(page: ChatPage) -> str:
    """Open the page in another tab, which shows the same conversation; returns the first's."""
    first = page.driver.current_window_handle
    page.driver.switch_to.new_window("tab")
    page.driver.get(page.url)
    page.wait_for_welcome()
    return first


def test_what_is_asked_in_two_pages_at_once_is_kept_of_both(
    page: ChatPage, live_server: LiveServer
) -> None:
    page.ask(RESEARCH)
    first = other_tab(page)
    second = page.driver.current_window_handle
    try:
        live_server.bot.go.clear()
        page.input.send_keys(FOUNDER, Keys.ENTER)
        page.driver.switch_to.window(first)
        page.wait("the other's question", lambda: page.questions() == [RESEARCH, FOUNDER])
        page.input.send_keys(UNKNOWN, Keys.ENTER)
        live_server.bot.go.set()
        page.answered(3)
        page.driver.switch_to.window(second)
        page.answered(2)
        every = [RESEARCH, FOUNDER, UNKNOWN]
        for tab in (second, first):
            page.driver.switch_to.window(tab)
            page.wait("all of them", lambda: page.questions() == every)
            page.wait("their answers", lambda: len(page.all(".wd-reply")) == 3)
        page.reload()
        assert page.questions() == every
        assert not page.all(".wd-failure")
    finally:
        live_server.bot.go.set()
        page.driver.switch_to.window(second)
        page.driver.close()
        page.driver.switch_to.window(first)


def test_an_answer_that_another_page_wrote_over_is_kept_again(page: ChatPage) -> None:
    page.ask(RESEARCH)
    first = other_tab(page)
    second = page.driver.current_window_handle
    try:
        # As if it had stored its own answer before it heard of this one.
        page.script(
            "const key = 'wenda-conversation-' + wenda.page.chat.conversation.id;"
            "const kept = JSON.parse(localStorage.getItem(key));"
            "Object.assign(kept.turns[0], {html: undefined, record: undefined, state: 'failed'});"
            "localStorage.setItem(key, JSON.stringify(kept));"
        )
        stored = (
            "JSON.stringify(wenda.page.chat.conversations.load(wenda.page.chat.conversation.id))"
        )
        page.wait("the answer", lambda: '"html"' in page.script(f"return {stored}"))
        page.driver.switch_to.window(first)
        assert len(page.all(".wd-reply")) == 1
        assert not page.all(".wd-failure")
    finally:
        page.driver.switch_to.window(second)
        page.driver.close()
        page.driver.switch_to.window(first)


def test_what_was_taken_back_in_another_page_meanwhile_stays_away(
    page: ChatPage, live_server: LiveServer
) -> None:
    page.ask(RESEARCH)
    page.ask(UNKNOWN)
    first = other_tab(page)
    second = page.driver.current_window_handle
    try:
        live_server.bot.go.clear()
        page.input.send_keys(FOUNDER, Keys.ENTER)
        page.driver.switch_to.window(first)
        page.wait("the other's question", lambda: len(page.questions()) == 3)
        # Busy, so that it does not just show the other's.
        page.script("document.querySelector('.wd-retry').click()")
        page.driver.switch_to.window(second)
        page.script("wenda.page.chat.cut(1, '')")
        live_server.bot.go.set()
        page.driver.switch_to.window(first)
        page.wait("the answer", lambda: len(live_server.bot.asked) >= 3)
        page.answered(1)
        page.wait("the same here", lambda: page.questions() == [RESEARCH])
    finally:
        live_server.bot.go.set()
        page.driver.switch_to.window(second)
        page.driver.close()
        page.driver.switch_to.window(first)


# ---- Changing -------------------------------------------------------------------------------


def test_the_last_question_is_taken_back_and_restored(page: ChatPage) -> None:
    page.ask(RESEARCH)
    turn = page.ask(FOUNDER)
    press(turn, ".wd-undo")
    assert page.questions() == [RESEARCH]
    assert page.input.get_attribute("value") == FOUNDER
    assert page.one(".wd-notice span").text == "上一问已撤回。"
    page.one(".wd-notice button").click()
    assert page.questions() == [RESEARCH, FOUNDER]
    page.reload()
    assert page.questions() == [RESEARCH, FOUNDER]


def test_an_edited_question_takes_the_place_of_it_and_what_followed(
    page: ChatPage, live_server: LiveServer
) -> None:
    first = page.ask(RESEARCH)
    page.ask(FOUNDER)
    page.input.send_keys("草稿")
    press(first, ".wd-edit")
    assert page.input.get_attribute("value") == RESEARCH
    page.input.send_keys(Keys.ESCAPE)
    assert page.input.get_attribute("value") == "草稿"
    press(first, ".wd-edit")
    page.input.clear()
    page.input.send_keys(UNKNOWN, Keys.ENTER)
    page.answered(1)
    assert page.questions() == [UNKNOWN]
    assert live_server.bot.asked[-1] == (UNKNOWN, (), None)
    page.one(".wd-notice button").click()
    assert page.questions() == [RESEARCH, FOUNDER]


def test_a_draft_comes_back_after_an_edit(page: ChatPage) -> None:
    first = page.ask(RESEARCH)
    second = page.ask(FOUNDER)
    page.input.send_keys("草稿")
    press(second, ".wd-edit")
    press(first, ".wd-edit")  # another one after all
    assert page.input.get_attribute("value") == RESEARCH
    page.input.send_keys(Keys.ESCAPE)
    assert page.input.get_attribute("value") == "草稿"
    press(second, ".wd-edit")
    page.input.clear()
    page.input.send_keys(UNKNOWN, Keys.ENTER)
    assert page.input.get_attribute("value") == "草稿"
    page.wait("the answer", lambda: page.questions() == [RESEARCH, UNKNOWN])
    page.answered(2)
    press(first, ".wd-edit")
    page.one(".wd-new").click()
    assert page.input.get_attribute("value") == "草稿"


def test_an_answered_question_can_be_asked_again(page: ChatPage, live_server: LiveServer) -> None:
    turn = page.ask(RESEARCH)
    press(turn, ".wd-retry")
    page.wait("the second answer", lambda: len(live_server.bot.asked) == 2)
    page.answered(1)
    assert page.questions() == [RESEARCH]


def test_a_conversation_is_cleared_and_can_be_brought_back(page: ChatPage) -> None:
    page.ask(RESEARCH)
    page.one(".wd-list-open").click()
    page.one(".wd-clear").click()
    assert page.questions() == []
    assert not page.all("#wenda-article mark")
    page.one(".wd-notice button").click()
    assert page.questions() == [RESEARCH]


# ---- Taking along ---------------------------------------------------------------------------


def test_a_conversation_is_exported_as_a_question_set(page: ChatPage, tmp_path: Path) -> None:
    unclear = "2023年北仑有多少？"
    for question in (RESEARCH, FOUNDER, "2023年北仑的外贸和外资怎么样？", UNKNOWN, unclear, "你好"):
        page.ask(question)
    file = downloaded(page, tmp_path, ".wd-question-set")
    assert file.name == "问答-海天每年把多少收入投入研发？.jsonl"
    rows = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    assert [row["question"] for row in rows] == page.questions()[:5]
    assert rows[0] == {
        "id": "1",
        "question": RESEARCH,
        "answer": ["5%"],
        "evidence": page.all(".wd-sentence")[0].text,
        "answerable": True,
    }
    assert rows[1]["history"] == [RESEARCH]
    assert rows[2]["items"] == ["4501.6亿元", "26.96亿美元"]
    assert "answer" not in rows[2]
    assert (rows[3]["answerable"], rows[3].get("answer")) == (False, None)
    # Where the chat asked back either answer is right.
    assert rows[4]["answer"] == ["4501.6亿元", "26.96亿美元"] and "items" not in rows[4]
    # It is a question set as wenda reads it.
    loaded = load_question_set(file)
    assert [question.answerable for question in loaded] == [True, True, True, False, True]


def test_a_conversation_is_exported_as_markdown(page: ChatPage, tmp_path: Path) -> None:
    page.ask(RESEARCH)
    page.ask(UNKNOWN)
    text = downloaded(page, tmp_path, ".wd-markdown").read_text(encoding="utf-8")
    assert text.startswith(f"# {RESEARCH}\n\n## {RESEARCH}\n\n**5%**\n\n> 年逾八旬")
    assert "—— 《北仑奋楫》·科创聚力·第 8 段，很有把握（93%）" in text
    assert f"## {UNKNOWN}\n\n文章提到了“北仑”，但没有说到您问的这一点。" in text


def test_hostile_text_is_plain_in_both_exports(page: ChatPage, tmp_path: Path) -> None:
    question = f"{HOSTILE_WORDS}\u202e反"
    page.ask("甲说了什么？")
    page.ask("丙说了什么？")
    page.script("wenda.page.chat.ask(arguments[0])", question)
    page.answered(3)
    markdown = downloaded(page, tmp_path, ".wd-markdown")
    text = markdown.read_text(encoding="utf-8")
    markdown.unlink()
    assert "\u202e" not in text and "[U+202E]" in text
    for mark_up in ("<script", "**粗", "$$x", "](javascript"):
        assert mark_up not in text.replace("\\<", "").replace("\\$", "").replace("\\*", "")
    assert "\\<script\\>" in text
    lines = downloaded(page, tmp_path, ".wd-question-set").read_text(encoding="utf-8")
    assert "\u202e" not in lines
    rows = [json.loads(line) for line in lines.splitlines()]
    assert rows[0]["answer"] == [HOSTILE_WORDS]
    assert rows[2]["question"] == question


def test_an_answer_is_copied_with_its_place(page: ChatPage) -> None:
    page.command(
        "Browser.grantPermissions", permissions=["clipboardReadWrite", "clipboardSanitizedWrite"]
    )
    turn = page.ask(RESEARCH)
    press(turn, ".wd-copy")
    page.wait("the word", lambda: turn.find_element(By.CSS_SELECTOR, ".wd-copy").text == "已复制")
    copied = page.script("return navigator.clipboard.readText()")
    sentence = turn.find_element(By.CSS_SELECTOR, ".wd-sentence").text
    assert copied == f"“5%”——《北仑奋楫》·科创聚力·第 8 段\n原句：{sentence}"


def test_what_may_be_meant_is_copied_each_with_its_place(page: ChatPage) -> None:
    page.command(
        "Browser.grantPermissions", permissions=["clipboardReadWrite", "clipboardSanitizedWrite"]
    )
    turn = page.ask("2023年北仑有多少？")
    press(turn, ".wd-copy")
    page.wait("the word", lambda: turn.find_element(By.CSS_SELECTOR, ".wd-copy").text == "已复制")
    copied = page.script("return navigator.clipboard.readText()")
    sentence = turn.find_elements(By.CSS_SELECTOR, ".wd-sentence")[0].text
    place = "《北仑奋楫》·向海而生·第 36 段"
    assert copied == (
        f"“4501.6亿元”——{place}\n原句：{sentence}\n“26.96亿美元”——{place}\n原句：{sentence}"
    )


def test_things_that_stand_apart_are_copied_and_exported_each_with_its_sentence(
    page: ChatPage, tmp_path: Path
) -> None:
    page.command(
        "Browser.grantPermissions", permissions=["clipboardReadWrite", "clipboardSanitizedWrite"]
    )
    turn = page.ask("有哪些数？")
    press(turn, ".wd-copy")
    page.wait("the word", lambda: turn.find_element(By.CSS_SELECTOR, ".wd-copy").text == "已复制")
    copied = page.script("return navigator.clipboard.readText()")
    first, second = (e.text for e in turn.find_elements(By.CSS_SELECTOR, ".wd-sentence"))
    places = ["《北仑奋楫》·科创聚力·第 8 段", "《北仑奋楫》·向海而生·第 36 段"]
    assert copied == (
        f"“5%”——{places[0]}\n原句：{first}\n“4501.6亿元”——{places[1]}\n原句：{second}"
    )
    text = downloaded(page, tmp_path, ".wd-markdown").read_text(encoding="utf-8")
    items = text.split("- **")[1:]
    assert "年逾八旬" in items[0] and places[0] in items[0]
    assert "2023年，北仑实现" in items[1] and places[1] in items[1]


def test_where_there_is_no_clipboard_it_is_copied_all_the_same(page: ChatPage) -> None:
    turn = page.ask(RESEARCH)
    page.script("Object.defineProperty(navigator, 'clipboard', {value: undefined})")
    page.script("document.addEventListener('copy', () => { window.copies = 1; })")
    press(turn, ".wd-copy")
    page.wait("the word", lambda: turn.find_element(By.CSS_SELECTOR, ".wd-copy").text == "已复制")
    assert page.script("return window.copies") == 1


# ---- Permalinks -----------------------------------------------------------------------------


def test_a_permalink_asks_on_loading_and_needs_no_state(
    page: ChatPage, live_server: LiveServer
) -> None:
    page.ask(UNKNOWN)
    page.driver.get(f"{page.url}/?q={quote(RESEARCH)}&doc=beilun-fenji")
    page.wait("the answer", lambda: page.all(".wd-words"))
    assert page.questions() == [RESEARCH]
    assert live_server.bot.asked[-1] == (RESEARCH, (), "beilun-fenji")
    # A reload shows what was answered and does not ask again, and the old conversation is kept.
    page.reload()
    assert page.questions() == [RESEARCH]
    assert len(live_server.bot.asked) == 2
    assert kept(page) == [RESEARCH, UNKNOWN]


def test_a_permalink_to_an_article_that_is_gone_says_so(page: ChatPage) -> None:
    page.driver.get(f"{page.url}/?q={quote(RESEARCH)}&doc=gone")
    page.wait("the failure", lambda: page.all(".wd-failure"))
    assert "已经不在了" in page.text(".wd-failure")
    assert "在输入框上面另选" in page.text(".wd-failure")
    # What is asked again is asked of what is chosen now: all of them.
    assert page.one(".wd-scope").text == "在全部 2 篇里找"
    page.one(".wd-again").click()
    page.wait("the answer", lambda: page.all(".wd-words"))


def test_a_permalink_to_an_article_that_is_gone_where_there_is_but_one(
    chromium: webdriver.Chrome,
) -> None:
    bot = article_bot()
    bot.documents = bot.documents[:1]
    with serving(create_app(bot)) as url:  # type: ignore[arg-type]
        page = ChatPage(chromium, url)
        page.open(query=f"?q={quote(RESEARCH)}&doc=gone")
        page.wait("the failure", lambda: page.all(".wd-failure"))
        assert "另选" not in page.text(".wd-failure")
        assert not page.one(".wd-scope").is_displayed()
        page.one(".wd-again").click()
        page.wait("the answer", lambda: page.all(".wd-words"))
        assert bot.asked == [(RESEARCH, (), None)]
        page.driver.get("about:blank")
    chromium.get_log("browser")


def test_a_failed_question_is_asked_again_of_the_article_chosen_now(
    page: ChatPage, live_server: LiveServer
) -> None:
    page.ask("出错")
    page.one(".wd-scope").click()
    page.press("北仑", Keys.ENTER)
    page.one(".wd-again").click()
    page.wait("the second attempt", lambda: len(live_server.bot.asked) == 2)
    assert live_server.bot.asked[-1] == ("出错", (), "beilun-fenji")


def test_a_hostile_permalink_is_plain_text(page: ChatPage) -> None:
    page.driver.get(f"{page.url}/?q={quote(HOSTILE_WORDS)}&doc=%22%3E%3Cscript%3E")
    page.wait("the failure", lambda: page.all(".wd-failure"))
    assert page.questions() == [HOSTILE_WORDS]


def test_the_link_of_an_answer_asks_the_same(page: ChatPage) -> None:
    page.script("window.wenda.linked = null")
    page.command("Browser.grantPermissions", permissions=["clipboardReadWrite"])
    page.ask(RESEARCH)
    turn = page.ask(FOUNDER)
    turn.find_elements(By.CSS_SELECTOR, ".wd-copy")[1].click()
    time.sleep(0.1)
    link = urlsplit(page.script("return navigator.clipboard.readText()"))
    # A follow-up as it was understood: alone it would ask something else.
    assert parse_qs(link.query) == {"q": [f"{RESEARCH}{FOUNDER}"]}
    assert link.netloc == urlsplit(page.url).netloc
