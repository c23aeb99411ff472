"""Train the reader: the encoder's own layers, fine-tuned to point at the words that answer.

    python -m training.train_reader --runs runs/reader --steps 1100 --decay-from 750

Resumes by itself from the newest checkpoint in `--runs`. The learning rate warms up, stays, and
from `--decay-from` on falls linearly to 0 at `--steps`; both may be changed when resuming, so the
end of a run is decided late. Stopping it at any moment loses at most `--every` steps.
"""

from __future__ import annotations

import argparse
import json
import math
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from tokenizers import Tokenizer
from torch import nn

from index.bundled_model import PACK, bundled_model_folder
from training.fake_quantisation import plain_state, quantise_while_training
from training.kind_questions import KindHead, kind_batches
from training.reading_data import (
    TRAINING_FILES,
    Window,
    WindowSampler,
    batches,
    load_questions,
    training_questions,
)
from training.reading_model import SpanReader, evaluate
from training.shipped_reader import load_shipped
from training.written_questions import WRITTEN, article_questions, written_questions

ROOT = Path(__file__).resolve().parent.parent


def has_bfloat16() -> bool:
    """Tell whether the processor multiplies bfloat16 itself; emulated it is slower than float32."""
    try:
        return "avx512_bf16" in Path("/proc/cpuinfo").read_text() or torch.cuda.is_available()
    except OSError:
        return torch.cuda.is_available()


def padded(rows: Sequence[Sequence[int]]) -> tuple[torch.Tensor, torch.Tensor]:
    """Return ids and mask, (rows, longest) each."""
    longest = max(map(len, rows))
    ids = torch.ones(len(rows), longest, dtype=torch.long)  # 1 is <pad>
    mask = torch.zeros(len(rows), longest, dtype=torch.long)
    for number, row in enumerate(rows):
        ids[number, : len(row)] = torch.tensor(row)
        mask[number, : len(row)] = 1
    return ids, mask


def collate(rows: Sequence[Window]) -> dict[str, torch.Tensor]:
    """Return ids and mask (rows and rivals, longest), start and end (rows,) as tensors.

    `parts` (rows, longest) is 1 where a token is part of an answer, `judged` (rows, longest) 1 in
    passages of which that is known. `rival` (rows,) is the place of a row's rival, behind all rows,
    or its own where it has none.
    """
    rivals = [row.rival for row in rows if row.rival is not None]
    ids, mask = padded([row.ids for row in (*rows, *rivals)])
    places = iter(range(len(rows), len(ids)))
    parts, judged = torch.zeros(2, len(rows), ids.shape[1])
    for number, row in enumerate(rows):
        if row.parts is not None:
            judged[number, row.passage : len(row.ids) - 1] = 1
            for first, last in row.parts:
                parts[number, first : last + 1] = 1
    return {
        "ids": ids,
        "mask": mask,
        "start": torch.tensor([row.start for row in rows]),
        "end": torch.tensor([row.end for row in rows]),
        "parts": parts,
        "judged": judged,
        "rival": torch.tensor(
            [own if row.rival is None else next(places) for own, row in enumerate(rows)]
        ),
    }


def span_loss(logits: torch.Tensor, wanted: torch.Tensor, rival: torch.Tensor) -> torch.Tensor:
    """Return the cross-entropy of `wanted` (rows,) among all tokens of a row and of its rival.

    `logits` are (rows and rivals, tokens). A rival's are taken over its own "no answer", at <s>,
    for that is how passages are compared afterwards: Clark and Gardner 2018 (arXiv:1710.10723),
    "shared normalisation", with one "no answer" for all.
    """
    own = logits[: len(wanted)]
    none = own[:, :1]
    there = logits[rival] - logits[rival, :1] + none
    alone = rival == torch.arange(len(wanted), device=rival.device)
    there = there.masked_fill(alone[:, None], -1e4)[:, 1:]
    return nn.functional.cross_entropy(torch.cat([own, there], 1), wanted)


def part_loss(logits: torch.Tensor, parts: torch.Tensor, judged: torch.Tensor) -> torch.Tensor:
    """Return the cross-entropy of which tokens are part of an answer, summed over a row's.

    All are (rows, tokens); the mean is over the rows of which anything is `judged`.
    """
    each = nn.functional.binary_cross_entropy_with_logits(logits, parts, judged, reduction="sum")
    return each / judged.amax(1).sum().clamp_min(1)


