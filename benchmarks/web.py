"""What a visitor waits for: from Enter to the mark, and from the address to a page that is ready.

    python -m benchmarks.web [--url http://127.0.0.1:7860] [--output FILE]

asks twenty questions of the article's reporting half in a real Chromium, each in a conversation of
its own, and writes `benchmarks/results/web.json`. Without `--url` it starts wenda itself. The
browser's own clock runs from the key to the first frame that has the mark; `milliseconds` is what
wenda says of itself.
"""

from __future__ import annotations

import argparse
import json
import statistics
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.chromium import chromium, live, show, wait_for
from benchmarks.machine import stamp

if TYPE_CHECKING:
    from selenium import webdriver

ROOT = Path(__file__).resolve().parent.parent
QUESTIONS = ROOT / "corpus" / "articles" / "beilun-fenji.questions.jsonl"
RESULT = ROOT / "benchmarks" / "results" / "web.json"
TIMES = 20

# Press Enter, and tell when a frame with the mark (or with a refusal) has been painted.
_ASK = """
const [question, done] = arguments;
document.querySelector(".wd-new").click();
const input = document.querySelector("#wenda-question");
input.value = question;
const began = performance.now();
const finish = (marked) => requestAnimationFrame(() => setTimeout(() => done({
  seen: performance.now() - began,
  marked,
  own: wenda.page.chat.turns.at(-1).record?.milliseconds ?? null,
})));
const look = () => {
  const turn = wenda.page.chat.turns.at(-1);
  if (turn?.state === "failed") return finish(false);
  if (turn?.state !== "answered") return setTimeout(look, 1);
  if (!turn.record.answered) return finish(false);
  if (!document.querySelector("#wenda-article mark")) return setTimeout(look, 1);
  finish(true);
};
input.dispatchEvent(new KeyboardEvent(
  "keydown", { key: "Enter", keyCode: 13, bubbles: true, cancelable: true }));
look();
"""

_LOADED = """
const entries = performance.getEntriesByType("resource").concat(
  performance.getEntriesByType("navigation"));
return { bytes: entries.reduce((sum, entry) => sum + entry.transferSize, 0),
         requests: entries.length };
"""


def first_load(driver: webdriver.Chrome, url: str) -> dict[str, Any]:
    """Return bytes, requests and milliseconds until questions are taken, of a first visit."""
    driver.execute_cdp_cmd("Network.enable", {})
    driver.execute_cdp_cmd("Network.clearBrowserCache", {})
    # The page notes itself when its welcome stands: asking it from here would be too coarse.
    watch = """
      new MutationObserver((_, observer) => {
        if (!document.querySelector(".wd-welcome .wd-says")) return;
        window.readyAfter = performance.now();
        observer.disconnect();
      }).observe(document, { childList: true, subtree: true });
    """
    driver.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": watch})
    show(driver, url, 1440, 900, "light")
    loaded: dict[str, Any] = driver.execute_script(_LOADED)
    return {**loaded, "ready_ms": round(driver.execute_script("return readyAfter"), 1)}


def answers(driver: webdriver.Chrome, questions: list[str]) -> dict[str, Any]:
    """Ask each question; return the medians of what is seen and of wenda's own share."""
    driver.set_script_timeout(60)
    driver.execute_async_script(_ASK, questions[0])  # what only the first question pays
    asked = [driver.execute_async_script(_ASK, question) for question in questions]
    marked = [one for one in asked if one["marked"]]
    if not marked:
        raise SystemExit("no question was answered with a mark: is the article another?")
    seen = [one["seen"] for one in marked]
    own = [one["own"] for one in marked]
    return {
        "asked": len(asked),
        "marked": len(marked),
        "enter_to_mark_ms": round(statistics.median(seen), 1),
        "own_ms": round(statistics.median(own), 1),
        "own_share": round(statistics.median(o / s for o, s in zip(own, seen, strict=True)), 3),
        "slowest_ms": round(max(seen), 1),
    }


def main() -> None:
    """Measure and write the result."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", help="a wenda that runs already")
    parser.add_argument("--output", type=Path, default=RESULT)
    arguments = parser.parse_args()
    lines = QUESTIONS.read_text(encoding="utf-8").splitlines()
    examples = [json.loads(line)["question"] for line in lines if line.strip()]
    questions = [examples[number % len(examples)] for number in range(TIMES)]
    with live(arguments.url) as url, chromium() as driver:
        load = first_load(driver, url)
        wait_for("the script", lambda: driver.execute_script("return !!wenda.page.chat"), 20)
        result = {**stamp(), "first_load": load, "answers": answers(driver, questions)}
    text = json.dumps(result, ensure_ascii=False, indent=2)
    arguments.output.write_text(f"{text}\n", encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
