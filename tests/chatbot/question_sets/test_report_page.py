"""The report's page as it is written: what stands in it, and that nothing in it runs."""

import base64
import hashlib
import re
from dataclasses import replace
from datetime import datetime
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from chatbot.question_sets.baseline import compare
from chatbot.question_sets.gates import judge, parse_gates
from chatbot.question_sets.outcomes import Outcome, outcome
from chatbot.question_sets.question_set import Question
from chatbot.question_sets.reasons import REASONS
from chatbot.question_sets.report_page import write_page
from chatbot.question_sets.summary import LABELS, summarise
from chatbot.question_sets.wording import MEANINGS
from tests.chatbot.question_sets.records import given, refused
from tests.chatbot.question_sets.runs import made_up_run

VOID = frozenset(("meta", "input", "line", "circle", "polyline", "link", "img", "br"))
WHEN = datetime(2026, 11, 24, 12, 30)


class Element:
    def __init__(self, name: str, attributes: dict[str, str], parent: "Element | None") -> None:
        self.name, self.attributes, self.parent = name, attributes, parent
        self.children: list[Element | str] = []

    def all(self, name: str, **attributes: str) -> "list[Element]":
        found = []
        for child in self.children:
            if isinstance(child, Element):
                if child.name == name and attributes.items() <= child.attributes.items():
                    found.append(child)
                found += child.all(name, **attributes)
        return found

    def one(self, name: str, **attributes: str) -> "Element":
        (found,) = self.all(name, **attributes)
        return found

    @property
    def text(self) -> str:
        return "".join(c.text if isinstance(c, Element) else c for c in self.children)

    @property
    def words(self) -> str:
        return " ".join(self.text.split())


