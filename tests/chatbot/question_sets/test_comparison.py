"""Comparison: what is ignored, where a text stands, and F1 as the official CMRC script has it."""

import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatbot.question_sets.comparison import (
    character_f1,
    exact_match,
    fold,
    segments,
    stands_in,
)

CASES = Path(__file__).parent / "cases"


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("5％", "5%"),
        ("“开放”这个 “最大优势”。", "开放这个最大优势"),
        ("ＩＢＭ", "ibm"),
        ("2,800亿元", "2800亿元"),
        ("3.5 亿", "3.5亿"),
        ("３．５亿", "3.5亿"),
        ("3. 5 亿。", "3.5亿"),
        ("第1.", "第1"),
        ("C₂、C₃", "c₂c₃"),
        ("2019—2020年", "20192020年"),
        ("约·翰", "约翰"),
        ("\u3000\u200b\ufeff海\n天\t", "海天"),
        ("……", ""),
        ("", ""),
    ],
)
def test_fold(text: str, folded: str) -> None:
    assert fold(text) == folded


@pytest.mark.parametrize(
    ("part", "text", "stands"),
    [
        ("5%", "每年拿出销售收入的５％用于研发", True),
        ("5%", "每年拿出销售收入的15%用于研发", False),
        ("5%", "利润占15%，研发占5%", True),
        ("5", "研发占5%", False),
        ("15", "研发占15 %", False),
        ("5‰", "研发占5%", False),
        ("五家", "北仑有十五家", False),
        ("十五家", "北仑有十五家", True),
        ("唯一", "全国唯一一家", True),
        ("一家", "全国唯一一家", True),
        ("2800", "2800亿元", False),
        ("80", "2800亿元", False),
        ("280", "2800亿元", False),
        ("800", "2,800家", False),
        ("2800", "2,800家", True),
        ("3", "3.5亿", False),
        ("5亿", "3.5亿", False),
        ("2019", "2019-2020年", True),
        ("2020年", "2019-2020年", True),
        ("2020年", "2019，2020年", True),
        ("最大优势", "开放这个“最大 优势”", True),
        ("开放最大", "开放这个", False),
        ("。", "开放。", False),
        ("", "开放", False),
        ("开放", "", False),
        ("-5度", "气温-5度", True),
        ("-0", "-0", True),
    ],
)
def test_stands_in(part: str, text: str, stands: bool) -> None:
    assert stands_in(part, text) is stands


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("海天5%", ["海", "天", "5", "%"]),
        ("New York州", ["new", "york", "州"]),
        ("COVID-19、IBM(R)", ["covid19", "ibm", "r"]),
        ("1,000.5元。", ["1000.5", "元"]),
        ("𠮷野家", ["𠮷", "野", "家"]),
        ("……", []),
    ],
)
def test_segments(text: str, expected: list[str]) -> None:
    assert segments(text) == expected


@pytest.mark.parametrize(
    ("answer", "accepted", "f1"),
    [
        # The arithmetic: 2 × common run / (segments given + segments accepted).
        ("海天集团", ["海天"], 2 * 2 / (4 + 2)),
        ("海天大集团", ["海天集团"], 2 * 2 / (5 + 4)),  # a run, not a bag: 海天 or 集团
        ("2023年", ["2023"], 2 * 1 / (2 + 1)),
        ("张静章", ["海天", "张静"], 2 * 2 / (3 + 2)),
        ("NewYork", ["New York"], 1.0),
        ("5％。", ["5%"], 1.0),
        ("15%", ["5%"], 2 * 1 / (2 + 2)),
        ("镰刀", ["锄头"], 0.0),
        ("", ["锄头"], 0.0),
        ("。", ["。"], 0.0),
        ("锄头", [], 0.0),
    ],
)
def test_character_f1(answer: str, accepted: list[str], f1: float) -> None:
    assert character_f1(answer, accepted) == pytest.approx(f1)


