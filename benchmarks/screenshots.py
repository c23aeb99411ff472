"""The README's pictures: the page at 360, 768 and 1440 pixels, light and dark.

    python -m benchmarks.screenshots [--url http://127.0.0.1:7860] [--output docs/images]

Without `--url` it starts wenda itself on the article of the repository.
"""

from __future__ import annotations

import argparse
import base64
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from benchmarks.chromium import chromium, live, show, wait_for

if TYPE_CHECKING:
    from selenium import webdriver

ROOT = Path(__file__).resolve().parent.parent
OUTPUT = ROOT / "docs" / "images"
QUESTION = "海天把多少收入投到研发？"
REFUSED = "海天集团有多少名员工？"
SIZES = ((360, 740), (768, 1024), (1440, 900))
SCHEMES = ("light", "dark")

_SETTLED = "return wenda.page.chat?.turns.at(-1)?.state === 'answered'"
_CITED = "document.querySelector('.wd-cite')?.click()"


def picture(driver: webdriver.Chrome, file: Path) -> None:
    """Write what is on the screen as a PNG, once its fonts and scrolling have come to rest."""
    driver.execute_async_script(
        "document.activeElement?.blur();"
        "document.fonts.ready.then(() => setTimeout(arguments[0], 300))"
    )
    data = driver.execute_cdp_cmd("Page.captureScreenshot", {"format": "png"})["data"]
    file.write_bytes(base64.b64decode(data))


def take(driver: webdriver.Chrome, url: str, folder: Path) -> list[Path]:
    """Take every picture and return the files: an answer each, on a phone its sheet too."""
    taken = []
    for width, height in SIZES:
        for scheme in SCHEMES:
            show(driver, f"{url}/?q={quote(QUESTION)}", width, height, scheme)
            wait_for("the answer", lambda: driver.execute_script(_SETTLED), 60)
            taken.append(folder / f"answer-{width}-{scheme}.png")
            picture(driver, taken[-1])
            if width < 600:
                driver.execute_script(_CITED)
                taken.append(folder / f"article-{width}-{scheme}.png")
                picture(driver, taken[-1])
    show(driver, f"{url}/?q={quote(REFUSED)}", 1440, 900, "light")
    wait_for("the answer", lambda: driver.execute_script(_SETTLED), 60)
    taken.append(folder / "second-1440-light.png")
    picture(driver, taken[-1])
    return taken


def main() -> None:
    """Take the pictures and say where they are."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", help="a wenda that runs already")
    parser.add_argument("--output", type=Path, default=OUTPUT)
    arguments = parser.parse_args()
    arguments.output.mkdir(parents=True, exist_ok=True)
    with live(arguments.url) as url, chromium() as driver:
        for file in take(driver, url, arguments.output):
            print(file, f"{file.stat().st_size // 1024} KB")


if __name__ == "__main__":
    main()
