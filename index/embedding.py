"""Questions and paragraphs as vectors, by sentence-transformers.

Opening an encoder loads nothing: an index that is up to date needs its identity only, so neither
torch nor the model is touched before the first text is encoded.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

# Paragraphs encoded between two calls of `progress`, and in one pass of the model. Short batches
# waste less on padding: texts come sorted by length, and two cores gain nothing from long ones.
_STEP = 16
_BATCH = 8

# What a model's vectors depend on; a README or an ONNX copy beside the weights is not hashed.
_MODEL_FILES = {".json", ".safetensors", ".bin", ".txt", ".model"}
_OTHER_BACKENDS = ("onnx", "openvino")

Progress = Callable[[int, int], None]


class EncoderError(ValueError):
    """The embedding model cannot be used; the message is one line for the user."""


class Encoder(Protocol):
    """What turns texts into vectors. Rows are L2-normalised float32, (texts, dimension)."""

    @property
    def identity(self) -> str:
        """What names the model and its weights; vectors of two identities do not compare."""

    @property
    def dimension(self) -> int:
        """Length of a vector."""

    def encode_questions(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return the vectors of questions, (texts, dimension)."""

    def encode_paragraphs(
        self, texts: Sequence[str], progress: Progress | None = None
    ) -> NDArray[np.float32]:
        """Return the vectors of paragraphs, (texts, dimension).

        `progress` is called with (encoded so far, all).
        """


def open_encoder(model: str | None = None) -> Encoder:
    """Return the encoder for `model`, without loading it.

    None is the model that comes with wenda; else a sentence-transformers folder, or the name of
    one in the Hugging Face cache or, where a hub can be reached, on it. Raises EncoderError for a
    folder or name that is no such model, ModelFileError for a damaged bundled model.
    """
    if model is None:
        from index.bundled_model import bundled_identity, bundled_model_folder

        return SentenceTransformerEncoder("随附模型", bundled_identity(), bundled_model_folder)
    folder = _find_folder(model)
    return SentenceTransformerEncoder(model, folder_identity(folder), lambda: folder)


