"""The chat in a frame of another page: for the origins that the operator named, and no others."""

from __future__ import annotations

import http.server
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from axe_core_python.selenium import Axe
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from tests.browser.full_server import full_server
from tests.browser.page import ChatPage

pytestmark = pytest.mark.browser

RESEARCH = "海天每年把多少收入投入研发？"


@contextmanager
def host_page() -> Iterator[tuple[str, type]]:
    """Serve a page of another origin; gives that origin and where to put what it frames."""

    class Page(http.server.BaseHTTPRequestHandler):
        framed = ""

        def do_GET(self) -> None:
            body = (
                "<!doctype html><title>别的网站</title><p>别的网站</p>"
                f'<iframe src="{self.framed}" style="width:1000px;height:600px"></iframe>'
            ).encode()
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Page) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}", Page
        server.shutdown()
        thread.join()


def frame(page: ChatPage, origin: str) -> None:
    """Open the other site's page and go into its frame."""
    page.driver.get(origin)
    page.driver.switch_to.frame(page.one("iframe"))


def test_only_named_origins_may_frame_it(chromium: webdriver.Chrome, tmp_path: Path) -> None:
    with (
        host_page() as (named, handler),
        host_page() as (other, unnamed),
        full_server(tmp_path, embed_origins=(named,)) as server,
    ):
        handler.framed = unnamed.framed = f"{server.url}/?embed=1"
        page = ChatPage(chromium, server.url)
        frame(page, named)
        page.wait_for_welcome()
        # The frame is a thousand pixels wide: room for two panes, but it has one.
        assert not page.one(".wd-brand").is_displayed()
        assert not page.one(".wd-pane").is_displayed()
        # The site that frames it keeps the focus.
        assert page.script("return document.activeElement === document.body")
        turn = page.ask(RESEARCH)
        turn.find_element(By.CSS_SELECTOR, ".wd-cite").click()
        mark = page.wait("the mark", lambda: page.all("#wenda-article mark"))[0]
        page.wait("the sheet", lambda: page.in_view(mark))
        page.one(".wd-close").click()
        page.wait("the chat", lambda: not page.one(".wd-pane").is_displayed())

        frame(page, other)
        assert not page.all("#wenda-chat, textarea")
        refused = [entry["message"] for entry in chromium.get_log("browser")]
        assert any("frame-ancestors" in message for message in refused)
        page.driver.switch_to.default_content()


def test_the_page_alone_keeps_its_header_and_its_article(
    chromium: webdriver.Chrome, tmp_path: Path
) -> None:
    with full_server(tmp_path) as server:
        page = ChatPage(chromium, server.url)
        page.open(query="?embed=0")
        assert page.one(".wd-brand").is_displayed()
        assert page.one(".wd-pane").is_displayed()
        page.open(query="?embed=1")
        assert not page.one(".wd-brand").is_displayed()


def test_a_frame_has_a_new_conversation_and_those_before(
    chromium: webdriver.Chrome, tmp_path: Path
) -> None:
    with full_server(tmp_path) as server:
        page = ChatPage(chromium, server.url)
        page.open(360, 500, query="?embed=1")
        page.ask(RESEARCH)
        for tool in (".wd-new", ".wd-list-open"):
            assert page.in_view(page.one(tool), "body")
        assert page.script("return document.documentElement.scrollWidth") == 360
        page.script("document.querySelector('.wd-send').focus()")
        page.press(Keys.TAB, Keys.ENTER)
        assert page.questions() == []
        page.one(".wd-list-open").click()
        assert page.all(".wd-markdown") and page.one(".wd-clear").is_displayed()
        page.one(".wd-kept-open").click()
        assert page.questions() == [RESEARCH]
        result = Axe().run(page.driver)
        assert [rule["id"] for rule in result["violations"]] == []
