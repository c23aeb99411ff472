"""The bundled model: faithful to its source, loaded from a folder, and told apart when damaged."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from index.bundled_model import (
    PACK,
    ModelFileError,
    bundled_identity,
    bundled_model_folder,
    dequantise,
)

REFERENCE = Path(__file__).parent / "data" / "reference_vectors.json"
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    """A copy of the pack that a test may damage."""
    copy = tmp_path / "pack"
    shutil.copytree(PACK, copy)
    return copy


def test_dequantise_by_hand() -> None:
    # One row of one block: byte j holds weight j in its low nibble, weight j + 16 in its high one.
    nibbles = np.zeros((1, 1, 16), np.uint8)
    nibbles[0, 0, 0] = 0x0F  # weight 0: 15 - 8 = 7; weight 16: 0 - 8
    nibbles[0, 0, 1] = 0x98  # weight 1: 8 - 8 = 0; weight 17: 9 - 8
    weights = dequantise(nibbles, np.array([[0.5]], np.float16))
    assert weights.shape == (1, 32)
    assert weights[0, [0, 16, 1, 17, 2]].tolist() == [3.5, -4.0, 0.0, 0.5, -4.0]


@pytest.mark.slow
def test_vectors_agree_with_the_source_model(tmp_path: Path) -> None:
    """Cosine at least 0.999 with the source engine's own vectors, under both prompts.

    In a process of its own, without a network, by plain sentence-transformers.
    """
    code = f"""
import json, socket
def refuse(*_, **__): raise OSError("no network here")
socket.socket.connect = refuse
import numpy as np
from sentence_transformers import SentenceTransformer
rows = json.load(open({str(REFERENCE)!r}, encoding="utf-8"))
model = SentenceTransformer({str(bundled_model_folder(tmp_path))!r}, local_files_only=True,
                            device="cpu")
texts = [row["text"] for row in rows]
for prompt, encode in (("query", model.encode_query), ("document", model.encode_document)):
    wanted = np.array([row[prompt] for row in rows])
    wanted /= np.linalg.norm(wanted, axis=1, keepdims=True)
    print("cosine", float((encode(texts) * wanted).sum(axis=1).min()))
"""
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        env={**os.environ, "HF_HUB_OFFLINE": "1"},
        check=True,
    )
    lowest = [float(line.split()[1]) for line in done.stdout.splitlines() if "cosine" in line]
    assert len(lowest) == 2
    assert min(lowest) >= 0.999


def test_a_saved_model_names_library_classes_only() -> None:
    for module in json.loads((PACK / "modules.json").read_text("utf-8")):
        assert module["type"].startswith("sentence_transformers.")


def test_unpacking_is_done_once(tmp_path: Path) -> None:
    folder = bundled_model_folder(tmp_path)
    before = (folder / "model.safetensors").stat().st_mtime_ns
    assert bundled_model_folder(tmp_path) == folder
    assert (folder / "model.safetensors").stat().st_mtime_ns == before
    assert [path.name for path in folder.parent.iterdir()] == [folder.name]


def test_a_truncated_unpacked_model_is_unpacked_again(tmp_path: Path) -> None:
    folder = bundled_model_folder(tmp_path)
    whole = (folder / "model.safetensors").read_bytes()
    (folder / "model.safetensors").write_bytes(whole[:1000])
    assert bundled_model_folder(tmp_path) == folder
    assert (folder / "model.safetensors").read_bytes() == whole


def test_unpacking_at_once_gives_one_whole_model(tmp_path: Path) -> None:
    with ThreadPoolExecutor(3) as pool:
        folders = set(pool.map(lambda _: bundled_model_folder(tmp_path), range(3)))
    (folder,) = folders
    assert [path.name for path in folder.parent.iterdir()] == [folder.name]


def test_the_identity_names_the_content(pack: Path) -> None:
    assert bundled_identity() == bundled_identity(pack)
    manifest = pack / "pack.json"
    manifest.write_text(manifest.read_text("utf-8").replace("MIT", "mit"), encoding="utf-8")
    # Another path, since the hash of a pack is worked out once.
    assert bundled_identity(pack.rename(pack.with_name("other"))) != bundled_identity()


def test_a_missing_file_is_named(pack: Path, tmp_path: Path) -> None:
    (pack / "tokenizer.json").unlink()
    with pytest.raises(ModelFileError) as error:
        bundled_model_folder(tmp_path, pack)
    assert str(error.value) == f"{pack / 'tokenizer.json'}：随附模型缺少这个文件；请重新安装 wenda"


@pytest.mark.parametrize("damage", ["truncated", "flipped"])
def test_damaged_weights_are_named(pack: Path, tmp_path: Path, damage: str) -> None:
    path = pack / "model.q4.safetensors"
    content = bytearray(path.read_bytes())
    if damage == "truncated":
        del content[len(content) // 2 :]
    else:
        content[len(content) // 2] ^= 1
    path.write_bytes(content)
    with pytest.raises(ModelFileError) as error:
        bundled_model_folder(tmp_path, pack)
    assert str(error.value) == f"{path}：文件不完整或已被改动；请重新安装 wenda"


def test_a_newer_pack_is_refused(pack: Path, tmp_path: Path) -> None:
    path = pack / "pack.json"
    manifest = json.loads(path.read_text("utf-8"))
    path.write_text(json.dumps({**manifest, "format": 2}), encoding="utf-8")
    with pytest.raises(ModelFileError) as error:
        bundled_model_folder(tmp_path, pack)
    assert str(error.value) == (
        f"{path}：随附模型的清单是第 2 版格式，这个 wenda 只认识第 1 版；请重新安装 wenda"
    )


@pytest.mark.parametrize("content", ["", "[]", '{"files": {}}'])
def test_a_broken_manifest_is_named(pack: Path, tmp_path: Path, content: str) -> None:
    (pack / "pack.json").write_text(content, encoding="utf-8")
    with pytest.raises(ModelFileError) as error:
        bundled_model_folder(tmp_path, pack)
    assert str(error.value) == f"{pack / 'pack.json'}：随附模型的清单已损坏；请重新安装 wenda"


def test_a_missing_pack_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(ModelFileError) as error:
        bundled_model_folder(tmp_path, tmp_path / "none")
    path = tmp_path / "none" / "pack.json"
    assert str(error.value) == f"{path}：缺少随附模型的清单；请重新安装 wenda"


def test_a_cache_that_cannot_be_written_is_one_line(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")
    with pytest.raises(ModelFileError, match="请用 WENDA_CACHE 指定一个可写的文件夹"):
        bundled_model_folder(blocked)
