from __future__ import annotations

import html.parser
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatbot.article_rendering import render_document
from chatbot.rendering import (
    escape,
    render_answer,
    render_suggestions,
    render_welcome,
    sentence_bounds,
)
from corpus.document import Document
from tests.fake_bot import FakeBot, document_of

ARTICLE = document_of(
    "开头一段。",
    "# 科创",
    "张三说，他每年拿出5%做研发。李四也拿出5%。",
    "王五投入三亿元，赵六投入两亿元。",
)
HOSTILE = (
    "<script>alert(1)</script>",
    "**粗** _斜_ # 题",
    "$$x^2$$ \\(y\\)",
    "[点](javascript:alert(1))",
    "${alert(1)} {{7*7}} `x`",
    "\"><img src=x onerror='alert(1)'>",
    "&amp; &lt;",
)


class Reader(html.parser.HTMLParser):
    """Collects the text and the elements of a piece of HTML, as a browser would."""

    def __init__(self, markup: str) -> None:
        super().__init__(convert_charrefs=True)
        self.text = ""
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.marked: list[str] = []
        self._open: list[str] = []
        self.feed(markup)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        self._open.append(tag)
        if tag == "mark":
            self.marked.append("")

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data
        if "mark" in self._open:
            self.marked[-1] += data

    def all(self, css_class: str) -> list[dict[str, str | None]]:
        return [a for _, a in self.elements if css_class in (a.get("class") or "").split()]


def answered(question: str, *spans: tuple[str, str], document: Document = ARTICLE) -> str:
    bot = FakeBot([document], {question: spans}, suggestions=("接着问什么？",))
    return render_answer(bot.ask(question), {document.id: document})


@pytest.mark.parametrize("text", HOSTILE)
def test_text_is_shown_as_the_plain_text_it_is(text: str) -> None:
    read = Reader(escape(text))
    assert read.text == text
    assert read.elements == []


@given(st.text())
def test_escaping_keeps_the_length_and_opens_no_element_but_its_own(text: str) -> None:
    read = Reader(escape(text))
    assert len(read.text) == len(text)
    assert {tag for tag, _ in read.elements} <= {"bdi"}


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"])))
def test_printable_text_is_kept_character_by_character(text: str) -> None:
    assert Reader(escape(text)).text == text


def test_control_characters_are_shown_by_their_pictures_and_surrogates_replaced() -> None:
    assert escape("a\x00b\rc\x7f\ud800\n") == "a␀b␍c␡�\n"


def test_a_character_that_turns_the_direction_is_isolated_and_named() -> None:
    read = Reader(escape("正\u202e反"))
    assert read.elements == [("bdi", {"class": "wd-direction", "data-code": "U+202E"})]
    assert read.text == "正\u202e反"


def test_an_answer_stands_in_its_sentence_with_place_and_sureness() -> None:
    read = Reader(answered("多少？", ("张三说，他每年拿出5%做研发。", "5%")))
    assert read.marked == ["5%"]
    assert "张三说，他每年拿出5%做研发。" in read.text
    assert "《试验》·科创·第 2 段" in read.text
    assert "很有把握（93%）" in read.text
    (cite,) = read.all("wd-cite")
    assert ARTICLE.text[int(cite["data-start"] or 0) : int(cite["data-end"] or 0)] == "5%"
    sentence = slice(int(cite["data-sentence-start"] or 0), int(cite["data-sentence-end"] or 0))
    assert ARTICLE.text[sentence] == "张三说，他每年拿出5%做研发。"
    assert (cite["data-document"], cite["data-paragraph"]) == ("essay", "2")


def test_the_same_words_twice_in_a_paragraph_mark_the_quoted_ones() -> None:
    read = Reader(answered("李四呢？", ("李四也拿出5%。", "5%")))
    (cite,) = read.all("wd-cite")
    assert int(cite["data-start"] or 0) == ARTICLE.text.rindex("5%")
    assert read.marked == ["5%"]


def test_a_sentence_that_occurs_twice_is_the_one_round_the_quotation() -> None:
    twice = document_of("甲：是的。乙：是的。")
    bot = FakeBot([twice], {"乙？": [("是的。", "是的")]})
    answer = bot.ask("乙？")
    assert answer.citation is not None
    second = twice.text.rindex("是的。")
    moved = replace(answer, citation=replace(answer.citation, start=second, end=second + 2))
    assert sentence_bounds(moved, twice) == (second, second + 3)


def test_an_answer_that_is_the_whole_sentence_is_shown_once() -> None:
    sentence = "王五投入三亿元，赵六投入两亿元。"
    markup = answered("怎么投入？", (sentence, sentence))
    assert 'data-kind="passage"' in markup
    assert Reader(markup).text.count(sentence) == 1


def test_several_answers_are_a_list_each_with_its_place() -> None:
    sentence = "王五投入三亿元，赵六投入两亿元。"
    read = Reader(answered("各投多少？", (sentence, "三亿元"), (sentence, "两亿元")))
    assert [tag for tag, _ in read.elements].count("q") == 2
    assert len(read.all("wd-cite")) == 2
    assert read.marked == ["三亿元", "两亿元"]


def test_things_that_stand_apart_are_each_shown_in_their_own_sentence() -> None:
    spans = (("张三说，他每年拿出5%做研发。", "张三"), ("李四也拿出5%。", "李四"))
    read = Reader(answered("谁拿出5%？", *spans))
    assert len(read.all("wd-sentence")) == 2
    assert read.marked == ["张三", "李四"]
    for cite, (sentence, _) in zip(read.all("wd-cite"), spans, strict=True):
        start, end = int(cite["data-sentence-start"] or 0), int(cite["data-sentence-end"] or 0)
        assert ARTICLE.text[start:end] == sentence


