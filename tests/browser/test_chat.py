"""The web chat in a real browser: what a visitor sees, types and must never be harmed by."""

from __future__ import annotations

import time
from typing import Any

import pytest
from selenium import webdriver
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from tests.browser.conftest import HOSTILE, HOSTILE_WORDS, LiveServer
from tests.browser.page import ChatPage

pytestmark = pytest.mark.browser

RESEARCH = "海天每年把多少收入投入研发？"


def test_a_question_is_answered_and_marked_in_the_article(page: ChatPage) -> None:
    turn = page.ask(RESEARCH)
    assert turn.find_element(By.CSS_SELECTOR, ".wd-words").text == "5%"
    sentence = turn.find_element(By.CSS_SELECTOR, ".wd-sentence")
    assert sentence.text.startswith("年逾八旬的海天集团创始人张静章说，海天每年拿出销售收入的5%")
    assert sentence.find_element(By.CSS_SELECTOR, "mark").text == "5%"
    cite = turn.find_element(By.CSS_SELECTOR, ".wd-cite").text
    assert cite.startswith("《北仑奋楫》·科创聚力·第 ")
    assert "（93%）" in turn.find_element(By.CSS_SELECTOR, ".wd-sure").text

    mark = page.wait("the mark", lambda: page.all("#wenda-article mark"))[0]
    assert mark.text == "5%"
    assert page.in_view(mark)
    tinted = "".join(e.text for e in page.all("#wenda-article .wd-tint"))
    assert tinted == sentence.text
    paragraph = page.one("#wenda-article .wd-cited")
    assert f"第 {paragraph.get_attribute('data-paragraph')} 段" in cite


def test_the_citation_leads_back_to_its_paragraph(page: ChatPage) -> None:
    first = page.ask(RESEARCH)
    page.ask("2023年北仑的外贸和外资怎么样？")
    assert [mark.text for mark in page.all("#wenda-article mark")] == ["4501.6亿元", "26.96亿美元"]
    first.find_element(By.CSS_SELECTOR, ".wd-cite").click()
    (mark,) = page.wait("the mark", lambda: page.all("#wenda-article mark"))
    assert mark.text == "5%"
    assert page.in_view(mark)


def test_several_answers_are_a_list_and_all_marked(page: ChatPage) -> None:
    turn = page.ask("2023年北仑的外贸和外资怎么样？")
    words = [e.text for e in turn.find_elements(By.CSS_SELECTOR, "ol.wd-list .wd-words")]
    assert words == ["4501.6亿元", "26.96亿美元"]
    assert [e.text for e in page.all("#wenda-article mark")] == words


def test_marking_changes_no_character_of_the_article(page: ChatPage) -> None:
    before = page.text("#wenda-article .wd-article")
    page.ask(RESEARCH)
    page.wait("the mark", lambda: page.all("#wenda-article mark"))
    assert page.text("#wenda-article .wd-article") == before


def test_a_refusal_shows_no_source_but_near_paragraphs_and_suggestions(page: ChatPage) -> None:
    page.ask(RESEARCH)
    page.wait("the mark", lambda: page.all("#wenda-article mark"))
    turn = page.ask("北仑明年的预算是多少？")
    assert turn.find_element(By.CSS_SELECTOR, ".wd-says").text == (
        "文章提到了“北仑”，但没有说到您问的这一点。"
    )
    assert "文中相近的段落（不是答案）" in turn.text
    nearest = turn.find_elements(By.CSS_SELECTOR, ".wd-near")
    # What the paragraph says of the subject, not how it begins.
    assert nearest[0].text == "《北仑奋楫》第 1 段从宁波市中心东行50公里，有个北仑区。"
    assert not turn.find_elements(By.CSS_SELECTOR, ".wd-cite, .wd-source, .wd-sure, mark")
    assert not page.all("#wenda-article mark")
    nearest[1].click()
    assert page.in_view(page.one("#wenda-article .wd-cited"))
    turn.find_elements(By.CSS_SELECTOR, ".wd-ask")[0].click()
    assert page.answered(3).find_element(By.CSS_SELECTOR, ".wd-words").text == "5%"