class SentenceTransformerEncoder:
    """An `Encoder` on a sentence-transformers folder. Safe to call from several threads.

    Questions and paragraphs get the prompts that the model's configuration names (for E5
    `query: ` and `passage: `). A paragraph beyond the model's limit (bundled: 512 tokens, about
    690 characters) is cut there: the mean of its halves found less by itself (R@1 0.937 against
    0.946) and the same once fused (benchmarks/results/retrieval.json).
    """

    def __init__(self, name: str, identity: str, folder: Callable[[], Path]) -> None:
        """Encode with the model in `folder()`, called once at first need; `name` is for errors."""
        self.identity = identity
        self._name = name
        self._folder = folder
        self._model: Any = None
        self._last: tuple[tuple[str, ...], NDArray[np.float32]] | None = None
        # Tokenizers set padding and truncation on a shared object, and the torch model takes all
        # cores for one text anyway.
        self._lock = threading.Lock()

    @property
    def dimension(self) -> int:
        """Length of a vector; loads the model."""
        with self._lock:
            return int(self._load().get_embedding_dimension())

    def encode_questions(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return the vectors of questions, (texts, dimension)."""
        with self._lock:
            # Retrieval and reading both ask for the vector of the question at hand.
            if self._last is None or self._last[0] != tuple(texts):
                self._last = tuple(texts), self._encode(self._load().encode_query, texts)
            return self._last[1].copy()

    def encode_paragraphs(
        self, texts: Sequence[str], progress: Progress | None = None
    ) -> NDArray[np.float32]:
        """Return the vectors of paragraphs, (texts, dimension).

        Longest first, so that the progress that is shown never slows down.
        """
        order = sorted(range(len(texts)), key=lambda number: -len(texts[number]))
        encoded: list[NDArray[np.float32]] = []
        for start in range(0, len(order), _STEP):
            step = [texts[number] for number in order[start : start + _STEP]]
            with self._lock:  # released between steps: questions are answered meanwhile
                encoded.append(self._encode(self._load().encode_document, step))
            if progress is not None:
                progress(start + len(step), len(order))
        if not encoded:
            return np.zeros((0, self.dimension), np.float32)
        vectors = np.concatenate(encoded)
        result = np.empty_like(vectors)
        result[order] = vectors
        return result

    def _encode(self, encode: Callable[..., Any], texts: Sequence[str]) -> NDArray[np.float32]:
        if not texts:
            return np.zeros((0, int(self._load().get_embedding_dimension())), np.float32)
        vectors: NDArray[np.float32] = encode(
            [_encodable(text) for text in texts],
            batch_size=_BATCH,
            show_progress_bar=False,
            convert_to_numpy=True,
            normalize_embeddings=True,
        )
        return np.asarray(vectors, np.float32)

    def _load(self) -> Any:
        """Return the model, loaded on the first call; hold the lock."""
        if self._model is None:
            folder = self._folder()
            # Read at import: nothing may look for a newer model or count downloads, and a fork
            # (a server's worker) must not warn about tokenizer threads.
            os.environ.setdefault("HF_HUB_OFFLINE", "1")
            os.environ.setdefault("TRANSFORMERS_OFFLINE", "1")
            os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
            from sentence_transformers import SentenceTransformer
            from transformers.utils import logging

            # Its bar for loading weights would run through the caller's own.
            logging.disable_progress_bar()  # type: ignore[no-untyped-call]
            try:
                self._model = SentenceTransformer(str(folder), local_files_only=True, device="cpu")
            except Exception as error:  # safetensors, tokenizers and torch each have their own
                raise EncoderError(
                    f"模型 {self._name}：不能载入（{_first_line(error)}）；"
                    "请检查模型文件是否完整，或用 WENDA_MODEL 指定另一个模型"
                ) from error
        return self._model


def folder_identity(folder: Path) -> str:
    """Return a SHA-256 over the configuration and weights in a model folder, names included.

    The folder's own name and place do not count: a copied model is the same model.
    """
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*"), key=lambda path: path.relative_to(folder).as_posix()):
        inside = path.relative_to(folder)
        hidden = any(part.startswith(".") for part in inside.parts)
        if hidden or inside.parts[0] in _OTHER_BACKENDS or path.suffix not in _MODEL_FILES:
            continue
        if not path.is_file():
            continue
        with path.open("rb") as file:
            content = hashlib.file_digest(file, "sha256").hexdigest()
        digest.update(f"{inside.as_posix()}\x00{content}\n".encode())
    return f"sha256:{digest.hexdigest()}"


def _find_folder(model: str) -> Path:
    """Return the folder of a model given as a folder or as a name on the hub."""
    folder = Path(model).expanduser()
    if folder.is_dir():
        if not _is_model(folder):
            raise EncoderError(
                f"模型 {model}：这个文件夹里没有可用的 modules.json 或 config.json，不是 "
                "sentence-transformers 模型；请用 WENDA_MODEL 指定模型所在的文件夹"
            )
        return folder
    if folder.exists():
        raise EncoderError(f"模型 {model}：是一个文件，不是文件夹；请用 WENDA_MODEL 指定模型文件夹")
    # A name on the hub is `name` or `owner/name`; anything else can only be meant as a folder.
    if not re.fullmatch(r"[A-Za-z0-9][\w.-]*(/[\w.-]+)?", model, re.ASCII):
        raise EncoderError(f"模型 {model}：找不到这个文件夹；请检查 WENDA_MODEL 的拼写")
    return _from_hub(model)


def _is_model(folder: Path) -> bool:
    for name in ("modules.json", "config.json"):
        try:
            json.loads((folder / name).read_text("utf-8"))
        except (OSError, ValueError):
            continue
        return True
    return False


def _from_hub(name: str) -> Path:
    """Return the folder of a model in the local cache, fetched there if need be."""
    from huggingface_hub import snapshot_download

    # Short names belong to sentence-transformers, as that library reads them.
    full = name if "/" in name else f"sentence-transformers/{name}"
    try:
        return Path(snapshot_download(full, local_files_only=True))
    except Exception:
        pass
    try:
        return Path(
            snapshot_download(full, ignore_patterns=["onnx/*", "openvino/*", "*.h5", "*.msgpack"])
        )
    except Exception as error:  # no network, no such model, no permission: all the same here
        raise EncoderError(
            f"模型 {name}：不是本机的文件夹，本机缓存里没有，也不能从模型站取得"
            f"（{type(error).__name__}）；请检查 WENDA_MODEL 的拼写，或改用模型文件夹"
        ) from error


def _encodable(text: str) -> str:
    """Return `text` with lone surrogates, which no tokenizer takes, replaced by U+FFFD."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _first_line(error: Exception) -> str:
    return (str(error).strip() or type(error).__name__).splitlines()[0][:200]
