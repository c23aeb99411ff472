from __future__ import annotations

import json
import os
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.document import Document
from corpus.loading import load_corpus, load_document, make_document
from corpus.paragraphs import LONGEST
from corpus.readers import CorpusError
from corpus.sections import find_blocks, find_title

SECTIONS = json.loads((Path(__file__).parent / "cases" / "sections.json").read_text("utf-8"))
BODY = "港口是北仑最显著的标识之一。"


@pytest.mark.parametrize("case", [pytest.param(case, id=case["label"]) for case in SECTIONS])
def test_titles_headings_and_paragraphs(case: dict[str, Any]) -> None:
    document = make_document(case["input"], "id", "file.txt")
    assert {
        "title": find_title(find_blocks(document.text)),
        "sections": [section.title for section in document.sections],
        "paragraphs": [
            [paragraph.section, document.paragraph_text(paragraph)]
            for paragraph in document.paragraphs
        ],
    } == case["expected"]
    assert document.title == (case["expected"]["title"] or "file")


def test_a_section_reaches_to_the_next_heading() -> None:
    text = f"# 标题\n\n## 一部\n\n{BODY}\n\n{BODY}\n\n## 二部"
    document = make_document(text, "id", "file.md")
    one, two = document.sections
    assert text[one.heading_start : one.heading_end] == "## 一部"
    assert text[one.start : one.end] == f"{BODY}\n\n{BODY}"
    assert text[two.heading_start : two.heading_end] == "## 二部"
    assert two.start == two.end == two.heading_end == len(text)


# Chunks


def test_a_paragraph_of_1000_characters_stays_whole() -> None:
    document = make_document("字" * 999 + "。", "id", "")
    assert len(document.paragraphs) == 1


def test_a_longer_one_is_cut_evenly_between_sentences() -> None:
    document = make_document(("字" * 99 + "。") * 11, "id", "")
    assert [len(document.paragraph_text(paragraph)) for paragraph in document.paragraphs] == [
        600,
        500,
    ]


