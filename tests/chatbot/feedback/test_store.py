"""The file of feedback: kept whole, shared, versioned, and never made before it is needed."""

from __future__ import annotations

import sqlite3
import stat
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from chatbot.feedback.entry import Feedback, find_evidence
from chatbot.feedback.store import SCHEMA, FeedbackFileError, FeedbackStore
from tests.fake_bot import document_of

ENTRY = Feedback(
    id="1",
    given="2026-11-24T12:00:00+00:00",
    rating="down",
    question="投入多少？",
    history=("张三是谁？", "他呢？"),
    document="essay",
    record={"answered": True, "answer": "5%", "sentence": "他每年拿出5%做研发。"},
    reason="年份不对，\n“5%”是去年的",
    proposed="6%",
    evidence=None,
    answerable=True,
)


def test_what_is_saved_comes_back_whole(tmp_path: Path) -> None:
    path = tmp_path / "new folder" / "反馈.db"
    bare = replace(ENTRY, id="2", document=None, reason=None, proposed=None, answerable=None)
    FeedbackStore(path).save(ENTRY)
    FeedbackStore(path).save(bare)
    assert FeedbackStore(path).all() == (ENTRY, bare)
    assert FeedbackStore(path).get("2") == bare
    assert FeedbackStore(path).get("3") is None


def test_saving_an_id_again_replaces_it_in_its_place(tmp_path: Path) -> None:
    store = FeedbackStore(tmp_path / "f.db")
    second = replace(ENTRY, id="2")
    changed = replace(ENTRY, rating="up", proposed=None, answerable=False)
    for entry in (ENTRY, second, changed):
        store.save(entry)
    assert store.all() == (changed, second)


def test_no_file_is_made_by_looking(tmp_path: Path) -> None:
    store = FeedbackStore(tmp_path / "f.db")
    store.check()
    assert store.all() == ()
    assert store.get("1") is None
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such modes")
def test_the_file_is_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "f.db"
    FeedbackStore(path).save(ENTRY)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_many_threads_lose_nothing(tmp_path: Path) -> None:
    store = FeedbackStore(tmp_path / "f.db")
    with ThreadPoolExecutor(8) as threads:
        for future in [threads.submit(store.save, replace(ENTRY, id=str(n))) for n in range(60)]:
            future.result()
    assert sorted(int(entry.id) for entry in store.all()) == list(range(60))


def test_it_is_readable_while_another_writes(tmp_path: Path) -> None:
    store = FeedbackStore(tmp_path / "f.db")
    store.save(ENTRY)
    with closing(sqlite3.connect(store.path)) as other:
        assert other.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert other.execute("PRAGMA user_version").fetchone() == (len(SCHEMA),)


def test_a_file_of_a_newer_wenda_is_left_alone(tmp_path: Path) -> None:
    store = FeedbackStore(tmp_path / "f.db")
    store.save(ENTRY)
    with closing(sqlite3.connect(store.path)) as other:
        other.execute(f"PRAGMA user_version = {len(SCHEMA) + 1}")
    with pytest.raises(FeedbackFileError) as error:
        store.save(ENTRY)
    assert str(error.value) == (
        f"反馈文件 {store.path}：由更新版本的 wenda 写成；请升级 wenda，或用 --feedback 换一个文件"
    )


def test_another_programs_database_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "f.db"
    with closing(sqlite3.connect(path)) as other:
        other.execute("CREATE TABLE theirs (x)")
    with pytest.raises(FeedbackFileError, match="是别的程序的数据库；请用 --feedback 换一个文件"):
        FeedbackStore(path).check()
    with closing(sqlite3.connect(path)) as other:
        assert other.execute("SELECT name FROM sqlite_master").fetchall() == [("theirs",)]


def test_a_file_that_is_no_database_is_one_line_and_stays(tmp_path: Path) -> None:
    path = tmp_path / "f.db"
    path.write_text("这不是数据库，" * 200, encoding="utf-8")
    before = path.read_bytes()
    with pytest.raises(FeedbackFileError) as error:
        FeedbackStore(path).check()
    assert str(error.value) == f"反馈文件 {path}：不是反馈数据库；请用 --feedback 换一个文件"
    assert path.read_bytes() == before


def test_a_folder_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(FeedbackFileError, match=r"；请.*--feedback"):
        FeedbackStore(tmp_path).check()


def test_a_full_file_is_told_and_keeps_what_it_has(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = FeedbackStore(tmp_path / "f.db")
    store.save(ENTRY)
    monkeypatch.setattr("chatbot.feedback.store._PAGES", 6)
    with pytest.raises(FeedbackFileError, match="磁盘或文件满了"):
        for number in range(2, 100):
            store.save(replace(ENTRY, id=str(number), reason="长" * 1000))
    assert store.get("1") == ENTRY


# ---- Where a proposed answer stands ---------------------------------------------------------

ARTICLE = document_of("甲拿出5%做研发。乙拿出6%。", "丙也拿出6%。丁是7岁。", title="试验")


def test_evidence_is_the_sentence_of_the_answer_where_it_holds_the_proposal() -> None:
    record = {"sentence": "甲拿出5%做研发。"}
    assert find_evidence("拿出5%", record, [ARTICLE]) == "甲拿出5%做研发。"


def test_evidence_is_else_the_one_sentence_of_the_articles() -> None:
    assert find_evidence("7岁", {"sentence": None}, [ARTICLE]) == "丁是7岁。"


@pytest.mark.parametrize("proposed", ["6%", "九十"])
def test_there_is_no_evidence_in_several_sentences_or_none(proposed: str) -> None:
    assert find_evidence(proposed, {"sentence": "甲拿出5%做研发。"}, [ARTICLE]) is None
