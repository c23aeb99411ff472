"""The command line: data on stdout, talk on stderr, the exit status, one line for a mistake."""

from __future__ import annotations

import io
import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import chatbot.bot
from chatbot import cli
from corpus.loading import DEFAULT_CORPUS
from tests.chatbot.test_bot import ALWAYS, ARTICLE, NEVER, TWO_HEADS, WHO, TwoHeads, bot_over

ROOT = Path(__file__).resolve().parents[2]
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Run:
    """Run the command in this process; returns its status, stdout and stderr."""
    for name in ("CORPUS", "INDEX", "MODEL", "HOST", "PORT", "REFUSE_BELOW", "SYNONYMS"):
        monkeypatch.delenv(f"WENDA_{name}", raising=False)
    monkeypatch.setenv("WENDA_CACHE", str(tmp_path / "cache"))

    def wenda(*arguments: object) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["wenda", *map(str, arguments)])
        with pytest.raises(SystemExit) as end:
            cli.main()
        shown = capsys.readouterr()
        return int(end.value.code or 0), shown.out, shown.err

    return wenda


@pytest.fixture
def answering(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every command opens a bot over a small article, without a model."""
    monkeypatch.setattr(
        chatbot.bot.Bot,
        "open",
        lambda *_, **__: bot_over(ARTICLE, confidence=ALWAYS, words={"海天每年拿出多少？": "5%"}),
    )


def test_help_loads_neither_torch_nor_gradio() -> None:
    code = (
        "import sys; sys.argv = ['wenda', '--help']\n"
        "from chatbot.cli import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "print([name for name in ('torch', 'gradio', 'transformers', 'faiss', 'fastapi') "
        "if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True
    )
    assert done.stdout.splitlines()[-1] == "[]"


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["ask", "问", "--jsn"], "没有选项 --jsn，是不是 --json；用 wenda --help 查看用法"),
        (["ask", "--history"], "选项 --history 缺少它的值；用 wenda --help 查看用法"),
        (["ask", "海天", "创始人"], "多出了参数 创始人；问题里有空格时请加引号"),
        (["serv"], "没有命令 serv；可用的有 serve、ask、index、test、compare、draft、feedback"),
        (
            ["serve", "--port", "x"],
            "--port（或 WENDA_PORT）：“x”不是整数；用 wenda --help 查看用法",
        ),
        (
            ["serve", "--port", "70000"],
            "--port（或 WENDA_PORT）：70000 不在 1 到 65535 之间；用 wenda --help 查看用法",
        ),
        (
            ["ask", "问", "--refuse-below", "2"],
            "--refuse-below（或 WENDA_REFUSE_BELOW）：2 不在 0 到 1 之间；用 wenda --help 查看用法",
        ),
        (["test"], "没有给出问题集，例如 wenda test 题.xlsx；用 wenda test --help 查看用法"),
    ],
)
def test_a_wrong_command_line_is_one_chinese_line(
    run: Run, arguments: list[str], line: str
) -> None:
    assert run(*arguments) == (2, "", f"wenda：{line}\n")


@pytest.mark.parametrize("command", [["ask", "问"], ["index"], ["serve"], ["test", "q.jsonl"]])
def test_a_missing_corpus_is_one_line(run: Run, tmp_path: Path, command: list[str]) -> None:
    questions = tmp_path / "q.jsonl"
    questions.write_text('{"question": "海天？"}\n', encoding="utf-8")
    command = [str(questions) if part == "q.jsonl" else part for part in command]
    status, out, err = run(*command, "--corpus", tmp_path / "没有")
    assert (status, out) == (2, "")
    assert err.splitlines() == [f"wenda：{tmp_path / '没有'}：没有这个文件或文件夹；请检查路径"]


@pytest.mark.parametrize("content", [b"", b" \n\n", "汉字".encode("utf-16-le") * 40 + b"\xff\x00"])
def test_an_empty_or_unreadable_article_is_one_line(
    run: Run, tmp_path: Path, content: bytes
) -> None:
    article = tmp_path / "a.txt"
    article.write_bytes(content)
    status, out, err = run("ask", "问", "--corpus", article)
    assert (status, out) == (2, "")
    assert err.startswith(f"wenda：{article}")
    assert len(err.splitlines()) == 1


def test_a_wrong_model_is_one_line(run: Run, tmp_path: Path) -> None:
    status, out, err = run("ask", "问", "--model", tmp_path)
    assert (status, out) == (2, "")
    assert len(err.splitlines()) == 1
    assert str(tmp_path) in err


@pytest.mark.usefixtures("answering")
def test_ask_prints_the_quotation_and_its_place(run: Run) -> None:
    status, out, err = run("ask", "海天每年拿出多少？")
    assert (status, err) == (0, "")
    assert out == (
        "5%\n  “海天集团创始人张静章说，海天每年拿出销售收入的5%用于技术研发。”\n"
        "  —— 《北仑奋楫》·第 1 段，把握不大（50%）\n\n"
    )


@pytest.mark.usefixtures("answering")
def test_ask_json_prints_one_record(run: Run) -> None:
    status, out, _ = run("ask", "它拿出多少？", "--history", "海天的研发？", "--json")
    assert status == 0
    record = json.loads(out)
    assert record["understood"] == "海天拿出多少？"
    assert set(record) == {
        *("id", "question", "understood", "answered", "kind", "answer", "sentence", "answers"),
        *(
            "confidence",
            "citation",
            "passages",
            "suggestions",
            "reply",
            "milliseconds",
            "asks_back",
        ),
    }


@pytest.mark.usefixtures("answering")
def test_ask_without_a_question_reads_a_conversation(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("海天的研发？\n\n它拿出多少？\n"))
    status, out, _ = run("ask", "--json")
    assert status == 0
    first, second = map(json.loads, out.splitlines())
    assert first["understood"] == "海天的研发？"
    assert second["understood"] == "海天拿出多少？"


def test_a_refusal_is_plain_text_in_the_terminal(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        chatbot.bot.Bot, "open", lambda *_, **__: bot_over(ARTICLE, confidence=NEVER)
    )
    status, out, _ = run("ask", "海天的员工有多少（2023年）？")
    assert status == 0
    assert out.startswith(
        "文章提到了“海天”，但没有说到您问的这一点。\n文中相近的段落（不是答案）：\n- 第 1 段："
    )
    assert "\\" not in out


def test_a_number_chooses_where_the_answer_asks_back(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        chatbot.bot.Bot, "open", lambda *_, **__: bot_over(TWO_HEADS, model=TwoHeads())
    )
    lines = io.StringIO(f"{WHO}\n2\n")
    monkeypatch.setattr(sys, "stdin", lines)
    status, out, _ = run("ask")
    assert status == 0
    asked, chosen = out.strip().split("\n\n")
    assert asked.splitlines()[0] == "文中有两处都像答案，您问的是哪一个？"
    second = next(line for line in asked.splitlines() if line.startswith("2. "))
    name = "沈健" if "2. 沈健" in second else "史海辉"
    assert second.startswith(f"2. {name}（")
    assert chosen.splitlines()[0] == name


def test_every_mistake_of_a_list_of_synonyms_is_told(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("标题\n\n海天在北仑。\n", "utf-8")
    synonyms = tmp_path / "synonyms.txt"
    synonyms.write_text("孤\n甲、乙\n=> 丙\n", "utf-8")
    for command in (["ask", "问"], ["serve"]):
        status, out, err = run(*command, "--corpus", tmp_path)
        assert (status, out) == (2, "")
        first, second = err.splitlines()
        assert first.startswith(f"wenda：{synonyms} 第 1 行：只有“孤”一个词")
        assert second.startswith(f"{synonyms} 第 3 行：“=>”的左边没有词")


@pytest.mark.usefixtures("answering")
def test_test_scores_and_gates(run: Run, tmp_path: Path) -> None:
    questions = tmp_path / "q.jsonl"
    questions.write_text(
        '{"id": "a", "question": "海天每年拿出多少？", "answer": "5%"}\n'
        '{"id": "b", "question": "北仑的基因是什么？", "answer": "没有这回事"}\n',
        encoding="utf-8",
    )
    answers = tmp_path / "answers.jsonl"
    arguments = ("test", questions, "--answers", answers, "--fail-under")
    status, out, _ = run(*arguments, "sentence>=0.5")
    assert status == 0
    assert "sentence" in out or "句" in out
    assert [json.loads(line)["id"] for line in answers.read_text("utf-8").splitlines()] == [
        "a",
        "b",
    ]
    assert run(*arguments, "sentence>=0.6")[0] == 1
    assert run(*arguments, "nonsense>=0.6")[0] == 2


def test_every_option_with_a_variable_is_in_the_settings_page() -> None:
    page = (ROOT / "docs" / "settings.md").read_text("utf-8")
    sources = "".join(path.read_text("utf-8") for path in (ROOT / "chatbot").rglob("*.py"))
    variables = set(re.findall(r'envvar="(WENDA_[A-Z_]+)"', sources))
    assert variables
    for variable in variables:
        assert f"`{variable}`" in page


def test_the_default_corpus_is_the_article() -> None:
    assert [path.name for path in DEFAULT_CORPUS.glob("*.txt")] == ["beilun-fenji.txt"]
