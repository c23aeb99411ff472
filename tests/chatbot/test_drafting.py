"""`wenda draft` and `--self-check`: what is written loads, passes and overwrites nobody's work."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import chatbot.bot
from chatbot.question_making.drafting import DraftError, check_output, draft_rows, write_draft
from chatbot.question_making.keeping import keep_up
from chatbot.question_making.proving import ProvenQuestion
from chatbot.question_sets.loading import load_question_set
from chatbot.question_sets.question_set import Question
from corpus.document import Document, Paragraph
from corpus.loading import make_document
from tests.chatbot.test_bot import bot_over
from tests.chatbot.test_cli import Run, run
from tests.chatbot.test_question_making import ARTICLE, COUNT, FOUNDER, SHARE, SURELY, WORDS

__all__ = ["run"]  # the fixture

SENTENCE = "海天集团创始人张静章说，海天每年拿出销售收入的5%用于技术研发。"
SUFFIXES = (".jsonl", ".json", ".csv", ".xlsx", ".yaml", ".yml")


@pytest.fixture
def article(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A corpus that every command opens a bot over, without a model."""
    words = dict(WORDS)

    def open_bot(*_: object, **__: object) -> chatbot.bot.Bot:
        return bot_over(ARTICLE, confidence=SURELY, words=words)

    monkeypatch.setattr(chatbot.bot.Bot, "open", open_bot)
    path = tmp_path / "北仑.txt"
    path.write_text(ARTICLE, "utf-8")
    return path


def test_a_draft_has_question_answer_and_evidence(tmp_path: Path) -> None:
    bot = bot_over(ARTICLE, confidence=SURELY, words=WORDS)
    keep_up(bot, tmp_path, "v")
    rows = {row["question"]: row for row in draft_rows(bot.offers.made(), bot.documents)}
    assert set(rows) == {SHARE, FOUNDER, COUNT}
    assert rows[SHARE]["answer"] == ["5%"]
    assert rows[SHARE]["evidence"] == SENTENCE
    assert rows[SHARE]["tags"] == ["草稿", "数字"]
    assert rows[FOUNDER]["tags"] == ["草稿", "人物"]
    assert sorted(row["id"] for row in rows.values()) == ["draft-0001", "draft-0002", "draft-0003"]


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_every_kind_of_file_loads_as_what_was_drafted(tmp_path: Path, suffix: str) -> None:
    rows = [
        {
            "id": "draft-0001",
            "question": "海天每年拿出“销售收入”的多少，用于研发？",
            "answer": ["5%"],
            "evidence": "=海天: 每年，拿出 '5%' - no",
            "tags": ["草稿", "数字"],
        },
        {
            "id": "draft-0002",
            "question": "开发是从哪一天开始的？",
            "answer": ["1979-01-10"],
            "evidence": "1979-01-10",
            "tags": ["草稿", "时间"],
        },
    ]
    path = tmp_path / f"题{suffix}"
    write_draft(path, rows)
    assert load_question_set(path) == [
        Question(
            row["id"],  # type: ignore[arg-type]
            row["question"],  # type: ignore[arg-type]
            tuple(row["answer"]),
            evidence=row["evidence"],  # type: ignore[arg-type]
            answerable=True,
            tags=tuple(row["tags"]),
        )
        for row in rows
    ]


@settings(max_examples=40, deadline=None)
@given(text=st.text(alphabet="甲乙5%.\"'\n\r\t:-#=@|[]{}，。“”😀\ud800", min_size=1, max_size=30))
def test_whatever_an_article_says_every_file_can_be_read(
    tmp_path_factory: pytest.TempPathFactory, text: str
) -> None:
    document = Document("a", "题", "a.txt", f"甲{text}乙", (), (Paragraph("a", None, 1, 0, 999),))
    end = len(document.text)
    document = Document("a", "题", "a.txt", document.text, (), (Paragraph("a", None, 1, 0, end),))
    one = ProvenQuestion("多少？", "a", 1, None, 0, end, "number", 0.9)
    rows = draft_rows([one], [document])
    for suffix in SUFFIXES:
        path = tmp_path_factory.mktemp("d") / f"a{suffix}"
        write_draft(path, rows)
        (question,) = load_question_set(path)
        assert question.question == "多少？"


def test_somebodys_work_is_not_overwritten_but_by_force(tmp_path: Path) -> None:
    path = tmp_path / "题.csv"
    path.write_text("mine", "utf-8")
    message = f"--output {path}：已经有这个文件，没有动它；请换一个名字，或加 --force 覆盖"
    for attempt in (lambda: check_output(path, False), lambda: write_draft(path, [])):
        with pytest.raises(DraftError) as error:
            attempt()
        assert str(error.value) == message
    assert path.read_text("utf-8") == "mine"
    write_draft(path, [], force=True)
    assert path.read_text("utf-8-sig").strip() == "编号,问题,答案,依据,标签"
    assert [one.name for one in tmp_path.iterdir()] == ["题.csv"]


@pytest.mark.parametrize("force", [True, False])
def test_a_file_that_cannot_be_written_is_one_line(tmp_path: Path, force: bool) -> None:
    missing = tmp_path / "没有" / "题.csv"
    with pytest.raises(DraftError, match="写不了，没有这个文件或文件夹"):
        write_draft(missing, [], force)
    with pytest.raises(DraftError, match=r"只能写 \.jsonl、.*、\.yml 文件"):
        write_draft(tmp_path / "题.docx", [], force)
    (tmp_path / "夹.csv").mkdir()
    with pytest.raises(DraftError, match="这是一个文件夹"):
        write_draft(tmp_path / "夹.csv", [], force)


