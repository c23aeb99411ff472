"""Everyone can use the page: axe finds nothing, the keyboard reaches all, large text fits."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_core_python.selenium import Axe
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from tests.browser.conftest import HOSTILE, LiveServer
from tests.browser.full_server import FullServer, full_server
from tests.browser.page import ChatPage

pytestmark = pytest.mark.browser

RESEARCH = "海天每年把多少收入投入研发？"
UNKNOWN = "北仑明年的预算是多少？"
SCHEMES = pytest.mark.parametrize("scheme", ["light", "dark"])


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FullServer]:
    """A server with thumbs and visitors' own articles."""
    with full_server(tmp_path_factory.mktemp("access")) as server:
        yield server


def violations(page: ChatPage) -> list[str]:
    """Return what axe finds wrong with the page as it stands, a line each."""
    result = Axe().run(page.driver)
    assert len(result["passes"]) > 20, "axe looked at next to nothing"
    return [
        f"{rule['id']}: {node['html'][:160]} {node.get('failureSummary', '')[:200]}"
        for rule in result["violations"]
        for node in rule["nodes"]
    ]


@SCHEMES
def test_axe_finds_nothing_in_the_chat(page: ChatPage, scheme: str) -> None:
    page.open(scheme=scheme)
    assert violations(page) == []
    page.ask(RESEARCH)
    page.wait("the mark", lambda: page.all("#wenda-article mark"))
    assert violations(page) == []
    page.ask("2023年北仑的外贸和外资怎么样？")
    page.ask("2023年北仑有多少？")
    assert violations(page) == []
    page.ask(UNKNOWN)
    assert violations(page) == []
    page.ask("出错")
    assert violations(page) == []


@SCHEMES
def test_axe_finds_nothing_in_dialogs_and_sheet(page: ChatPage, scheme: str) -> None:
    page.open(360, 740, scheme)
    turn = page.ask(RESEARCH)
    assert violations(page) == []
    turn.find_element(By.CSS_SELECTOR, ".wd-cite").click()
    page.wait("the mark in view", lambda: page.in_view(page.one("#wenda-article mark")))
    assert violations(page) == []
    page.press(Keys.ESCAPE)
    for opens, dialog in ((".wd-list-open", ".wd-conversations"), (".wd-scope", ".wd-documents")):
        page.one(opens).click()
        page.wait("the dialog", page.one(dialog).is_displayed)
        assert violations(page) == []
        page.press(Keys.ESCAPE)


@SCHEMES
def test_axe_finds_nothing_in_the_conversations(page: ChatPage, scheme: str) -> None:
    page.open(scheme=scheme)
    page.ask(RESEARCH)
    page.one(".wd-new").click()
    page.ask("你好")
    page.one(".wd-list-open").click()
    assert len(page.all(".wd-kept-item")) == 2
    assert violations(page) == []
    page.all(".wd-question-set")[0].click()  # small talk alone: there is nothing to export
    assert page.text(".wd-kept-status") != ""
    assert violations(page) == []
    page.all(".wd-delete")[0].click()
    assert violations(page) == []


@SCHEMES
@pytest.mark.parametrize("width", [360, 1440])
def test_axe_finds_nothing_in_thumbs_and_own_article(
    chromium: webdriver.Chrome, full: FullServer, tmp_path: Path, width: int, scheme: str
) -> None:
    page = ChatPage(chromium, full.url)
    page.open(width, 800, scheme)
    turn = page.ask(RESEARCH)
    turn.find_element(By.CSS_SELECTOR, ".wd-thumb-down").click()
    page.wait("the thanks", lambda: "谢谢" in page.text(".wd-feedback-status"))
    assert violations(page) == []
    turn.find_element(By.CSS_SELECTOR, ".wd-correction-none input").click()
    assert violations(page) == []
    page.one(".wd-correct-not").click()
    page.one(".wd-bring").click()
    page.wait("the terms", lambda: "MB" in page.text(".wd-bringing .wd-note"))
    assert violations(page) == []
    page.one(".wd-use-text").click()  # without any text: it says so
    page.wait("the word", lambda: page.text(".wd-bringing-status"))
    assert violations(page) == []
    page.press(Keys.ESCAPE)
    page.wait("the dialog to close", lambda: not page.all("dialog[open]"))
    assert "wd-bring" in focused(page)
    file = tmp_path / "我的.txt"
    file.write_text("我的文章\n\n这里说了一件事情。\n", encoding="utf-8")
    page.one(".wd-bring").click()
    page.one(".wd-bringing input[type=file]").send_keys(str(file))
    page.wait("the own article", lambda: page.all(".wd-own-title"), seconds=120)
    assert violations(page) == []


