"""Weights back out of a shipped reader, for a next release to go on from."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import numpy_helper

from chatbot.reader_model import WEIGHTS
from training.reading_model import SpanReader

# The linear maps of a layer in the order in which the exported graph multiplies by them.
_MAPS = (
    "attention.self.query",
    "attention.self.key",
    "attention.self.value",
    "attention.output.dense",
    "intermediate.dense",
    "output.dense",
)
# Of these the ones whose inputs the graph multiplies first (`training/outlier_smoothing.py`); the
# weights of earlier graphs are plain.
_SMOOTHED = (4, 5)


def shipped_version() -> str:
    """Return what tells the shipped reader from others, as what is fitted to it records."""
    digest: str = json.loads((WEIGHTS / "reader.json").read_text("utf-8"))["sha256"]
    return digest[:16]


def load_shipped(reader: SpanReader, folder: Path) -> None:
    """Give `reader` the weights of the graph in `folder`.

    Quantised weights come back as the multiples of their scale that they are. What a graph does
    not hold (word embeddings, positions beyond a row's length, in older ones the head's third
    score) stays as it is in `reader`.
    """
    graph = onnx.load(str(folder / "reader.onnx")).graph
    held = {one.name: numpy_helper.to_array(one) for one in graph.initializer}
    state = reader.state_dict()
    embeddings = "encoder.embeddings."
    kept = _tensor(held["position"])
    state[f"{embeddings}position_embeddings.weight"][: len(kept)] = kept
    (kind,) = (value for name, value in held.items() if name.startswith("onnx::Add"))
    state[f"{embeddings}token_type_embeddings.weight"][0] = _tensor(kind)
    products: dict[int, np.ndarray] = {}  # by the number that the exporter counted them with
    for name, value in held.items():
        if name.startswith("layers."):
            state[f"encoder.encoder.layer.{name.removeprefix('layers.')}"] = _tensor(value)
        elif name.startswith("norm."):
            state[f"{embeddings}LayerNorm.{name.removeprefix('norm.')}"] = _tensor(value)
        elif name == "head.bias":
            state[name][: len(value)] = _tensor(value)
        elif name.startswith("onnx::MatMul") and name.endswith("_quantized"):
            scale = held[name.replace("_quantized", "_scale")]
            zero = held[name.replace("_quantized", "_zero_point")].astype(np.float32)
            products[_number(name)] = (value.astype(np.float32) - zero) * scale
        elif name.startswith("onnx::MatMul") and value.ndim == 2:
            products[_number(name)] = value
    *maps, head = (products[number] for number in sorted(products))
    for number, weights in enumerate(maps):
        layer, place = divmod(number, len(_MAPS))
        if place in _SMOOTHED:
            smoothing = held.get(f"smoothing.{2 * layer + _SMOOTHED.index(place)}", np.ones(1))
            weights = weights * smoothing[:, None]
        state[f"encoder.encoder.layer.{layer}.{_MAPS[place]}.weight"] = _tensor(weights.T)
    state["head.weight"][: head.shape[1]] = _tensor(head.T)
    reader.load_state_dict(state)


def _number(name: str) -> int:
    return int(name.split("_")[1])


def _tensor(value: np.ndarray) -> torch.Tensor:
    return torch.from_numpy(np.array(value, np.float32))
