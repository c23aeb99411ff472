"""What training rounds is what the shipped graph rounds, and a shipped reader can be read back."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnxruntime
import pytest
import torch
from transformers import BertConfig, BertModel

from training.export_reader import GRAPH, export
from training.fake_quantisation import (
    RoundedWeight,
    plain_state,
    quantise_while_training,
    rounded_activation,
)
from training.outlier_smoothing import smoothing_scales
from training.reading_model import SpanReader
from training.shipped_reader import load_shipped

UNSMOOTHED = [(torch.ones(48), torch.ones(96))] * 2  # of the two layers of a tiny reader


def tiny_reader(seed: int) -> SpanReader:
    torch.manual_seed(seed)
    shape = BertConfig(
        vocab_size=20,
        hidden_size=48,
        num_hidden_layers=2,
        num_attention_heads=12,
        intermediate_size=96,
        max_position_embeddings=256,
        hidden_dropout_prob=0.0,
        attention_probs_dropout_prob=0.0,
        initializer_range=0.3,
    )
    return SpanReader(BertModel(shape, add_pooling_layer=False)).eval()


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    return export(tiny_reader(1), tmp_path_factory.mktemp("export"), UNSMOOTHED)


def loud_reader() -> SpanReader:
    """Return a reader two of whose channels are fifty times as loud as the rest."""
    reader = tiny_reader(1)
    for number, layer in enumerate(reader.encoder.encoder.layer):
        layer.attention.output.LayerNorm.bias.data[7] = 50.0 + number
        layer.intermediate.dense.weight.data[11, 7] = 1.0
    return reader


@pytest.fixture(scope="module")
def smoothed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    reader = loud_reader()
    scales = smoothing_scales(reader, [[*range(9)], [*range(5, 14)]])
    return export(reader, tmp_path_factory.mktemp("smoothed"), scales)


def test_weights_are_rounded_to_7_bits_a_channel_and_the_gradient_passes() -> None:
    weight = torch.randn(5, 30, requires_grad=True)
    rounded = RoundedWeight()(weight)
    for row, plain in zip(rounded, weight, strict=True):
        steps = row / (plain.abs().max() / 64)
        assert torch.allclose(steps, steps.round(), atol=1e-4)
    rounded.sum().backward()
    assert weight.grad is not None
    assert torch.equal(weight.grad, torch.ones_like(weight))


def test_activations_have_256_levels_a_row_and_zero_stays_zero() -> None:
    values = torch.randn(2, 40, 30) * torch.tensor([1.0, 100.0])[:, None, None]
    values[:, 0] = 0.0
    rounded = rounded_activation(values)
    for row, plain in zip(rounded, values, strict=True):
        assert len(torch.unique(row)) <= 256
        assert (row - plain).abs().max() <= (plain.max() - plain.min()) / 255 * 0.51
        assert row[0].abs().max() == 0


def test_the_rounded_network_scores_as_the_shipped_graph(exported: dict[str, Path]) -> None:
    reader = tiny_reader(1)
    words = torch.randn(1, 9, 48)
    ids, mask = torch.arange(9)[None], torch.ones(1, 9, dtype=torch.long)
    reader.encoder.embeddings.word_embeddings.weight.data[:9] = words[0]
    with torch.inference_mode():
        plain, *_ = reader(ids, mask)
        quantise_while_training(reader.encoder.encoder)
        rounded, *_ = reader(ids, mask)
    graph = onnxruntime.InferenceSession(str(exported["int7"] / GRAPH))
    shipped, _, state = graph.run(
        None, {"words": words.numpy(), "mask": np.ones((1, 9), np.float32)}
    )
    assert state.shape == (1, 3 * 48)
    error = (plain - torch.from_numpy(shipped)).abs().max()
    assert (rounded - torch.from_numpy(shipped)).abs().max() < 0.1 * error


def test_a_loud_channel_costs_the_rest_no_levels(smoothed: dict[str, Path], tmp_path: Path) -> None:
    reader = loud_reader()
    ids, mask = torch.arange(9)[None], torch.ones(1, 9, dtype=torch.long)
    words = reader.encoder.embeddings.word_embeddings.weight.data[None, :9].numpy()
    with torch.inference_mode():
        wanted = reader(ids, mask)[0].numpy()
    unsmoothed = export(reader, tmp_path, UNSMOOTHED)

    def error(folder: Path) -> float:
        graph = onnxruntime.InferenceSession(str(folder / GRAPH))
        starts = graph.run(None, {"words": words, "mask": np.ones((1, 9), np.float32)})[0]
        return float(np.abs(starts - wanted).max())

    assert error(smoothed["float32"]) < 1e-3
    assert error(smoothed["int7"]) < 0.3 * error(unsmoothed["int7"])


def test_names_stay_those_of_the_plain_network() -> None:
    reader = tiny_reader(1)
    names = list(reader.state_dict())
    quantise_while_training(reader.encoder.encoder)
    assert sorted(plain_state(reader.state_dict())) == sorted(names)


@pytest.mark.parametrize("format_name", ["float32", "int7"])
def test_a_shipped_reader_can_be_gone_on_from(exported: dict[str, Path], format_name: str) -> None:
    reader = tiny_reader(2)
    words = tiny_reader(1).encoder.embeddings.word_embeddings.weight.data
    reader.encoder.embeddings.word_embeddings.weight.data.copy_(words)
    load_shipped(reader, exported[format_name])
    ids, mask = torch.arange(9)[None], torch.ones(1, 9, dtype=torch.long)
    wanted = tiny_reader(1)
    if format_name == "int7":
        for module in wanted.encoder.encoder.modules():
            if isinstance(module, torch.nn.Linear):
                module.weight.data = RoundedWeight()(module.weight.data)
    with torch.inference_mode():
        assert torch.allclose(reader(ids, mask)[0], wanted(ids, mask)[0], atol=2e-3)


def test_a_smoothed_reader_is_read_back_as_it_was(smoothed: dict[str, Path]) -> None:
    reader, wanted = tiny_reader(2), loud_reader()
    load_shipped(reader, smoothed["float32"])
    for got, kept in zip(
        reader.encoder.encoder.parameters(), wanted.encoder.encoder.parameters(), strict=True
    ):
        assert torch.allclose(got, kept, atol=1e-5)
