"""Set wenda up and start it, on any machine with Python 3.11 or newer and nothing else.

    python3 start.py               sets all up and serves the chat
    python3 start.py ask 问题       the same for any wenda command and its options
    python3 start.py check         sets all up and runs the tests

It makes a virtual environment in .venv and installs wenda into it with pip; what is already there
is not installed again. Only the standard library may be used here: it runs before anything else.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent
ENVIRONMENT = ROOT / ".venv"
BIN = ENVIRONMENT / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / ("python.exe" if os.name == "nt" else "python")


def set_up(extra: str) -> None:
    """Make the environment and install wenda with `extra` ("" or "test") unless that is done."""
    wanted = hashlib.sha256((ROOT / "pyproject.toml").read_bytes()).hexdigest()
    stamp = ENVIRONMENT / f"installed-{extra or 'wenda'}"
    # Whoever installed for the tests has all that wenda needs, too.
    for done_before in {stamp, ENVIRONMENT / "installed-test"}:
        if PYTHON.exists() and done_before.exists() and done_before.read_text() == wanted:
            return
    if not PYTHON.exists():
        print("正在建立虚拟环境 .venv ……", file=sys.stderr, flush=True)
        venv.create(ENVIRONMENT, with_pip=True)
    print("正在安装依赖（首次约需几分钟）……", file=sys.stderr, flush=True)
    target = f"{ROOT}[{extra}]" if extra else str(ROOT)
    command = [str(PYTHON), "-m", "pip", "install", "--disable-pip-version-check", "--quiet"]
    done = subprocess.run([*command, "--editable", target], check=False)
    if done.returncode:
        raise SystemExit(
            "安装没有成功：请看上面 pip 的说明，检查网络后再运行一次，已完成的部分不会重来。"
        )
    stamp.write_text(wanted)


def main(arguments: list[str]) -> int:
    """Set up what the command needs, run it and return its exit status."""
    if sys.version_info < (3, 11):  # noqa: UP036 - it is run by whatever python3 there is
        found = ".".join(map(str, sys.version_info[:2]))
        raise SystemExit(
            f"需要 Python 3.11 或更新的版本，现在是 {found}：请换用 python3.11 来运行。"
        )
    checking = arguments[:1] == ["check"]
    set_up("test" if checking else "")
    if checking:
        command = [str(PYTHON), "-m", "pytest", *arguments[1:]]
    else:
        command = [str(PYTHON), "-m", "chatbot", *(arguments or ["serve"])]
    try:
        return subprocess.run(command, cwd=ROOT if checking else None, check=False).returncode
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
