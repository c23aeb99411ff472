"""What is sent in the moment in which Gradio ends its stream of messages is not lost.

Gradio's server ends a stream when nothing is under way; until its page has heard of that it opens
no new one, so what it sends in between is answered into the void. Here the page hears of every end
a second late.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import quote

import pytest

from tests.browser.conftest import LiveServer
from tests.browser.page import ChatPage

pytestmark = pytest.mark.browser

RESEARCH = "海天每年把多少收入投入研发？"
SLOW_ENDS = """
const plain = window.fetch;
window.fetch = async (...args) => {
  const response = await plain(...args);
  if (!String(args[0]?.url ?? args[0]).includes("queue/data")) return response;
  window.streams = (window.streams ?? 0) + 1;
  const decoder = new TextDecoder();
  const encoder = new TextEncoder();
  const late = new TransformStream({
    async transform(chunk, controller) {
      for (const part of decoder.decode(chunk, { stream: true }).split(/(?<=\\n\\n)/)) {
        if (part.includes('"close_stream"')) await new Promise((go) => setTimeout(go, 1000));
        controller.enqueue(encoder.encode(part));
      }
    },
  });
  return new Response(response.body.pipeThrough(late), {
    status: response.status, headers: response.headers });
};
"""
# The page asks for its welcome, the one call without data of its own, after the stream's last word.
LATE_LOAD = """
const prompt = window.fetch;
window.fetch = async (...args) => {
  const isLoad = String(args[1]?.body ?? "").includes('"event_data":null');
  if (isLoad) {
    window.loads = (window.loads ?? 0) + 1;
    while (!window.streams) await new Promise((go) => setTimeout(go, 20));
    await new Promise((go) => setTimeout(go, 500));
  }
  return prompt(...args);
};
"""


@contextmanager
def scripted(page: ChatPage, source: str) -> Iterator[ChatPage]:
    script = page.command("Page.addScriptToEvaluateOnNewDocument", source=source)
    yield page
    page.command("Page.removeScriptToEvaluateOnNewDocument", identifier=script["identifier"])


@pytest.fixture
def slow(page: ChatPage) -> Iterator[ChatPage]:
    with scripted(page, SLOW_ENDS):
        yield page


def test_a_permalink_is_answered(slow: ChatPage) -> None:
    slow.driver.get(f"{slow.url}/?q={quote(RESEARCH)}")
    slow.wait("the answer", lambda: slow.all(".wd-words"), seconds=30)
    slow.wait("the mark", lambda: slow.all("#wenda-article mark"))
    assert slow.script("return window.streams") > 1


def test_every_question_in_a_line_is_answered(slow: ChatPage, live_server: LiveServer) -> None:
    slow.driver.get(slow.url)
    slow.wait_for_welcome()
    for question in (RESEARCH, "创始人是谁？", "甲说了什么？"):
        slow.script("wenda.page.chat.ask(arguments[0])", question)
    slow.wait("the answers", lambda: len(slow.all(".wd-words")) == 3, seconds=60)
    assert [asked[0] for asked in live_server.bot.asked] == [
        RESEARCH,
        "创始人是谁？",
        "甲说了什么？",
    ]
    # So is the article that the last of them is quoted from.
    slow.wait("it", lambda: slow.all('.wd-article[data-document="hostile"] mark'))


def test_the_welcome_comes_after_a_reload(page: ChatPage) -> None:
    page.ask(RESEARCH)
    with scripted(page, SLOW_ENDS + LATE_LOAD):
        # The article of the kept answer is opened at once, so that a stream begins and ends.
        page.reload()
        assert page.script("return window.loads") == 1
        mark = page.wait("the mark", lambda: page.all("#wenda-article mark"))[0]
    assert mark.text == "5%"
    page.ask("创始人是谁？")