def focused(page: ChatPage) -> str:
    return str(page.script("return document.activeElement.className"))


def tab_to(page: ChatPage, css_class: str, key: str = Keys.TAB) -> None:
    for _ in range(40):
        page.press(key)
        if css_class in focused(page).split():
            outline = page.script("return getComputedStyle(document.activeElement).outlineStyle")
            assert outline == "solid"
            return
    pytest.fail(f"{css_class} is not reached by Tab")


def test_conversations_and_articles_are_handled_by_keyboard(page: ChatPage) -> None:
    page.ask(RESEARCH)
    page.script("document.querySelector('.wd-new').focus()")
    tab_to(page, "wd-list-open")
    page.press(Keys.ENTER)
    page.wait("the dialog", page.one(".wd-conversations").is_displayed)
    tab_to(page, "wd-delete")
    page.press(Keys.ENTER)
    assert page.questions() == []
    assert "wd-notice-action" in focused(page)  # not lost with the row that went
    page.press(Keys.ENTER)
    assert "wd-kept-open" in focused(page)
    page.press(Keys.ENTER)
    assert page.questions() == [RESEARCH]
    assert page.script("return document.activeElement === document.querySelector('textarea')")
    tab_to(page, "wd-scope", Keys.SHIFT + Keys.TAB)
    page.press(Keys.NULL)
    page.press(Keys.ENTER)
    page.press("坏", Keys.ENTER)
    assert f"只在《{HOSTILE.title}》里找" in page.text(".wd-scope")
    assert page.script("return document.activeElement === document.querySelector('textarea')")


def test_focus_is_not_lost_with_what_is_taken_away(page: ChatPage) -> None:
    page.ask(RESEARCH)
    for selector in (".wd-retry", ".wd-undo"):
        page.script("document.querySelector(arguments[0]).focus()", f".wd-actions {selector}")
        page.press(Keys.ENTER)
        page.wait("an end", lambda: not page.all(".wd-wait"))
        assert page.script("return document.activeElement.id") == "wenda-question"
    page.one(".wd-notice button").send_keys(Keys.ENTER)
    assert page.script("return document.activeElement.id") == "wenda-question"


@pytest.mark.parametrize("width", [360, 768, 1440])
def test_text_at_twice_its_size_fits(page: ChatPage, width: int) -> None:
    page.open(width, 900)
    page.script("document.documentElement.style.fontSize = '200%'")
    page.ask(RESEARCH)
    page.ask(UNKNOWN)
    root = "document.documentElement"
    assert page.script(f"return {root}.scrollWidth") == width
    cut = page.script(
        """
        return [...document.querySelectorAll("#wenda-chat :is(button, p, h1, blockquote)")]
          .filter((e) => e.checkVisibility() && e.scrollWidth > e.clientWidth + 1
            && getComputedStyle(e).display !== "inline")
          .map((e) => e.className);
        """
    )
    assert cut == []
    assert page.in_view(page.one(".wd-send"), "body")
    assert page.script("return document.querySelector('.wd-log').clientHeight") > 250


def test_nothing_moves_for_who_wants_no_motion(page: ChatPage, live_server: LiveServer) -> None:
    page.ask(RESEARCH)
    live_server.bot.go.clear()
    page.input.send_keys(UNKNOWN, Keys.ENTER)
    page.wait("the wait", lambda: page.all(".wd-wait"))
    moving = page.script(
        """
        const parts = [null, "::before", "::after"];
        return [...document.querySelectorAll("#wenda-chat *, #wenda-article, #wenda-article *")]
          .flatMap((element) => parts.map((part) => [element, part]))
          .filter(([element, part]) => {
            const style = getComputedStyle(element, part);
            return style.animationName !== "none"
              || parseFloat(style.transitionDuration) > 0;
          }).map(([element, part]) => `${element.className}${part ?? ""}`);
        """
    )
    assert moving == []
    live_server.bot.go.set()
    page.answered(2)


