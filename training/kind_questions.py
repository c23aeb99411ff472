"""Questions labelled with the kind of answer they ask for, and which the reader learns from.

The reader's states tell kinds the better if it has learnt to tell them. A fifth of the questions is
kept from it, so that `training.fit_kinds` can say how well they do on questions that it never saw.
"""

from __future__ import annotations

import json
import random
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import torch
from tokenizers import Tokenizer
from torch import nn

from chatbot.kind_recognition import KINDS
from chatbot.reader_model import STATE, reading_row
from training.reading_data import LONGEST_QUESTION, tokenise
from training.reading_model import SpanReader, probed_layers

KIND_SETS = Path(__file__).resolve().parent / "kinds"
_KEPT = 5  # one in so many is kept from the reader


def kind_questions(folder: Path = KIND_SETS) -> list[dict[str, Any]]:
    """Return the rows of `training/kinds/`: `question`, `kind` and the `set` it is from."""
    return [
        {**json.loads(line), "set": path.stem}
        for path in sorted(folder.glob("*.jsonl"))
        for line in path.read_text("utf-8").splitlines()
    ]


def kept_from_reader(question: str) -> bool:
    """Tell whether the reader is never trained on this question."""
    return zlib.crc32(question.encode()) % _KEPT == 0


class KindHead(nn.Linear):
    """Scores of the kinds from the state of a question; needed in training only."""

    def __init__(self) -> None:
        super().__init__(STATE, len(KINDS))

    def loss(
        self, reader: SpanReader, ids: torch.Tensor, mask: torch.Tensor, kinds: torch.Tensor
    ) -> torch.Tensor:
        """Return the cross-entropy of `kinds` (rows,) for questions (rows, tokens)."""
        hidden = reader.encoder(
            input_ids=ids, attention_mask=mask, output_hidden_states=True
        ).hidden_states
        layers = probed_layers(len(hidden) - 1)
        # The first is what the embeddings put out.
        probed = torch.cat([hidden[number] for number in layers], -1) * mask[..., None]
        states = probed.sum(1) / mask.sum(1, keepdim=True)
        return nn.functional.cross_entropy(self(states).float(), kinds)


def kind_batches(
    tokenizer: Tokenizer, size: int, seed: int, first: int
) -> Iterator[tuple[list[list[int]], list[int]]]:
    """Yield (rows of ids, kinds) for ever, from batch number `first` on.

    Rows are what `chatbot.reader_model.ReaderModel.question_state` gives the graph. With and
    without a question mark alike: it must not tell a kind.
    """
    rows = [row for row in kind_questions() if not kept_from_reader(row["question"])]
    number = first
    while True:
        rng = random.Random(f"kinds:{seed}:{number}")
        drawn = rng.sample(rows, size)
        ids = []
        for row in drawn:
            asked = row["question"] if rng.random() < 0.7 else row["question"].rstrip("？?")
            pieces = tokenise(tokenizer, asked).ids[:LONGEST_QUESTION]
            ids.append(reading_row(pieces, ()))
        yield ids, [KINDS.index(row["kind"]) for row in drawn]
        number += 1