def test_where_either_may_be_meant_a_button_asks_for_each(page: ChatPage) -> None:
    turn = page.ask("2023年北仑有多少？")
    assert turn.find_element(By.CSS_SELECTOR, ".wd-says").text == (
        "文中有两处都像答案，您问的是哪一个？"
    )
    choices = turn.find_elements(By.CSS_SELECTOR, ".wd-choices > li")
    said = [choice.find_element(By.CSS_SELECTOR, ".wd-words").text for choice in choices]
    assert said == ["4501.6亿元", "26.96亿美元"]
    for choice, words in zip(choices, said, strict=True):
        assert choice.find_element(By.CSS_SELECTOR, ".wd-sentence mark").text == words
        assert "把握不大（50%）" in choice.text
    # Both are marked in the article, so that the visitor sees what he chooses between.
    page.wait("both marks", lambda: len(page.all("#wenda-article mark")) == 2)
    button = choices[1].find_element(By.CSS_SELECTOR, ".wd-ask")
    assert page.in_view(button, ".wd-log")
    button.click()
    answer = page.answered(2)
    assert page.questions()[1] == "2023年北仑实际利用外资多少？"
    assert answer.find_element(By.CSS_SELECTOR, "blockquote.wd-words").text == "26.96亿美元"
    page.wait("one mark", lambda: len(page.all("#wenda-article mark")) == 1)
    assert page.text("#wenda-article mark") == "26.96亿美元"
    assert page.script("return document.activeElement.id") == "wenda-question"


def test_small_talk_gets_a_plain_reply(page: ChatPage) -> None:
    turn = page.ask("你好")
    assert turn.find_element(By.CSS_SELECTOR, ".wd-says").text.startswith("您好！")
    assert not turn.find_elements(By.CSS_SELECTOR, ".wd-near, .wd-cite")


def test_an_example_is_asked_by_a_click(page: ChatPage) -> None:
    page.all(".wd-welcome .wd-ask")[0].click()
    page.answered(1)
    assert page.questions() == [RESEARCH]


def test_earlier_questions_are_sent_along(page: ChatPage, live_server: LiveServer) -> None:
    page.ask(RESEARCH)
    turn = page.ask("创始人是谁？")
    assert live_server.bot.asked == [
        (RESEARCH, (), None),
        ("创始人是谁？", (RESEARCH,), None),
    ]
    assert f"按“{RESEARCH}创始人是谁？”来找" in turn.text


# ---- Keys -----------------------------------------------------------------------------------


def test_shift_enter_breaks_the_line_and_enter_sends(page: ChatPage) -> None:
    page.input.send_keys("第一行")
    ActionChains(page.driver).key_down(Keys.SHIFT).send_keys(Keys.ENTER).key_up(
        Keys.SHIFT
    ).perform()
    page.input.send_keys("第二行")
    assert page.input.get_attribute("value") == "第一行\n第二行"
    assert page.questions() == []
    page.input.send_keys(Keys.ENTER)
    page.answered(1)
    assert page.questions() == ["第一行\n第二行"]
    assert page.input.get_attribute("value") == ""


@pytest.mark.parametrize("typed", ["", "   ", "\u3000"])
def test_nothing_is_sent_when_nothing_is_asked(page: ChatPage, typed: str) -> None:
    page.input.send_keys(typed, Keys.ENTER)
    assert page.questions() == []