def test_exact_match_is_with_any_accepted_answer_but_never_of_nothing() -> None:
    assert exact_match("“50 公里”", ["东行50公里", "50公里"])
    assert not exact_match("50公里", ["东行50公里"])
    assert not exact_match("。", ["！"])


def test_agrees_with_the_official_script_on_500_answers() -> None:
    lines = (CASES / "cmrc_official.jsonl").read_text("utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    assert len(rows) == 500
    # wenda ignores these too; to the script each is a segment of its own.
    only_ours = re.compile(r"""[()\[\]{}<>"',.!?;﹐（）“”]""")
    exact_to_us_alone, differences = [], []
    for row in rows:
        exact = exact_match(row["answer"], row["accepted"])
        difference = character_f1(row["answer"], row["accepted"]) - row["f1"]
        if exact is not row["exact"]:
            exact_to_us_alone.append(row["answer"])
        if difference != pytest.approx(0, abs=1e-6):
            assert only_ours.search(row["answer"] + "".join(row["accepted"])), row
            differences.append(difference)
    assert exact_to_us_alone == ['鄂伦春黑龙江龙（"']
    assert len(differences) <= 10
    assert abs(sum(differences)) / len(rows) < 0.001


def port_f1(answer: str, accepted: str) -> float:
    """The script's F1, written independently: longest common run by trying every one."""
    dropped = "-:_*^/\\~`+=，。：？！“”；’《》·、「」（）－～『』"

    def split(text: str) -> list[str]:
        bare = "".join(char for char in text.lower().strip() if char not in dropped)
        return re.findall(r"[\u4e00-\u9fa5]|[^\s\u4e00-\u9fa5]+", bare)

    left, right = split(answer), split(accepted)
    runs = {tuple(left[i:j]) for i in range(len(left)) for j in range(i + 1, len(left) + 1)}
    common = max(
        (
            j - i
            for i in range(len(right))
            for j in range(i + 1, len(right) + 1)
            if tuple(right[i:j]) in runs
        ),
        default=0,
    )
    if common == 0:
        return 0.0
    precision, recall = common / len(left), common / len(right)
    return 2 * precision * recall / (precision + recall)


# Few characters, so that runs meet; of the punctuation only what ends no word for either.
PLAIN = st.text(alphabet="海天集团模具a7-+=·", max_size=12)


@given(PLAIN, PLAIN)
def test_f1_is_that_of_an_independent_port(answer: str, accepted: str) -> None:
    assert character_f1(answer, [accepted]) == pytest.approx(port_f1(answer, accepted))


TEXT = st.text(max_size=30)


@given(TEXT)
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(TEXT, TEXT)
def test_scores_are_shares_and_symmetric(left: str, right: str) -> None:
    f1 = character_f1(left, [right])
    assert 0.0 <= f1 <= 1.0
    assert f1 == pytest.approx(character_f1(right, [left]))
    assert exact_match(left, [right]) == exact_match(right, [left])


@given(TEXT)
def test_a_text_matches_itself_however_it_is_written(text: str) -> None:
    wide = "".join(chr(ord(char) + 0xFEE0) if "!" <= char <= "~" else char for char in text)
    bare = fold(text) != ""
    assert exact_match(text, [text]) is bare
    assert character_f1(text, [text]) == float(bare)
    assert stands_in(text, text) is bare
    assert fold(wide) == fold(text)
    assert fold(f"“{text}”。") == fold(text)


@given(TEXT, TEXT)
def test_an_exact_match_has_f1_1_and_stands_in_the_text(left: str, right: str) -> None:
    if exact_match(left, [right]):
        assert character_f1(left, [right]) == 1.0


@pytest.mark.parametrize("text", ["0\r", "5 ", "3.5 亿", "5 %"])
def test_white_space_behind_a_number_is_no_part_of_it(text: str) -> None:
    assert stands_in(text, text)
