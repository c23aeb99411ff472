"""Comparing two runs: which questions are the same, what changed, McNemar by hand arithmetic."""

import io
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from chatbot.question_sets.baseline import Change, Comparison, compare
from chatbot.question_sets.comparison_table import show_comparison
from chatbot.question_sets.outcomes import Outcome, outcome
from chatbot.question_sets.question_set import Question
from tests.chatbot.question_sets.records import given, refused

ROOT = Path(__file__).parents[3]
RIGHT, WRONG = given("5%"), given("张静章", "张静章说。")


def asking(id: str, words: str | None = None, *answers: str, **rest: Any) -> Question:
    expected = answers or ("5%",)
    return Question(id, words or f"问 {id}？", expected, answerable=True, **rest)


def run(*answered: tuple[Question, dict[str, Any]]) -> list[Outcome]:
    return [outcome(question, record) for question, record in answered]


def ids(changes: Any) -> list[str]:
    return [(it.question if isinstance(it, Change) else it).id for it in changes]


def test_each_question_is_fixed_broken_changed_same_new_or_gone() -> None:
    a, b, c, d, e, f, g = map(asking, "abcdefg")
    free = Question("h", "随便？")
    before = run(
        (a, WRONG), (b, RIGHT), (c, WRONG), (d, RIGHT), (e, RIGHT), (g, refused()), (free, RIGHT)
    )
    after = run(
        (a, RIGHT), (b, refused()), (c, refused()), (d, RIGHT), (f, RIGHT), (g, refused()),
        (free, WRONG),
    )  # fmt: skip
    found = compare(before, after)
    assert ids(found.fixed) == ["a"]
    assert ids(found.broken) == ["b"]
    assert ids(found.changed) == ["c", "h"]
    assert (ids(found.new), ids(found.gone), found.same) == ([f.id], [e.id], 2)
    # a to d and g have a verdict twice: before b and d are right, after a and d.
    assert (found.scored, found.right_before, found.right_after) == (5, 2, 2)
    assert (found.broken[0].before, found.broken[0].after) == ("5%", "（拒答）")


def test_another_way_of_writing_is_no_other_answer() -> None:
    found = compare(run((asking("a"), given("5%"))), run((asking("a"), given("“5％”"))))
    assert (found.same, found.changed) == (1, ())


def test_a_question_is_found_again_though_its_row_number_moved() -> None:
    before = run((asking("1", "甲？"), RIGHT), (asking("2", "乙？"), RIGHT))
    after = run(
        (asking("1", "新？"), RIGHT), (asking("2", "甲？"), WRONG), (asking("3", "乙？"), RIGHT)
    )
    found = compare(before, after)
    assert (ids(found.broken), ids(found.new), found.gone) == (["2"], ["1"], ())


def test_the_same_words_after_another_history_are_another_question() -> None:
    before = run((asking("1", "它呢？", history=("甲？",)), RIGHT))
    after = run((asking("2", "它呢？", history=("乙？",)), WRONG))
    found = compare(before, after)
    assert (ids(found.new), ids(found.gone)) == (["2"], ["1"])


def test_one_row_put_in_above_does_not_cross_the_histories() -> None:
    of_a = {"history": ("甲？",)}
    of_b = {"history": ("乙？",)}
    before = run((asking("1", "它呢？", **of_a), RIGHT), (asking("2", "它呢？", **of_b), WRONG))
    after = run(
        (asking("1", "新？"), RIGHT),
        (asking("2", "它呢？", **of_a), RIGHT),
        (asking("3", "它呢？", **of_b), WRONG),
    )
    found = compare(before, after)
    assert (ids(found.new), found.gone, found.same) == (["1"], (), 2)


def test_records_that_tell_no_history_are_known_by_id_and_words() -> None:
    before = run((asking("a", "它呢？"), RIGHT), (asking("b", "它呢？"), RIGHT))
    after = run(
        (asking("b", "它呢？", history=("乙？",)), WRONG),
        (asking("a", "它呢？", history=("甲？",)), RIGHT),
    )
    found = compare(before, after)
    assert (ids(found.broken), found.same, found.new) == (["b"], 1, ())


