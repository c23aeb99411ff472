"""Training on a toy: a tiny network learns a tiny task, and goes on where it was stopped."""

from __future__ import annotations

import math

import pytest
import torch
from tokenizers import Tokenizer
from transformers import BertConfig, BertModel

from index.bundled_model import PACK
from training.reading_data import Question, Window, WindowSampler, batches
from training.reading_model import SpanReader, evaluate, passage_windows
from training.train_reader import collate, learning_rate, part_loss, span_loss


@pytest.mark.parametrize(
    ("step", "rate"),
    [(0, 0.1), (9, 1.0), (10, 1.0), (49, 1.0), (50, 1.0), (75, 0.5), (100, 0.0), (200, 0.0)],
)
def test_the_rate_warms_up_stays_and_decays(step: int, rate: float) -> None:
    assert learning_rate(step, 1.0, warm_up=10, decay_from=50, steps=100) == pytest.approx(rate)


@pytest.mark.parametrize(
    ("count", "windows"),
    [(0, [(0, 0)]), (10, [(0, 10)]), (11, [(0, 10), (6, 11)]), (22, [(0, 10), (6, 16), (12, 22)])],
)
def test_windows_overlap_and_cover(count: int, windows: list[tuple[int, int]]) -> None:
    assert passage_windows(count, room=10, stride=4) == windows


def test_rivals_stand_behind_all_rows() -> None:
    rival = Window([0, 7, 2], 1, 0, 0)
    rows = [Window([0, 5, 2], 1, 1, 1), Window([0, 6, 6, 2], 1, 2, 2, rival=rival)]
    batch = collate(rows)
    assert batch["ids"].tolist() == [[0, 5, 2, 1], [0, 6, 6, 2], [0, 7, 2, 1]]
    assert batch["mask"].sum(1).tolist() == [3, 4, 3]
    assert batch["start"].tolist() == [1, 2]
    assert batch["rival"].tolist() == [0, 2]


def test_parts_are_judged_in_the_passage_alone_and_where_they_are_known() -> None:
    several = Window([0, 9, 2, 2, 5, 6, 7, 8, 2], 4, 4, 4, ((4, 4), (6, 7)))
    unknown = Window([0, 9, 2, 2, 5, 2], 4, 4, 4, None)
    batch = collate([several, unknown])
    assert batch["parts"].tolist() == [[0, 0, 0, 0, 1, 0, 1, 1, 0], [0] * 9]
    assert batch["judged"].tolist() == [[0, 0, 0, 0, 1, 1, 1, 1, 0], [0] * 9]


def test_parts_lose_by_their_own_tokens_alone() -> None:
    logits = torch.tensor([[9.0, 0.0, 0.0], [9.0, 9.0, 9.0]])
    parts = torch.tensor([[0.0, 1.0, 0.0], [0.0, 0.0, 0.0]])
    judged = torch.tensor([[0.0, 1.0, 1.0], [0.0, 0.0, 0.0]])
    assert part_loss(logits, parts, judged).item() == pytest.approx(2 * math.log(2))
    assert part_loss(logits, parts, torch.zeros(2, 3)).item() == 0.0


def test_a_row_without_rival_loses_what_its_own_tokens_take() -> None:
    logits = torch.tensor([[1.0, 2.0, 3.0]])
    loss = span_loss(logits, torch.tensor([2]), torch.tensor([0]))
    assert loss.item() == pytest.approx(-torch.log_softmax(logits[0], 0)[2].item(), abs=1e-4)


@pytest.mark.parametrize("none", [-3.0, 0.0, 4.0])
def test_a_rival_is_weighed_by_its_margin_over_its_own_no_answer(none: float) -> None:
    logits = torch.tensor([[1.0, 2.0, 3.0], [none, none + 1.5, -1e4]])
    loss = span_loss(logits, torch.tensor([2]), torch.tensor([1]))
    together = torch.tensor([1.0, 2.0, 3.0, 1.0 + 1.5])
    assert loss.item() == pytest.approx(-torch.log_softmax(together, 0)[2].item(), abs=1e-4)


def test_a_tiny_reader_learns_a_tiny_task() -> None:
    torch.manual_seed(0)
    tokenizer = Tokenizer.from_file(str(PACK / "tokenizer.json"))
    names = ["张三", "李四", "王五", "赵六"]
    questions = []
    for number, name in enumerate(names * 4):
        context = f"这一年是第{number}年，创始人是{name}，地点在北京。"
        questions.append(
            Question(str(number), "创始人是谁？", context, ((name, context.index(name)),), "a")
        )
    config = BertConfig(
        vocab_size=tokenizer.get_vocab_size(),
        hidden_size=32,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=64,
        max_position_embeddings=96,
        hidden_dropout_prob=0.0,
        attention_probs_dropout_prob=0.0,
    )
    model = SpanReader(BertModel(config, add_pooling_layer=False))
    assert not model.encoder.embeddings.word_embeddings.weight.requires_grad
    sampler = WindowSampler(questions, tokenizer, length=64, elsewhere=0.0, removed=0.0)
    optimiser = torch.optim.AdamW([p for p in model.parameters() if p.requires_grad], lr=3e-3)
    losses = []
    for _, rows in batches(sampler, 8, seed=1, first=0):
        batch = collate(rows)
        starts, ends, parts = model(batch["ids"], batch["mask"])
        loss = span_loss(starts, batch["start"], batch["rival"])
        loss = loss + span_loss(ends, batch["end"], batch["rival"])
        loss = loss + part_loss(parts, batch["parts"], batch["judged"]) / 10
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        losses.append(loss.item())
        if len(losses) == 120:
            break
    assert losses[-1] < losses[0] / 4
    scores = evaluate(model, tokenizer, questions, length=64, device=torch.device("cpu"))
    assert scores["em"] >= 75
    told = (parts > 0) & (batch["judged"] > 0)
    assert (told == batch["parts"].bool()).float().mean() > 0.95
    assert told.any()


def test_the_lowest_layers_stay_as_they_are_where_they_are_told_to() -> None:
    torch.manual_seed(0)
    config = BertConfig(
        vocab_size=50,
        hidden_size=32,
        num_hidden_layers=3,
        num_attention_heads=2,
        intermediate_size=64,
        max_position_embeddings=32,
    )
    model = SpanReader(BertModel(config, add_pooling_layer=False))
    model.freeze(2)
    before = {name: value.clone() for name, value in model.named_parameters()}
    optimiser = torch.optim.AdamW([p for p in model.parameters() if p.requires_grad], lr=1e-2)
    starts, _, parts = model(torch.tensor([[0, 5, 6, 2]]), torch.ones(1, 4, dtype=torch.long))
    (starts.logsumexp(1) + parts.logsumexp(1)).sum().backward()
    optimiser.step()
    moved = {name for name, value in model.named_parameters() if not value.equal(before[name])}
    assert {name.split(".")[3] for name in moved if ".layer." in name} == {"2"}
    assert not any("embeddings" in name for name in moved)
    assert "head.weight" in moved
