"""The reader's network and its decoding in torch, for training and for comparing exports."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import torch
from tokenizers import Tokenizer
from torch import nn
from transformers import BertModel

from chatbot.reader_model import reading_row
from chatbot.span_finding import token_windows
from training.reading_data import Question, tokenise

STRIDE = 64  # tokens two windows of a long passage share
LONGEST_ANSWER = 48  # tokens
RARELY = -3.0  # few tokens are part of an answer: where the logit of it begins


class SpanReader(nn.Module):
    """The encoder with a head of three scores a token: answer begins, answer ends here, and that it
    is part of something that answers, of which there may be several stretches: Segal et al. 2020,
    "A Simple and Effective Model for Answering Multi-span Questions" (arXiv:1909.13375).

    Position 0 (<s>) stands for "no answer in this window". The word embeddings stay frozen, so
    that encoder and reader share one table.
    """

    def __init__(self, encoder: BertModel) -> None:
        super().__init__()
        self.encoder = encoder
        self.head = nn.Linear(encoder.config.hidden_size, 3)
        nn.init.normal_(self.head.weight, std=0.02)
        nn.init.zeros_(self.head.bias)
        nn.init.constant_(self.head.bias[2:], RARELY)
        encoder.embeddings.word_embeddings.weight.requires_grad_(False)

    @classmethod
    def from_encoder(cls, folder: Path) -> SpanReader:
        """Start from an encoder's folder."""
        encoder = BertModel.from_pretrained(
            str(folder), add_pooling_layer=False, local_files_only=True, dtype=torch.float32
        )
        return cls(encoder)

    def freeze(self, layers: int) -> None:
        """Leave the embeddings and the lowest `layers` as they are, if any, when training."""
        if layers:
            lowest = self.encoder.encoder.layer[:layers]
            for part in (self.encoder.embeddings, *lowest):
                part.requires_grad_(False)

    def forward(
        self, ids: torch.Tensor, mask: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """Return start, end and part logits, (rows, tokens) each, -inf-like where `mask` is 0.

        `ids` and `mask` are (rows, tokens).
        """
        hidden = self.encoder(input_ids=ids, attention_mask=mask).last_hidden_state
        logits = self.head(hidden).masked_fill(mask[..., None] == 0, -1e4)
        return logits[..., 0], logits[..., 1], logits[..., 2]


# How far up the layers stand whose states tell what a question asks for. The last knows best what
# answers, the one in the middle how it is asked: in cross-validation the three together told the
# kind of 92.1 % of 5,429 questions, each alone of 84 to 90 %.
PROBED = (1 / 2, 3 / 4, 1)


def probed_layers(count: int) -> list[int]:
    """Return the numbers, from 1 on, of the layers PROBED among `count`."""
    return [math.ceil(share * count) for share in PROBED]


def passage_windows(count: int, room: int, stride: int = STRIDE) -> list[tuple[int, int]]:
    """Return (first, end) token ranges of at most `room` that cover `count` tokens."""
    # The windows that the shipped reader will see, but one also for a passage without tokens.
    return token_windows(count, room, stride) or [(0, 0)]


@torch.inference_mode()
def read(
    model: SpanReader,
    tokenizer: Tokenizer,
    question: str,
    context: str,
    *,
    length: int,
    device: torch.device,
) -> tuple[str, float]:
    """Return the best span's text and its margin over "no answer" (logits), windows together."""
    asked = tokenise(tokenizer, question).ids[:40]
    tokens = tokenise(tokenizer, context)
    best, text = -1e9, ""
    windows = passage_windows(len(tokens.ids), length - len(asked) - 4)
    longest = max(end - first for first, end in windows) + len(asked) + 4
    ids = torch.ones(len(windows), longest, dtype=torch.long)
    mask = torch.zeros(len(windows), longest, dtype=torch.long)
    for number, (first, end) in enumerate(windows):
        row = reading_row(asked, tokens.ids[first:end])
        ids[number, : len(row)] = torch.tensor(row)
        mask[number, : len(row)] = 1
    starts, ends, _ = (logits.float().cpu() for logits in model(ids.to(device), mask.to(device)))
    offset = len(asked) + 3
    for number, (first, end) in enumerate(windows):
        size = end - first
        begin, finish = starts[number, offset : offset + size], ends[number, offset : offset + size]
        scores = begin[:, None] + finish[None, :]
        allowed = torch.ones(size, size).triu().tril(LONGEST_ANSWER - 1).bool()
        scores = scores.masked_fill(~allowed, -1e9)
        margin = float(scores.max()) - float(starts[number, 0] + ends[number, 0])
        if margin > best:
            best = margin
            left, right = divmod(int(scores.argmax()), size)
            text = context[tokens.offsets[first + left][0] : tokens.offsets[first + right][1]]
    return text, best


def evaluate(
    model: SpanReader,
    tokenizer: Tokenizer,
    questions: Sequence[Question],
    *,
    length: int,
    device: torch.device,
) -> dict[str, float]:
    """Return EM and F1 in per cent: a bag of characters, to watch training by, not to report."""
    model.eval()
    exact = overlap = 0.0
    for question in questions:
        given, _ = read(
            model, tokenizer, question.question, question.context, length=length, device=device
        )
        exact += any(_bare(given) == _bare(text) for text, _ in question.answers)
        overlap += max(_f1(_bare(given), _bare(text)) for text, _ in question.answers)
    count = len(questions) or 1
    return {"em": 100 * exact / count, "f1": 100 * overlap / count, "questions": len(questions)}


def _bare(text: str) -> str:
    return "".join(character for character in text.lower() if character.isalnum())


def _f1(given: str, wanted: str) -> float:
    common = sum((Counter(given) & Counter(wanted)).values())
    return 2 * common / (len(given) + len(wanted)) if common else 0.0
