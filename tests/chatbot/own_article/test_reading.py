"""A stranger's file: read in another process, with a limit on time, and named in every error."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from chatbot.own_article import reading
from chatbot.own_article.reading import UploadError, clean_name, read_upload

TEXT = "我的文章\n\n第一章\n\n张三说，他每年拿出5%做研发。\n"


def read(name: str, data: bytes, seconds: float = 30) -> str:
    return read_upload(name, data, "own/1", seconds).text


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_file_is_read_as_the_corpus_reads_it(encoding: str) -> None:
    document = read_upload("我的.txt", TEXT.encode(encoding), "own/1", 30)
    assert (document.id, document.path, document.title) == ("own/1", "我的.txt", "我的文章")
    (paragraph,) = [p for p in document.paragraphs if "5%" in document.paragraph_text(p)]
    assert paragraph.document == "own/1"


@pytest.mark.parametrize(
    ("name", "data", "line"),
    [
        ("图.exe", b"MZ", "图.exe：还不能读这种文件，可以放入的是"),
        ("无名", b"x", "无名：还不能读这种文件"),
        ("空.txt", b" \n", "空.txt：文件是空的"),
        ("坏.txt", b"\0\1\2" * 100, "坏.txt：这不是文本文件"),
        ("断.txt", ("张三" * 50).encode()[:-1], "断.txt 第 1 行：UTF-8 编码在这里损坏"),
    ],
)
def test_what_cannot_be_read_is_named_with_what_to_do(name: str, data: bytes, line: str) -> None:
    with pytest.raises(UploadError) as error:
        read(name, data)
    message = str(error.value)
    assert message.startswith(line)
    assert "；" in message and "/tmp" not in message and "wenda-" not in message


def test_reading_that_takes_too_long_is_ended() -> None:
    began = time.monotonic()
    with pytest.raises(UploadError, match=r"慢\.txt：0\.01 秒还没有读完；请"):
        read("慢.txt", TEXT.encode(), seconds=0.01)
    assert time.monotonic() - began < 10


def test_a_reader_that_dies_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "_read", _die)
    with pytest.raises(UploadError, match=r"a\.txt：读不了"):
        read("a.txt", TEXT.encode())


def _die(*_: object) -> None:
    raise SystemExit(3)


def test_nothing_is_left_on_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    read("a.txt", TEXT.encode())
    with pytest.raises(UploadError):
        read("a.txt", TEXT.encode(), seconds=0.001)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("name", "clean"),
    [
        ("文章.txt", "文章.txt"),
        ("../../etc/passwd", "passwd"),
        (r"C:\Users\我\文章.md", "文章.md"),
        ("a\nb\x1b[31m\u202etxt.exe", "ab[31mtxt.exe"),
        ("长" * 300 + ".txt", "长" * 96 + ".txt"),
        ("", ""),
    ],
)
def test_a_name_is_shown_without_folders_and_tricks(name: str, clean: str) -> None:
    assert clean_name(name) == clean
