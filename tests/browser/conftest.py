"""A live server and a real Chromium. In CI a missing Chromium is a failure, not a skip."""

from __future__ import annotations

import os
import shutil
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from fastapi import FastAPI
from selenium import webdriver

from chatbot.api import create_app
from chatbot.serving import server_of
from tests.browser.page import ChatPage
from tests.fake_bot import FakeBot, document_of

ARTICLE = Path(__file__).parents[2] / "corpus" / "articles" / "beilun-fenji.txt"

# An article that would do harm if any of it were taken for mark-up.
HOSTILE_WORDS = "<script>window.hacked=1</script>**粗** $$x^2$$ [点](javascript:window.hacked=1)"
HOSTILE = document_of(
    f"甲说：{HOSTILE_WORDS}。",
    "乙说：${window.hacked=1} {{7*7}} `a` \\ & &amp; <img src=x onerror=window.hacked=1>。",
    "丙说：正常\u202e反转\u202c的𠀀字在这里结束。",
    id="hostile",
    title='坏<b>题</b>"\u202e反',
)


@dataclass(frozen=True)
class LiveServer:
    """Where the server is, its application and the bot behind it."""

    url: str
    bot: FakeBot
    app: FastAPI


def article_bot() -> FakeBot:
    """Return a fake bot over the real article's text and the hostile one."""
    blocks = []
    for block in ARTICLE.read_text(encoding="utf-8").split("\n\n"):
        block = block.strip()
        if block and block != "北仑奋楫":
            blocks.append(f"# {block}" if len(block) <= 6 else block)
    article = document_of(*blocks, id="beilun-fenji", title="北仑奋楫")
    research = (
        "年逾八旬的海天集团创始人张静章说，海天每年拿出销售收入的5%用于技术研发，"
        "不断迭代产品技术，从速度、精密度、节能环保等各个方面向“世界第一”冲刺，"
        "即便在最困难的年份也没停止过。"
    )
    trade = (
        "2023年，北仑实现外贸进出口总额4501.6亿元，占全国比重10.78%；"
        "全年实际利用外资26.96亿美元，同比增长91.3%，总量居全省前列。"
    )
    chemicals = (
        "北仑推动传统炼油产业“往上走”，按照C₂、C₃、C₄的新材料链条进行梳理开发，"
        "既熨平了产业周期波动，又拓展出全新的赛道。"
    )
    secretary = "宁波舟山港穿山港区"
    exports, investment = "2023年北仑的外贸进出口总额是多少？", "2023年北仑实际利用外资多少？"
    answers = {
        "海天每年把多少收入投入研发？": [(research, "5%")],
        "创始人是谁？": [(research, "张静章")],
        "2023年北仑的外贸和外资怎么样？": [(trade, "4501.6亿元"), (trade, "26.96亿美元")],
        # One question that may mean either, and the two that mean one each.
        "2023年北仑有多少？": [(trade, "4501.6亿元"), (trade, "26.96亿美元")],
        exports: [(trade, "4501.6亿元")],
        investment: [(trade, "26.96亿美元")],
        "北仑怎样转向新材料？": [(chemicals, chemicals)],
        # One in each of two sentences that stand apart.
        "有哪些数？": [(research, "5%"), (trade, "4501.6亿元")],
        "总书记到了哪里？": [(secretary, secretary)],
        "甲说了什么？": [(f"甲说：{HOSTILE_WORDS}。", HOSTILE_WORDS)],
        "丙说了什么？": [("丙说：正常\u202e反转\u202c的𠀀字在这里结束。", "𠀀字")],
    }
    return FakeBot(
        (article, HOSTILE),
        answers,
        suggestions=(
            "海天每年把多少收入投入研发？",
            "北仑怎样转向新材料？",
            "2023年北仑的外贸和外资怎么样？",
        ),
        talk={"你好": "您好！我是问答，只用文章里的原话回答。"},
        choices={"2023年北仑有多少？": (exports, investment)},
    )


# Seconds for a server to start, and to end, on a machine that does other things too.
PATIENCE = 120


@contextmanager
def serving(app: FastAPI, port: int = 0) -> Iterator[str]:
    """Serve `app` and give its address; a restart is serving again on the same port."""
    server = server_of(app)
    # The socket outlives the server: one that is closed under it raises in its thread.
    with socket.create_server(("127.0.0.1", port)) as listener:
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        try:
            deadline = time.monotonic() + PATIENCE
            while not server.started:
                assert thread.is_alive() and time.monotonic() < deadline, "it did not start"
                time.sleep(0.05)
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join(PATIENCE)
            server.force_exit = True
            thread.join(PATIENCE)
        assert not thread.is_alive(), "it did not end"


@pytest.fixture(scope="package")  # it need not run beside the tests of models
def live_server() -> Iterator[LiveServer]:
    bot = article_bot()
    app = create_app(bot)  # type: ignore[arg-type]
    with serving(app) as url:
        yield LiveServer(url, bot, app)


def chromium_paths() -> tuple[str, str] | None:
    """Return Chromium and its driver, None where they are not installed."""
    browser = shutil.which("chromium") or shutil.which("chromium-browser")
    driver = shutil.which("chromedriver")
    return (browser, driver) if browser and driver else None


@pytest.fixture(scope="package")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[webdriver.Chrome]:
    paths = chromium_paths()
    if paths is None:
        if os.environ.get("CI"):
            pytest.fail("Chromium or chromedriver is missing, and in CI it must be there")
        pytest.skip("Chromium or chromedriver is not installed")
    options = webdriver.ChromeOptions()
    options.binary_location = paths[0]
    for flag in (
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--disable-dev-shm-usage",
        # Whatever asks for another host meets a proxy that is not there: a page that needs one must
        # fail. This machine's own addresses pass by it.
        "--proxy-server=127.0.0.1:9",
        "--window-size=1440,900",
        f"--user-data-dir={tmp_path_factory.mktemp('chromium')}",
    ):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"performance": "ALL", "browser": "ALL"})
    driver = webdriver.Chrome(options=options, service=webdriver.ChromeService(paths[1]))
    driver.set_script_timeout(300)  # axe looks at every element
    yield driver
    driver.quit()


@pytest.fixture
def page(chromium: webdriver.Chrome, live_server: LiveServer) -> Iterator[ChatPage]:
    """The page as a first visitor meets it; what its console complains of fails the test."""
    live_server.bot.asked.clear()
    live_server.bot.go.set()
    page = ChatPage(chromium, live_server.url)
    page.open()
    yield page
    live_server.bot.go.set()
    assert page.script("return window.hacked") is None
    complaints = [entry for entry in chromium.get_log("browser") if entry["level"] == "SEVERE"]
    assert complaints == []