def test_the_command_writes_what_wenda_test_passes(run: Run, article: Path, tmp_path: Path) -> None:
    index, path = tmp_path / "index", tmp_path / "题.yaml"
    where = ("--corpus", article, "--index", index)
    status, out, err = run("draft", *where, "--output", path)
    assert (status, out) == (0, "")
    assert err == (
        "出题：试问 3 题，留下 3 题。\n"
        f"出了 3 题，写进了 {path}；改好后用 wenda test {path} 来跑。请逐题看过再用。\n"
    )
    status, out, _ = run("test", path, *where, "--fail-under", "1")
    assert status == 0, out
    written = path.read_bytes()
    status, out, err = run("draft", *where, "--output", path)
    assert (status, out) == (2, "")
    assert err.startswith(f"wenda：--output {path}：已经有这个文件") and err.count("\n") == 1
    assert path.read_bytes() == written


def test_without_output_json_lines_go_to_stdout(run: Run, article: Path, tmp_path: Path) -> None:
    status, out, err = run("draft", "--corpus", article, "--index", tmp_path / "index")
    assert status == 0 and err.endswith("出了 3 题。请逐题看过再用。\n")
    path = tmp_path / "a.jsonl"
    path.write_text(out, "utf-8")
    assert {one.question for one in load_question_set(path)} == set(WORDS)


def test_nothing_to_ask_is_said_and_nothing_written(
    run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(chatbot.bot.Bot, "open", lambda *_, **__: bot_over("题\n\n它说：“好。”\n"))
    path = tmp_path / "题.csv"
    status, out, err = run("draft", "--index", tmp_path / "index", "--output", path)
    assert (status, out) == (0, "")
    assert err == "没有能出的题：文章太短，或没有答得有把握的问题。\n"
    assert not path.exists()


def test_what_other_articles_now_answer_otherwise_is_not_drafted(
    run: Run, article: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def kept(words: dict[str, str]) -> chatbot.bot.Bot:
        bot = bot_over(ARTICLE, confidence=SURELY, words=words)
        keep_up(bot, tmp_path / "index", "v")
        questions = bot.offers.made()
        later = bot_over(ARTICLE, confidence=SURELY, words={**words, FOUNDER: "海天"})
        later.offers.add("a0", questions, proven=False)
        return later

    monkeypatch.setattr(chatbot.bot.Bot, "open", lambda *_, **__: kept(WORDS))
    monkeypatch.setattr("chatbot.question_making.keeping.keep_up", lambda *_, **__: 0)
    status, out, _ = run("draft", "--corpus", article)
    assert status == 0
    assert SHARE in out and FOUNDER not in out


@pytest.mark.parametrize(("least", "status"), [((), 0), (("0.5",), 0), (("0.9",), 1)])
def test_the_self_check_says_how_many_are_answered(
    run: Run,
    article: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    least: tuple[str, ...],
    status: int,
) -> None:
    from chatbot.question_making import commands

    made = bot_over(ARTICLE, confidence=SURELY, words=WORDS)
    keep_up(made, tmp_path / "i", "v")
    bot = bot_over(ARTICLE, confidence=SURELY, words={**WORDS, FOUNDER: "海天"})
    bot.offers.add("a0", made.offers.made())
    assert commands.report_self_check(bot, float(least[0]) if least else None) is (status == 0)


def test_the_self_checks_report(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    from chatbot.question_making import commands

    made = bot_over(ARTICLE, confidence=SURELY, words=WORDS)
    keep_up(made, tmp_path, "v")
    bot = bot_over(ARTICLE, confidence=SURELY, words={**WORDS, FOUNDER: "海天"})
    bot.offers.add("a0", made.offers.made())
    commands.report_self_check(bot, None)
    shown = capsys.readouterr()
    assert shown.out == "自查：从文章里出的 3 题，答得出 2 题（66.7%）。\n"
    assert shown.err == f"没有答对：{FOUNDER}（应为“张静章”）\n"
    commands.report_self_check(bot_over("题\n\n好。\n"), 0.9)
    assert capsys.readouterr().out == "自查：没有能问的题。\n"


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (("--self-check", "--check"), "--self-check 要用到出的题，不能与 --check 或"),
        (("--self-check", "--no-questions"), "--self-check 要用到出的题，不能与 --check 或"),
        (("--fail-under", "0.9"), "--fail-under 是 --self-check 的门槛；请加上 --self-check"),
        (("--self-check", "--fail-under", "2"), "--fail-under：2 不在 0 到 1 之间"),
    ],
)
def test_options_that_do_not_go_together_are_one_line(
    run: Run, arguments: tuple[str, ...], line: str
) -> None:
    status, out, err = run("index", *arguments)
    assert (status, out) == (2, "")
    assert err.startswith(f"wenda：{line}") and err.count("\n") == 1


def test_the_rows_of_a_question_asked_twice_are_one() -> None:
    document = make_document(ARTICLE, "a", "a.txt")
    at = document.text.index("5%")
    one = ProvenQuestion(SHARE, "a", 1, None, at, at + 2, "number", 0.9)
    assert len(draft_rows([one, one], [document])) == 1
