"""--fail-under: its forms, its mistakes word for word, and what holds."""

import pytest

from chatbot.question_sets.gates import Gate, check_tags, in_one_line, judge, parse_gates
from chatbot.question_sets.question_set import GateError
from chatbot.question_sets.summary import LABELS, Score, Summary


def summary(tags: dict[str, Summary] | None = None, **values: float | None) -> Summary:
    scores = {name: Score(values.get(name), 10) for name in LABELS}
    return Summary(questions=10, scored=10, scores=scores, tags=tags or {}, latency=None)


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
        ("sentence=0.9", Gate("sentence", 0.9)),
        ("sentence≥0.9", Gate("sentence", 0.9)),
        ("refusal[tag=敏感]=1", Gate("refusal", 1.0, "敏感")),
        ("refusal [ tag = 敏 感 ] >= 95%", Gate("refusal", 0.95, "敏 感")),
        ("f1[tag=a=b[0]]>=0.5", Gate("f1", 0.5, "a=b[0]")),
        ("[tag=2024]>=0.5", Gate("right", 0.5, "2024")),
    ],
)
def test_forms(text: str, gate: Gate) -> None:
    assert parse_gates([text]) == (gate,)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "看不懂；要写成 0.9、90%、sentence>=0.9 或 refusal[tag=标签]=1"),
        ("很高", "看不懂；要写成 0.9、90%、sentence>=0.9 或 refusal[tag=标签]=1"),
        ("-0.5", "看不懂；要写成 0.9、90%、sentence>=0.9 或 refusal[tag=标签]=1"),
        ("nan", "看不懂；要写成 0.9、90%、sentence>=0.9 或 refusal[tag=标签]=1"),
        ("sentence>0.9", "看不懂；要写成 0.9、90%、sentence>=0.9 或 refusal[tag=标签]=1"),
        ("refusal[kind=span]=1", "看不懂；要写成 0.9、90%、sentence>=0.9 或 refusal[tag=标签]=1"),
        ("refusal[tag=]=1", "看不懂；要写成 0.9、90%、sentence>=0.9 或 refusal[tag=标签]=1"),
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


def test_a_gate_on_a_tag_judges_the_questions_with_that_tag() -> None:
    tagged = summary({"敏感": summary(refusal=0.5)}, refusal=1.0)
    verdicts = judge(parse_gates(["refusal=1", "refusal[tag=敏感]=1"]), tagged)
    assert [str(verdict) for verdict in verdicts] == [
        "达标：refusal（该拒而拒）>= 1，实得 1",
        "未达标：refusal[tag=敏感]（该拒而拒）>= 1，实得 0.5",
    ]


def test_an_unknown_tag_is_named_with_those_there_are() -> None:
    gates = parse_gates(["0.9", "f1[tag=数学]>=0.5", "f1[tag=数字]>=0.5", "refusal[tag=x]=1"])
    check_tags(gates[:1], [])
    with pytest.raises(GateError) as caught:
        check_tags(gates, ["数字", "敏感", "数字"])
    assert str(caught.value).splitlines() == [
        "--fail-under f1[tag=数学]>=0.5：没有题带标签“数学”；有的是 数字、敏感",
        "--fail-under refusal[tag=x]>=1：没有题带标签“x”；有的是 数字、敏感",
    ]
    with pytest.raises(GateError, match="这些题都没有标签"):
        check_tags(gates, [])


def test_one_line_says_which_held() -> None:
    gates = parse_gates(["sentence>=0.8", "refusal>=1", "f1[tag=敏感]>=0.5"])
    verdicts = judge(gates, summary({"敏感": summary(f1=0.5)}, sentence=0.8, refusal=0.9))
    assert in_one_line(verdicts) == (
        "门槛共 3 项：2 项达标（sentence>=0.8，f1[tag=敏感]>=0.5），1 项未达标（refusal>=1）"
    )
    assert in_one_line(verdicts[:1]) == "门槛共 1 项：1 项达标（sentence>=0.8）"
