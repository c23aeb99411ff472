"""The reply shows the article's words as they are, whatever Markdown would make of them."""

import pytest

from chatbot.answer import Citation, QuotedSpan
from chatbot.reply import (
    answer_reply,
    asking_back_reply,
    escape_markdown,
    list_apart_reply,
    place,
    refusal_reply,
    sureness,
)
from corpus.document import Paragraph
from index.passage import Passage

CITATION = Citation("a", "北仑奋楫", "科创聚力", 8, 10, 12, "海天拿出5%用于研发。")


def test_a_place_names_title_section_and_paragraph() -> None:
    assert place(CITATION) == "《北仑奋楫》·科创聚力·第 8 段"


def test_a_place_without_a_section_leaves_it_out() -> None:
    assert place(Citation("a", "甲", None, 1, 0, 1, "乙")) == "《甲》·第 1 段"


@pytest.mark.parametrize(
    ("confidence", "words"),
    [(0.93, "很有把握（93%）"), (0.6, "比较有把握（60%）"), (0.41, "把握不大（41%）")],
)
def test_sureness_is_told_in_words_and_figures(confidence: float, words: str) -> None:
    assert sureness(confidence) == words


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("**粗**", r"\*\*粗\*\*"),
        ("<script>", r"\<script\>"),
        ("$$x$$", r"\$\$x\$\$"),
        ("[a](javascript:b)", r"\[a\]\(javascript\:b\)"),
        ("两\n行", "两 行"),
        ("全角，不动。", "全角，不动。"),
    ],
)
def test_markup_is_escaped(text: str, escaped: str) -> None:
    assert escape_markdown(text) == escaped


def test_an_answer_that_is_its_whole_sentence_is_said_once() -> None:
    reply = answer_reply(["海天拿出5%用于研发。"], "海天拿出5%用于研发。", CITATION, 0.9)
    assert reply.count("用于研发") == 1
    assert ">" not in reply


def test_a_short_answer_is_followed_by_its_sentence() -> None:
    reply = answer_reply(["5%"], "海天拿出5%用于研发。", CITATION, 0.9)
    assert reply == (
        "**5%**\n\n> 海天拿出5%用于研发。\n\n—— 《北仑奋楫》·科创聚力·第 8 段，很有把握（90%）"
    )


def test_several_things_are_a_list() -> None:
    reply = answer_reply(["镰刀", "锄头"], "只能做镰刀、锄头。", CITATION, 0.9)
    assert reply.startswith("- **镰刀**\n- **锄头**\n\n> 只能做镰刀、锄头。")


def test_things_that_stand_apart_have_their_sentence_and_place_each() -> None:
    other = Citation("a", "北仑奋楫", None, 9, 30, 32, "*北仑*拿出6%。")
    things = [
        QuotedSpan("5%", CITATION, sentence="海天拿出5%用于研发。"),
        QuotedSpan("*北仑*拿出6%。", other, sentence="*北仑*拿出6%。"),
    ]
    assert list_apart_reply(things, 0.9) == (
        "- **5%** （海天拿出5%用于研发。）\n  —— 《北仑奋楫》·科创聚力·第 8 段\n"
        "- **\\*北仑\\*拿出6%。**\n  —— 《北仑奋楫》·第 9 段\n\n很有把握（90%）"
    )


def test_a_refusal_names_what_is_told_of_the_subject() -> None:
    passage = Passage(Paragraph("a", None, 3, 0, 9), "海天集团有许多产品。", 0.8, 1.0, 2.0)
    told = refusal_reply([passage], [], "海天集团现在有多少名员工？")
    assert told.startswith("文章提到了“海天集团”，但没有说到您问的这一点。")
    other = refusal_reply([passage], [], "上海的产品有多少？")
    assert other.startswith("文章里没有找到这个问题的答案。")


def test_a_refusal_tells_what_is_said_of_the_subject() -> None:
    text = "北仑是座港城。海天集团有许多产品。"
    passage = Passage(Paragraph("a", None, 3, 0, len(text)), text, 0.8, 1.0, 2.0)
    reply = refusal_reply([passage], [], "海天集团现在有多少名员工？")
    assert "- 第 3 段：海天集团有许多产品。" in reply


def test_a_refusal_lists_what_came_closest_as_no_answer() -> None:
    passage = Passage(Paragraph("a", None, 3, 0, 80), "字" * 80, 0.8, 1.0, 2.0)
    reply = refusal_reply([passage], ["北仑在哪里？"])
    assert reply.startswith("文章里没有找到这个问题的答案。")
    assert f"- 第 3 段：{'字' * 60}……" in reply
    assert reply.index("相近的段落（不是答案）") < reply.index("您可以问")
    assert reply.endswith("- 北仑在哪里？")


def test_asking_back_numbers_what_may_be_meant_in_its_sentence() -> None:
    choices = [
        QuotedSpan("5%", CITATION, 0.7, "海天拿出5%用于研发。", "研发，拿出多少？"),
        QuotedSpan("三亿元", CITATION, 0.5, "三亿元", None),
    ]
    assert asking_back_reply(choices) == (
        "文中有两处都像答案，您问的是哪一个？\n\n"
        "1. **5%** （海天拿出5%用于研发。）\n"
        "   —— 《北仑奋楫》·科创聚力·第 8 段，比较有把握（70%）\n"
        "2. **三亿元**\n   —— 《北仑奋楫》·科创聚力·第 8 段，把握不大（50%）"
    )
