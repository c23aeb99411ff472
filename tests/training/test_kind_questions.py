"""Questions by kind: what the reader learns from, and what is kept from it."""

from __future__ import annotations

import itertools

import torch
from tokenizers import Tokenizer
from transformers import BertConfig, BertModel

from chatbot.kind_recognition import KINDS
from chatbot.reader_model import END, START
from index.bundled_model import PACK
from training.kind_questions import KindHead, kept_from_reader, kind_batches, kind_questions
from training.reading_model import SpanReader
from training.train_reader import padded


def test_a_fifth_is_kept_from_the_reader() -> None:
    kept = [kept_from_reader(row["question"]) for row in kind_questions()]
    assert 0.17 < sum(kept) / len(kept) < 0.23


def test_batches_hold_none_that_is_kept_and_go_on_where_they_stopped() -> None:
    tokenizer = Tokenizer.from_file(str(PACK / "tokenizer.json"))
    learnt = {
        bare(tokenizer, row["question"]): row["kind"]
        for row in kind_questions()
        if not kept_from_reader(row["question"])
    }
    drawn = list(itertools.islice(kind_batches(tokenizer, 8, seed=1, first=0), 6))
    for rows, kinds in drawn:
        for row, kind in zip(rows, kinds, strict=True):
            assert (row[0], row[-3:]) == (START, [END, END, END])
            assert learnt[bare(tokenizer, tokenizer.decode(row[1:-3]))] == KINDS[kind]
    assert list(itertools.islice(kind_batches(tokenizer, 8, seed=1, first=4), 2)) == drawn[4:]


def bare(tokenizer: Tokenizer, question: str) -> str:
    text = tokenizer.decode(tokenizer.encode(question, add_special_tokens=False).ids[:64])
    return text.replace(" ", "").replace("▁", "").rstrip("?？")


def test_a_head_learns_a_few_questions_and_moves_the_reader() -> None:
    torch.manual_seed(0)
    tokenizer = Tokenizer.from_file(str(PACK / "tokenizer.json"))
    config = BertConfig(
        vocab_size=tokenizer.get_vocab_size(),
        hidden_size=384,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=64,
        max_position_embeddings=96,
    )
    reader = SpanReader(BertModel(config, add_pooling_layer=False))
    before = reader.encoder.encoder.layer[0].attention.self.query.weight.clone()
    head = KindHead()
    learnt = [p for p in (*reader.parameters(), *head.parameters()) if p.requires_grad]
    optimiser = torch.optim.AdamW(learnt, lr=1e-3)
    rows, kinds = next(kind_batches(tokenizer, 8, seed=1, first=0))
    losses = []
    for _ in range(30):
        loss = head.loss(reader, *padded(rows), torch.tensor(kinds))
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        losses.append(loss.item())
    assert losses[-1] < losses[0] / 2
    assert not torch.equal(before, reader.encoder.encoder.layer[0].attention.self.query.weight)
