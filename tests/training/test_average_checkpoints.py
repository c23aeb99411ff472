"""The mean of two checkpoints."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from chatbot.reader_model import WEIGHTS
from index.bundled_model import bundled_model_folder
from training import average_checkpoints
from training.reading_model import SpanReader


def test_floats_are_averaged_and_the_rest_is_the_firsts() -> None:
    one = {"w": torch.tensor([1.0, 3.0]), "n": torch.tensor([7])}
    other = {"w": torch.tensor([3.0, 5.0]), "n": torch.tensor([9])}
    mean = average_checkpoints.averaged(one, other)
    assert mean["w"].tolist() == [2.0, 4.0] and mean["n"].tolist() == [7]


@pytest.mark.parametrize("other", [{"v": torch.zeros(2)}, {"w": torch.zeros(3)}])
def test_another_architecture_is_refused(other: dict[str, torch.Tensor]) -> None:
    with pytest.raises(ValueError, match="not of one architecture"):
        average_checkpoints.averaged({"w": torch.zeros(2)}, other)


def test_a_shipped_reader_takes_what_it_lacks_from_the_other() -> None:
    beside = SpanReader.from_encoder(bundled_model_folder()).state_dict()
    words = "encoder.embeddings.word_embeddings.weight"
    beside[words] = torch.full_like(beside[words], 7.0)
    found = average_checkpoints.shipped_state(WEIGHTS, beside)
    assert found[words].unique().tolist() == [7.0]
    assert not torch.equal(found["head.weight"], beside["head.weight"])
    assert average_checkpoints.averaged(found, beside).keys() == beside.keys()


def test_the_command_writes_what_the_export_reads(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in (("a", 1.0), ("b", 2.0)):
        torch.save({"model": {"w": torch.tensor([value])}, "step": 5}, tmp_path / f"{name}.pt")
    output = tmp_path / "mean" / "checkpoint.pt"
    arguments = [str(tmp_path / "a.pt"), str(tmp_path / "b.pt"), "--output", str(output)]
    monkeypatch.setattr("sys.argv", ["average_checkpoints", *arguments])
    average_checkpoints.main()
    found = torch.load(output, weights_only=True)
    assert found["model"]["w"].tolist() == [1.5] and found["step"] == 5