CUT = """
return [...document.querySelectorAll(arguments[0])]
  .filter((e) => e.checkVisibility() && e.scrollWidth > e.clientWidth + 1
    && getComputedStyle(e).display !== "inline")
  .map((e) => `${e.tagName}.${e.className}`);
"""


@pytest.mark.parametrize("width", [360, 1440])
def test_article_and_dialogs_fit_with_text_at_twice_its_size(
    chromium: webdriver.Chrome, full: FullServer, width: int
) -> None:
    page = ChatPage(chromium, full.url)
    page.open(width, 900)
    page.script("document.documentElement.style.fontSize = '200%'")
    turn = page.ask(RESEARCH)
    turn.find_element(By.CSS_SELECTOR, ".wd-cite").click()
    mark = page.wait("the mark", lambda: page.all("#wenda-article mark"))[0]
    page.wait("the mark in view", lambda: page.in_view(mark))
    parts = "#wenda-article :is(.wd-scroll, .wd-bar, button, p, h2, h3, label)"
    assert page.script(CUT, parts) == []
    if width == 360:
        assert page.in_view(page.one(".wd-close"), "body")
        page.one(".wd-close").click()
    for opens, dialog in (
        (".wd-list-open", ".wd-conversations"),
        (".wd-scope", ".wd-documents"),
        (".wd-bring", ".wd-bringing"),
    ):
        page.script("document.querySelector(arguments[0]).click()", opens)
        page.wait("the dialog", page.one(dialog).is_displayed)
        inside = f"{dialog}, {dialog} :is(button, p, h2, label, input, textarea):not(.wd-hidden)"
        assert page.script(CUT, inside) == []
        box = page.script(
            "const box = document.querySelector(arguments[0]).getBoundingClientRect();"
            "return [box.left, box.top, box.right, box.bottom]",
            dialog,
        )
        assert min(box[:2]) >= 0 and box[2] <= width and box[3] <= 900
        assert page.in_view(page.one(f"{dialog} .wd-dialog-close"), "body")
        page.press(Keys.ESCAPE)
        page.wait("the dialog to close", lambda: not page.all("dialog[open]"))
    assert page.script("return document.documentElement.scrollWidth") == width


def test_the_type_is_the_chinese_one_of_the_system_everywhere(page: ChatPage) -> None:
    page.ask(RESEARCH)
    fonts = page.script(
        """
        const all = document.querySelectorAll("body, #wenda-chat *, #wenda-article *");
        return [...new Set([...all].map((element) => getComputedStyle(element).fontFamily))];
        """
    )
    (stack,) = fonts
    names = [name.strip(' "') for name in stack.split(",")]
    assert names[:3] == ["PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC"]
    assert names[-1] == "sans-serif"
    # Of the system: none is loaded.
    assert page.script("return [...document.fonts].filter((f) => f.status !== 'unloaded')") == []


@pytest.mark.parametrize("width", [360, 1440, 2560])
def test_a_line_of_the_article_is_neither_long_nor_short(page: ChatPage, width: int) -> None:
    page.open(width, 900)
    if width == 360:
        page.one(".wd-read").click()
    page.wait("the article", lambda: page.all(".wd-paragraph .wd-text"))
    characters = page.script(
        """
        const text = document.querySelector(".wd-paragraph .wd-text");
        return text.clientWidth / parseFloat(getComputedStyle(text).fontSize);
        """
    )
    # Chinese is read well at 15 (on a phone) to 40 characters a line.
    assert 15 <= characters <= 40


def test_the_page_says_that_it_is_chinese_whatever_the_browser_speaks(page: ChatPage) -> None:
    page.command("Emulation.setLocaleOverride", locale="en-US")
    try:
        page.reload()
        assert page.script("return document.documentElement.lang") == "zh-CN"
    finally:
        page.command("Emulation.setLocaleOverride")
