"""--fail-under: its forms, its mistakes word for word, and what holds."""

import pytest

from chatbot.question_sets.gates import Gate, judge, parse_gates
from chatbot.question_sets.question_set import GateError
from chatbot.question_sets.summary import LABELS, Score, Summary


def summary(**values: float | None) -> Summary:
    scores = {name: Score(values.get(name), 10) for name in LABELS}
    return Summary(10, 10, scores, {}, None)


@pytest.mark.parametrize(
    ("text", "gate"),
    [
        ("0.9", Gate("right", 0.9)),
        ("90%", Gate("right", 0.9)),
        ("0", Gate("right", 0.0)),
        ("1", Gate("right", 1.0)),
        ("sentence>=0.9", Gate("sentence", 0.9)),
        (" f1 >= 75% ", Gate("f1", 0.75)),
        ("items_found>=.5", Gate("items_found", 0.5)),
        ("auroc>=0.925", Gate("auroc", 0.925)),
    ],
)
def test_forms(text: str, gate: Gate) -> None:
    assert parse_gates([text]) == (gate,)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "看不懂；要写成 0.9、90% 或 sentence>=0.9"),
        ("很高", "看不懂；要写成 0.9、90% 或 sentence>=0.9"),
        ("-0.5", "看不懂；要写成 0.9、90% 或 sentence>=0.9"),
        ("nan", "看不懂；要写成 0.9、90% 或 sentence>=0.9"),
        ("sentence>0.9", "看不懂；要写成 0.9、90% 或 sentence>=0.9"),
        ("0.9.1", "“0.9.1”不是数"),
        ("90", "门槛要在 0 到 1 之间（或 0% 到 100%）"),
        ("120%", "门槛要在 0 到 1 之间（或 0% 到 100%）"),
        (
            "sentense>=0.9",
            "没有“sentense”这个分数；可用的是 right、paragraph、sentence、exact、f1、"
            "items_found、items_right、answered、refusal、auroc",
        ),
    ],
)
def test_mistakes(text: str, message: str) -> None:
    with pytest.raises(GateError) as caught:
        parse_gates([text])
    assert str(caught.value) == f"--fail-under {text}：{message}"


def test_all_mistakes_at_once() -> None:
    with pytest.raises(GateError) as caught:
        parse_gates(["0.9", "90", "x>=1..0"])
    assert str(caught.value).splitlines() == [
        "--fail-under 90：门槛要在 0 到 1 之间（或 0% 到 100%）",
        "--fail-under x>=1..0：没有“x”这个分数；可用的是 right、paragraph、sentence、exact、f1、"
        "items_found、items_right、answered、refusal、auroc",
    ]


@pytest.mark.parametrize(
    ("text", "value", "held", "line"),
    [
        ("0.9", 0.9, True, "达标：right（答对）>= 0.9，实得 0.9"),
        ("0.9", sum([0.1] * 9), True, "达标：right（答对）>= 0.9，实得 0.9"),
        ("0.9", 0.89999, False, "未达标：right（答对）>= 0.9，实得 0.8999"),
        ("1", 1.0, True, "达标：right（答对）>= 1，实得 1"),
        ("0", 0.0, True, "达标：right（答对）>= 0，实得 0"),
        ("0", None, False, "未达标：right（答对）>= 0，可是没有一题能算这个分数"),
    ],
)
def test_verdicts(text: str, value: float | None, held: bool, line: str) -> None:
    (verdict,) = judge(parse_gates([text]), summary(right=value))
    assert verdict.held is held
    assert str(verdict) == line


def test_each_gate_has_its_score() -> None:
    verdicts = judge(
        parse_gates(["sentence>=0.8", "refusal>=1"]), summary(sentence=0.8, refusal=0.9)
    )
    assert [verdict.held for verdict in verdicts] == [True, False]
