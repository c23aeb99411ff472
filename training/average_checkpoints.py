"""Average the weights of two checkpoints of one architecture, for `training.export_reader`.

    python -m training.average_checkpoints runs/fourth/checkpoint.pt runs/fifth/checkpoint.pt \
        --output runs/averaged/checkpoint.pt

A folder of a shipped reader stands for a checkpoint too; what its graph does not hold it takes from
the other.

Of two stages of which the second went on from the first the mean often has the strengths of both:
Wortsman et al., "Model soups: averaging weights of multiple fine-tuned models improves accuracy
without increasing inference time", ICML 2022.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

import torch

from index.bundled_model import bundled_model_folder
from training.reading_model import SpanReader
from training.shipped_reader import load_shipped
from training.train_reader import save


def averaged(one: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    """Return the mean of two state dicts of one architecture; what is no float is the first's.

    :raises ValueError: where they do not have the same tensors.
    """
    different = sorted(one.keys() ^ other.keys()) or sorted(
        name for name, value in one.items() if value.shape != other[name].shape
    )
    if different:
        raise ValueError(f"not of one architecture: {', '.join(different[:3])} differ")
    return {
        name: (value + other[name]) / 2 if value.is_floating_point() else value
        for name, value in one.items()
    }


def shipped_state(folder: Path, beside: dict[str, Any]) -> dict[str, Any]:
    """Return the state dict of a shipped reader, with what its graph does not hold of `beside`."""
    reader = SpanReader.from_encoder(bundled_model_folder())
    reader.load_state_dict(beside)
    load_shipped(reader, folder)
    return reader.state_dict()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("checkpoints", type=Path, nargs=2, help="the first may be a shipped reader")
    parser.add_argument("--output", type=Path, required=True)
    options = parser.parse_args()
    first, second = options.checkpoints
    other = torch.load(second, map_location="cpu", weights_only=True)
    if first.is_dir():
        one = shipped_state(first, other["model"])
    else:
        one = torch.load(first, map_location="cpu", weights_only=True)["model"]
    options.output.parent.mkdir(parents=True, exist_ok=True)
    model = averaged(one, other["model"])
    # No optimiser: nothing goes on from a mean.
    save(options.output, {"model": model, "step": other["step"]})


if __name__ == "__main__":
    main()
