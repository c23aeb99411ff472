"""The article itself, asserted from reading the file by hand."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from corpus.document import Document
from corpus.loading import DEFAULT_CORPUS, load_corpus
from corpus.sentences import split_sentences


@pytest.fixture(scope="module")
def article() -> Document:
    (document,) = load_corpus(DEFAULT_CORPUS)
    return document


def paragraphs(article: Document, section: str | None) -> list[str]:
    return [
        article.paragraph_text(paragraph)
        for paragraph in article.paragraphs
        if paragraph.section == section
    ]


def test_its_names(article: Document) -> None:
    assert article.id == "beilun-fenji"
    assert article.path == "beilun-fenji.txt"
    assert article.title == "北仑奋楫"


def test_its_sections(article: Document) -> None:
    assert [section.title for section in article.sections] == [
        "科创聚力",
        "向海而生",
        "营商赢商",
        "融合提质",
    ]
    for section in article.sections:
        assert article.text[section.heading_start : section.heading_end] == section.title


def test_its_paragraphs_by_section(article: Document) -> None:
    # Counted in the file: lines with text, less title, headings and jump line, less one for each
    # sentence that a column broke and for the ellipsis.
    assert len(paragraphs(article, "科创聚力")) == 26 - 1 - 1
    assert len(paragraphs(article, "向海而生")) == 19 - 1
    assert len(paragraphs(article, "营商赢商")) == 20 - 1
    assert paragraphs(article, "融合提质") == [
        "产业是城市发展的基础，城市是产业发展的载体。从某种意义上看，北仑正是城市和产业共生共利、"
        "融合发展的一个样本。"
    ]
    without_section = paragraphs(article, None)
    assert [text[:12] for text in without_section] == [
        "从宁波市中心东行50公里",
        "2020年春天，习近平总",
        "宁波市委常委、北仑区委书",
        "宁波北仑梅山湾鸟瞰。顾红",
    ]
    assert [paragraph.number for paragraph in article.paragraphs] == list(range(1, 67))


@pytest.mark.parametrize(
    "joined",
    [
        "普遍存在着创新动力不足、产业升级缓慢等挑战。",
        "北仑持续深化跨境贸易高水平试点的创新实践，获浙江省改革突破奖。",
        "如今，在极氪梅山工厂，每1分钟就有一辆整车下线，这里的柔性生产线可为消费者提供数万款定制选择。",
    ],
)
def test_broken_sentences_are_whole(article: Document, joined: str) -> None:
    assert sum(joined in article.paragraph_text(p) for p in article.paragraphs) == 1


def test_the_ellipsis_leads_in_its_paragraph(article: Document) -> None:
    (text,) = [text for text in map(article.paragraph_text, article.paragraphs) if "……" in text]
    assert text.startswith("……更多变化悄然而至。2023年，北仑高新技术产业增加值、")
    assert text.endswith("这是宁波市第一个也是目前唯一一个获此殊荣的区县。")


def test_the_caption_is_the_last_paragraph(article: Document) -> None:
    last = article.paragraphs[-1]
    assert article.paragraph_text(last) == "宁波北仑梅山湾鸟瞰。顾红侠摄(中经视觉)"
    assert last.end == len(article.text)


def test_the_jump_line_is_kept_out_of_the_paragraphs(article: Document) -> None:
    assert "\n\n(下转第4版)\n\n" in article.text
    assert not any("下转" in article.paragraph_text(p) for p in article.paragraphs)


def test_odd_characters_stay(article: Document) -> None:
    assert "按照C₂、C₃、C₄的新材料链条" in article.text
    assert "“勇挑大梁·勇立潮头”" in article.text


def test_the_repairs(article: Document) -> None:
    assert [(repair.kind, repair.line) for repair in article.repairs] == [
        ("broken-sentence", 49),
        ("ellipsis", 62),
        ("broken-sentence", 82),
        ("broken-sentence", 118),
    ]


def test_not_a_character_is_lost(article: Document) -> None:
    raw = (DEFAULT_CORPUS / "beilun-fenji.txt").read_text(encoding="utf-8")
    assert "".join(article.text.split()) == "".join(raw.split())


def sentences(article: Document) -> Iterator[str]:
    for paragraph in article.paragraphs:
        text = article.paragraph_text(paragraph)
        for start, end in split_sentences(text):
            yield text[start:end]


@pytest.mark.parametrize(
    "sentence",
    [
        "制造业是北仑的名片，海天集团是北仑制造业的“传奇”。",
        "年逾八旬的海天集团创始人张静章说，海天每年拿出销售收入的5%用于技术研发，不断迭代产品技术，"
        "从速度、精密度、节能环保等各个方面向“世界第一”冲刺，即便在最困难的年份也没停止过。",
        "“陆海持续双向发力，不断提升开放能级，北仑枢纽港地位更加稳固。”"
        "宁波经济技术开发区商务局副局长朱建军说。",
        "“大凡路上行驶的汽车，多多少少都有我们的产品。”",
        "2023年，北仑实现外贸进出口总额4501.6亿元，占全国比重10.78%；全年实际利用外资26.96亿美元，"
        "同比增长91.3%，总量居全省前列。",
        "“要知道，吉利汽车最初1个月能卖1000辆都是很不不容易的。”吉利汽车集团首席政府事务官李伟平"
        "感慨万千：只有见证了吉利汽车成长的全过程，才能真正体会到好的发展环境有多重要！",
        "宁波北仑梅山湾鸟瞰。",
        "顾红侠摄(中经视觉)",
    ],
)
def test_sentences_of_the_article(article: Document, sentence: str) -> None:
    found = list(sentences(article))
    assert sentence in found


def test_no_sentence_is_a_scrap(article: Document) -> None:
    assert [text for text in sentences(article) if len(text) < 6] == []
