"""Articles to read: all of their text, whole or in parts."""

from __future__ import annotations

import pytest

from chatbot import article_rendering
from chatbot.article_rendering import render_document
from corpus.document import Document
from tests.chatbot.test_rendering import ARTICLE, Reader
from tests.fake_bot import document_of

LONG = document_of(
    *(
        block
        for number in range(1, 5)
        for block in (f"# 第{number}节", f"甲{number}" + "字" * 40, f"乙{number}" + "字" * 40)
    ),
    title="长文",
)


def test_an_article_shows_every_character_with_offsets_that_hold() -> None:
    jump = Document(
        "d", "题", "d.txt", f"题\n\n{ARTICLE.text}\n\n(下转第4版)", paragraphs=(), sections=()
    )
    assert "(下转第4版)" in Reader(render_document(jump)).text
    read = Reader(render_document(ARTICLE))
    assert [attrs["data-start"] for attrs in read.all("wd-heading")] == [
        str(ARTICLE.sections[0].heading_start)
    ]
    for paragraph in ARTICLE.paragraphs:
        assert ARTICLE.paragraph_text(paragraph) in read.text
    shown = read.all("wd-paragraph")
    assert [attrs["data-paragraph"] for attrs in shown] == ["1", "2", "3"]
    for attrs, paragraph in zip(shown, ARTICLE.paragraphs, strict=True):
        assert (attrs["data-start"], attrs["data-end"]) == (
            str(paragraph.start),
            str(paragraph.end),
        )


def test_the_title_is_shown_once() -> None:
    assert Reader(render_document(ARTICLE)).text.count("试验") == 1


def test_a_choice_of_articles_is_offered_only_where_there_is_one() -> None:
    assert "<select" not in render_document(ARTICLE, [ARTICLE])
    other = document_of("另一篇。", id="other", title="另一篇")
    markup = render_document(other, [ARTICLE, other])
    assert '<option value="other" selected>另一篇</option>' in markup


def test_a_title_that_turns_the_direction_is_named_in_the_choice() -> None:
    turned = document_of("另一篇。", id="turned", title="<b>正\u202e反")
    markup = render_document(ARTICLE, [ARTICLE, turned])
    assert '<option value="turned">&lt;b&gt;正[U+202E]反</option>' in markup
    assert "\u202e" not in markup


@pytest.fixture
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """A part has room for one section of LONG."""
    monkeypatch.setattr(article_rendering, "PART", 110)


def numbers(read: Reader) -> list[int]:
    return [int(str(paragraph["data-paragraph"])) for paragraph in read.all("wd-paragraph")]


def ways(read: Reader) -> list[int]:
    return [int(str(way["data-paragraph"])) for way in read.all("wd-part")]


def test_what_is_not_large_comes_whole() -> None:
    read = Reader(render_document(LONG))
    assert numbers(read) == [1, 2, 3, 4, 5, 6, 7, 8]
    assert not read.all("wd-part") and not read.all("wd-parts")


@pytest.mark.usefixtures("small_parts")
def test_a_large_article_comes_in_parts_that_begin_at_headings() -> None:
    read = Reader(render_document(LONG))
    assert numbers(read) == [1, 2]
    assert ways(read) == [3]
    assert "往后：第 3–4 段" in read.text
    # Its outline is whole all the same.
    assert len(read.all("wd-jump")) == 4
    middle = Reader(render_document(LONG, paragraph=4))
    assert numbers(middle) == [3, 4]
    assert ways(middle) == [1, 1, 5]  # above the text and below it
    assert [LONG.text[int(str(h["data-start"])) :][:3] for h in middle.all("wd-heading")] == [
        "第2节"
    ]


@pytest.mark.usefixtures("small_parts")
@pytest.mark.parametrize("paragraph", [None, 0, 99, "4", [4], {}])
def test_a_paragraph_that_is_not_there_shows_the_beginning(paragraph: object) -> None:
    assert numbers(Reader(render_document(LONG, paragraph=paragraph))) == [1, 2]


@pytest.mark.usefixtures("small_parts")
def test_a_heading_opens_the_part_that_it_stands_in() -> None:
    section = LONG.sections[3]
    read = Reader(render_document(LONG, heading=section.heading_start))
    assert numbers(read) == [7, 8]
    assert ways(read) == [5, 5]


@pytest.mark.parametrize("size", [1, 30, 50, 90, 110, 200, 10_000])
@pytest.mark.parametrize(
    "document",
    [
        LONG,
        ARTICLE,
        document_of("# 一", "# 二", "一段。", "# 三", "两段。", "# 四"),
        document_of(),
        document_of("# 一"),
    ],
)
def test_the_parts_together_are_the_article_once(
    monkeypatch: pytest.MonkeyPatch, document: Document, size: int
) -> None:
    monkeypatch.setattr(article_rendering, "PART", size)
    at: int | None = None
    seen: list[int] = []
    headings: list[int] = []
    while True:
        read = Reader(render_document(document, paragraph=at))
        seen += numbers(read)
        headings += [int(str(heading["data-start"])) for heading in read.all("wd-heading")]
        later = [way for way in ways(read) if seen and way > seen[-1]]
        if not later:
            break
        (at,) = later
    assert seen == [paragraph.number for paragraph in document.paragraphs]
    assert headings == [section.heading_start for section in document.sections]