@pytest.mark.parametrize("unit", ["字", "一句话，没有。", "一句话没有句号，", "字 ", "。", "a"])
def test_200_kilobytes_on_one_line_lose_nothing(unit: str) -> None:
    raw = unit * (200_000 // len(unit.encode()))
    started = time.perf_counter()
    document = make_document(raw, "id", "")
    # Well under a second on an idle machine; what this must catch is quadratic time.
    assert time.perf_counter() - started < 5
    quoted = "".join(map(document.paragraph_text, document.paragraphs))
    assert quoted.replace(" ", "") == raw.replace(" ", "")


@given(
    st.one_of(
        st.text(st.characters(exclude_categories=())),
        st.lists(
            st.sampled_from(
                [
                    "\n",
                    "\n\n",
                    BODY,
                    "科创聚力",
                    "# 一",
                    "(下转第4版)",
                    "字" * 700,
                    "，",
                    "a。",
                    "……",
                ]
            ),
            max_size=30,
        ).map("".join),
    )
)
@settings(max_examples=500, deadline=None)
def test_offsets_hold_whatever_the_text(raw: str) -> None:
    document = make_document(raw, "id", "file.txt")
    text = document.text
    text.encode("utf-8")  # no lone surrogate is left
    blocks = find_blocks(text)
    assert "\n\n".join(text[block.start : block.end] for block in blocks) == text
    position = 0
    for number, paragraph in enumerate(document.paragraphs, start=1):
        quoted = document.paragraph_text(paragraph)
        assert paragraph.number == number
        assert position <= paragraph.start < paragraph.end <= len(text)
        assert quoted == quoted.strip()
        assert "\n" not in quoted
        assert len(quoted) <= LONGEST
        position = paragraph.end
    covered = set[int]()
    for block in blocks:
        if block.role not in ("paragraph", "caption"):
            covered |= set(range(block.start, block.end))
    for paragraph in document.paragraphs:
        stretch = set(range(paragraph.start, paragraph.end))
        assert not covered & stretch
        covered |= stretch
    assert all(char.isspace() for index, char in enumerate(text) if index not in covered)
    position = 0
    for section in document.sections:
        assert position <= section.heading_start < section.heading_end <= section.start
        assert section.start <= section.end <= len(text)
        assert section.title in text[section.heading_start : section.heading_end]
        position = section.end
    again = make_document(text, "id", "file.txt")
    assert (again.text, again.sections, again.paragraphs, again.repairs) == (
        text,
        document.sections,
        document.paragraphs,
        (),
    )


# Encodings

CHINESE = "北仑奋楫\n\n从宁波市中心东行50公里，有个北仑区。它向海而生、因港而兴。\n"


@pytest.mark.parametrize(
    "data",
    [
        CHINESE.encode("utf-8"),
        CHINESE.encode("utf-8-sig"),
        CHINESE.encode("gb18030"),
        CHINESE.encode("gbk"),
        b"\x84\x31\x95\x33" + CHINESE.encode("gb18030"),
        CHINESE.encode("utf-16"),
        b"\xfe\xff" + CHINESE.encode("utf-16-be"),
        CHINESE.encode("utf-32"),
    ],
    ids=["utf-8", "bom", "gb18030", "gbk", "gb18030 bom", "utf-16", "utf-16-be", "utf-32"],
)
def test_encodings(tmp_path: Path, data: bytes) -> None:
    file = tmp_path / "a.txt"
    file.write_bytes(data)
    document = load_document(file)
    assert document.text == CHINESE.strip()
    assert document.title == "北仑奋楫"


def test_rare_characters_in_gb18030(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_bytes("镕𠮷的故事，他是这里的人。".encode("gb18030"))
    assert load_document(file).text == "镕𠮷的故事，他是这里的人。"


# Errors, whole


def error_of(path: Path) -> str:
    with pytest.raises(CorpusError) as caught:
        load_corpus(path)
    assert "\n" not in str(caught.value)
    return str(caught.value)


BINARY = "：这不是文本文件（内容是二进制数据）；请换成文本文件"


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "：文件是空的，没有可读的文字；请放入文章内容，或删除这个文件"),
        (b" \r\n\t", "：文件是空的，没有可读的文字；请放入文章内容，或删除这个文件"),
        ("　\u2003".encode(), "：文件是空的，没有可读的文字；请放入文章内容，或删除这个文件"),
        (b"\x00\x01\x02\x03" * 20, BINARY),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", BINARY),
        ("北仑".encode("utf-16-le") + b"\x00\x00", BINARY),
        (
            "第一行。\n第二行。".encode()[:-1],
            " 第 2 行：UTF-8 编码在这里损坏；请换一份完整的文件，或重新存为 UTF-8",
        ),
        (
            b"abc\ncaf\xe9 \xe8t\xe9 \xff",
            " 第 2 行：文字编码既不是 UTF-8 也不是 GB18030；请把文件另存为 UTF-8",
        ),
        (
            "從寧波市中心東行，有個北侖區，它向海而生。".encode("big5"),
            " 第 1 行：文字编码既不是 UTF-8 也不是 GB18030；请把文件另存为 UTF-8",
        ),
        (
            b"\xff\xfe" + "一\n二".encode("utf-16-le") + b"\x00",
            " 第 2 行：文件标明是 UTF-16 编码，但这里解不出来；请重新存为 UTF-8",
        ),
        (
            b"\xef\xbb\xbfabc\n\xff",
            " 第 2 行：文件标明是 UTF-8 编码，但这里解不出来；请重新存为 UTF-8",
        ),
    ],
)
def test_what_is_no_text_is_refused(tmp_path: Path, data: bytes, message: str) -> None:
    file = tmp_path / "a.txt"
    file.write_bytes(data)
    assert error_of(file) == f"{file}{message}"


def test_a_missing_path(tmp_path: Path) -> None:
    path = tmp_path / "none.txt"
    assert error_of(path) == f"{path}：没有这个文件或文件夹；请检查路径"


def test_a_missing_folder(tmp_path: Path) -> None:
    path = tmp_path / "none"
    assert error_of(path) == f"{path}：没有这个文件或文件夹；请检查路径"


def test_a_folder_as_document(tmp_path: Path) -> None:
    with pytest.raises(CorpusError) as caught:
        load_document(tmp_path)
    assert str(caught.value) == f"{tmp_path}：这是文件夹，不是文章；请给出一个文件"