def test_the_same_question_twice_is_compared_in_order() -> None:
    twice = (asking("1", "甲？"), asking("2", "甲？"))
    before = run((twice[0], RIGHT), (twice[1], WRONG))
    found = compare(before, run((twice[0], RIGHT), (twice[1], WRONG)))
    assert (found.same, found.new, found.gone) == (2, (), ())
    found = compare(before, run((asking("8", "甲？"), RIGHT), (asking("9", "甲？"), RIGHT)))
    assert ids(found.fixed) == ["9"]


def test_both_runs_are_scored_by_the_expectations_of_the_later() -> None:
    # The set said 6% when it was first run; the answers are the same.
    before = run((asking("a", None, "6.8亿"), RIGHT))
    after = run((asking("a", None, "5%"), RIGHT))
    found = compare(before, after)
    assert (found.same, found.right_before, found.right_after) == (1, 1, 1)


def test_a_later_run_without_expectations_borrows_those_of_the_earlier() -> None:
    found = compare(run((asking("a"), RIGHT)), run((Question("a", "问 a？"), WRONG)))
    assert ids(found.broken) == ["a"]


def test_a_question_set_has_the_last_word() -> None:
    before, after = run((asking("a"), RIGHT)), run((asking("a"), WRONG))
    found = compare(before, after, questions=[asking("a", None, "张静章")])
    assert (ids(found.fixed), found.broken) == (["a"], ())


@pytest.mark.parametrize(
    ("fixed", "broken", "p"),
    [
        # Twice the smaller tail of the binomial with n = fixed + broken and 1/2.
        (0, 0, 1.0),
        (1, 0, 1.0),
        (0, 5, 2 * 1 / 2**5),
        (8, 1, 2 * (1 + 9) / 2**9),
        (3, 3, 1.0),
        (10, 2, 2 * (1 + 12 + 66) / 2**12),
    ],
)
def test_mcnemar_exactly(fixed: int, broken: int, p: float) -> None:
    questions = [asking(str(number)) for number in range(fixed + broken + 2)]
    before = [
        RIGHT if n < broken else WRONG if n < fixed + broken else RIGHT
        for n in range(len(questions))
    ]
    after = [WRONG if n < broken else RIGHT for n in range(len(questions))]
    found = compare(
        run(*zip(questions, before, strict=True)), run(*zip(questions, after, strict=True))
    )
    assert (len(found.fixed), len(found.broken)) == (fixed, broken)
    assert found.p_value == pytest.approx(p)


def test_nothing_scored_twice_has_no_p_value() -> None:
    free = Question("a", "随便？")
    assert compare(run((free, RIGHT)), run((free, WRONG))).p_value is None


@pytest.mark.parametrize(("allowed", "held"), [(0, False), (1, True), (2, True)])
def test_the_allowance(allowed: int, held: bool) -> None:
    found = compare(run((asking("a"), RIGHT)), run((asking("a"), WRONG)), allowed=allowed)
    assert found.held is held


def shown(comparison: Comparison) -> list[str]:
    out = Console(file=io.StringIO(), width=40)
    show_comparison(comparison, out)
    return str(out.file.getvalue()).splitlines()  # type: ignore[attr-defined]


def test_in_the_terminal_the_worst_stands_last() -> None:
    a, b, c, d = map(asking, "abcd")
    before = run((a, WRONG), (b, RIGHT), (c, WRONG))
    after = run((a, RIGHT), (b, given("[b]\x1b[31m张\n静章", "x")), (c, refused()), (d, RIGHT))
    assert shown(compare(before, after)) == [
        "新题（先前没有问过）：1 题",
        "  d 问 d？",
        "",
        "改答（回答不同，对错没变）：1 题",
        "  c 问 c？（期望 5%）",
        "    先前 张静章",
        "    这次 （拒答）",
        "",
        "变好（先前错，这次对）：1 题",
        "  a 问 a？（期望 5%）",
        "    先前 张静章",
        "    这次 5%",
        "",
        "变坏（先前对，这次错）：1 题",
        "  b 问 b？（期望 5%）",
        "    先前 5%",
        "    这次 [b] [31m张 静章",
        "",
        "比较：变坏 1，变好 1，改答 1，没变 0，新题 1，缺题 0",
        "两次都评了分的 3 题：先前答对 1，这次答对 1；McNemar 精确检验（双侧）p = 1",
        "未达标：变坏 1 题，允许 0 题",
    ]