def learning_rate(step: int, peak: float, warm_up: int, decay_from: int, steps: int) -> float:
    """Return the rate at `step`: linear up over `warm_up`, level, linear down to 0 at `steps`."""
    if step < warm_up:
        return peak * (step + 1) / warm_up
    if step < decay_from:
        return peak
    return peak * max(0.0, (steps - step) / max(1, steps - decay_from))


def save(path: Path, state: dict[str, Any]) -> None:
    """Write a checkpoint so that a kill leaves the old or the new one, never half."""
    partial = path.with_suffix(".partial")
    torch.save(state, partial)
    partial.replace(path)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data")
    parser.add_argument("--runs", type=Path, default=ROOT / "runs" / "reader")
    parser.add_argument("--begin-with", type=Path, help="folder of a shipped reader to go on from")
    parser.add_argument("--rounded-from", type=int, help="step from which weights are rounded")
    parser.add_argument("--steps", type=int, default=2268, help="two epochs of batches of 16")
    parser.add_argument("--decay-from", type=int, default=1600)
    parser.add_argument("--warm-up", type=int, default=90)
    parser.add_argument("--rate", type=float, default=1.2e-4)
    parser.add_argument("--batch", type=int, default=16)
    parser.add_argument("--length", type=int, default=176)
    parser.add_argument("--elsewhere", type=float, default=0.15, help="share of other passages")
    parser.add_argument("--removed", type=float, default=0.2, help="share of own, answer cut out")
    parser.add_argument("--untold", type=float, default=0.0, help="share asked what is not told")
    parser.add_argument("--shorter", type=float, default=0.0, help="share asked in fewer words")
    parser.add_argument("--otherwise", type=float, default=0.0, help="share in other words")
    parser.add_argument("--another", type=float, default=0.0, help="share with one other word")
    parser.add_argument("--written", type=int, default=0, help="times each written one comes up")
    parser.add_argument("--on-articles", type=int, default=0, help="the same for whole articles")
    parser.add_argument("--on-features", type=int, default=0, help="the same for features")
    parser.add_argument("--on-lists", type=int, default=0, help="the same for lists")
    parser.add_argument("--on-everyday", type=int, default=0, help="the same for everyday words")
    parser.add_argument("--on-decoys", type=int, default=0, help="the same for luring words")
    parser.add_argument("--on-dense", type=int, default=0, help="the same for dense sentences")
    parser.add_argument("--unmarked", type=float, help="share without a question mark")
    parser.add_argument("--rivals", type=float, default=0.0, help="share with a second passage")
    parser.add_argument("--led-up", type=float, default=0.0, help="share read after what precedes")
    parser.add_argument("--parts", type=float, default=0.0, help="weight of telling parts")
    parser.add_argument("--kinds", type=float, default=0.0, help="weight of telling kinds")
    parser.add_argument("--leaning", type=float, default=0.4, help="share asked as a follow-up")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--every", type=int, default=50, help="steps between checkpoints")
    parser.add_argument("--evaluate-every", type=int, default=200)
    parser.add_argument("--sample", type=int, default=150, help="development questions to watch")
    parser.add_argument("--frozen", type=int, default=0, help="lowest layers that stay as they are")
    parser.add_argument("--kinds-every", type=int, default=1, help="steps between batches of kinds")
    parser.add_argument("--compile", action="store_true", help="torch.compile the encoder")
    options = parser.parse_args()
    options.runs.mkdir(parents=True, exist_ok=True)

    torch.manual_seed(options.seed)
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    tokenizer = Tokenizer.from_file(str(PACK / "tokenizer.json"))
    model = SpanReader.from_encoder(bundled_model_folder())
    if options.begin_with:
        load_shipped(model, options.begin_with)
    model.freeze(options.frozen)
    model.to(device)
    kind_head = KindHead().to(device)
    learnt = [*model.parameters(), *kind_head.parameters()]
    optimiser = torch.optim.AdamW(
        [p for p in learnt if p.requires_grad], lr=options.rate, weight_decay=0.01
    )
    newest = options.runs / "checkpoint.pt"
    step = reached = 0
    if newest.exists():
        state = torch.load(newest, map_location=device, weights_only=True)
        model.load_state_dict(state["model"])
        kind_head.load_state_dict(state["kind head"])
        optimiser.load_state_dict(state["optimiser"])
        step, reached = state["step"], state["position"]
        print(f"resumed at step {step}", flush=True)
    questions = training_questions(options.data)
    print(f"{len(questions)} questions from {', '.join(TRAINING_FILES)}", flush=True)
    if options.written:
        written = written_questions(questions)
        print(f"{len(written)} written ones, {options.written} times an epoch", flush=True)
        questions += written * options.written
    for name, times in (
        ("articles", options.on_articles),
        ("features", options.on_features),
        ("lists", options.on_lists),
        ("everyday", options.on_everyday),
        ("decoys", options.on_decoys),
        ("dense", options.on_dense),
    ):
        if times:
            on_articles = article_questions(WRITTEN / f"{name}.jsonl")
            print(f"{len(on_articles)} on {name}, {times} times an epoch", flush=True)
            questions += on_articles * times
    sampler = WindowSampler(
        questions,
        tokenizer,
        length=options.length,
        elsewhere=options.elsewhere,
        removed=options.removed,
        leaning=options.leaning,
        untold=options.untold,
        shorter=options.shorter,
        otherwise=options.otherwise,
        another=options.another,
        unmarked=options.unmarked,
        rivals=options.rivals,
        led_up=options.led_up,
    )
    drawn = -(-step // options.kinds_every)
    kinds_drawn = kind_batches(tokenizer, options.batch, options.seed, drawn)
    watched = load_questions(options.data / "cmrc2018_dev.json")
    watched = watched[:: max(1, len(watched) // options.sample)][: options.sample]
    # On a CPU the fused attention's backward pass alone takes half as long as all else together.
    model.encoder.set_attn_implementation("eager" if device.type == "cpu" else "sdpa")
    run = torch.compile(model, dynamic=True) if options.compile else model
    half = has_bfloat16()
    rounded_from = math.inf if options.rounded_from is None else options.rounded_from
    log = (options.runs / "log.jsonl").open("a", encoding="utf-8")
    model.train()
    began, losses, part_losses, kind_losses = time.time(), *(list[float]() for _ in range(3))
    for position, rows in batches(sampler, options.batch, options.seed, reached):
        if step >= options.steps:
            break
        if step >= rounded_from:
            quantise_while_training(model.encoder.encoder)
            rounded_from = math.inf
        rate = learning_rate(step, options.rate, options.warm_up, options.decay_from, options.steps)
        for group in optimiser.param_groups:
            group["lr"] = rate
        batch = {name: value.to(device) for name, value in collate(rows).items()}
        with torch.autocast(device.type, torch.bfloat16, enabled=half):
            starts, ends, parts = run(batch["ids"], batch["mask"])
        loss = span_loss(starts.float(), batch["start"], batch["rival"])
        loss = (loss + span_loss(ends.float(), batch["end"], batch["rival"])) / 2
        told = loss.item()
        if options.parts:
            own = parts[: len(rows)].float()
            extra = part_loss(own, batch["parts"], batch["judged"])
            loss = loss + options.parts * extra
            part_losses.append(extra.item())
        if options.kinds and step % options.kinds_every == 0:
            asked, kinds = next(kinds_drawn)
            ids, mask = (part.to(device) for part in padded(asked))
            with torch.autocast(device.type, torch.bfloat16, enabled=half):
                extra = kind_head.loss(model, ids, mask, torch.tensor(kinds, device=device))
            loss = loss + options.kinds * options.kinds_every * extra
            kind_losses.append(extra.item())
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimiser.step()
        step += 1
        losses.append(told)
        if step % 10 == 0:
            seconds = (time.time() - began) / 10
            mean = sum(losses) / len(losses)
            line = {"step": step, "loss": mean, "rate": rate, "seconds": seconds}
            if part_losses:
                line["parts"] = sum(part_losses) / len(part_losses)
            if kind_losses:
                line["kinds"] = sum(kind_losses) / len(kind_losses)
            print(json.dumps(line), file=log, flush=True)
            print(line, flush=True)
            began, losses, part_losses, kind_losses = time.time(), [], [], []
        if step % options.every == 0 or step == options.steps:
            state = {
                "model": plain_state(model.state_dict()),
                "kind head": kind_head.state_dict(),
                "optimiser": optimiser.state_dict(),
                "step": step,
                "position": position,
            }
            save(newest, state)
        if step % options.evaluate_every == 0 or step == options.steps:
            scores = evaluate(model, tokenizer, watched, length=options.length, device=device)
            print(json.dumps({"step": step, **scores}), file=log, flush=True)
            print({"step": step, **scores}, flush=True)
            model.train()
            began = time.time()


if __name__ == "__main__":
    main()
