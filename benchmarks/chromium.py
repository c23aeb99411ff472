"""A Chromium and a live wenda, for what is measured or pictured in a browser."""

from __future__ import annotations

import shutil
import socket
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from chatbot.api import create_app
from chatbot.own_article.limits import UploadLimits
from chatbot.serving import server_of
from chatbot.settings import Settings

if TYPE_CHECKING:
    from selenium import webdriver

# Seconds until the index is built and the model loaded.
PATIENCE = 300


@contextmanager
def live(url: str | None) -> Iterator[str]:
    """Give `url`, or the address of a server started here on the article of the repository."""
    if url is not None:
        yield url.rstrip("/")
        return
    from chatbot.bot import Bot

    with (
        tempfile.TemporaryDirectory() as folder,
        socket.create_server(("127.0.0.1", 0)) as listener,
    ):
        app = create_app(
            lambda: Bot.open(Settings()),
            feedback=Path(folder) / "feedback.db",
            own_articles=UploadLimits(),
        )
        server = server_of(app)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        try:
            wait_for("the bot", lambda: app.state.lobby.bot is not None, PATIENCE)
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join(60)


@contextmanager
def chromium() -> Iterator[webdriver.Chrome]:
    """Give a headless Chromium of this machine; SystemExit where there is none."""
    from selenium import webdriver

    browser = shutil.which("chromium") or shutil.which("chromium-browser")
    driver = shutil.which("chromedriver")
    if browser is None or driver is None:
        raise SystemExit("chromium and chromedriver are needed (Debian: chromium-driver)")
    options = webdriver.ChromeOptions()
    options.binary_location = browser
    with tempfile.TemporaryDirectory() as profile:
        for flag in (
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--hide-scrollbars",
            # A headless Chromium has no mouse, and the page would look as it does under a finger.
            "--blink-settings=primaryHoverType=2,availableHoverTypes=2,"
            "primaryPointerType=4,availablePointerTypes=4",
            f"--user-data-dir={profile}",
        ):
            options.add_argument(flag)
        chrome = webdriver.Chrome(options=options, service=webdriver.ChromeService(driver))
        try:
            yield chrome
        finally:
            chrome.quit()


def show(driver: webdriver.Chrome, address: str, width: int, height: int, scheme: str) -> None:
    """Open the page at that size (CSS pixels) and in that scheme, until it takes questions."""
    command = driver.execute_cdp_cmd
    size = {
        "width": width,
        "height": height,
        "deviceScaleFactor": 2 if width < 900 else 1.5,
        "mobile": width < 600,
    }
    command("Emulation.setDeviceMetricsOverride", size)
    features = [
        {"name": "prefers-color-scheme", "value": scheme},
        {"name": "prefers-reduced-motion", "value": "reduce"},
    ]
    command("Emulation.setEmulatedMedia", {"features": features})
    driver.get(address)
    if width < 600:
        # Only now: a first page gets a process of its own, which knows nothing of it. It cannot be
        # undone (the mouse would be gone, too), so phones come last.
        command("Emulation.setTouchEmulationEnabled", {"enabled": True})
    wait_for("the page", lambda: driver.execute_script(READY), 60)


READY = "return document.querySelector('.wd-welcome .wd-says') !== null"


def wait_for(what: str, found: Callable[[], Any], seconds: float) -> None:
    """Wait until `found` returns something true; RuntimeError after `seconds`."""
    deadline = time.monotonic() + seconds
    while not found():
        if time.monotonic() > deadline:
            raise RuntimeError(f"waited {seconds} s in vain for {what}")
        time.sleep(0.05)
