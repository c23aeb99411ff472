"""Question sets in YAML: a value is what stands there, not what YAML makes of it."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatbot.question_sets.loading import load_question_set
from chatbot.question_sets.question_set import BrokenQuestionSetError, Question
from chatbot.question_sets.rows import Findings
from chatbot.question_sets.yaml_files import load_yaml

QUOTED = "有特别字符（如 * & @ : # 和引号）的文字要加引号"
FORM = "“- question: ……”这样的一列题"


@pytest.fixture(params=["题.yaml", "题.yml"])
def path(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return Path(request.param)


SET = """\
# 一列题
- question: 多少？
  answer: [5%, 百分之五]
  answerable: yes
  tags:
    - 数字
  note: {any: [thing]}
- 编号: b
  问题: "何时？"
  答案: 12:30
- question: 可以吗？
  answer: no
- question: 员工数？
  answerable: 否
  answer: null
"""


@pytest.mark.parametrize("text", [SET, "name: x\nquestions:\n" + SET, "\ufeff" + SET])
def test_a_list_or_a_mapping_that_holds_one(path: Path, text: str) -> None:
    path.write_text(text, "utf-8")
    assert load_question_set(path) == [
        Question("1", "多少？", ("5%", "百分之五"), answerable=True, tags=("数字",)),
        Question("b", "何时？", ("12:30",), answerable=True),
        Question("3", "可以吗？", ("no",), answerable=True),
        Question("4", "员工数？", answerable=False),
    ]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        *((same, same) for same in ("2024-05-01", "1e3", "0x10", "01", "on", "5.0", "是|否")),
        ('"null"', "null"),
        ("|\n    两\n    行", "两\n行\n"),
    ],
)
def test_values_letter_for_letter(path: Path, value: str, text: str) -> None:
    path.write_text(f"- question: 甲？\n  answer: {value}\n", "utf-8")
    assert load_question_set(path)[0].answers == (text,)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "：一道题也没有；要有一列题，例如 "),
        ("# 空的", "：一道题也没有；要有一列题，例如 "),
        ("question: 甲？", f"：应当是{FORM}，或者把它们放在 questions: 下面"),
        ("甲？", f"：应当是{FORM}，或者把它们放在 questions: 下面"),
        ("- 甲？", " 第 1 行：应当是“question: ……”这样的一题；这里是“甲？”"),
        ("- question：甲？", " 第 1 行：应当是“question: ……”这样的一题；这里是“question：甲？”"),
        ("- question: 甲？\n-\n", " 第 2 行：应当是“question: ……”这样的一题；这里是空的"),
        ("- question: 甲？\n\tanswer: 5", " 第 2 行：缩进用了制表符（Tab）；YAML 只能用空格缩进"),
        (
            "- question: 甲\n  answer: [5",
            f" 第 2 行：没有写完，缺少结尾的引号或括号；应当是{FORM}",
        ),
        ("- question: *甲", f" 第 1 行：第 14 个字符起不是 YAML；{QUOTED}，应当是{FORM}"),
        (
            "- question: 甲：\n    answer：: b: c",
            " 第 2 行：第 12 个字符起不是 YAML；冒号要用半角的，后面空一格；"
            f"{QUOTED}，应当是{FORM}",
        ),
        (
            "- question: 甲？\n---\n- question: 乙？",
            f" 第 2 行：文件里有几份 YAML（用 --- 隔开）；只能有一份，应当是{FORM}",
        ),
        ("- question: 甲？\n  question: 乙？", " 第 1 行：字段 question 写了不止一次；只留一个"),
        (
            "- question: 甲？\n  answerable: 也许",
            " 第 1 行：字段 answerable 应当是 是 或 否（true 或 false）；这里是“也许”",
        ),
        ("- question: [甲？]", ' 第 1 行：字段 question 应当是文字，写成 "……"；这里是一列东西'),
        (
            "- question: 甲？\n  answer: [[5]]",
            ' 第 1 行：字段 answer 应当是文字或一列文字，写成 "……" 或 ["……", "……"]；这里有一个对象',
        ),
        ("- &a {question: 甲？}\n- <<: *a", " 第 2 行：不支持 <<；请把字段直接写在题里"),
        ("[" * 50_000, f"：一层套一层，太深了；应当是{FORM}"),
    ],
)
def test_one_mistake(path: Path, text: str, said: str) -> None:
    path.write_text(text, "utf-8")
    with pytest.raises(BrokenQuestionSetError) as caught:
        load_question_set(path)
    (mistake,) = caught.value.mistakes
    assert str(mistake).startswith(f"{path}{said}")


def test_aliases_within_aliases_do_not_unfold(path: Path) -> None:
    lines = ["a: &a0 [x, x]", *(f"b{n}: &a{n + 1} [*a{n}, *a{n}]" for n in range(60))]
    path.write_text("\n".join([*lines, "questions:", "- question: 甲？", "  note: *a60"]), "utf-8")
    began = time.perf_counter()
    assert load_question_set(path) == [Question("1", "甲？")]
    assert time.perf_counter() - began < 1


@given(st.text(alphabet="-: []{}&*!|>'\"\n\tquestion问", max_size=40))
def test_any_text_gives_rows_or_mistakes(text: str) -> None:
    load_yaml(text.encode(), Findings(Path("题.yaml")))
