"""Question sets in CSV: what separates, what quotes, in which encoding."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatbot.question_sets.csv_files import load_csv
from chatbot.question_sets.loading import load_question_set
from chatbot.question_sets.question_set import BrokenQuestionSetError, Question
from chatbot.question_sets.rows import Findings


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return Path("题.csv")


def mistakes(path: Path, text: str) -> list[str]:
    path.write_text(text, "utf-8")
    with pytest.raises(BrokenQuestionSetError) as caught:
        load_question_set(path)
    return str(caught.value).splitlines()


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_separators_encodings_and_ends_of_lines(
    path: Path, delimiter: str, encoding: str, end: str
) -> None:
    rows = [
        ["标签", "问题", "答案", "可答"],
        [
            "",
            f'"北仑{delimiter} 在""哪里""？"',
            "宁波｜浙江,宁波;中国" if delimiter == "\t" else "宁波|浙江",
            "",
        ],
        ["拒答", "海天呢？", "", "否"],
    ]
    path.write_bytes(end.join(delimiter.join(row) for row in rows).encode(encoding))
    first, second = load_question_set(path)
    assert first.question == f'北仑{delimiter} 在"哪里"？'
    assert first.answers[0] == "宁波"
    assert second == Question("3", "海天呢？", answerable=False, tags=("拒答",))


def test_many_commas_in_the_questions_do_not_mislead(path: Path) -> None:
    path.write_text("问题;答案\n" + "甲,乙,丙,丁,呢？;五,六\n" * 20, "utf-8")
    questions = load_question_set(path)
    assert len(questions) == 20
    assert (questions[0].question, questions[0].answers) == ("甲,乙,丙,丁,呢？", ("五,六",))


def test_excels_own_first_line_and_lines_within_a_cell(path: Path) -> None:
    path.write_text('sep=;\r\n问题;备注\r\n"甲？";"两\r\n行"\r\n\r\n乙？;\r\n', "utf-8")
    assert [question.id for question in load_question_set(path)] == ["2", "4"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("题目,答案\n甲？,乙\n", ["第 1 行 A 列：不认识列名“题目”，是不是“问题”？"]),
        ("Qestion\n甲？\n", ["第 1 行 A 列：不认识列名“Qestion”，是不是“question”？"]),
        (
            "a,b\n甲？,乙\n",
            ["第 1 行：没有“问题”（question）这一列；第一行要是列名，这里是“a”、“b”"],
        ),
        ("问题，答案\n甲？，乙\n", ["第 1 行：列名之间是全角逗号；要用半角的 ,"]),
        (
            "问题,答案,question\n甲？,乙,丙？\n",
            ["第 1 行 C 列：A 列“问题”、C 列“question”是同一个字段；只留一列"],
        ),
        (
            "问题,答案\n甲？,1,2\n乙？,1,3\n",
            [
                "第 2 行 C 列：这一列没有列名，却有内容“2”；写上列名，或清空它"
                "（内容里有 , 时，整格要加引号）"
            ],
        ),
        (
            '问题,答案\n"甲？,乙\n丙？,丁\n',
            ['第 2 行：引号没有配对；引号里的引号要写两个（""），整格再用引号括起来'],
        ),
        (
            '问题,答案\n"甲"乙？,丙\n',
            ['第 2 行：引号没有配对；引号里的引号要写两个（""），整格再用引号括起来'],
        ),
        (
            "问题,编号\n甲？,1\n乙？,1\n,3\n",
            [
                "第 3 行 B 列：编号“1”与第 2 行的重复；每题的编号要不同",
                "第 4 行 A 列：没有问题；字段 问题 要写上要问的话",
            ],
        ),
        (
            "问题,答案,可答\n甲？,5%,否\n乙？,|,是\n",
            [
                "第 2 行 C 列：可答 是 否（应当拒答），却写了 答案；去掉其中一样",
                "第 3 行 B 列：字段 答案 是空白；写上文字，或去掉它",
            ],
        ),
        (
            "问题\n这里面有一个看不见的空字符：\0？\n",
            ["第 2 行 A 列：字段 问题 里有空字符（NUL）；请重新输入这段文字"],
        ),
        (
            "id,question,understood,answered,confidence\n1,甲？,甲？,True,0.5\n",
            ["第 1 行：这是回答记录，不是问题集"],
        ),
    ],
)
def test_mistakes(path: Path, text: str, said: list[str]) -> None:
    assert [line.removeprefix("题.csv ") for line in mistakes(path, text)] == said


def test_a_wrong_header_does_not_hide_what_is_wrong_below_it(path: Path) -> None:
    text = "编号,问题,anwser,可答\na,甲？,5%,也许\na,,6%,否\n"
    assert [line.removeprefix("题.csv ") for line in mistakes(path, text)] == [
        "第 1 行 C 列：不认识列名“anwser”，是不是“answer”？",
        "第 2 行 D 列：字段 可答 应当是 是 或 否（true 或 false）；这里是“也许”",
        "第 3 行 B 列：没有问题；字段 问题 要写上要问的话",
        "第 3 行 A 列：编号“a”与第 2 行的重复；每题的编号要不同",
    ]


def test_two_columns_of_one_name_are_not_judged_the_others_are(path: Path) -> None:
    text = "问题,答案,answer,可答\n甲？,。,5%,也许\n"
    assert [line.removeprefix("题.csv ") for line in mistakes(path, text)] == [
        "第 1 行 C 列：B 列“答案”、C 列“answer”是同一个字段；只留一列",
        "第 2 行 D 列：字段 可答 应当是 是 或 否（true 或 false）；这里是“也许”",
    ]


def test_a_quotation_mark_that_is_never_closed_in_a_long_file(path: Path) -> None:
    assert mistakes(path, '问题\n"甲？\n' + "乙？\n" * 100_000) == [
        '题.csv 第 2 行：有一格特别长，多半是引号没有配对；引号里的引号要写两个（""）'
    ]


@pytest.mark.parametrize("text", ["", "\n\n", "问题\n", ",,,\n"])
def test_no_question_at_all(path: Path, text: str) -> None:
    assert mistakes(path, text) == [
        "题.csv：一道题也没有；第一行要是列名，下面每行一题；"
        "样例用 wenda test --template 题.xlsx 来写"
    ]


def test_a_formula_that_was_neutralised_is_read_without_its_apostrophe(path: Path) -> None:
    path.write_text("问题,答案\n'=1+1 是多少？,'-5℃|'零下'\n", "utf-8")
    (only,) = load_question_set(path)
    assert (only.question, only.answers) == ("=1+1 是多少？", ("-5℃", "'零下'"))


@given(st.text(alphabet='问题答案,;\t"\n\r\0|a', max_size=40))
def test_any_text_gives_rows_or_mistakes(text: str) -> None:
    load_csv(text.encode(), Findings(Path("题.csv")))
