"""Killed at any moment, an update leaves the last good index in use."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from index.generation import check_index, load_index
from index.updating import update_index
from tests.index.fake_encoder import FakeEncoder, document

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="forks and sends SIGKILL")

OLD = [document("a", "甲一。")]
NEW = [document("a", "甲一。"), document("b", *(f"乙{n}。" for n in range(40)))]


def test_killed_at_every_step_on_the_disk(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.index.killed_update", str(tmp_path)],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    for before, allowed in ("old", ["old", "new"]), ("none", ["missing", "damaged", "new"]):
        runs = [line for line in lines if line["before"] == before]
        # A folder, 7 files in pieces, the pointer, the rename and the sweeping: no step was missed.
        assert len(runs) > 30
        assert all(run["killed"] for run in runs[:-1]) and runs[-1]["status"] == 0
        after = [run["after"] for run in runs]
        # The old one up to the rename, the new one from then on.
        assert after == sorted(after, key=allowed.index)
        assert after[0] == allowed[0] and after[-1] == "new"
        for run in runs:
            assert (run["next"], run["findings"]) == ("new", []), run
            assert run["generations"] <= 2, run
            assert set(run["beside"]) <= {"current", "generations", "lock"}, run
    # Killed while it sweeps up: the new index is in use already.
    assert [line["after"] for line in lines if line["before"] == "old"].count("new") > 3


@pytest.mark.parametrize("seconds", [0.05, 0.3])
def test_killed_while_encoding(tmp_path: Path, seconds: float) -> None:
    update_index(OLD, tmp_path, FakeEncoder())
    program = (
        "from pathlib import Path; from index.updating import update_index; "
        "from tests.index.fake_encoder import FakeEncoder; from tests.index.test_kills import NEW;"
        f"update_index(NEW, Path({str(tmp_path)!r}), FakeEncoder(seconds=1.0), "
        "progress=lambda done, all: print(done, flush=True))"
    )
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"1\n"  # it holds the lock and is at work
        time.sleep(seconds)
        process.send_signal(signal.SIGKILL)
    assert load_index(tmp_path).documents == tuple(OLD)
    assert check_index(tmp_path) == []
    # The lock of a killed process is free.
    assert update_index(NEW, tmp_path, FakeEncoder()).added == ("b",)