def test_an_unknown_format(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(b"%PDF-1.7")
    assert error_of(path) == (
        f"{path}：还不能读“.pdf”格式的文件，可以读的是 .md、.txt；请另存为 UTF-8 的 .txt"
    )


def test_a_file_without_suffix(tmp_path: Path) -> None:
    path = tmp_path / "article"
    path.write_text(BODY, encoding="utf-8")
    assert error_of(path) == (
        f"{path}：还不能读没有扩展名的文件，可以读的是 .md、.txt；请另存为 UTF-8 的 .txt"
    )


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (PermissionError(13, "denied"), "：没有读取权限；请检查文件的访问权限"),
        (OSError(5, "Input/output error"), "：读取时出错（Input/output error）；请检查文件和磁盘"),
    ],
)
def test_an_unreadable_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: OSError, message: str
) -> None:
    path = tmp_path / "a.txt"
    path.write_text(BODY, encoding="utf-8")

    def fail(self: Path) -> bytes:
        raise error

    # Permission bits do not stop root, as whom containers run tests.
    monkeypatch.setattr(Path, "read_bytes", fail)
    assert error_of(path) == f"{path}{message}"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_a_pipe_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    os.mkfifo(path)
    assert error_of(path) == f"{path}：这不是普通文件；请给出一个文本文件"


def test_a_folder_that_cannot_be_listed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(path: object) -> None:
        raise PermissionError(13, "denied", str(tmp_path))

    monkeypatch.setattr(os, "scandir", fail)
    assert error_of(tmp_path) == f"{tmp_path}：打不开这个文件夹；请检查它的访问权限"


@pytest.mark.parametrize("name", ["README.md", "readme.txt", ".hidden.txt", "~$a.txt", "a.docx"])
def test_a_folder_without_an_article(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text(BODY, encoding="utf-8")
    assert error_of(tmp_path) == f"{tmp_path}：文件夹里没有文章；请放入 .md、.txt 文件"


def test_several_bad_files_are_all_named(tmp_path: Path) -> None:
    for name in ("a.txt", "b.txt", "c.txt"):
        (tmp_path / name).write_text("" if name != "b.txt" else BODY, encoding="utf-8")
    first = tmp_path / "a.txt"
    assert error_of(tmp_path) == (
        f"{first}：文件是空的，没有可读的文字；请放入文章内容，或删除这个文件"
        "（另有 1 个文件也读不了：c.txt）"
    )


# Corpora


def test_a_folder_is_read_in_order_with_distinct_ids(tmp_path: Path) -> None:
    names = ["乙.txt", "甲.txt", "甲.md", "nested/甲.txt", "nested/deep/c.TXT", "b.md", "b.md.txt"]
    skipped = [".git/a.txt", "nested/.a.txt", "README.md", "nested/readme.md", "a.pdf"]
    for name in names + skipped:
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"{name}在这里。", encoding="utf-8")
    documents = load_corpus(tmp_path)
    # Sorted by path, as strings: Latin before 乙 (U+4E59) before 甲 (U+7532).
    assert [(document.id, document.path) for document in documents] == [
        ("b", "b.md"),
        ("b.md", "b.md.txt"),
        ("nested/deep/c", "nested/deep/c.TXT"),
        ("nested/甲", "nested/甲.txt"),
        ("乙", "乙.txt"),
        ("甲.md", "甲.md"),
        ("甲.txt", "甲.txt"),
    ]
    assert load_corpus(tmp_path) == documents


def test_one_file_is_a_corpus(tmp_path: Path) -> None:
    file = tmp_path / "README.md"
    file.write_text(BODY, encoding="utf-8")
    (document,) = load_corpus(file)
    assert (document.id, document.path, document.title) == ("README", "README.md", "README")


def test_a_document_under_a_root(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    file = tmp_path / "a" / "b.txt"
    file.write_text(BODY, encoding="utf-8")
    document = load_document(file, tmp_path)
    assert (document.id, document.path) == ("a/b", "a/b.txt")
    assert load_document(file).id == "b"


def test_a_link_that_leads_nowhere_is_reported(tmp_path: Path) -> None:
    link = tmp_path / "a.txt"
    try:
        link.symlink_to(tmp_path / "gone.txt")
    except OSError:
        pytest.skip("links are not allowed here")
    assert error_of(tmp_path) == f"{link}：没有这个文件或文件夹；请检查路径"


def test_an_empty_text_gives_an_empty_document() -> None:
    assert make_document(" \n", "id", "a.txt") == Document("id", "a", "a.txt", "")
