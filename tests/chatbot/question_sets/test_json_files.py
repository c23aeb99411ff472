"""Question sets in JSON: an array, or an object that holds one."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatbot.question_sets.json_files import EXAMPLE, load_json
from chatbot.question_sets.loading import load_question_set
from chatbot.question_sets.question_set import BrokenQuestionSetError
from chatbot.question_sets.rows import Findings

ARRAY = f"[{EXAMPLE}, ……]"


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return Path("题.json")


@pytest.mark.parametrize(
    "text",
    [
        '[{"question": "甲？", "answer": ["5%"]}, {"id": "b", "question": "乙？"}]',
        '{"name": {"questions": 1}, "questions": \n [{"question": "甲？", "answer": "5%"},\n'
        '{"id": "b", "question": "乙？"}], "more": []}',
        '\ufeff\ufeff[\r\n{"问题": "甲？", "答案": "5%"},{"编号": "b", "问题": "乙？"}\r\n]',
    ],
)
def test_an_array_or_an_object_that_holds_one(path: Path, text: str) -> None:
    path.write_text(text, "utf-8")
    first, second = load_question_set(path)
    assert (first.id, first.question, first.answers) == ("1", "甲？", ("5%",))
    assert (second.id, second.question) == ("b", "乙？")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", f"题.json：一道题也没有；要有一列题，例如 [{EXAMPLE}]"),
        ("[]", f"题.json：一道题也没有；要有一列题，例如 [{EXAMPLE}]"),
        ("{}", f'题.json：应当是一列题，写成 {ARRAY} 或 {{"questions": [……]}}'),
        ('{"questions": {}}', f'题.json：应当是一列题，写成 {ARRAY} 或 {{"questions": [……]}}'),
        ("3", f'题.json：应当是一列题，写成 {ARRAY} 或 {{"questions": [……]}}'),
        (
            '[\n{"question": "甲？"},\n{"question": "乙',
            f"题.json 第 3 行：文件没有写完，缺少结尾的引号或括号；应当是 {ARRAY}",
        ),
        ('[\n{"question"："甲？"}]', "题.json 第 2 行：第 12 个字符 ： 要用半角的 :"),
        (
            '[{"question": "甲？"} 乙]',
            f"题.json 第 1 行：从第 21 个字符“乙”起不是 JSON；应当是 {ARRAY}",
        ),
        ("[" * 100_000, f"题.json：这样的 JSON 读不了；应当是 {ARRAY}"),
        (
            '[{"question": "甲？"},\n"乙？"]',
            f"题.json 第 2 行：应当是 {EXAMPLE} 这样的一个对象，这里是文字",
        ),
        (
            '[\n\n{"question": "甲？", "question": "乙？"}]',
            "题.json 第 3 行：字段 question 写了不止一次；只留一个",
        ),
        (
            '[{"question": "甲？"},\n{"question": "乙？",\n"answerable": "否"}]',
            "题.json 第 2 行：字段 answerable 应当是 true 或 false，不加引号；这里是文字",
        ),
    ],
)
def test_one_mistake(path: Path, text: str, said: str) -> None:
    path.write_text(text, "utf-8")
    with pytest.raises(BrokenQuestionSetError) as caught:
        load_question_set(path)
    assert str(caught.value) == said


VALUES = st.recursive(
    st.none() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["question", "questions", "x"]), inner)
    ),
    max_leaves=8,
)


@given(VALUES, st.sampled_from([None, 1]))
def test_any_json_gives_a_row_for_each_object(value: object, indent: int | None) -> None:
    findings = Findings(Path("题.json"))
    rows = load_json(json.dumps(value, indent=indent).encode(), findings)
    array = value.get("questions") if isinstance(value, dict) else value
    if isinstance(array, list):
        assert len(rows) == sum(isinstance(one, dict) for one in array)
        assert len(findings.mistakes) == len(array) - len(rows)
    else:
        assert not rows


def test_the_lines_of_a_big_file_are_counted_once(path: Path) -> None:
    questions = [{"question": f"{number}？", "evidence": "长" * 100} for number in range(30_000)]
    questions.append({"question": 5})
    text = json.dumps(questions, ensure_ascii=False, indent=1)
    began = time.process_time()
    findings = Findings(path)
    rows = load_json(text.encode(), findings)
    # From the top for each question it took minutes.
    assert time.process_time() - began < 8
    assert rows[-1].number == text.count("\n") - 2
