"""Set-up and start as a newcomer meets them: time, size on disk, time to the first answer, memory.

    python3.11 benchmarks/setup.py [--repository .]

clones the repository into a temporary folder, sets it up with an empty pip cache and an empty
wenda cache, and writes `benchmarks/results/setup.json`. Needs nothing but the standard library.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
RESULT = ROOT / "benchmarks" / "results" / "setup.json"
QUESTION = "海天把多少收入投到研发？"


def megabytes(folder: Path) -> float:
    """Return the size of all files below `folder`, links not followed."""
    files = (p for p in folder.rglob("*") if p.is_file() and not p.is_symlink())
    return round(sum(p.stat().st_size for p in files) / 1e6, 1)


def timed(command: list[str], **options: object) -> tuple[float, str]:
    """Return the seconds a command took and what it printed; it must succeed."""
    began = time.perf_counter()
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, **options)  # type: ignore[call-overload]
    return round(time.perf_counter() - began, 1), done.stdout


def peak_of_children() -> float:
    """Return the largest resident size of any finished child so far, in MB."""
    return round(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1000, 0)


def serve(clone: Path, environment: dict[str, str]) -> dict[str, float]:
    """Start `serve`; return seconds to the page, to readiness and to the first answer, and MB."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    python = clone / ".venv" / "bin" / "python"
    began = time.perf_counter()
    process = subprocess.Popen(
        [str(python), "-m", "chatbot", "serve", "--port", str(port)],
        env=environment,
        stderr=subprocess.DEVNULL,
    )
    url = f"http://127.0.0.1:{port}"
    measured = {}
    for name, path in (("page_s", "/health/live"), ("ready_s", "/health/ready")):
        while True:
            try:
                urllib.request.urlopen(url + path, timeout=5).close()
                break
            except OSError:
                time.sleep(0.1)
        measured[name] = round(time.perf_counter() - began, 1)
    request = urllib.request.Request(
        f"{url}/api/ask",
        json.dumps({"question": QUESTION}).encode(),
        {"Content-Type": "application/json"},
    )
    asked = time.perf_counter()
    urllib.request.urlopen(request, timeout=60).close()
    measured["first_answer_s"] = round(time.perf_counter() - began, 1)
    measured["first_answer_after_ready_ms"] = round(1000 * (time.perf_counter() - asked), 1)
    status = Path(f"/proc/{process.pid}/status").read_text()
    line = next(line for line in status.splitlines() if line.startswith("VmRSS"))
    measured["resident_mb"] = round(int(line.split()[1]) / 1000, 0)
    process.send_signal(signal.SIGINT)
    process.wait(30)
    return measured


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--repository", default=str(ROOT))
    repository = parser.parse_args().repository
    with tempfile.TemporaryDirectory() as folder:
        clone = Path(folder) / "wenda"
        subprocess.run(["git", "clone", "--quiet", repository, str(clone)], check=True)
        environment = {
            **os.environ,
            "PIP_CACHE_DIR": str(Path(folder) / "pip"),
            "WENDA_CACHE": str(Path(folder) / "cache"),
        }
        command = [sys.executable, "start.py", "ask", QUESTION]
        results: dict[str, object] = {"command": "python3.11 benchmarks/setup.py"}
        results["set_up_and_first_ask_s"], said = timed(command, cwd=clone, env=environment)
        results["answer"] = said.strip().splitlines()
        results["environment_mb"] = megabytes(clone / ".venv")
        results["cache_mb"] = megabytes(Path(folder) / "cache")
        results["ask_again_s"] = [timed(command, cwd=clone, env=environment)[0] for _ in range(3)]
        results["ask_peak_mb"] = peak_of_children()
        results["serve_with_index"] = serve(clone, environment)
        python = str(clone / ".venv" / "bin" / "python")
        stamp = "import json; from benchmarks.machine import stamp; print(json.dumps(stamp()))"
        results["machine"] = json.loads(timed([python, "-c", stamp], cwd=clone)[1])
    text = json.dumps(results, ensure_ascii=False, indent=1) + "\n"
    RESULT.write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
