"""The numbers that were fitted to the shipped models, read from `chatbot/weights/`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from chatbot.reader_model import WEIGHTS
from index.bundled_model import versioned_file

FITTED = WEIGHTS.parent


def fitted_numbers(name: str, version: int, folder: Path = FITTED) -> dict[str, Any]:
    """Return what the JSON file `name` holds, whose format must be `version`.

    ModelFileError names a file that is missing, damaged or of another version.
    """
    return versioned_file(folder / name, version, "这个文件")
