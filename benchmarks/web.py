"""What a visitor waits for: from Enter to the mark, and from the address to a page that is ready.

    python -m benchmarks.web [--url http://127.0.0.1:7860] [--output FILE]

asks questions of the article's reporting half in a real Chromium, each in a conversation of its
own, until twenty were answered with a mark, and writes `benchmarks/results/web.json`. Without
`--url` it starts wenda itself. The browser's own clock runs from the key to the first frame in
which the mark can be seen; `milliseconds` is what wenda says of itself.
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
QUESTIONS = ROOT / "tests" / "questions" / "beilun.jsonl"
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
  if (!inSight(document.querySelector("#wenda-article mark"))) return setTimeout(look, 1);
  finish(true);
};
// Whole, in the pane and in the window, and nothing over it.
const inSight = (mark) => {
  if (!mark) return false;
  const box = mark.getClientRects()[0];
  const view = document.querySelector(".wd-scroll").getBoundingClientRect();
  const top = document.elementFromPoint((box.left + box.right) / 2, (box.top + box.bottom) / 2);
  return box.height > 0 && box.top >= Math.max(0, view.top)
    && box.bottom <= Math.min(innerHeight, view.bottom) && mark.contains(top);
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
    driver.set_script_timeout(120)
    driver.execute_async_script(_ASK, questions[0])  # what only the first question pays
    asked: list[dict[str, Any]] = []
    marked: list[dict[str, Any]] = []
    for question in questions:
        asked.append(driver.execute_async_script(_ASK, question))
        marked += asked[-1:] if asked[-1]["marked"] else []
        if len(marked) == TIMES:
            break
    else:
        raise SystemExit(f"of {len(asked)} questions only {len(marked)} were answered with a mark")
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
    rows = [json.loads(line) for line in QUESTIONS.read_text(encoding="utf-8").splitlines()]
    questions = [
        row["question"]
        for row in rows
        if "report" in row["tags"] and row.get("answerable", True) and not row.get("history")
    ]
    with live(arguments.url) as url, chromium() as driver:
        load = first_load(driver, url)
        wait_for("the script", lambda: driver.execute_script("return !!wenda.page.chat"), 60)
        measured = {"first_load": load, "answers": answers(driver, questions)}
    result = {"command": "python -m benchmarks.web", "machine": stamp(), **measured}
    text = json.dumps(result, ensure_ascii=False, indent=1)
    arguments.output.write_text(f"{text}\n", encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
