"""A browser test that is skipped in CI is a hole nobody sees: there it must fail."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.parametrize(("ci", "status", "word"), [("true", 1, "1 error"), ("", 0, "1 skipped")])
def test_a_missing_chromium_fails_in_ci_and_is_skipped_elsewhere(
    tmp_path: Path, ci: str, status: int, word: str
) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "tests/browser/test_chat.py", "-q", "-k", "small_talk"],
        cwd=Path(__file__).parents[2],
        env={**os.environ, "PATH": str(tmp_path), "CI": ci},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == status, done.stdout
    assert word in done.stdout
