"""The chat page as a visitor handles it."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any

from selenium import webdriver
from selenium.common.exceptions import StaleElementReferenceException
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement


class ChatPage:
    """Drives one page; every wait has an end and says what it waited for."""

    def __init__(self, driver: webdriver.Chrome, url: str) -> None:
        self.driver = driver
        self.url = url

    def open(
        self, width: int = 1440, height: int = 900, scheme: str = "light", query: str = ""
    ) -> None:
        """Load the page anew at that size, remembering nothing, until it takes questions."""
        self.command(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=False,
        )
        self.command(
            "Emulation.setEmulatedMedia",
            features=[
                {"name": "prefers-color-scheme", "value": scheme},
                # What is scrolled to is there at once, so nothing need be slept for.
                {"name": "prefers-reduced-motion", "value": "reduce"},
            ],
        )
        self.driver.get("about:blank")
        self.driver.get_log("performance")
        self.driver.get_log("browser")
        self.command("Storage.clearDataForOrigin", origin=self.url, storageTypes="local_storage")
        # The tab's own storage can only be reached from a page of that origin.
        self.driver.get(f"{self.url}/health/live")
        self.script("sessionStorage.clear()")
        self.driver.get(f"{self.url}/{query}")
        self.wait_for_welcome()

    def reload(self) -> None:
        """Load the page again, as a visitor does, until it takes questions."""
        self.driver.refresh()
        self.wait_for_welcome()

    def wait_for_welcome(self) -> None:
        """Wait until the page takes questions."""
        # The first page of a server is the slow one: nothing of it is in any cache yet.
        self.wait("the welcome", lambda: self.all(".wd-welcome .wd-says"), seconds=180)

    def press(self, *keys: str) -> None:
        """Press keys wherever the focus is."""
        ActionChains(self.driver).send_keys(*keys).perform()

    def key(self, name: str, code: int) -> None:
        """Press a key as the browser reports it; code 229 is one that an input method takes."""
        self.command(
            "Input.dispatchKeyEvent",
            type="rawKeyDown",
            key="Process" if code == 229 else name,
            code=name,
            windowsVirtualKeyCode=code,
        )
        self.command("Input.dispatchKeyEvent", type="keyUp", key=name, code=name)

    def compose(self, text: str) -> None:
        """Begin to type with an input method, where the focus is."""
        end = len(text)
        self.command("Input.imeSetComposition", text=text, selectionStart=end, selectionEnd=end)

    def command(self, name: str, **parameters: Any) -> Any:
        """Send a command of the browser's debugging protocol."""
        return self.driver.execute_cdp_cmd(name, parameters)

    def script(self, source: str, *arguments: Any) -> Any:
        """Run JavaScript in the page."""
        return self.driver.execute_script(source, *arguments)

    def wait(self, what: str, found: Callable[[], Any], seconds: float = 60) -> Any:
        """Return what `found` returns once it is true."""
        deadline = time.monotonic() + seconds
        while True:
            try:
                value = found()
            except StaleElementReferenceException:
                value = None
            if value:
                return value
            assert time.monotonic() < deadline, f"waited in vain for {what}"
            time.sleep(0.02)

    def all(self, selector: str) -> list[WebElement]:
        """Return all elements that match."""
        return self.driver.find_elements(By.CSS_SELECTOR, selector)

    def one(self, selector: str) -> WebElement:
        """Return the one element that matches."""
        found = self.all(selector)
        assert len(found) == 1, f"{len(found)} elements match {selector}"
        return found[0]

    def text(self, selector: str) -> str:
        """Return the text content of the one element that matches, as it stands in the page."""
        content: str = self.script("return arguments[0].textContent", self.one(selector))
        return content

    @property
    def input(self) -> WebElement:
        """The field that questions are typed into."""
        return self.one("#wenda-question")

    def questions(self) -> list[str]:
        """Return the questions that were sent, as shown."""
        return [str(e.get_attribute("textContent")) for e in self.all(".wd-question")]

    def ask(self, question: str) -> WebElement:
        """Type a question, press Enter and return its turn once it is answered."""
        before = len(self.all(".wd-turn"))
        self.input.send_keys(question)
        self.input.send_keys(Keys.ENTER)
        return self.answered(before + 1)

    def answered(self, turn: int) -> WebElement:
        """Return that turn (from 1) once it has its answer, or its failure."""
        self.wait(
            f"the answer to question {turn}",
            lambda: self.all(f'.wd-turn[data-turn="{turn}"] :is(.wd-reply, .wd-failure)'),
        )
        return self.one(f'.wd-turn[data-turn="{turn}"]')

    def in_view(self, element: WebElement, pane: str = ".wd-scroll") -> bool:
        """Say whether the whole element can be seen in its pane and in the window."""
        seen: bool = self.script(
            """
            const box = arguments[0].getBoundingClientRect();
            const view = document.querySelector(arguments[1]).getBoundingClientRect();
            const hit = document.elementFromPoint(
              (box.left + box.right) / 2, (box.top + Math.min(box.bottom, box.top + 20)) / 2);
            return box.height > 0 && box.top >= Math.max(0, view.top)
              && box.bottom <= Math.min(innerHeight, view.bottom)
              && (hit === arguments[0] || arguments[0].contains(hit));
            """,
            element,
            pane,
        )
        return seen

    def requests(self) -> list[str]:
        """Return the addresses of all requests since the page was opened."""
        addresses = []
        for entry in self.driver.get_log("performance"):
            message = json.loads(entry["message"])["message"]
            if message["method"] == "Network.requestWillBeSent":
                addresses.append(message["params"]["request"]["url"])
        return addresses
