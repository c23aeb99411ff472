"""The reader's network: question and windows of text in, start and end scores out.

The weights are an ONNX graph in `chatbot/weights/reader/`, run by ONNX Runtime: no torch. Its
tokenizer and word embeddings are the bundled encoder's, of which there is one copy.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chatbot.reader_tokens import Tokens
from index.bundled_model import (
    PACK,
    ModelFileError,
    bundled_identity,
    dequantise,
    versioned_file,
)

WEIGHTS = Path(__file__).resolve().parent / "weights" / "reader"
FORMAT = 2

# Tokens of a row, as the reader was trained: question, window and four special ones.
ROW = 176
# Numbers in the state of a question.
STATE = 1152

# Less room than this is not worth filling with what leads up to a window.
_FEW = 8
# Ids of the special tokens, as training/derive_encoder.py lays them.
START, END = 0, 2


class ReaderModel:
    """Tokenizer, embeddings and graph. Safe to share between threads."""

    def __init__(self, weights: Path = WEIGHTS) -> None:
        """Load the weights in `weights`; ModelFileError names a file that is no good."""
        import onnxruntime
        from safetensors.numpy import load_file
        from tokenizers import Tokenizer

        graph = _verified(weights)
        packed = load_file(PACK / "model.q4.safetensors")
        name = "embeddings.word_embeddings.weight"
        self._nibbles = packed[f"{name}.nibbles"]
        self._scales = packed[f"{name}.scales"]
        self._tokenizer = Tokenizer.from_file(str(PACK / "tokenizer.json"))
        options = onnxruntime.SessionOptions()
        options.log_severity_level = 3
        # Windows side by side keep the processors busier than each window cut in pieces.
        options.intra_op_num_threads = 1
        self._threads = ThreadPoolExecutor(os.cpu_count() or 1, "wenda-reader")
        try:
            self._session: Any = onnxruntime.InferenceSession(
                graph, options, providers=["CPUExecutionProvider"]
            )
        except Exception as error:  # onnxruntime's own kinds of error share no public base
            reason = str(error).splitlines()[0]
            raise ModelFileError(
                f"{weights / 'reader.onnx'}：阅读模型载入失败（{reason}）；请重新安装 wenda"
            ) from None

    def tokenise(self, text: str) -> Tokens:
        """Tokenise without special tokens."""
        encoding = self._tokenizer.encode(text, add_special_tokens=False)
        return Tokens(encoding.ids, encoding.offsets)

    def scores(
        self,
        question: Sequence[int],
        windows: Sequence[Sequence[int]],
        lead_ups: Sequence[Sequence[int]],
    ) -> list[tuple[NDArray[np.float32], NDArray[np.float32], float]]:
        """Return for each window its start and end logits, (tokens,) each, and "no answer".

        `question`, `windows` and what leads up to each of them (see `reading_row`) are piece ids.
        "No answer" is the sum of the start and end logits at the first token, <s>. Each window is
        run by itself: the activations are quantised over all that is run together, and a window's
        scores must not depend on its neighbours.
        """
        if len(windows) < 2:
            return [self._score(question, *pair) for pair in zip(windows, lead_ups, strict=True)]
        return list(self._threads.map(self._score, [question] * len(windows), windows, lead_ups))

    def question_state(self, question: str) -> NDArray[np.float32]:
        """Return what the network makes of a question by itself: (STATE,), means over its tokens
        of what three of its layers put out.
        """
        asked = self.tokenise(question).ids[: ROW - 4]
        [state] = self._run(reading_row(asked, ()), ["state"])
        found: NDArray[np.float32] = state[0]
        return found

    def _run(self, ids: list[int], outputs: list[str]) -> list[NDArray[np.float32]]:
        """Return the graph's `outputs` for one row of piece ids."""
        words = dequantise(self._nibbles[ids], self._scales[ids])[None]
        mask = np.ones((1, len(ids)), np.float32)
        found: list[NDArray[np.float32]] = self._session.run(
            outputs, {"words": words, "mask": mask}
        )
        return found

    def _score(
        self, question: Sequence[int], window: Sequence[int], lead_up: Sequence[int]
    ) -> tuple[NDArray[np.float32], NDArray[np.float32], float]:
        """Return the start and end logits of one window, (tokens,) each, and "no answer"."""
        ids = reading_row(question, window, lead_up)
        starts, ends = self._run(ids, ["starts", "ends"])
        end = len(ids) - 1
        offset = end - len(window)
        none = float(starts[0, 0]) + float(ends[0, 0])
        return starts[0, offset:end], ends[0, offset:end], none


def reading_row(
    question: Sequence[int], window: Sequence[int], lead_up: Sequence[int] = ()
) -> list[int]:
    """Return the piece ids that the network sees; the window stands last, before a closing </s>.

    What leads up to it, if anything, is closed by its own: no answer is taken from there.
    """
    closed = [*lead_up, END] if lead_up else []
    return [START, *question, END, END, *closed, *window, END]


def leading(pieces: Sequence[int], room: int) -> Sequence[int]:
    """Return the end of what leads up to a window, where `room` is left for it in the row.

    A few pieces tell nothing.
    """
    return pieces[-(room - 1) :] if room > _FEW else ()


def _verified(weights: Path) -> bytes:
    """Return the graph's bytes once manifest, hash and encoder agree."""
    path = weights / "reader.json"
    manifest = versioned_file(path, FORMAT, "阅读模型的清单")
    if manifest.get("encoder") != bundled_identity():
        raise ModelFileError(f"{path}：阅读模型不配随附的编码模型；请重新安装 wenda")
    graph = weights / "reader.onnx"
    try:
        content = graph.read_bytes()
    except OSError:
        raise ModelFileError(f"{graph}：缺少阅读模型；请重新安装 wenda") from None
    if hashlib.sha256(content).hexdigest() != manifest.get("sha256"):
        raise ModelFileError(f"{graph}：文件不完整或已被改动；请重新安装 wenda")
    return content
