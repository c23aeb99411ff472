"""From data files to training windows, on hand-made passages."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from pathlib import Path

import pytest
from tokenizers import Tokenizer

from index.bundled_model import PACK
from training.reading_data import (
    TRAINING_FILES,
    Question,
    Window,
    WindowSampler,
    answer_tokens,
    batches,
    load_questions,
    to_simplified,
    tokenise,
)

CONTEXT = (
    "海天集团是北仑制造业的传奇。年逾八旬的创始人张静章说，海天每年拿出销售收入的5%用于研发。"
    "宁波是我国首批对外开放的14个沿海城市之一。"
)


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    return Tokenizer.from_file(str(PACK / "tokenizer.json"))


def question(number: int, asked: str, answer: str, context: str = CONTEXT) -> Question:
    return Question(str(number), asked, context, ((answer, context.index(answer)),), "article")


def words(tokenizer: Tokenizer, window: Window) -> str:
    return tokenizer.decode(window.ids[window.start : window.end + 1]).replace(" ", "")


def test_only_what_may_be_trained_on_is() -> None:
    assert not any("cmrc2018_dev" in name or "cjrc" in name for name in TRAINING_FILES)


@pytest.mark.parametrize(
    ("text", "simple"),
    [
        ("臺灣的首都", "台湾的首都"),
        ("鄭成功於1661年", "郑成功于1661年"),
        ("简体不动", "简体不动"),
        ("", ""),
    ],
)
def test_simplifying_keeps_every_offset(text: str, simple: str) -> None:
    assert to_simplified(text) == simple
    assert len(to_simplified(text)) == len(text)


def test_files_are_read_and_wrong_offsets_mended(tmp_path: Path) -> None:
    data = {
        "data": [
            {
                "title": "t",
                "paragraphs": [
                    {
                        "context": "臺灣在東亞。",
                        "qas": [
                            {
                                "id": "1",
                                "question": "在哪裡？",
                                "answers": [{"text": "東亞", "answer_start": 0}],
                            },
                            {
                                "id": "2",
                                "question": "誰？",
                                "answers": [{"text": "無", "answer_start": 0}],
                            },
                        ],
                    }
                ],
            }
        ]
    }
    path = tmp_path / "x.json"
    path.write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
    (found,) = load_questions(path, simplify=True)
    assert (found.question, found.context, found.answers) == (
        "在哪里？",
        "台湾在东亚。",
        (("东亚", 3),),
    )


def test_answer_tokens_cover_the_answer(tokenizer: Tokenizer) -> None:
    tokens = tokenise(tokenizer, CONTEXT)
    start = CONTEXT.index("张静章")
    place = answer_tokens(tokens, start, start + 3)
    assert place is not None
    assert CONTEXT[tokens.offsets[place[0]][0] : tokens.offsets[place[1]][1]] == "张静章"
    assert answer_tokens(tokens, 10_000, 10_001) is None


def test_a_window_holds_its_answer_or_points_at_none(tokenizer: Tokenizer) -> None:
    long = "前面还有一些别的话，说的是别的事情。" * 30 + CONTEXT + "后面又有一些话。" * 30
    sampler = WindowSampler([question(1, "创始人是谁？", "张静章", long)], tokenizer, length=64)
    answered = 0
    for seed in range(200):
        window = sampler.draw(0, random.Random(seed))
        assert len(window.ids) <= 64
        assert window.ids[0] == 0 and window.ids[-1] == 2
        if window.start:
            answered += 1
            assert window.start >= window.passage
            assert words(tokenizer, window) == "张静章"
    assert 110 <= answered <= 165  # 70 % of 200, within three standard errors


def test_the_removed_sentence_is_gone(tokenizer: Tokenizer) -> None:
    sampler = WindowSampler(
        [question(1, "创始人是谁？", "张静章")], tokenizer, elsewhere=0.0, removed=1.0
    )
    window = sampler.draw(0, random.Random(1))
    assert window.start == window.end == 0
    text = tokenizer.decode(window.ids[window.passage :]).replace(" ", "")
    assert "张静章" not in text
    assert "海天集团" in text and "14个沿海城市" in text


def test_what_leads_up_to_a_passage_stands_before_it_and_holds_no_answer(
    tokenizer: Tokenizer,
) -> None:
    asked = replace(question(1, "创始人是谁？", "张静章"), lead_up="海天。创始人张静章八十岁。")
    sampler = WindowSampler([asked], tokenizer, elsewhere=0, removed=0, led_up=0.5)
    drawn = [sampler.draw(0, random.Random(seed)) for seed in range(200)]
    led_up = [w for w in drawn if w.ids.count(2) == 4]
    assert 75 <= len(led_up) <= 125
    for window in drawn:
        assert words(tokenizer, window) == "张静章"
        own = tokenizer.decode(window.ids[window.passage :]).replace(" ", "")
        assert own.lstrip("▁").startswith("海天集团是北仑")
    before = tokenizer.decode(led_up[0].ids[: led_up[0].passage]).replace(" ", "")
    assert before.endswith("八十岁。") and led_up[0].ids[led_up[0].passage - 1] == 2


def test_a_resumed_run_sees_what_an_uninterrupted_one_sees(tokenizer: Tokenizer) -> None:
    questions = [question(n, f"第{n}问，创始人是谁？", "张静章") for n in range(50)]
    sampler = WindowSampler(questions, tokenizer)
    whole = batches(sampler, 4, seed=3, first=0)
    seen = [next(whole) for _ in range(20)]
    stopped_at = seen[11][0]
    resumed = batches(sampler, 4, seed=3, first=stopped_at)
    assert [next(resumed) for _ in range(8)] == seen[12:]


def test_pieces_are_cut_where_the_answer_ends_inside_one(tokenizer: Tokenizer) -> None:
    context = "北仑区大碇街道灵峰工业社区党委书记史孟艳打了个比方。"
    asked = question(1, "史孟艳是什么书记？", "党委", context)
    sampler = WindowSampler([asked], tokenizer, elsewhere=0, removed=0)
    for seed in range(20):
        window = sampler.draw(0, random.Random(seed))
        assert words(tokenizer, window) == "党委"


def test_a_follow_up_is_asked_with_the_question_before_it(tokenizer: Tokenizer) -> None:
    whole = question(1, "海天的创始人是谁？", "张静章")
    whole = replace(whole, leaning=("海天是什么？ 它的创始人是谁？",))
    sampler = WindowSampler([whole], tokenizer, elsewhere=0, removed=0, leaning=0.5)
    asked = {
        tokenizer.decode(window.ids[1 : window.ids.index(2, 1)]).replace(" ", "").strip("▁")
        for window in (sampler.draw(0, random.Random(seed)) for seed in range(20))
    }
    assert asked == {"海天的创始人是谁?", "海天是什么?▁它的创始人是谁?"}


def test_what_is_asked_of_a_subject_and_not_told_has_no_answer(tokenizer: Tokenizer) -> None:
    other = "红翅旋壁雀是一种小鸟，俗名叫爬岩树。"
    asked = [
        replace(question(0, "海天集团的创始人是谁？", "张静章"), subject="海天集团"),
        replace(
            question(1, "红翅旋壁雀的俗名是什么？", "爬岩树", other),
            subject="红翅旋壁雀",
            article="bird",
        ),
    ]
    sampler = WindowSampler(asked, tokenizer, elsewhere=0.0, removed=0.0, untold=1.0)
    window = sampler.draw(0, random.Random(1))
    shown = tokenizer.decode(window.ids).replace(" ", "")
    assert (window.start, window.end) == (0, 0)
    assert "海天集团的俗名是什么" in shown and "年逾八旬" in shown


def test_a_shorter_question_keeps_its_answer(tokenizer: Tokenizer) -> None:
    asked = [question(0, "海天集团每年拿出销售收入的多少用于研发？", "5%")]
    sampler = WindowSampler(asked, tokenizer, elsewhere=0.0, removed=0.0, shorter=1.0)
    window = sampler.draw(0, random.Random(1))
    assert words(tokenizer, window) == "5%"
    assert window.passage < WindowSampler(asked, tokenizer).draw(0, random.Random(1)).passage


def test_a_rival_is_another_passage_of_the_same_question(tokenizer: Tokenizer) -> None:
    asked = [question(1, "创始人是谁？", "张静章"), question(2, "在哪里？", "海边", "在海边。")]
    sampler = WindowSampler(asked, tokenizer, elsewhere=0.0, removed=0.0, rivals=1.0)
    row = sampler.draw(0, random.Random(1))
    assert row.start > 0
    assert row.rival is not None
    assert row.rival.ids[: row.passage] == row.ids[: row.passage]
    assert row.rival.ids[row.passage : -1] == tokenise(tokenizer, "在海边。").ids
    assert (row.rival.start, row.rival.end) == (0, 0)


def test_each_of_several_things_is_a_part_of_what_answers(tokenizer: Tokenizer) -> None:
    answers = tuple((text, CONTEXT.index(text)) for text in ("张静章", "宁波"))
    several = replace(question(1, "有谁和哪里？", "张静章"), answers=answers)
    window = WindowSampler([several], tokenizer, elsewhere=0.0, removed=0.0).draw(
        0, random.Random(1)
    )
    assert window.parts is not None
    told = [tokenizer.decode(window.ids[first : last + 1]) for first, last in window.parts]
    assert [text.replace(" ", "") for text in told] == ["张静章", "宁波"]
    assert window.parts[0] == (window.start, window.end)


@pytest.mark.parametrize(
    ("answers", "parts"),
    [((("5%", 0), ("收入的5%", 0)), 1), ((("镰刀、锄头", 0),), None), ((), 0)],
    ids=["two wordings of one", "one wording of several", "no answer"],
)
def test_wordings_of_one_thing_are_one_part_and_a_listing_tells_none(
    tokenizer: Tokenizer, answers: tuple[tuple[str, int], ...], parts: int | None
) -> None:
    context = "海天每年拿出销售收入的5%用于研发，起初只做镰刀、锄头。"
    placed = tuple((text, context.index(text)) for text, _ in answers)
    asked = replace(question(1, "问什么？", "5%"), context=context, answers=placed)
    window = WindowSampler([asked], tokenizer, elsewhere=0.0, removed=0.0).draw(0, random.Random(1))
    assert (None if window.parts is None else len(window.parts)) == parts