def test_what_may_be_meant_is_offered_as_buttons_that_ask_for_it() -> None:
    sentence = "王五投入三亿元，赵六投入两亿元。"
    asked = {"谁投入了？": [(sentence, "王五"), (sentence, "赵六")]}
    answer = FakeBot([ARTICLE], asked, suggestions=("接着问什么？",)).ask("谁投入了？")
    first, second = answer.answers
    choices = (
        replace(first, confidence=0.6, sentence=sentence, question="三亿元，谁投入了？"),
        replace(second, confidence=0.5, sentence=sentence),
    )
    shown = render_answer(replace(answer, asks_back=True, answers=choices), {ARTICLE.id: ARTICLE})
    assert "文中有两处都像答案，您问的是哪一个？" in shown
    assert '<button type="button" class="wd-ask">三亿元，谁投入了？</button>' in shown
    # The second has no question of its own; nothing else is suggested.
    assert shown.count('class="wd-ask"') == 1
    assert shown.count('class="wd-cite"') == 2
    assert "<mark>王五</mark>投入三亿元" in shown and "<mark>赵六</mark>投入两亿元" in shown
    assert "比较有把握（60%）" in shown and "把握不大（50%）" in shown


def test_a_refusal_lists_near_paragraphs_under_their_own_heading_and_no_source() -> None:
    bot = FakeBot([ARTICLE], {}, suggestions=("张三投入多少？",))
    markup = render_answer(bot.ask("明年呢？"), {ARTICLE.id: ARTICLE})
    read = Reader(markup)
    assert 'data-kind="refusal"' in markup
    assert "文章里没有找到这个问题的答案。" in read.text
    assert "文中相近的段落" in read.text
    assert len(read.all("wd-near")) == 2
    assert not read.all("wd-cite") and not read.all("wd-source") and not read.all("wd-sure")
    assert len(read.all("wd-ask")) == 1
    assert "%" not in read.text.replace("5%", "")


def test_a_refusal_names_the_subject_and_what_is_said_of_it() -> None:
    told = document_of("开头一段。北仑区向海而生。", "第二段。")
    read = Reader(render_answer(FakeBot([told], {}).ask("北仑区有多少人？"), {told.id: told}))
    assert "文章提到了“北仑区”，但没有说到您问的这一点。" in read.text
    assert "第 1 段北仑区向海而生。第 2 段第二段。" in read.text


@pytest.mark.parametrize("text", HOSTILE)
def test_a_refusal_shows_what_it_names_as_the_plain_text_it_is(text: str) -> None:
    hostile = document_of(f"{text}在此\u202e反。", "第二段。", id="hostile", title=text)
    bot = FakeBot([hostile], {}, suggestions=(text,))
    shown = render_answer(bot.ask(f"{text}在哪里？"), {hostile.id: hostile, ARTICLE.id: ARTICLE})
    read = Reader(shown)
    assert f"《{text}》第 1 段{text}在此\u202e反。" in read.text
    assert {tag for tag, _ in read.elements} <= {"bdi", "button", "div", "li", "p", "span", "ul"}
    assert len(read.all("wd-direction")) == 1


def test_of_several_articles_a_refusal_tells_which_a_paragraph_is_of() -> None:
    bot = FakeBot([ARTICLE], {})
    other = document_of("别的。", id="other", title="别篇")
    shown = render_answer(bot.ask("明年呢？"), {ARTICLE.id: ARTICLE, other.id: other})
    assert "<span>《试验》第 1 段</span>" in shown


def test_small_talk_is_plain_text() -> None:
    bot = FakeBot([ARTICLE], {}, talk={"你好": "您好！**不是粗体** <b>"})
    read = Reader(render_answer(bot.ask("你好"), {}))
    assert "您好！**不是粗体** <b>" in read.text
    assert "文中相近的段落" not in read.text


def test_a_follow_up_says_how_it_was_understood() -> None:
    bot = FakeBot([ARTICLE], {"多少？": [("李四也拿出5%。", "5%")]})
    answer = bot.ask("多少？", history=("李四投入",))
    assert "按“李四投入多少？”来找" in Reader(render_answer(answer, {})).text
    assert "来找" not in Reader(render_answer(bot.ask("多少？"), {})).text


def test_an_answer_from_an_article_that_is_gone_still_shows_its_words() -> None:
    bot = FakeBot([ARTICLE], {"多少？": [("李四也拿出5%。", "5%")]})
    assert "李四也拿出5%。" in Reader(render_answer(bot.ask("多少？"), {})).text


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_article_stays_plain_text_everywhere(text: str) -> None:
    document = document_of(f"{text}。", f"# {text}", f"甲{text}乙。", id=f'x"{text}', title=text)
    plain = {tag for tag, _ in Reader(render_document(ARTICLE, (ARTICLE, ARTICLE))).elements} | {
        "bdi"
    }
    read = Reader(render_document(document, (document, ARTICLE)))
    assert {tag for tag, _ in read.elements} <= plain
    assert f"甲{text}乙。" in read.text
    (shown,) = read.all("wd-article")
    assert shown["data-document"] == document.id
    reply = Reader(answered(text, (f"甲{text}乙。", text), document=document))
    assert {tag for tag, _ in reply.elements} <= {
        "div",
        "p",
        "blockquote",
        "mark",
        "button",
        "span",
        "ul",
        "li",
    }
    assert reply.marked == [text]
    welcome = Reader(render_welcome([document], [text]))
    assert f"《{text}》" in welcome.text
    assert Reader(render_suggestions([text], text)).text == text * 2


def test_nothing_to_ask_about_is_said() -> None:
    assert "还没有可以提问的文章。" in render_welcome([], [])
