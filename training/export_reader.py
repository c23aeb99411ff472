"""Export a trained reader to ONNX, in the formats to choose between.

    python -m training.export_reader runs/reader/checkpoint.pt --output runs/export

writes `float32/`, `int8/` (dynamic, per channel) and `int7/` (the same with 7-bit weights:
processors without VNNI saturate when they add two products of 8 bits), each a folder that
`python -m benchmarks.reading --weights` measures, and copies one of them to
`chatbot/weights/reader/` with `--ship FORMAT`. Loud channels are quietened before rounding
(`training/outlier_smoothing.py`), by what training windows from `--data` make of them.

Word embeddings are looked up outside the graph, in the table that the encoder has anyway.
"""

from __future__ import annotations

import argparse
import copy
import hashlib
import json
import math
import random
import shutil
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from tokenizers import Tokenizer
from torch import nn

from chatbot.reader_model import FORMAT, ROW, WEIGHTS
from index.bundled_model import PACK, bundled_identity, bundled_model_folder
from training.outlier_smoothing import Scales, smoothed_maps, smoothing_scales
from training.reading_data import WindowSampler, training_questions
from training.reading_model import SpanReader, probed_layers

ROOT = Path(__file__).resolve().parent.parent
HEADS = 12
LOOKED_AT = 32  # windows; half a minute with the export
GRAPH = "reader.onnx"


