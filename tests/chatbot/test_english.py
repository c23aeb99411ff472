"""English around Chinese names: the words of a list, in Chinese order."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chatbot.english import in_chinese_words
from chatbot.synonyms import built_in
from chatbot.word_choice import WordChoice

TEXT = "海天集团的董事局主席是张静章。继峰股份并购格拉默。《山路》的女主角。外资收购别处。"
CHOICE = WordChoice(built_in("english").led, TEXT)


@pytest.mark.parametrize(
    ("question", "chinese"),
    [
        ("Who is the chairman of 海天集团?", "海天集团的董事局主席是谁？"),
        ("Who is 海天's founder?", "海天的创始人是谁？"),
        ("Which company did 继峰股份 acquire?", "继峰股份并购哪家企业？"),
        ("When was 大龙邮票 issued?", "大龙邮票什么时候发行？"),
        ("Who is the leading actress in 《山路》?", "《山路》的女主角是谁？"),
        ("How many employees does 海天 have?", "海天有多少员工？"),
        ("What's the population of 北仑?", "北仑的人口是多少？"),
        ("How far is 北仑 from 宁波?", "北仑离宁波多远？"),
        ("Where did 中央印制厂 move after the war?", "战争后，中央印制厂迁设哪里？"),
        ("Is 海天 the largest company?", "海天是最大企业吗？"),
        ("海天 的 founder 是谁", "海天 的创始人是谁"),
        ("海天 R&D investment", "海天研发投入"),
        ("founder of 海天", "海天的创始人"),
        ("海天的创始人是谁？", "海天的创始人是谁？"),
        ("asdfghjkl 海天", "asdfghjkl 海天"),
    ],
)
def test_english_is_put_into_chinese(question: str, chinese: str) -> None:
    assert in_chinese_words(question, CHOICE) == chinese


def test_the_word_is_taken_that_stands_where_the_name_does() -> None:
    # 收购 stands first in the list and in the text, but 并购 is what is told of 继峰股份.
    choice = WordChoice({"acquire": ("收购", "并购")}, "外资收购别处。\n继峰股份并购格拉默。")
    assert choice.of("acquire", "继峰股份 acquire") == "并购"
    assert choice.of("acquire", "外资 acquire") == "收购"
    assert choice.of("unknown", "外资") == ""


@settings(deadline=None)
@given(st.text(alphabet="海天who is of the'S? &《》“.-\n", max_size=40))
def test_any_text_stays_a_text(question: str) -> None:
    assert isinstance(in_chinese_words(question, CHOICE), str)
