"""--oracle: a wrong answer is read again from the right paragraph."""

from __future__ import annotations

import io
import json
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from chatbot.answer import Answer
from chatbot.question_sets import BotAsker, Report, run_question_sets
from chatbot.question_sets.question_set import OracleError
from corpus.document import Paragraph
from tests.chatbot.question_sets.records import Answers
from tests.fake_bot import FakeBot, document_of

FACTORY = "海天在甲地有一座工厂，工厂有二十三名工人。"
PORT = "北仑港在乙地，是一座很深的港口，港口有八百名工人。"
ARTICLE = document_of(FACTORY, PORT)
QUESTION = "有多少工人？"
Said = dict[str, Sequence[tuple[str, str]]]


class Reading(FakeBot):
    """Answers with `found`; handed paragraphs, with `read`."""

    def __init__(self, found: Said, read: Said) -> None:
        super().__init__([ARTICLE], found)
        self.handed: list[tuple[Paragraph, ...]] = []
        self._read = FakeBot([ARTICLE], read)

    def ask(
        self,
        question: str,
        history: Sequence[str] = (),
        document: str | None = None,
        id: str | None = None,
        *,
        paragraphs: Collection[Paragraph] | None = None,
    ) -> Answer:
        if paragraphs is None:
            return super().ask(question, history, document, id)
        self.handed.append(tuple(paragraphs))
        return self._read.ask(question, history, document, id)


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return Path("题.jsonl")


def run(path: Path, rows: list[dict[str, Any]], bot: FakeBot) -> tuple[Report, list[str]]:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    out = Console(file=io.StringIO(), width=80)
    report = run_question_sets(
        [path], BotAsker(bot), oracle=True, answers=Path("答.jsonl"), out=out
    )
    return report, out.file.getvalue().splitlines()  # type: ignore[attr-defined]


def written() -> list[dict[str, Any]]:
    return [json.loads(line) for line in Path("答.jsonl").read_text("utf-8").splitlines()]


PORTS = {"question": QUESTION, "answer": "八百", "evidence": "港口有八百名 工人！"}
FACTORYS = {"question": QUESTION, "answer": "二十三", "evidence": "工厂有二十三名工人"}


def test_right_from_the_right_paragraph_is_a_retrieval_miss(path: Path) -> None:
    bot = Reading({QUESTION: [(FACTORY, "二十三")]}, {QUESTION: [(PORT, "八百")]})
    report, shown = run(path, [PORTS], bot)
    assert bot.handed == [(ARTICLE.paragraphs[1],)]
    assert report.misses == {"retrieval": 1}
    assert "直接读对的段落（--oracle）：答错的 1 题里，检索失误 1 题，阅读失误 0 题" in shown
    (record,) = written()
    assert (record["answer"], record["oracle"]["answer"]) == ("二十三", "八百")
    assert record["oracle"]["citation"]["text"] == PORT
    # The run is scored by what it found, not by what it was handed.
    assert report.scores[0].right is False


@pytest.mark.parametrize("read", [{QUESTION: [(PORT, "很深")]}, {}], ids=["wrong", "refused"])
def test_wrong_from_the_right_paragraph_is_a_reading_miss(path: Path, read: Said) -> None:
    report, shown = run(path, [PORTS], Reading({}, read))
    assert report.misses == {"reading": 1}
    assert "直接读对的段落（--oracle）：答错的 1 题里，检索失误 0 题，阅读失误 1 题" in shown


def test_only_wrong_answers_with_evidence_are_asked_again(path: Path) -> None:
    bot = Reading({QUESTION: [(FACTORY, "二十三")]}, {})
    rows = [
        FACTORYS,
        {"question": QUESTION, "answer": "八百"},
        {"question": QUESTION, "answerable": False, "evidence": "工厂有二十三名工人"},
        {"question": QUESTION},
    ]
    report, shown = run(path, rows, bot)
    assert bot.handed == []
    assert not any("oracle" in record for record in written())
    assert "直接读对的段落（--oracle）：没有要再读的题（答错了，又写明了依据的）" in shown
    assert [score.right for score in report.scores] == [True, False, False, None]


def test_evidence_that_stands_twice_hands_over_both_paragraphs(path: Path) -> None:
    bot = Reading({}, {})
    run(path, [{"question": QUESTION, "answer": "八百", "evidence": "名工人"}], bot)
    assert bot.handed == [ARTICLE.paragraphs]


def test_evidence_that_stands_nowhere_is_said_before_anything_is_asked(path: Path) -> None:
    rows = [
        {"id": "a", "question": "甲？", "answer": "乙", "evidence": "没有这句话"},
        {"id": "b", "question": "甲？", "answer": "乙", "evidence": "二十三名 工人！"},
        {"id": "c", "question": "甲？", "answer": "乙", "evidence": "百名工人。有"},
        {"id": "d", "question": "甲？", "answerable": False, "evidence": "没有这句话"},
    ]
    with pytest.raises(OracleError) as caught:
        run(path, rows, Reading({}, {}))
    assert str(caught.value).splitlines() == [
        f"--oracle：编号“{id}”的依据“{words}”不在文章的任何一段里；请从文章里照抄一句"
        for id, words in (("a", "没有这句话"), ("c", "百名工人。有"))
    ]
    assert written() == []


def test_a_server_has_no_paragraphs_to_read(path: Path) -> None:
    path.write_text('{"question": "甲？"}', "utf-8")
    with pytest.raises(OracleError, match="不能与 --url 同用"):
        run_question_sets([path], Answers({}), oracle=True)
