"""Training with the rounding that the shipped graph does, so that it costs no answers.

The graph's matrix products take weights of 7 bits, one scale an output channel, and activations
of 8 bits, one scale and zero point a row of text (ONNX Runtime's dynamic quantisation; the reader
runs each window by itself). Here both are rounded in the forward pass and the gradient goes
through as if they were not: the straight-through estimator of Bengio, Léonard and Courville 2013
(arXiv:1308.3432).

The export smooths loud channels besides (`training/outlier_smoothing.py`), which this does not
know: what is trained without rounding then loses nothing by it.
"""

from __future__ import annotations

import torch
from torch import nn
from torch.nn.utils import parametrize

WEIGHT_STEPS = 64  # onnxruntime, reduce_range with QInt8: -64 to 64
ACTIVATION_STEPS = 255  # uint8


class RoundedWeight(nn.Module):
    """(outputs, inputs) weights to the nearest of 129 multiples of a channel's scale."""

    def forward(self, weight: torch.Tensor) -> torch.Tensor:
        with torch.no_grad():
            scale = weight.abs().amax(1, keepdim=True).clamp_min(1e-12) / WEIGHT_STEPS
            error = (weight / scale).round_().mul_(scale).sub_(weight)
        return weight + error


def rounded_activation(values: torch.Tensor) -> torch.Tensor:
    """Return (rows, tokens, hidden) activations to 256 levels between a row's ends, 0 among them.

    As ONNX's DynamicQuantizeLinear, but for the padding of a batch, which a row of its own lacks.
    """
    with torch.no_grad():
        low = values.amin((1, 2), keepdim=True).clamp_max(0.0)
        high = values.amax((1, 2), keepdim=True).clamp_min(0.0)
        scale = (high - low).clamp_min(1e-12) / ACTIVATION_STEPS
        zero = (-low / scale).round_()
        levels = (values / scale).round_().add_(zero).clamp_(0, ACTIVATION_STEPS)
        error = levels.sub_(zero).mul_(scale).sub_(values)
    return values + error


def quantise_while_training(layers: nn.Module) -> None:
    """Round weights and inputs of every linear map in `layers` from now on, gradients kept."""
    for module in layers.modules():
        if isinstance(module, nn.Linear) and not parametrize.is_parametrized(module):
            parametrize.register_parametrization(module, "weight", RoundedWeight())
            module.register_forward_pre_hook(lambda _, inputs: (rounded_activation(inputs[0]),))


def plain_state(state: dict[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    """Return a state with the names it has where nothing is rounded."""
    return {
        name.replace("parametrizations.weight.original", "weight"): value
        for name, value in state.items()
    }