class Graph(nn.Module):
    """The reader as plain tensor operations: what the exporter writes down is what stands here.

    Inputs: `words` (rows, tokens, hidden), the embeddings of the tokens' pieces, and `mask`
    (rows, tokens), 1.0 for tokens and 0.0 for padding. Outputs: start and end logits, and `state`
    (rows, 3 hidden), the means over a row's tokens of what the probed layers put out.

    The inputs of each layer's `smoothed_maps` are divided by `scales`, their weights multiplied.
    """

    def __init__(self, reader: SpanReader, scales: Sequence[Scales]) -> None:
        super().__init__()
        embeddings = reader.encoder.embeddings
        # A row has at most ROW tokens; the rest of the table would be shipped for nothing.
        self.position = nn.Parameter(embeddings.position_embeddings.weight[:ROW].clone())
        self.kind = embeddings.token_type_embeddings.weight
        self.norm = embeddings.LayerNorm
        self.layers = copy.deepcopy(reader.encoder.encoder.layer)
        self.smoothing = nn.ParameterList()  # two a layer, as `load_shipped` reads them
        for layer, pair in zip(self.layers, scales, strict=True):
            for linear, scale in zip(smoothed_maps(layer), pair, strict=True):
                linear.weight.data *= scale
                self.smoothing.append(1 / scale)
        # The third score is for training alone: what it tells chose things of lists no better.
        self.head = nn.Linear(reader.head.in_features, 2)
        self.head.load_state_dict({"weight": reader.head.weight[:2], "bias": reader.head.bias[:2]})
        self.hidden = reader.encoder.config.hidden_size

    def forward(
        self, words: torch.Tensor, mask: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        rows, tokens, _ = words.shape
        state = self.norm(words + self.position[:tokens] + self.kind[0])
        bias = (1.0 - mask)[:, None, None, :] * -1e4
        size = self.hidden // HEADS
        outputs = []
        for number, layer in enumerate(self.layers):
            own = layer.attention.self
            query, key, value = (
                part(state).view(rows, tokens, HEADS, size).transpose(1, 2)
                for part in (own.query, own.key, own.value)
            )
            weights = torch.softmax(query @ key.transpose(-1, -2) / math.sqrt(size) + bias, -1)
            mixed = (weights @ value).transpose(1, 2).reshape(rows, tokens, self.hidden)
            output = layer.attention.output
            state = output.LayerNorm(output.dense(mixed) + state)
            into, out = self.smoothing[2 * number : 2 * number + 2]
            inner = nn.functional.gelu(layer.intermediate.dense(state * into))
            state = layer.output.LayerNorm(layer.output.dense(inner * out) + state)
            outputs.append(state)
        logits = self.head(state)
        probed = [outputs[number - 1] for number in probed_layers(len(outputs))]
        states = (torch.cat(probed, -1) * mask[..., None]).sum(1) / mask.sum(1, keepdim=True)
        return logits[..., 0], logits[..., 1], states


def load_checkpoint(path: Path) -> tuple[SpanReader, int]:
    """Return the reader of a checkpoint, and its step."""
    state = torch.load(path, map_location="cpu", weights_only=True)
    reader = SpanReader.from_encoder(bundled_model_folder())
    reader.load_state_dict(state["model"])
    return reader.eval(), int(state["step"])


def windows_to_look_at(data: Path) -> list[list[int]]:
    """Return token ids of windows as they are trained on, of questions drawn by lot."""
    questions = random.Random(0).sample(training_questions(data), LOOKED_AT)
    tokenizer = Tokenizer.from_file(str(PACK / "tokenizer.json"))
    sampler = WindowSampler(questions, tokenizer, led_up=0.8)
    return [sampler.draw(number, random.Random(number)).ids for number in range(LOOKED_AT)]


def export(reader: SpanReader, folder: Path, scales: Sequence[Scales]) -> dict[str, Path]:
    """Write every format as `reader.onnx` in a folder of its own; returns the folders by name."""
    folders = {name: folder / name for name in ("float32", "int8", "int7")}
    for one in folders.values():
        one.mkdir(parents=True, exist_ok=True)
    plain = folders["float32"] / GRAPH
    hidden = reader.encoder.config.hidden_size
    names = ("words", "mask", "starts", "ends", "state")
    with torch.inference_mode():
        torch.onnx.export(
            Graph(reader, scales).eval(),
            (torch.zeros(2, 7, hidden), torch.ones(2, 7)),
            str(plain),
            input_names=names[:2],
            output_names=names[2:],
            dynamic_axes={name: {0: "rows", 1: "tokens"} for name in names[:4]}
            | {"state": {0: "rows"}},
            opset_version=17,
            dynamo=False,
        )
    for name in ("int8", "int7"):
        quantize_dynamic(
            plain,
            folders[name] / GRAPH,
            per_channel=True,
            reduce_range=name == "int7",
            weight_type=QuantType.QInt8,
            op_types_to_quantize=["MatMul", "Gemm"],
            # 768 weights that decide: rounding them saves nothing.
            nodes_to_exclude=["/head/MatMul"],
            extra_options={"MatMulConstBOnly": True},
        )
    return folders


def describe(folder: Path, fmt: str, step: int, recipe: str) -> None:
    """Write the manifest beside a graph: what it is, and the hash that loading checks."""
    manifest = {
        "format": FORMAT,
        "weights": fmt,
        "encoder": bundled_identity(),
        "step": step,
        "recipe": recipe,
        "date": date.today().isoformat(),
        "sha256": hashlib.sha256((folder / GRAPH).read_bytes()).hexdigest(),
    }
    (folder / "reader.json").write_text(
        json.dumps(manifest, ensure_ascii=False, indent=1) + "\n", encoding="utf-8"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data")
    parser.add_argument("--output", type=Path, default=Path("runs/export"))
    parser.add_argument("--ship", choices=("float32", "int8", "int7"))
    parser.add_argument("--recipe", default="training/README.md")
    options = parser.parse_args()
    reader, step = load_checkpoint(options.checkpoint)
    scales = smoothing_scales(reader, windows_to_look_at(options.data))
    folders = export(reader, options.output, scales)
    for name, folder in folders.items():
        describe(folder, name, step, options.recipe)
        print(f"{name}: {(folder / GRAPH).stat().st_size / 1e6:.1f} MB")
    if options.ship:
        WEIGHTS.mkdir(parents=True, exist_ok=True)
        for name in (GRAPH, "reader.json"):
            shutil.copyfile(folders[options.ship] / name, WEIGHTS / name)


if __name__ == "__main__":
    main()
