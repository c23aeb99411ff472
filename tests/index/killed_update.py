"""Updates an index and kills itself at each step on the disk in turn; `test_kills` runs it.

    python -m tests.index.killed_update FOLDER

Before every file operation below the index, in the middle of every file written and before every
fsync a forked child is killed (SIGKILL, no clean-up of any kind). Prints one JSON line per child:
at which step, what the index was after it, and what the next update made of it.
"""

from __future__ import annotations

import itertools
import json
import os
import shutil
import signal
import sys
from pathlib import Path

import index.generation
from index.generation import IndexFileError, check_index, load_index
from index.updating import update_index
from tests.index.fake_encoder import FakeEncoder, document

OLDEST = [document("a", "甲一。")]
OLD = [document("a", "甲一。"), document("b", "乙一。")]
NEW = [document("a", "甲一改。"), document("c", "丙一。", "丙二。")]


def kill_at(step: int, directory: Path) -> None:
    """Have this process killed at its `step`th step (from 1) below `directory`."""
    steps = itertools.count(1)

    def count() -> None:
        if next(steps) == step:
            os.kill(os.getpid(), signal.SIGKILL)

    def watch(event: str, arguments: tuple[object, ...]) -> None:
        changes = event in ("os.mkdir", "os.rename", "os.remove", "os.rmdir", "os.truncate")
        writes = event == "open" and "w" in str(arguments[1])
        if not (changes or writes):
            return
        path = str(arguments[0])
        # shutil.rmtree names what it removes relative to an open folder.
        if str(directory) in path or (event in ("os.remove", "os.rmdir") and path[:1] != "/"):
            count()

    def write_in_two(path: Path, content: bytes) -> None:
        with path.open("wb") as file:
            file.write(content[: len(content) // 2])
            file.flush()
            count()
            file.write(content[len(content) // 2 :])
            file.flush()
            count()
            os.fsync(file.fileno())
        count()

    index.generation._write_through = write_in_two
    sys.addaudithook(watch)


def state(directory: Path) -> str:
    """Return which documents are in the index, or what is wrong with it."""
    try:
        held = load_index(directory).documents
    except IndexFileError as error:
        return error.trouble
    names = {tuple(OLDEST): "oldest", tuple(OLD): "old", tuple(NEW): "new"}
    return names[held]


def main(folder: Path) -> None:
    prepared = folder / "prepared"
    # Two generations, so that the update has one to remove as well.
    update_index(OLDEST, prepared / "old", FakeEncoder())
    update_index(OLD, prepared / "old", FakeEncoder())
    (prepared / "none").mkdir()
    for before in ("old", "none"):
        for step in itertools.count(1):
            directory = folder / f"{before}{step}"
            shutil.copytree(prepared / before, directory)
            child = os.fork()
            if child == 0:
                kill_at(step, directory)
                update_index(NEW, directory, FakeEncoder())
                os._exit(0)
            _, status = os.waitpid(child, 0)
            killed = os.WIFSIGNALED(status)
            after = state(directory)
            update_index(NEW, directory, FakeEncoder())
            line = {
                "before": before,
                "step": step,
                "killed": killed,
                "status": status,
                "after": after,
                "next": state(directory),
                "findings": check_index(directory),
                "generations": len(list((directory / "generations").iterdir())),
                "beside": sorted(p.name for p in directory.iterdir()),
            }
            print(json.dumps(line), flush=True)
            shutil.rmtree(directory)
            if not killed:
                break


if __name__ == "__main__":
    main(Path(sys.argv[1]))
