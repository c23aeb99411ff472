"""`wenda test` on the command line: what its options do, on stdout and stderr and in the status."""

from __future__ import annotations

import itertools
import json
import signal
import sys
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

import chatbot.bot
from chatbot import cli
from chatbot.answer import Answer
from tests.chatbot.question_sets.flaky_server import Flaky
from tests.fake_bot import FakeBot, document_of

Run = Callable[..., tuple[int, str, str]]
SENTENCE = "海天每年拿出销售收入的5%用于技术研发。"
ARTICLE = document_of(SENTENCE, "北仑在宁波。")
SET = "编号,问题,答案,依据,标签\na,多少？,5%,技术研发,数字\nb,哪里？,宁波,北仑在宁波,地名\n"


@pytest.fixture
def bot(monkeypatch: pytest.MonkeyPatch) -> FakeBot:
    """The bot of every command: it knows how much, and not where."""
    made = FakeBot([ARTICLE], {"多少？": [(SENTENCE, "5%")]})
    monkeypatch.setattr(chatbot.bot.Bot, "open", lambda *_, **__: made)
    return made


@pytest.fixture
def run(
    bot: FakeBot,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
) -> Run:
    """Run `wenda test` in this process, in an empty folder; returns status, stdout and stderr."""
    monkeypatch.setenv("WENDA_CACHE", str(tmp_path / "cache"))
    (tmp_path / "work").mkdir()
    monkeypatch.chdir(tmp_path / "work")

    def test(*arguments: object) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["wenda", "test", *map(str, arguments)])
        with pytest.raises(SystemExit) as end:
            cli.main()
        shown = capsys.readouterr()
        return int(end.value.code or 0), shown.out, shown.err

    return test


def test_a_template_is_written_once_and_runs(run: Run, bot: FakeBot) -> None:
    status, out, err = run("--template", "题.xlsx")
    assert (status, err) == (0, "")
    assert out == "写好了样例 题.xlsx；改成自己的题，再用 wenda test 题.xlsx 来跑。\n"
    assert bot.asked == []
    assert run("题.xlsx")[0] == 0
    assert len(bot.asked) == 5
    assert run("--template", "题.xlsx")[0] == 2


def test_a_folder_and_what_was_wrong_in_it(run: Run, bot: FakeBot) -> None:
    Path("题").mkdir()
    Path("题/一.csv").write_text(SET, "utf-8")
    Path("题/二.jsonl").write_text('{"question": "谁？"}', "utf-8")
    assert run("题")[0] == 0
    assert [question for question, _, _ in bot.asked] == ["多少？", "哪里？", "谁？"]
    bot.asked.clear()
    assert run("题", "--select", "failed")[0] == 0
    assert [question for question, _, _ in bot.asked] == ["哪里？"]
    bot.asked.clear()
    assert run("题", "--select", "数字", "--select", "failed", "--repeat", 2)[0] == 0
    assert [question for question, _, _ in bot.asked] == ["多少？", "哪里？"] * 2
    status, _, err = run("题", "--select", "人物")
    assert status == 2
    assert err == "wenda：--select 人物：没有一题有这个标签；有的标签是 数字、地名\n"