class Tree(HTMLParser):
    """Reads a page strictly: every element is closed where it should be."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = self.at = Element("", {}, None)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs}, self.at)
        self.at.children.append(element)
        if tag not in VOID:
            self.at = element

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.at.children.append(Element(tag, {name: value or "" for name, value in attrs}, self.at))

    def handle_endtag(self, tag: str) -> None:
        assert tag == self.at.name
        assert self.at.parent is not None
        self.at = self.at.parent

    def handle_data(self, data: str) -> None:
        self.at.children.append(data)


def page(tmp_path: Path, outcomes: list[Outcome], **rest: Any) -> Element:
    scores = [it.score for it in outcomes]
    path = tmp_path / "report.html"
    write_page(path, iter(outcomes), scores, summarise(scores), when=WHEN, **rest)
    tree = Tree()
    tree.feed(path.read_text("utf-8"))
    tree.close()
    assert tree.at is tree.root
    return tree.root


def rows(table: Element) -> list[list[str]]:
    return [
        [cell.words for cell in row.children if isinstance(cell, Element)]
        for row in table.all("tr")
    ]


def section(root: Element, name: str) -> Element:
    return root.one("section", **{"aria-labelledby": name})


SHARE = Question("a", "多少？", ("5%",), evidence="研发", answerable=True, tags=("数字",))
SOME = [
    outcome(SHARE, given(milliseconds=10.0)),
    outcome(replace(SHARE, id="b", history=("海天呢？",)), given("张静章", "张静章说。")),
    outcome(Question("c", "天气？", answerable=False, tags=("敏感",)), refused()),
    outcome(Question("d", "股价？", answerable=False), given()),
    outcome(Question("e", "你好？"), given()),
]


def test_totals_with_their_intervals(tmp_path: Path) -> None:
    table = rows(section(page(tmp_path, SOME), "scores").one("table"))
    assert table[:3] == [
        ["分数", "值", "95% 区间", "题数"],
        [
            *["答对 right 该拒答的拒答了，该回答的答对了"],
            *["50.0%", "15.0% – 85.0%", "4"],  # Wilson, 2 of 4
        ],
        ["段落命中 paragraph 引的段落里有写明的依据", "100.0%", "34.2% – 100.0%", "2"],
    ]
    auroc = "把握 AUROC auroc 文章里有的，把握比没有的大"
    # Whose arithmetic test_summary checks; in the decimals of the value, as in the terminal.
    assert table[-1] == [auroc, "0.750", "0.227 – 0.967", "4"]


def test_every_score_is_explained() -> None:
    assert MEANINGS.keys() == LABELS.keys()


def test_what_it_says_first(tmp_path: Path) -> None:
    gates = judge(parse_gates(["0.5", "f1=1"]), summarise([it.score for it in SOME]))
    root = page(tmp_path, SOME, verdicts=gates, sources=["题.xlsx", "b.csv", "c.csv", "d.csv"])
    said = [div.words for div in root.one("dl", **{"class": "figures"}).all("div")]
    assert said == [
        "答对50.0% 4 题中的 2 题；95% 区间 15%–85%",
        "该答而答100.0% 2 题中的 2 题；95% 区间 34%–100%",
        "该拒而拒50.0% 2 题中的 1 题；95% 区间 9%–91%",
        "用时中位数40 毫秒 p95 40 毫秒",
        "门槛1 / 2 1 项未达标",
    ]
    assert root.one("header").one("p").words == (
        "2026-11-24 12:30，题.xlsx、b.csv、c.csv 等 4 个文件，共 5 题，其中 4 题写明了该怎样回答。"
    )
    assert not page(tmp_path, SOME[-1:]).all("dl", **{"class": "figures"})


def test_answered_against_answerable(tmp_path: Path) -> None:
    assert rows(section(page(tmp_path, SOME), "behaviour").one("table")) == [
        ["", "作答", "拒答", "合计"],
        ["该答", "2", "0", "2"],
        ["该拒", "1", "1", "2"],
    ]


def test_by_tag_and_by_kind(tmp_path: Path) -> None:
    root = page(tmp_path, SOME)
    tags = rows(section(root, "by-tag").one("table"))
    assert [row[:3] for row in tags] == [
        ["标签", "题数", "答对"],
        ["数字", "2", "50.0% 9.5%–90.5%"],
        ["敏感", "1", "100.0% 20.7%–100.0%"],
    ]
    kinds = rows(section(root, "by-kind").one("table"))
    assert [row[:3] for row in kinds[1:]] == [
        ["短语", "4", "33.3% 6.1%–79.2%"],
        ["拒答", "1", "100.0% 20.7%–100.0%"],
    ]


def test_each_plot_has_its_table(tmp_path: Path) -> None:
    reliability, risk = section(page(tmp_path, SOME), "confidence").all("figure")
    # Three answers were given at 0.9, one of them right.
    assert rows(reliability.one("table"))[1:] == [
        ["90%–100%", "3", "90.0%", "33.3%", "6.1% – 79.2%"]
    ]
    assert rows(risk.one("table"))[1:] == [["0.900", "75.0%", "66.7%"]]
    for figure in (reliability, risk):
        assert figure.one("svg").attributes["role"] == "img"
        assert figure.one("svg").attributes["aria-label"]
        assert figure.all("circle")


def test_latency(tmp_path: Path) -> None:
    table = rows(section(page(tmp_path, SOME), "latency").one("table"))
    assert table == [["p50（中位数）", "p95", "p99"], ["40.0", "40.0", "40.0"]]


def test_every_question_with_what_there_is_to_know(tmp_path: Path) -> None:
    items = page(tmp_path, SOME).one("ol").all("li")
    assert [item.one("summary").words for item in items] == [
        "对 a 多少？",
        "错 b 多少？ 阅读失误：读的是对的段落，答案不对",
        "对 c 天气？",
        "错 d 股价？ 不该答而答了",
        "未评 e 你好？",
    ]
    assert [item.attributes["data-state"] for item in items] == [
        *("right", "wrong", "right", "wrong", "none")
    ]
    wrong = items[1]
    names = [name.words for name in wrong.all("dt")]
    texts = dict(zip(names, (text.words for text in wrong.all("dd")), strict=True))
    assert texts == {
        "前文": "海天呢？",
        "期望": "5%",
        "回答": "张静章",
        "写明的依据": "研发",
        "引的段落": "《甲》·第 1 段成绩背后，海天每年拿出销售收入的5%用于技术研发。",
        "标签": "数字",
        "其他": "短语，把握 90.0%，40.0 毫秒，段落命中 是，句子命中 否，完全一致 否，字符 F1 0.0%",
    }
    assert [mark.text for mark in items[0].all("mark")] == ["5%"]


def test_gates_and_notes(tmp_path: Path) -> None:
    summary = summarise([it.score for it in SOME])
    verdicts = judge(parse_gates(["0.5", "refusal[tag=敏感]=1", "f1>=0.9"]), summary)
    root = page(tmp_path, SOME, verdicts=verdicts, notes=["被 Ctrl-C 打断"])
    assert [(item.attributes["class"], item.text) for item in section(root, "gates").all("li")] == [
        ("right", "达标：right（答对）>= 0.5，实得 0.5"),
        ("right", "达标：refusal[tag=敏感]（该拒而拒）>= 1，实得 1"),
        ("wrong", "未达标：f1（字符 F1）>= 0.9，实得 0.5"),
    ]
    assert root.one("p", **{"class": "note"}).text == "被 Ctrl-C 打断"


def test_the_comparison_with_a_baseline(tmp_path: Path) -> None:
    before = [outcome(SHARE, given("张静章", "张静章说。")), *SOME[1:]]
    part = section(page(tmp_path, SOME, comparison=compare(before, SOME)), "comparison")
    assert "变坏 0 题（允许 0 题），变好 1 题" in part.words
    assert part.one("summary").text == "变好（1 题）"
    assert rows(part.one("table"))[1] == ["a", "多少？", "5%", "张静章", "5%"]


def test_nothing_expected_gives_a_page_without_scores(tmp_path: Path) -> None:
    root = page(tmp_path, [outcome(Question("e", "你好？"), given())])
    assert "没有分数" in section(root, "scores").words
    assert not root.all("svg")
    assert len(root.one("ol").all("li")) == 1


def test_no_question_at_all(tmp_path: Path) -> None:
    assert page(tmp_path, []).one("ol").all("li") == []


HOSTILE = (
    "</script><script>window.hacked=1</script>",
    "<img src=x onerror=window.hacked=1>",
    '" onmouseover="window.hacked=1',
    "{{7*7}}{% raw %}",
    "&lt;b&gt;",
    "</details></li></ol>",
    "]]>-->",
)


@pytest.mark.parametrize("text", HOSTILE)
def test_what_a_user_or_an_article_wrote_is_text(tmp_path: Path, text: str) -> None:
    question = Question(
        text,
        text,
        (text,),
        evidence=text,
        answerable=True,
        history=(text,),
        tags=(text,),
        source=text,
    )
    record = given(text, text, text, kind=text)
    record["citation"] |= {"title": text, "section": text}
    root = page(tmp_path, [outcome(question, record)], notes=[text])
    assert len(root.all("script")) == len(root.all("style")) == 1
    assert not root.all("img")
    assert not root.all("b")
    (item,) = root.one("ol").all("li")
    assert [mark.text for mark in item.all("mark")] == [text]
    assert item.one("bdi", **{"class": "id"}).text == text
    assert root.one("p", **{"class": "note"}).text == text
    for element in root.all("option") + root.all("li") + root.all("details"):
        assert not [name for name in element.attributes if name.startswith("on")]


def test_half_a_character_does_not_keep_the_page_from_being_written(tmp_path: Path) -> None:
    root = page(tmp_path, [outcome(Question("a", "多少？"), given("\ud800"))])
    assert "\ufffd" in root.one("ol").text


def test_the_policy_lets_in_this_style_and_this_script_and_nothing_else(tmp_path: Path) -> None:
    root = page(tmp_path, made_up_run(30))
    policy = root.one("meta", **{"http-equiv": "Content-Security-Policy"}).attributes["content"]
    rules = dict(rule.split(" ", 1) for rule in policy.split("; "))
    assert rules["default-src"] == rules["base-uri"] == rules["form-action"] == "'none'"
    for name in ("style", "script"):
        digest = hashlib.sha256(root.one(name).text.encode()).digest()
        assert rules[f"{name}-src"] == f"'sha256-{base64.b64encode(digest).decode()}'"
    assert not re.search(r"https?://|url\(|@import", (tmp_path / "report.html").read_text("utf-8"))
    styled = [it for it in root.all("li") + root.all("svg") if "style" in it.attributes]
    assert styled == []


def test_the_page_is_built_for_everyone(tmp_path: Path) -> None:
    root = page(tmp_path, made_up_run(60), notes=["一"])
    assert root.one("html").attributes["lang"] == "zh-CN"
    for landmark in ("header", "main", "footer", "title", "h1"):
        assert root.one(landmark).words
    for heading in root.all("h2"):
        assert root.one("section", **{"aria-labelledby": heading.attributes["id"]})
    labelled = {label.attributes["for"] for label in root.all("label")}
    controls = root.all("input") + root.all("select")
    assert labelled == {control.attributes["id"] for control in controls}
    for header in root.all("th"):
        assert header.attributes["scope"] in ("col", "row")
    ids = re.findall(r'\sid="([^"]*)"', (tmp_path / "report.html").read_text("utf-8"))
    assert len(ids) == len(set(ids))


def test_the_guide_names_every_score_and_reason() -> None:
    guide = (Path(__file__).parents[3] / "docs" / "question-sets.md").read_text("utf-8")
    for name, label in LABELS.items():
        assert f"| {label} | `{name}` |" in guide
    for words in REASONS.values():
        assert f"| {words.split('：')[0]} |" in guide
