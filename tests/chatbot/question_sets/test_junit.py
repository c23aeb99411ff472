"""JUnit XML: what CI servers read of it, and that nothing in an answer breaks it."""

import re
import xml.etree.ElementTree as ET
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given as for_any
from hypothesis import settings
from hypothesis import strategies as st

from chatbot.question_sets.junit import write_junit
from chatbot.question_sets.outcomes import Outcome, outcome
from chatbot.question_sets.question_set import Question
from tests.chatbot.question_sets.records import given, refused

WHEN = datetime(2026, 11, 24, 12, 30, 5)
SHARE = Question(
    "a",
    "多少？",
    ("5%",),
    evidence="研发",
    answerable=True,
    tags=("数字", "v1.2"),
    source="夹/题.v2.xlsx",
)
OUTCOMES = [
    outcome(SHARE, given(milliseconds=1500.0)),
    outcome(SHARE, given("张静章", "张静章说。", milliseconds=250.0)),
    outcome(Question("b", "天气？", answerable=False, tags=("a.b",), source="题二.csv"), given()),
    outcome(Question("c", "你好？", source="题二.csv"), refused()),
]

# The rules of junit-10.xsd, which Jenkins' xUnit plugin checks a file with: for each element its
# attributes (a ! marks what must be there) and what may stand in it.
RULES = {
    "testsuites": ("name time tests failures errors", {"testsuite"}),
    "testsuite": (
        "name! tests! failures! errors! group time skipped timestamp hostname id package file log "
        "url",
        {"testsuite", "properties", "testcase", "system-out", "system-err"},
    ),
    "testcase": ("name! time classname group", {"skipped", "error", "failure"}),
    "failure": ("type message", set()),
    "error": ("type message", set()),
    "skipped": ("type message", set()),
}
SUREFIRE_TIME = re.compile(r"(([0-9]{0,3},)*[0-9]{3}|[0-9]{0,3})*(\.[0-9]*)?")


def written(path: Path, outcomes: list[Outcome], **rest: object) -> ET.Element:
    """Write, check against the rules, and return the root."""
    write_junit(path, outcomes, when=WHEN, **rest)  # type: ignore[arg-type]
    root = ET.fromstring(path.read_bytes())
    assert root.tag == "testsuites"
    for element in root.iter():
        attributes, children = RULES[element.tag]
        names = attributes.split()
        assert set(element.attrib) <= {name.rstrip("!") for name in names}
        assert {name[:-1] for name in names if name.endswith("!")} <= set(element.attrib)
        assert {child.tag for child in element} <= children
        assert SUREFIRE_TIME.fullmatch(element.get("time", "0"))
    return root


def test_a_case_for_each_question_in_a_suite_for_each_set(tmp_path: Path) -> None:
    root = written(tmp_path / "j.xml", OUTCOMES)
    assert root.attrib == {
        "name": "wenda",
        "tests": "4",
        "failures": "2",
        "errors": "0",
        "time": "1.830",
    }
    assert [suite.attrib for suite in root] == [
        {
            "name": "夹/题.v2.xlsx",
            "tests": "2",
            "failures": "1",
            "errors": "0",
            "skipped": "0",
            "time": "1.750",
            "timestamp": "2026-11-24T12:30:05",
        },
        {
            "name": "题二.csv",
            "tests": "2",
            "failures": "1",
            "errors": "0",
            "skipped": "1",
            "time": "0.080",
            "timestamp": "2026-11-24T12:30:05",
        },
    ]
    assert [(case.get("classname"), case.get("name")) for case in root.iter("testcase")] == [
        ("题_v2.数字", "a 多少？"),
        ("题_v2.数字", "a 多少？"),
        ("题二.a_b", "b 天气？"),
        ("题二", "c 你好？"),
    ]
    assert [[child.tag for child in case] for case in root.iter("testcase")] == [
        [],
        ["failure"],
        ["failure"],
        ["skipped"],
    ]


def test_a_failure_tells_expected_given_and_reason(tmp_path: Path) -> None:
    failure, invented = written(tmp_path / "j.xml", OUTCOMES).iter("failure")
    assert failure.attrib == {
        "type": "reading",
        "message": "阅读失误：读的是对的段落，答案不对；期望 5%，回答 张静章",
    }
    assert failure.text is not None
    assert failure.text.splitlines() == [
        "问题：多少？",
        "期望：5%",
        "回答：张静章",
        "原因：阅读失误：读的是对的段落，答案不对",
        "依据：研发",
        "引的段落：《甲》·第 1 段：成绩背后，海天每年拿出销售收入的5%用于技术研发。",
        "把握：90%",
    ]
    assert invented.attrib == {"type": "invented", "message": "不该答而答了；期望 拒答，回答 5%"}


def test_a_run_that_ended_early_has_an_error_and_skips_what_it_did_not_ask(tmp_path: Path) -> None:
    root = written(
        tmp_path / "j.xml",
        OUTCOMES[:1],
        unasked=[Question("z", "还没有问？", source="题三.csv")],
        error="连不上 http://127.0.0.1:9",
    )
    assert [(suite.get("name"), suite.get("errors"), suite.get("skipped")) for suite in root] == [
        ("夹/题.v2.xlsx", "0", "0"),
        ("题三.csv", "0", "1"),
        ("wenda test", "1", "0"),
    ]
    assert (root.get("tests"), root.get("errors")) == ("3", "1")
    assert [it.get("message") for it in root.iter("error")] == ["连不上 http://127.0.0.1:9"]
    assert [it.get("message") for it in root.iter("skipped")] == ["没有问到"]


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("a\x00\x1b[31mb\x08", r"a\x00\x1b[31mb\x08"),
        ("\ud800\ufffe\uffff", r"\ud800\ufffe\uffff"),
        ("]]><x a='1'>&amp;\"", "]]><x a='1'>&amp;\""),
        ("一\n二\t三", "一\n二\t三"),
        ("𠮷😀", "𠮷😀"),
    ],
)
def test_what_xml_cannot_hold_is_shown_as_python_writes_it(
    tmp_path: Path, text: str, read: str
) -> None:
    record = given(text, text, text)
    (failure,) = written(tmp_path / "j.xml", [outcome(SHARE, record)]).iter("failure")
    assert failure.get("message", "").endswith(f"回答 {read}")
    assert f"回答：{read}\n" in (failure.text or "")


@settings(max_examples=60)
@for_any(st.text(st.characters(), max_size=20), st.text(st.characters(), max_size=20))
def test_no_text_breaks_the_xml(tmp_path_factory: pytest.TempPathFactory, a: str, b: str) -> None:
    question = Question(a, b, (b,), evidence=a, answerable=True, tags=(a, b), source=b)
    path = tmp_path_factory.mktemp("junit") / "j.xml"
    root = written(path, [outcome(question, given(a, b, a))], error=a)
    assert len(list(root.iter("testcase"))) == 2
