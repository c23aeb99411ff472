"""What a few loud channels cost in rounding, moved from the activations into the weights.

The shipped graph rounds each product's inputs to 256 levels between the ends of a window's values
(`training/fake_quantisation.py`). Two or three channels of this encoder are up to twenty times as
loud as the middle one, and next to them that has some twenty levels left: on 800 questions of
cmrc2018_dev the tenth stage's mean lost 2.5 points of exact answers by rounding its activations and
none by rounding its weights. SmoothQuant (Xiao et al., ICML 2023, arXiv:2211.10438) divides each
input channel by a number and multiplies the weights that take it by the same: one multiplication a
channel, and the product is what it was.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import nn

from training.fake_quantisation import RoundedWeight, rounded_activation
from training.reading_model import SpanReader

# How much of a channel's loudness goes to the weights: SmoothQuant's alpha, 0.5 there. Here each
# product takes the one that changes what it puts out least, or is left as it is.
STRENGTHS = (0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)
QUIETEST = 1e-5  # of a channel that is silent in all that was looked at

# What the input channels of a layer's two smoothed maps are divided by: (hidden,) and (inner,).
Scales = tuple[torch.Tensor, torch.Tensor]


def smoothed_maps(layer: nn.Module) -> tuple[nn.Linear, nn.Linear]:
    """Return the maps of an encoder's layer whose inputs have loud channels: into and out of its
    feed-forward part. Rounding the inputs of any of the other four changes the logits less than a
    quarter as much."""
    return layer.intermediate.dense, layer.output.dense


def smoothing_scales(reader: SpanReader, windows: Sequence[Sequence[int]]) -> list[Scales]:
    """Return for each layer what to divide the input channels of its `smoothed_maps` by.

    `windows` are token ids of rows as they are read.
    """
    layers = reader.encoder.encoder.layer
    seen: dict[nn.Linear, list[torch.Tensor]] = {}

    def look(module: nn.Module, inputs: tuple[torch.Tensor, ...]) -> None:
        assert isinstance(module, nn.Linear)
        seen.setdefault(module, []).append(inputs[0])

    hooks = [
        linear.register_forward_pre_hook(look)
        for layer in layers
        for linear in smoothed_maps(layer)
    ]
    with torch.inference_mode():
        for ids in windows:
            reader(torch.tensor([ids]), torch.ones(1, len(ids), dtype=torch.long))
        for hook in hooks:
            hook.remove()
        found = {linear: _best(linear.weight, inputs) for linear, inputs in seen.items()}
    return [(found[into], found[out]) for into, out in map(smoothed_maps, layers)]


def _best(weight: torch.Tensor, inputs: Sequence[torch.Tensor]) -> torch.Tensor:
    """Return the scale (inputs,) with which rounding changes the map's outputs least.

    `weight` is (outputs, inputs), `inputs` are (1, tokens, inputs) each.
    """
    loud = torch.stack([one.abs().amax((0, 1)) for one in inputs]).amax(0).clamp_min(QUIETEST)
    heavy = weight.abs().amax(0).clamp_min(QUIETEST)
    rounding = RoundedWeight()

    def change(scale: torch.Tensor) -> float:
        rounded = rounding(weight * scale)
        given = (rounded_activation(one / scale) @ rounded.T - one @ weight.T for one in inputs)
        return sum(float(one.square().sum()) for one in given)

    scales = [loud**a / heavy ** (1 - a) for a in STRENGTHS]
    return min((torch.ones_like(loud), *scales), key=change)
