"""The numbers that were fitted to the shipped models, read from `chatbot/weights/`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from chatbot.reader_model import WEIGHTS
from index.bundled_model import ModelFileError

FITTED = WEIGHTS.parent


def fitted_numbers(name: str, version: int, folder: Path = FITTED) -> dict[str, Any]:
    """Return what the JSON file `name` holds, whose format must be `version`.

    ModelFileError names a file that is missing, damaged or of another version.
    """
    path = folder / name
    try:
        numbers: dict[str, Any] = json.loads(path.read_text("utf-8"))
        found = numbers["format"]
    except OSError:
        raise ModelFileError(f"{path}：缺少这个文件；请重新安装 wenda") from None
    except (ValueError, TypeError, KeyError):
        raise ModelFileError(f"{path}：文件已损坏；请重新安装 wenda") from None
    if found != version:
        raise ModelFileError(
            f"{path}：文件是第 {found} 版格式，这个 wenda 只认识第 {version} 版；请重新安装 wenda"
        )
    return numbers