def test_enter_inside_a_composition_never_sends(page: ChatPage) -> None:
    page.input.click()
    page.script(
        """
        window.seen = [];
        document.querySelector("textarea").addEventListener(
          "keydown", (event) => window.seen.push([event.isComposing, event.keyCode]));
        """
    )
    page.compose("haitian")
    assert page.input.get_attribute("value") == "haitian"
    page.key("Enter", 13)  # inside the composition: Chrome and Firefox report isComposing
    page.key("Enter", 229)
    assert page.script("return window.seen") == [[True, 13], [True, 229]]
    assert page.questions() == []
    page.command("Input.insertText", text="海天")
    assert page.input.get_attribute("value") == "海天"
    page.key("Enter", 229)  # after it: Safari's late keydown, told by its code alone
    assert page.script("return window.seen.at(-1)") == [False, 229]
    assert page.questions() == []
    page.key("Enter", 13)
    page.answered(1)
    assert page.questions() == ["海天"]


def test_the_whole_flow_works_by_keyboard(page: ChatPage) -> None:
    assert page.script("return document.activeElement.tagName") == "TEXTAREA"
    page.ask(RESEARCH)
    assert page.script("return document.activeElement.tagName") == "TEXTAREA"
    for _ in range(20):
        ActionChains(page.driver).key_down(Keys.SHIFT).send_keys(Keys.TAB).key_up(
            Keys.SHIFT
        ).perform()
        if page.script("return document.activeElement.matches('.wd-cite')"):
            break
    else:
        pytest.fail("the citation is not reached by Tab")
    outline = page.script("return getComputedStyle(document.activeElement).outlineStyle")
    assert outline == "solid"
    page.script("document.querySelector('.wd-scroll').scrollTop = 0")
    ActionChains(page.driver).send_keys(Keys.ENTER).perform()
    mark = page.one("#wenda-article mark")
    page.wait("the mark in view", lambda: page.in_view(mark))


# ---- Waiting and failing --------------------------------------------------------------------


def test_questions_asked_meanwhile_are_answered_in_order(
    page: ChatPage, live_server: LiveServer
) -> None:
    live_server.bot.go.clear()
    for question in (RESEARCH, "创始人是谁？", "你好"):
        page.input.send_keys(question, Keys.ENTER)
    assert page.questions() == [RESEARCH, "创始人是谁？", "你好"]
    assert len(page.all(".wd-wait")) == 3
    live_server.bot.go.set()
    page.answered(3)
    assert [asked[0] for asked in live_server.bot.asked] == [RESEARCH, "创始人是谁？", "你好"]


def test_an_error_is_told_in_chinese_and_can_be_tried_again(
    page: ChatPage, live_server: LiveServer
) -> None:
    turn = page.ask("出错")
    assert turn.find_element(By.CSS_SELECTOR, ".wd-failure").text == (
        "回答时出了错，已记入服务器日志。"
    )
    assert "secret" not in page.driver.page_source
    turn.find_element(By.CSS_SELECTOR, ".wd-again").click()
    page.wait("the second attempt", lambda: len(live_server.bot.asked) == 2)
    page.answered(1)
    assert page.questions() == ["出错"]


def test_a_full_queue_is_told_in_chinese_and_can_be_tried_again(
    page: ChatPage, live_server: LiveServer, chromium: webdriver.Chrome
) -> None:
    queue = live_server.app.routes[-1].app.app.get_blocks()._queue
    limit, queue.max_size = queue.max_size, 0
    try:
        turn = page.ask(RESEARCH)
        assert turn.find_element(By.CSS_SELECTOR, ".wd-failure").text == (
            "服务器没有回答：可能太忙，或连接断了。"
        )
    finally:
        queue.max_size = limit
    assert not [e for e in page.all(".toast-wrap") if e.is_displayed()]
    turn.find_element(By.CSS_SELECTOR, ".wd-again").click()
    page.wait("the answer", lambda: page.all(".wd-reply .wd-words"))
    assert page.text(".wd-reply .wd-words") == "5%"
    chromium.get_log("browser")  # the refused request itself is a complaint


# ---- Safety ---------------------------------------------------------------------------------