def test_an_answer_that_changes_ends_with_status_1(
    run: Run, bot: FakeBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    Path("题.csv").write_text(SET, "utf-8")
    assert run("题.csv", "--repeat", 3)[0] == 0
    ask, asked = bot.ask, itertools.count()

    def forgetful(*arguments: object, **named: object) -> Answer:
        if next(asked) == 2:  # the first of the second round
            bot._answers = {}
        return ask(*arguments, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(bot, "ask", forgetful)
    status, out, _ = run("题.csv", "--repeat", 2)
    assert status == 1
    assert "回答变了：编号 a，第 2 遍的 " in out.replace("\n", "")


def test_the_oracle_reads_the_right_paragraph(run: Run) -> None:
    Path("题.csv").write_text(SET, "utf-8")
    status, out, _ = run("题.csv", "--oracle", "--answers", "答.jsonl")
    assert status == 0
    assert "答错的 1 题里，检索失误 0 题，阅读失误 1 题" in out
    records = [json.loads(line) for line in Path("答.jsonl").read_text("utf-8").splitlines()]
    assert ["oracle" in record for record in records] == [False, True]


@contextmanager
def ctrl_c_at_a_question(bot: FakeBot) -> Iterator[None]:
    """Strike Ctrl-C whenever the bot is asked."""

    class Struck(dict[str, object]):
        def get(self, question: str, default: object = None) -> object:
            signal.raise_signal(signal.SIGINT)
            return default

    bot._answers = Struck()  # type: ignore[assignment]
    # A process that is started in the background may be told to ignore Ctrl-C.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def test_ctrl_c_shows_the_table_of_what_was_asked(run: Run, bot: FakeBot) -> None:
    Path("题.csv").write_text(SET, "utf-8")
    with ctrl_c_at_a_question(bot):
        status, out, err = run("题.csv")
        assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    assert status == 130
    assert "答对 right" in out
    assert "被 Ctrl-C 打断：2 次提问只问了 1 次，以上只是问过的；不算通过" in out.replace("\n", "")
    assert "再按一次 Ctrl-C 就立即结束" in err


def test_report_and_junit_and_gates_of_a_command(run: Run) -> None:
    Path("题.csv").write_text(SET, "utf-8")
    status, out, err = run(
        "题.csv", "--report", "报告", "--junit", "j.xml", "--fail-under", "f1>=0.9"
    )
    assert status == 1
    assert "未达标：f1（字符 F1）>= 0.9，实得 0.5" in out
    written = [str(Path("报告/report.html")), str(Path("报告/answers.csv")), "j.xml"]
    assert err.splitlines() == [f"写好了 {name}" for name in written]
    assert all(Path(name).stat().st_size for name in written)
    suites = [suite.get("name") for suite in ET.parse("j.xml").getroot()]
    assert suites == ["题.csv", "wenda test 的门槛"]


def test_baseline_and_allowance_of_a_command(run: Run, bot: FakeBot) -> None:
    Path("题.csv").write_text(SET, "utf-8")
    assert run("题.csv", "--answers", "上次.jsonl")[0] == 0
    bot._answers = {}
    status, out, _ = run("题.csv", "--baseline", "上次.jsonl")
    assert status == 1
    assert "未达标：变坏 1 题，允许 0 题" in out
    assert run("题.csv", "--baseline", "上次.jsonl", "--allow-broken", 1)[0] == 0
    Path("空.jsonl").touch()
    status, out, err = run("题.csv", "--baseline", "空.jsonl")
    assert (status, out) == (2, "")
    assert err.startswith("wenda：空.jsonl：里面没有一条回答记录")


def test_a_command_asks_a_server_several_at_once(run: Run, bot: FakeBot) -> None:
    Path("题.csv").write_text(SET, "utf-8")
    with Flaky((500, None)) as server:
        status, out, _ = run(
            "题.csv", "--url", server.url, "--concurrency", 2, "--retries", 0, "--junit", "j.xml"
        )
        assert status == 2
        assert "没有得到回答：1 次提问，不进分数，也不算通过" in out
        assert len(list(ET.parse("j.xml").iter("error"))) == 1
        assert run("题.csv", "--url", server.url, "--concurrency", 2)[0] == 0
    assert sorted(server.asked) == sorted(["多少？", "哪里？"] * 2)
    assert bot.asked == []


def test_ctrl_c_writes_the_report_and_junit_of_what_was_asked(run: Run, bot: FakeBot) -> None:
    Path("题.csv").write_text(SET, "utf-8")
    with ctrl_c_at_a_question(bot):
        status, _, err = run("题.csv", "--report", "报告", "--junit", "j.xml")
    assert status == 130
    assert "写好了 j.xml" in err
    page = Path("报告/report.html").read_text("utf-8")
    assert page.count("<li data-state=") == 1
    assert "被 Ctrl-C 打断" in page
    cases = [[child.tag for child in case] for case in ET.parse("j.xml").iter("testcase")]
    assert cases == [["failure"], ["skipped"], ["error"]]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "没有给出问题集，例如 wenda test 题.xlsx；用 wenda test --help 查看用法"),
        (["没有.csv"], "没有.csv：读不了，没有这个文件或文件夹"),
        (["."], ".：文件夹里没有问题集；要有 .xlsx、.csv、.yaml、.yml、.json、.jsonl 文件"),
        (
            ["a.csv", "--oracle", "--url", "http://127.0.0.1:9"],
            "--oracle 要在本机读文章，不能与 --url 同用；请去掉其中一个",
        ),
        (
            ["a.csv", "--timeout", "0"],
            "--timeout：0 不在 0 到 3600 秒之间；用 wenda --help 查看用法",
        ),
        (["a.csv", "--timeout", "快"], "--timeout：“快”不是秒数；用 wenda --help 查看用法"),
        (["a.csv", "--retries", "-1"], "--retries：-1 不在 0 到 20 之间；用 wenda --help 查看用法"),
        (["a.csv", "--repeat", "0"], "--repeat：0 不在 1 到 1000 之间；用 wenda --help 查看用法"),
        (["--template", "题.txt"], "--template 题.txt：只能写 .xlsx 或 .csv 文件"),
    ],
)
def test_a_wrong_option_is_one_line(run: Run, arguments: list[str], message: str) -> None:
    assert run(*arguments) == (2, "", f"wenda：{message}\n")


def test_answers_do_not_go_among_the_sets(run: Run) -> None:
    Path("题.csv").write_text(SET, "utf-8")
    for arguments in (
        ("题.csv", "--select", "数字", "--answers", "题.csv"),
        (".", "--answers", "答.jsonl"),
    ):
        assert run(*arguments)[0] == 2
    assert Path("题.csv").read_text("utf-8") == SET
    assert not Path("答.jsonl").exists()
