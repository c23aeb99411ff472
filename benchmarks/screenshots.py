"""Pictures of the page: those of the README, or every scene in every shape, to look at.

    python -m benchmarks.screenshots [--url http://127.0.0.1:7860] [--output docs/images]
    python -m benchmarks.screenshots --all --output FOLDER

The first makes the README's few again; `--all` takes every scene at 360, 768 and 1440 pixels,
light and dark. Without `--url` it starts wenda itself on the article of the repository, with
feedback and visitors' own articles on.
"""

from __future__ import annotations

import argparse
import base64
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from benchmarks.chromium import chromium, live, show, wait_for

if TYPE_CHECKING:
    from selenium import webdriver

ROOT = Path(__file__).resolve().parent.parent
OUTPUT = ROOT / "docs" / "images"
SIZES = {1440: 900, 768: 1024, 360: 740}
SCHEMES = ("light", "dark")
NARROW = 900  # below this many pixels the article is a sheet

ANSWERED = "海天把多少收入投到研发？"
SEVERAL = "海天打算在哪些方面向“世界第一”冲刺？"
# Nothing that any article of the repository could tell: the picture must show a refusal.
REFUSED = "珠穆朗玛峰有多高？"

# What is asked by the page's address, and what is pressed then.
SCENES: dict[str, tuple[str, str]] = {
    "welcome": ("", ""),
    "answer": (ANSWERED, ""),
    "several": (SEVERAL, ""),
    "refusal": (REFUSED, ""),
    "article": (ANSWERED, ".wd-cite"),
    "conversations": (ANSWERED, ".wd-list-open"),
    "judged": (ANSWERED, ".wd-thumb-down"),
    "own-article": ("", ".wd-bring"),
}
# The README's: scene, width, scheme.
README = (
    ("answer", 1440, "light"),
    ("answer", 1440, "dark"),
    ("answer", 360, "light"),
    ("article", 360, "light"),
    ("refusal", 360, "dark"),
)

_SETTLED = "return wenda.page.chat?.turns.at(-1)?.state === 'answered'"


def take(
    driver: webdriver.Chrome, url: str, folder: Path, scene: str, width: int, scheme: str
) -> Path:
    """Take one picture and return its file, once answer, fonts and scrolling have come to rest."""
    forget(driver, url)
    question, press = SCENES[scene]
    query = f"?q={quote(question)}" if question else ""
    show(driver, f"{url}/{query}", width, SIZES[width], scheme)
    if question:
        wait_for("the answer", lambda: driver.execute_script(_SETTLED), 60)
    if press:
        driver.execute_script("document.querySelector(arguments[0]).click()", press)
    driver.execute_script("document.activeElement?.blur()")
    driver.execute_async_script("document.fonts.ready.then(() => setTimeout(arguments[0], 400))")
    shot = {"format": "webp", "quality": 75}
    data = driver.execute_cdp_cmd("Page.captureScreenshot", shot)["data"]
    file = folder / f"{scene}-{width}-{scheme}.webp"
    file.write_bytes(base64.b64decode(data))
    return file


def forget(driver: webdriver.Chrome, url: str) -> None:
    """Empty the browser's storage: each picture shows what a first visitor sees."""
    driver.get(f"{url}/health/live")
    driver.execute_script("localStorage.clear(); sessionStorage.clear()")


def every_shape() -> Iterator[tuple[str, int, str]]:
    """Yield every scene in every width and scheme; the sheet only where it is one."""
    for width in SIZES:
        for scene in SCENES:
            if scene != "article" or width < NARROW:
                yield from ((scene, width, scheme) for scheme in SCHEMES)


def main() -> None:
    """Take the pictures and say where they are."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", help="a wenda that runs already")
    parser.add_argument("--output", type=Path, default=OUTPUT)
    parser.add_argument("--all", action="store_true", help="every scene in every shape")
    arguments = parser.parse_args()
    arguments.output.mkdir(parents=True, exist_ok=True)
    with live(arguments.url) as url, chromium() as driver:
        for shape in every_shape() if arguments.all else README:
            file = take(driver, url, arguments.output, *shape)
            print(file, f"{file.stat().st_size // 1024} KB", flush=True)


if __name__ == "__main__":
    main()