def test_hostile_text_is_shown_as_the_plain_text_it_is(page: ChatPage) -> None:
    turn = page.ask("甲说了什么？")
    assert (
        page.script(
            "return arguments[0].textContent", turn.find_element(By.CSS_SELECTOR, ".wd-words")
        )
        == HOSTILE_WORDS
    )
    page.wait("the hostile article", lambda: page.all('.wd-article[data-document="hostile"] mark'))
    assert page.text("#wenda-article mark") == HOSTILE_WORDS
    for paragraph in HOSTILE.paragraphs:
        shown = page.text(f'.wd-paragraph[data-paragraph="{paragraph.number}"] .wd-text')
        assert shown == HOSTILE.paragraph_text(paragraph)
    assert page.text(".wd-title") == HOSTILE.title
    assert not page.all("#wenda-article :is(script, img, a, b)")


def test_a_hostile_question_is_shown_as_the_plain_text_it_is(page: ChatPage) -> None:
    question = f"{HOSTILE_WORDS}<img src=x onerror=window.hacked=1>${{window.hacked=1}}{{{{x}}}}"
    page.ask(question)
    assert page.questions() == [question]
    assert not page.all(".wd-turn :is(script, img, a)")


def test_offsets_hold_after_a_character_beyond_the_first_plane(page: ChatPage) -> None:
    turn = page.ask("丙说了什么？")
    page.wait("the mark", lambda: page.all('.wd-article[data-document="hostile"] mark'))
    assert page.text("#wenda-article mark") == "𠀀字"
    # The override stays where it is, named and isolated, and turns nothing after it.
    isolated = page.all("#wenda-article .wd-direction")
    in_title, *in_text = [e.get_attribute("data-code") for e in isolated]
    assert (in_title, in_text) == ("U+202E", ["U+202E", "U+202C"])
    isolated += turn.find_elements(By.CSS_SELECTOR, ".wd-sentence .wd-direction")
    assert len(isolated) == 5
    assert {e.value_of_css_property("unicode-bidi") for e in isolated} == {"isolate"}


def test_suggestions_are_the_plain_text_they_are(page: ChatPage, live_server: LiveServer) -> None:
    """Suggestions come from articles; one that a visitor can read he can ask unchanged."""
    bot = live_server.bot
    kept, bot._suggestions = bot._suggestions, (f"{HOSTILE_WORDS}\u202e？",)
    try:
        page.open()
        turn = page.ask("北仑明年的预算是多少？")
    finally:
        bot._suggestions = kept
    for suggestion in (page.one(".wd-welcome .wd-ask"), turn.find_element(By.CLASS_NAME, "wd-ask")):
        shown = page.script("return arguments[0].textContent", suggestion)
        assert shown == f"{HOSTILE_WORDS}\u202e？"
    assert not page.all(".wd-ask :is(script, img, a, b)")
    turning = page.all(".wd-ask .wd-direction")
    assert {e.value_of_css_property("unicode-bidi") for e in turning} == {"isolate"}
    turn.find_element(By.CLASS_NAME, "wd-ask").click()
    page.answered(2)
    assert bot.asked[-1][0] == f"{HOSTILE_WORDS}\u202e？"


# ---- Shape ----------------------------------------------------------------------------------


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 768, 1440])
def test_nothing_sticks_out_at_any_width(page: ChatPage, width: int, scheme: str) -> None:
    page.open(width, 800, scheme)
    page.ask(RESEARCH)
    page.ask("北仑明年的预算是多少？")
    size = page.script(
        "const root = document.documentElement; return [root.scrollWidth, root.scrollHeight]"
    )
    assert size == [width, 800]
    assert page.in_view(page.one(".wd-send"), "body")
    assert page.script("return document.documentElement.lang") == "zh-CN"
    assert page.script("return getComputedStyle(document.querySelector('textarea')).fontSize") == (
        "16px"
    )


