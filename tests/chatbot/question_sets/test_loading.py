"""Reading question sets: what is accepted, and every mistake word for word."""

import json
import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatbot.question_sets.loading import load_question_set, load_question_sets
from chatbot.question_sets.question_set import BrokenQuestionSetError, Question

EXAMPLE = '{"question": "……？", "answer": "……"}'
NO_JSON = f"不是 JSON；应当是 {EXAMPLE} 这样的一行"
UNFINISHED = f"这一行没有写完，缺少结尾的引号或括号；应当是 {EXAMPLE} 这样的一行"
KINDS = ".xlsx、.csv、.yaml、.yml、.json、.jsonl 文件"
HALF = "里有半个字符（\\ud800 到 \\udfff）；请重新输入这段文字"


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file named as a tester would, so that messages are short."""
    monkeypatch.chdir(tmp_path)
    return Path("题.jsonl")


def mistakes(path: Path, *lines: str | dict[str, Any]) -> list[str]:
    """Write the lines, load the file and return the lines of the error."""
    texts = [
        line if isinstance(line, str) else json.dumps(line, ensure_ascii=False) for line in lines
    ]
    path.write_text("\n".join(texts), "utf-8")
    with pytest.raises(BrokenQuestionSetError) as caught:
        load_question_set(path)
    assert len(caught.value.mistakes) == len(str(caught.value).splitlines())
    return str(caught.value).splitlines()


def test_all_fields(path: Path) -> None:
    fields = {
        "id": "q1",
        "question": "它每年投入多少？",
        "answer": ["5%", "百分之五"],
        "items": ["镰刀", "锄头"],
        "evidence": "用于技术研发",
        "answerable": True,
        "history": ["海天是谁创立的？"],
        "tags": ["数字", "追问"],
        "note": "其他字段随便写",
    }
    path.write_text(json.dumps(fields, ensure_ascii=False), "utf-8")
    assert load_question_set(path) == [
        Question(
            id="q1",
            question="它每年投入多少？",
            answers=("5%", "百分之五"),
            items=("镰刀", "锄头"),
            evidence="用于技术研发",
            answerable=True,
            history=("海天是谁创立的？",),
            tags=("数字", "追问"),
        )
    ]


def test_only_the_question_is_required_and_the_row_number_is_the_id(path: Path) -> None:
    path.write_text('\n{"question": "甲？"}\r\n\r\n{"question": "乙？", "id": ""}\n', "utf-8")
    assert load_question_set(path) == [Question("2", "甲？"), Question("4", "乙？")]


def test_one_string_is_a_list_of_one_null_and_empty_are_absent_a_number_is_an_id(
    path: Path,
) -> None:
    one = {"id": 7, "question": "甲？", "answer": "5%", "history": "乙？", "tags": "数字"}
    none = {"question": "乙？", "answer": None, "evidence": "", "tags": [], "answerable": None}
    path.write_text("\n".join(json.dumps(fields) for fields in (one, none)), "utf-8")
    assert load_question_set(path) == [
        Question("7", "甲？", ("5%",), answerable=True, history=("乙？",), tags=("数字",)),
        Question("2", "乙？"),
    ]


@pytest.mark.parametrize(
    ("fields", "answerable"),
    [
        ({}, None),
        ({"answer": "5%"}, True),
        ({"items": ["5%"]}, True),
        ({"evidence": "研发"}, True),
        ({"answerable": True}, True),
        ({"answerable": False}, False),
        ({"answerable": False, "evidence": "研发"}, False),
    ],
)
def test_answerable_by_default_where_anything_is_expected(
    path: Path, fields: dict[str, Any], answerable: bool | None
) -> None:
    path.write_text(json.dumps({"question": "甲？", **fields}), "utf-8")
    assert load_question_set(path)[0].answerable is answerable


@pytest.mark.parametrize(
    "encode",
    [
        lambda text: text.encode("utf-8"),
        lambda text: text.encode("utf-8-sig"),
        lambda text: "\ufeff".encode() + text.encode("utf-8-sig"),
        lambda text: text.encode("gb18030"),
        lambda text: text.encode("utf-16"),
        lambda text: text.replace("\n", "\r\n").encode("gb18030"),
    ],
    ids=["utf-8", "mark", "two marks", "gb18030", "utf-16", "gb18030 crlf"],
)
def test_encodings(path: Path, encode: Any) -> None:
    path.write_bytes(encode('{"question": "北仑在哪里？"}\n{"question": "联通\u2028呢？"}\n'))
    questions = [question.question for question in load_question_set(path)]
    assert questions == ["北仑在哪里？", "联通\u2028呢？"]


def test_the_questions_on_the_article() -> None:
    path = Path(__file__).parents[2] / "questions" / "beilun.jsonl"
    questions = load_question_set(path)
    assert len(questions) >= 150
    assert sum(question.answerable is False for question in questions) >= 40
    assert any(question.items for question in questions)
    assert any(question.history for question in questions)


def test_all_mistakes_of_a_file_in_the_order_of_its_rows(path: Path) -> None:
    assert mistakes(
        path,
        {"id": "a", "question": "甲？", "anwser": "5%"},
        '{"question": "乙',
        {"question": "", "tags": [1]},
        {"id": "a", "question": "丙？", "answerable": "否"},
        {"id": "a", "question": "丁？"},
    ) == [
        "题.jsonl 第 1 行：不认识字段“anwser”，是不是“answer”？",
        f"题.jsonl 第 2 行：{UNFINISHED}",
        "题.jsonl 第 3 行：没有问题；字段 question 要写上要问的话",
        '题.jsonl 第 3 行：字段 tags 应当是文字或一列文字，写成 "……" 或 ["……", "……"]；这里有数字',
        "题.jsonl 第 4 行：字段 answerable 应当是 true 或 false，不加引号；这里是文字",
        "题.jsonl 第 4 行：编号“a”与第 1 行的重复；每题的编号要不同",
        "题.jsonl 第 5 行：编号“a”与第 1 行的重复；每题的编号要不同",
    ]


def test_all_mistakes_of_all_files(path: Path) -> None:
    other = Path("别的.jsonl")
    other.write_text('{"question": 1}\n', "utf-8")
    path.write_text('{"id": "a"}\n', "utf-8")
    with pytest.raises(BrokenQuestionSetError) as caught:
        load_question_sets([path, other, Path("没有.jsonl")])
    assert str(caught.value).splitlines() == [
        "题.jsonl 第 1 行：没有问题；字段 question 要写上要问的话",
        '别的.jsonl 第 1 行：字段 question 应当是文字，写成 "……"；这里是数字',
        "没有.jsonl：读不了，没有这个文件或文件夹",
    ]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ('{"question": "甲？"', UNFINISHED),
        ('{"question": “甲？”}', "第 14 个字符 “ 要用半角的 \""),
        ('{"question"："甲？"}', "第 12 个字符 ： 要用半角的 :"),
        ('{"question": "甲？"，"id": "1"}', "第 18 个字符 ， 要用半角的 ,"),
        ('{"question": "甲？",\u3000"id": "1"}', "第 19 个字符是全角空格，要用半角的"),
        ("甲？", f"从第 1 个字符“甲”起{NO_JSON}"),
        ('{"question": "甲？"} 乙', f"从第 20 个字符“乙”起{NO_JSON}"),
        ('"甲？"', "应当是 " + EXAMPLE + " 这样的一个对象，这里是文字"),
        ("3", "应当是 " + EXAMPLE + " 这样的一个对象，这里是数字"),
        ("null", "应当是 " + EXAMPLE + " 这样的一个对象，这里是 null"),
        ("true", "应当是 " + EXAMPLE + " 这样的一个对象，这里是 true 或 false"),
        ("[" * 100_000, "这样的 JSON 读不了；应当是 " + EXAMPLE + " 这样的一行"),
        ('{"id": ' + "1" * 5000 + "}", "这样的 JSON 读不了；应当是 " + EXAMPLE + " 这样的一行"),
        ('{"question": "甲？", "question": "乙？"}', "字段 question 写了不止一次；只留一个"),
        ('{"id": "1"}', "没有问题；字段 question 要写上要问的话"),
        ('{"question": " "}', "字段 question 是空白；写上文字，或去掉它"),
        ('{"question": ["甲？"]}', '字段 question 应当是文字，写成 "……"；这里是一列东西'),
        ('{"question": "\\ud800"}', f"字段 question {HALF}"),
        ('{"question": "甲？", "id": {}}', '字段 id 应当是文字，写成 "……"；这里是一个对象'),
        ('{"question": "甲？", "id": true}', '字段 id 应当是文字，写成 "……"；这里是 true 或 false'),
        (
            '{"question": "甲？", "answer": 5}',
            '字段 answer 应当是文字或一列文字，写成 "……" 或 ["……", "……"]；这里有数字',
        ),
        (
            '{"question": "甲？", "answer": ["5%", null]}',
            '字段 answer 应当是文字或一列文字，写成 "……" 或 ["……", "……"]；这里有 null',
        ),
        ('{"question": "甲？", "answer": ["5%", ""]}', "字段 answer 是空白；写上文字，或去掉它"),
        (
            '{"question": "甲？", "answer": "。"}',
            "字段 answer “。”里没有可以比较的字；比较时不看标点和空白",
        ),
        (
            '{"question": "甲？", "evidence": "……"}',
            "字段 evidence “……”里没有可以比较的字；比较时不看标点和空白",
        ),
        (
            '{"question": "甲？", "evidence": ["研发"]}',
            '字段 evidence 应当是文字，写成 "……"；这里是一列东西',
        ),
        (
            '{"question": "甲？", "answerable": 0}',
            "字段 answerable 应当是 true 或 false，不加引号；这里是数字",
        ),
        (
            '{"question": "甲？", "answerable": false, "answer": "5%", "items": ["5%"]}',
            "answerable 是 false（应当拒答），却写了 answer、items；去掉其中一样",
        ),
        ('{"QUESTION": "", "question": "甲？", "tag": "甲"}', "不认识字段“tag”，是不是“tags”？"),
    ],
)  # fmt: skip
def test_one_mistake(path: Path, line: str, message: str) -> None:
    assert mistakes(path, line) == [f"题.jsonl 第 1 行：{message}"]


def test_a_misspelt_field_is_said_once(path: Path) -> None:
    rows = [{"question": "甲？", "evidance": "研发"}] * 3
    assert mistakes(path, *rows) == [
        "题.jsonl 第 1 行：不认识字段“evidance”，是不是“evidence”？（共 3 行这样写）"
    ]


@pytest.mark.parametrize("name", ["note", "source", "kind", "answer_start", "question_id", "idx"])
def test_a_testers_own_field_is_not_a_misspelling(path: Path, name: str) -> None:
    path.write_text(json.dumps({"question": "甲？", name: "随便"}), "utf-8")
    assert load_question_set(path) == [Question("1", "甲？")]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "题.jsonl：一道题也没有；每行要有一题，例如 " + EXAMPLE),
        (b"\xef\xbb\xbf\n \r\n", "题.jsonl：一道题也没有；每行要有一题，例如 " + EXAMPLE),
        (
            b'[{"question": "a"}]',
            "题.jsonl：整个文件是一个 JSON 值；JSON Lines 要每行一题，例如 " + EXAMPLE,
        ),
        (
            b'{\n  "question": "a"\n}\n',
            "题.jsonl：整个文件是一个 JSON 值；JSON Lines 要每行一题，例如 " + EXAMPLE,
        ),
        (
            '{"question": "甲？"}\n{"question": "北仑奋楫'.encode()[:-1],
            "题.jsonl 第 2 行：有损坏的字节，文件可能没有写完；请另存为 UTF-8",
        ),
        (
            b"\xff\xff\xff\xff",
            "题.jsonl：不是文本，或者编码不是 UTF-8 和 GB18030；请另存为 UTF-8",
        ),
        (
            b"\x00\x01" * 50,
            "题.jsonl：不是文本，或者编码不是 UTF-8 和 GB18030；请另存为 UTF-8",
        ),
    ],
    ids=["empty", "only a mark", "array", "object", "cut off", "no encoding", "binary"],
)
def test_a_file_that_is_no_question_set(path: Path, content: bytes, message: str) -> None:
    path.write_bytes(content)
    with pytest.raises(BrokenQuestionSetError) as caught:
        load_question_set(path)
    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("题.doc", f"题.doc：不认识 .doc 文件；问题集要是 {KINDS}"),
        ("题", f"题：文件名没有扩展名；问题集要是 {KINDS}"),
        ("没有.jsonl", "没有.jsonl：读不了，没有这个文件或文件夹"),
        ("夹.jsonl", f"夹.jsonl：文件夹里没有问题集；要有 {KINDS}"),
    ],
)
def test_a_path_that_is_no_question_set(path: Path, name: str, message: str) -> None:
    Path("夹.jsonl").mkdir()
    with pytest.raises(BrokenQuestionSetError) as caught:
        load_question_set(Path(name))
    assert str(caught.value) == message


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such permission")
def test_a_file_that_may_not_be_read(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def forbid(self: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "read_bytes", forbid)
    with pytest.raises(BrokenQuestionSetError) as caught:
        load_question_set(path)
    assert str(caught.value) == "题.jsonl：读不了，没有权限"


def test_row_numbers_of_several_files_are_told_apart_a_given_id_is_a_mistake(path: Path) -> None:
    other = Path("别的.jsonl")
    path.write_text('{"question": "甲？"}\n{"id": "a", "question": "乙？"}\n', "utf-8")
    other.write_text('{"question": "丙？"}\n', "utf-8")
    ids = [question.id for question in load_question_sets([path, other])]
    assert ids == ["题:1", "a", "别的:1"]
    other.write_text('{"question": "丙？"}\n{"id": "a", "question": "丁？"}\n', "utf-8")
    with pytest.raises(BrokenQuestionSetError) as caught:
        load_question_sets([path, other])
    assert str(caught.value) == (
        "别的.jsonl 第 2 行：编号“a”与 题.jsonl 第 2 行的重复；每题的编号要不同"
    )


def test_a_question_knows_its_file(path: Path) -> None:
    path.write_text('{"question": "甲？"}', "utf-8")
    assert load_question_sets([path])[0].source == "题.jsonl"


def test_a_folder_is_its_sets_and_those_below_in_the_order_of_their_names(path: Path) -> None:
    for name in ("夹/乙.csv", "夹/甲.csv", "夹/下/丙.jsonl", "夹/.藏/丁.csv", "夹/~$甲.csv"):
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        content = '{"question": "问？"}' if name.endswith(".jsonl") else "问题\n问？\n"
        Path(name).write_text(content, "utf-8")
    Path("夹/说明.txt").write_text("不是问题集", "utf-8")
    questions = load_question_sets([Path("夹")])
    assert [question.id for question in questions] == ["丙:1", "乙:2", "甲:2"]
    assert questions[0].source == str(Path("夹/下/丙.jsonl"))


@pytest.mark.parametrize(
    ("names", "ids"),
    [
        (["题.csv", "题.tsv.csv"], ["题:2", "题.tsv:2"]),
        (["题.csv", "题.jsonl"], ["题.csv:2", "题.jsonl:1"]),
        (["甲/题.csv", "乙/题.csv"], ["甲/题.csv:2", "乙/题.csv:2"]),
        (["甲/一/题.csv", "乙/一/题.csv"], ["甲/一/题.csv:2", "乙/一/题.csv:2"]),
    ],
)
def test_files_are_told_apart_by_as_little_as_it_takes(
    path: Path, names: list[str], ids: list[str]
) -> None:
    for name in names:
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        content = '{"question": "问？"}' if name.endswith(".jsonl") else "问题\n问？\n"
        Path(name).write_text(content, "utf-8")
    assert [question.id for question in load_question_sets(list(map(Path, names)))] == ids


def test_a_file_given_twice_counts_once(path: Path) -> None:
    path.write_text('{"question": "甲？"}', "utf-8")
    assert [q.id for q in load_question_sets([path, path, path.resolve(), Path()])] == ["1"]


def test_the_answers_of_a_run_are_no_question_set(path: Path) -> None:
    record = {"question": "甲？", "understood": "甲？", "answered": True, "confidence": 0.5}
    assert mistakes(path, {**record, "answer": None}, {**record, "answer": "5%", "id": "a"}) == [
        "题.jsonl：这是 wenda test --answers 写下的回答记录，不是问题集"
    ]


def test_chinese_names_of_fields(path: Path) -> None:
    fields = {"编号": "a", "问题": "它呢？", "答案": ["5%"], "列举": ["甲"], "依据": "研发"}
    path.write_text(
        json.dumps({**fields, "可答": True, "前文": "海天呢？", "标签": ["数字"]}), "utf-8"
    )
    assert load_question_set(path) == [
        Question("a", "它呢？", ("5%",), ("甲",), "研发", True, ("海天呢？",), ("数字",))
    ]


def test_mistakes_call_a_field_what_the_file_calls_it(path: Path) -> None:
    assert mistakes(path, {"问题": "甲？", "答案": "。"}, {"问题": "甲？", "题目": "乙？"}) == [
        "题.jsonl 第 1 行：字段 答案 “。”里没有可以比较的字；比较时不看标点和空白"
    ]
    assert mistakes(path, {"题目": "甲？"}, {"问题": "甲？", "question": "乙？"}) == [
        "题.jsonl 第 1 行：不认识字段“题目”，是不是“问题”？",
        "题.jsonl 第 1 行：没有问题；字段 question 要写上要问的话",
        "题.jsonl 第 2 行：字段 问题、question 写了不止一次；只留一个",
    ]


def test_a_row_number_may_not_be_the_id_of_another_row(path: Path) -> None:
    assert mistakes(path, {"id": "2", "question": "甲？"}, {"question": "乙？"}) == [
        "题.jsonl 第 2 行：编号“2”与第 1 行的重复；每题的编号要不同"
    ]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=5,
)
FIELD = st.sampled_from(
    ["id", "question", "answer", "items", "evidence", "answerable", "history", "tags", "tag", "x"]
)


@given(st.lists(st.dictionaries(FIELD, JSON).map(json.dumps) | st.text(max_size=20), max_size=4))
def test_any_file_gives_questions_or_mistakes(lines: list[str]) -> None:
    check("\n".join(lines).encode("utf-8", "surrogatepass"))


@given(st.binary(max_size=60))
def test_any_bytes_give_questions_or_mistakes(content: bytes) -> None:
    check(content)


def check(content: bytes) -> None:
    """Load `content` from a file that is only pretended, since Hypothesis has no tmp_path."""

    class Pretended(type(Path())):  # type: ignore[misc]
        def read_bytes(self) -> bytes:
            return content

    path = Pretended("题.jsonl")
    try:
        questions = load_question_sets([path])
    except BrokenQuestionSetError as error:
        assert error.mistakes
        assert all(str(mistake).startswith("题.jsonl") for mistake in error.mistakes)
    else:
        assert questions
        assert all(question.question.strip() for question in questions)
        assert len({question.id for question in questions}) == len(questions)
