"""The report of `wenda test --report` in a real Chromium: how long it takes to open and to filter.

    python -m benchmarks.question_report [--questions 1000] [--times 5] [--output FILE]

writes the report of so many made-up questions, opens it from the disk that often, and changes the
filters. All times are milliseconds: `load_ms` from the start of the navigation to the end of the
load event, each filter from its change until it is drawn, and `*_cpu_ms` what the page's own thread
worked for it, which other work of the machine does not change. `hosts` are the hosts that were
asked for anything, and there is to be none. Prints the result and writes it to
`benchmarks/results/question_report.json`, or to FILE.
"""

from __future__ import annotations

import argparse
import json
import os
import tempfile
from datetime import datetime
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from benchmarks.chromium import chromium
from benchmarks.machine import stamp
from chatbot.question_sets.report_page import write_page
from chatbot.question_sets.summary import summarise
from tests.chatbot.question_sets.runs import made_up_run

if TYPE_CHECKING:
    from selenium import webdriver

RESULTS = Path(__file__).resolve().parent / "results"
FILTERS = {
    "two words": ("words", "海天 研发"),
    "one question": ("words", "q777"),
    "all again": ("words", ""),
    "the wrong ones": ("state", "wrong"),
    "a tag": ("tag", "0"),
}
_CHANGE = """
const [id, value, done] = arguments;
const began = performance.now();
document.getElementById(id).value = value;
document.getElementById("filter").dispatchEvent(new Event("input"));
requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now() - began)));
"""


def worked(driver: webdriver.Chrome) -> float:
    """Return the milliseconds that the page's main thread has computed so far."""
    metrics = driver.execute_cdp_cmd("Performance.getMetrics", {})["metrics"]
    return 1000 * float(next(it["value"] for it in metrics if it["name"] == "TaskDuration"))


def measure(driver: webdriver.Chrome, address: str, times: int) -> dict[str, Any]:
    """Open the page `times` times and return the medians, and the worst time to open."""
    driver.execute_cdp_cmd("Performance.enable", {"timeDomain": "threadTicks"})
    loads, loads_cpu = [], []
    filters: dict[str, list[float]] = {name: [] for name in FILTERS}
    filters_cpu: dict[str, list[float]] = {name: [] for name in FILTERS}
    hosts: set[str] = set()
    for _ in range(times):
        driver.get("about:blank")
        before = worked(driver)
        driver.get(address)
        timing = "return performance.getEntriesByType('navigation')[0].loadEventEnd"
        loads.append(float(driver.execute_script(timing)))
        loads_cpu.append(worked(driver) - before)
        for name, change in FILTERS.items():
            before = worked(driver)
            filters[name].append(float(driver.execute_async_script(_CHANGE, *change)))
            filters_cpu[name].append(worked(driver) - before)
        asked = driver.execute_script(
            "return performance.getEntriesByType('resource').map((it) => it.name)"
        )
        hosts |= {urlsplit(it).netloc for it in asked}
    return {
        "load_ms": round(median(loads)),
        "worst_load_ms": round(max(loads)),
        "load_cpu_ms": round(median(loads_cpu)),
        "filter_ms": {name: round(median(took)) for name, took in filters.items()},
        "filter_cpu_ms": {name: round(median(took)) for name, took in filters_cpu.items()},
        "hosts": sorted(hosts),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--questions", type=int, default=1_000)
    parser.add_argument("--times", type=int, default=5)
    parser.add_argument("--output", type=Path, default=RESULTS / "question_report.json")
    options = parser.parse_args()
    outcomes = made_up_run(options.questions)
    scores = [it.score for it in outcomes]
    with tempfile.TemporaryDirectory() as folder, chromium() as driver:
        page = Path(folder) / "report.html"
        write_page(page, outcomes, scores, summarise(scores), when=datetime.now())
        load = os.getloadavg()[0]
        result = {
            **stamp(),
            "browser": f"Chromium {driver.capabilities['browserVersion']}",
            "load_average": round(load, 1),
            "questions": options.questions,
            "page_mb": round(page.stat().st_size / 1e6, 2),
            "times": options.times,
            **measure(driver, page.as_uri(), options.times),
        }
    print(json.dumps(result, ensure_ascii=False, indent=2))
    options.output.parent.mkdir(parents=True, exist_ok=True)
    options.output.write_text(json.dumps(result, ensure_ascii=False, indent=2) + "\n", "utf-8")


if __name__ == "__main__":
    main()