def test_on_a_phone_the_article_is_a_sheet_opened_from_the_citation(page: ChatPage) -> None:
    page.open(360, 740)
    turn = page.ask(RESEARCH)
    pane = page.one(".wd-pane")
    assert not pane.is_displayed()
    cite = turn.find_element(By.CSS_SELECTOR, ".wd-cite")
    for close in ("button", "escape"):
        cite.click()
        mark = page.one("#wenda-article mark")
        page.wait("the mark in view", lambda mark=mark: page.in_view(mark))
        assert pane.get_attribute("role") == "dialog"
        assert page.script("return document.querySelector('.wd-chat').closest('[inert]') !== null")
        assert page.script("return document.activeElement.matches('.wd-close')")
        if close == "button":
            page.one(".wd-close").click()
        else:
            ActionChains(page.driver).send_keys(Keys.ESCAPE).perform()
        page.wait("the sheet to close", lambda: not pane.is_displayed())
        assert page.script("return document.activeElement.matches('.wd-cite')")


def test_a_new_answer_scrolls_its_question_into_view(page: ChatPage) -> None:
    page.open(360, 740)
    page.ask(RESEARCH)
    page.ask("2023年北仑的外贸和外资怎么样？")
    assert page.in_view(page.all(".wd-question")[-1], ".wd-log")


def test_answers_are_announced_politely(page: ChatPage) -> None:
    log = page.one(".wd-log")
    assert log.get_attribute("role") == "log"
    assert log.get_attribute("aria-live") == "polite"
    page.ask(RESEARCH)
    first = page.one('.wd-turn[data-turn="1"]')
    page.ask("你好")
    # The same node still: an answer that is drawn again would be read out again.
    assert page.script("return arguments[0].isConnected", first)


CONTRAST = """
  const parse = (value) => {
    const parts = value.match(/[\\d.]+/g).map(Number);
    return { rgb: parts.slice(0, 3), alpha: parts.length > 3 ? parts[3] : 1 };
  };
  const light = (rgb) => rgb
    .map((part) => part / 255)
    .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4))
    .reduce((sum, part, index) => sum + part * [0.2126, 0.7152, 0.0722][index], 0);
  const ground = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const colour = parse(getComputedStyle(at).backgroundColor);
      if (colour.alpha === 1) return colour.rgb;
    }
    return [255, 255, 255];
  };
  const poor = [];
  for (const element of document.querySelectorAll("#wenda-chat *, #wenda-article *")) {
    const own = [...element.childNodes].some((n) => n.nodeType === 3 && n.data.trim());
    if (!own || !element.checkVisibility()) continue;
    const [one, other] = [parse(getComputedStyle(element).color).rgb, ground(element)].map(light);
    const ratio = (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
    if (ratio < 4.5) poor.push([element.className || element.tagName, ratio]);
  }
  return poor;
"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_contrast_is_aa_everywhere(page: ChatPage, scheme: str) -> None:
    page.open(scheme=scheme)
    page.ask(RESEARCH)
    page.ask("北仑明年的预算是多少？")
    page.ask("出错")
    page.ask("2023年北仑的外贸和外资怎么样？")
    assert page.script(CONTRAST) == []


def test_the_first_load_is_light_and_soon_ready(page: ChatPage, record_property: Any) -> None:
    page.command("Network.enable")
    page.command("Network.clearBrowserCache")
    began = time.monotonic()
    page.open()
    seconds = time.monotonic() - began
    size = page.script(
        "return performance.getEntriesByType('resource').concat("
        "performance.getEntriesByType('navigation'))"
        ".reduce((sum, entry) => sum + entry.transferSize, 0)"
    )
    record_property("first_load_bytes", size)
    record_property("first_load_seconds", round(seconds, 2))
    print(f"first load: {size} bytes, {seconds:.2f} s")
    assert size < 1_500_000
    # On two busy cores it takes some four seconds; a page that waits for something takes for ever.
    assert seconds < 60
