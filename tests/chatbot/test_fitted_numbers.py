"""Files of fitted numbers that are no good end with one line that says which and what to do."""

from __future__ import annotations

from pathlib import Path

import pytest

from chatbot.fitted_numbers import fitted_numbers
from index.bundled_model import ModelFileError


def test_numbers_come_back(tmp_path: Path) -> None:
    (tmp_path / "kinds.json").write_text('{"format": 2, "weights": [1.5]}', "utf-8")
    assert fitted_numbers("kinds.json", 2, tmp_path)["weights"] == [1.5]


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (None, "缺少这个文件"),
        (b"", "已损坏"),
        (b'{"format": 2', "已损坏"),
        (b"\xff\xfe", "已损坏"),
        (b"[2]", "已损坏"),
        (b"{}", "已损坏"),
        (b'{"format": 1}', "是第 1 版格式，这个 wenda 只认识第 2 版"),
    ],
)
def test_what_is_no_good_is_named(tmp_path: Path, content: bytes | None, complaint: str) -> None:
    path = tmp_path / "kinds.json"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(ModelFileError) as error:
        fitted_numbers("kinds.json", 2, tmp_path)
    assert str(error.value).startswith(f"{path}：")
    assert complaint in str(error.value) and "请重新安装 wenda" in str(error.value)
    assert "\n" not in str(error.value)