def test_nothing_in_common_does_not_hold() -> None:
    found = compare(run((asking("a"), RIGHT)), run((asking("b"), RIGHT)))
    assert not found.held
    assert shown(found)[-1] == "未达标：没有一题两次都问过，没有可比的"


def test_an_id_is_not_an_emoji() -> None:
    one = asking("题库:A:12")
    lines = shown(compare(run((one, RIGHT)), run((one, WRONG))))
    assert "  题库:A:12 问 题库:A:12？（期望 5%）" in lines


def test_without_expectations_only_the_answers_are_compared() -> None:
    free = Question("a", "随便？")
    assert shown(compare(run((free, RIGHT)), run((free, RIGHT)))) == [
        "比较：变坏 0，变好 0，改答 0，没变 1，新题 0，缺题 0",
        "没有一题两次都评了分，所以说不出变好还是变坏。",
    ]


def wenda(folder: Path, *args: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "chatbot", *args],
        cwd=folder,
        env={"PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


def test_wenda_compare(tmp_path: Path) -> None:
    for name, record in (("先.jsonl", RIGHT), ("后.jsonl", WRONG)):
        lines = (json.dumps(it.line()) + "\n" for it in run((asking("a"), record)))
        (tmp_path / name).write_text("".join(lines), "utf-8")
    (tmp_path / "题.jsonl").write_text('{"question": "问 a？", "answer": "张静章"}\n', "utf-8")

    worse = wenda(tmp_path, "compare", "先.jsonl", "后.jsonl")
    assert (worse.returncode, worse.stderr) == (1, "")
    assert worse.stdout.splitlines()[-1] == "未达标：变坏 1 题，允许 0 题"

    allowed = wenda(tmp_path, "compare", "先.jsonl", "后.jsonl", "--allow-broken", "1")
    assert (allowed.returncode, allowed.stderr) == (0, "")

    mended = wenda(tmp_path, "compare", "先.jsonl", "后.jsonl", "--questions", "题.jsonl")
    assert (mended.returncode, mended.stderr) == (0, "")
    assert mended.stdout.splitlines()[0] == "变好（先前错，这次对）：1 题"

    reported = wenda(
        tmp_path, "compare", "先.jsonl", "后.jsonl", "--report", "报告", "--junit", "j.xml"
    )
    assert (reported.returncode, reported.stdout) == (1, worse.stdout)
    assert len(reported.stderr.splitlines()) == 3
    page = (tmp_path / "报告" / "report.html").read_text("utf-8")
    assert "与上次比较" in page and page.count("<li data-state=") == 1
    assert "与基准比较" in (tmp_path / "j.xml").read_text("utf-8")

    spoilt = wenda(tmp_path, "compare", "先.jsonl", "后.jsonl", "--junit", "先.jsonl")
    assert (spoilt.returncode, spoilt.stderr) == (
        2,
        "wenda：--junit 先.jsonl：这是要比较的文件，写进去就毁了它；请换一个文件名\n",
    )

    no_file = wenda(tmp_path, "compare", "先.jsonl", "没有.jsonl")
    assert (no_file.returncode, no_file.stdout) == (2, "")
    assert no_file.stderr == "wenda：没有.jsonl：读不了，没有这个文件或文件夹\n"

    a_set = wenda(tmp_path, "compare", "先.jsonl", "题.jsonl")
    assert a_set.returncode == 2
    assert a_set.stderr == (
        "wenda：题.jsonl 第 1 行：不是回答记录；要用 wenda test --answers 写出的文件\n"
    )
