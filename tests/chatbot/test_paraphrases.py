"""What articles may say for wordings of questions."""

from __future__ import annotations

from importlib import resources

import pytest

from chatbot.paraphrases import Paraphrases, parsed

WORDS = Paraphrases(
    parsed(["一把手、头儿 => 书记、院长", "# 头儿 => 头", "手 => 臂", "头儿 => 校长"])
)


def test_the_longest_wording_that_is_whole_words_is_found() -> None:
    assert list(WORDS.of("医院的一把手是谁？")) == [("一把手", ("书记", "院长"))]
    assert list(WORDS.of("码头儿童乐园在哪？")) == []


def test_a_wording_that_stands_twice_in_the_list_has_all_that_is_said_for_it() -> None:
    assert list(WORDS.of("头儿是谁")) == [("头儿", ("书记", "院长", "校长"))]


def test_letters_are_found_however_they_are_written() -> None:
    words = Paraphrases([(["app"], ["应用程序"])])
    assert list(words.of("这个ＡＰＰ叫什么")) == [("app", ("应用程序",))]


def test_words_are_alike_by_the_lines_that_they_share() -> None:
    words = Paraphrases(parsed(["岁数 => 年龄、年纪", "岁数、多大 => 年龄", "年纪 => 年代"]))
    # 岁数 and 年龄 stand in the same two lines, of three words each; 年纪 in one of them and in
    # one of two words.
    assert words.alike("岁数") == pytest.approx(
        {"年龄": 1.0, "年纪": (1 / 3) / (2 / 3 * (1 / 3 + 1 / 2)) ** 0.5, "多大": 0.5**0.5}
    )
    assert words.alike("年代")["年纪"] == words.alike("年纪")["年代"]
    assert words.alike("没有") == {}


def test_texts_may_say_other_words_for_each_word_that_asks_nothing() -> None:
    words = Paraphrases(parsed(["岁数 => 年龄、年纪、岁", "哪里 => 地点", "年纪 => 年代"]))
    assert list(words.instead("他的岁数和年纪在哪里")) == ["岁数", "年纪"]
    assert set(words.instead("他的岁数")["岁数"]) == {"年龄", "年纪"}
    assert set(words.instead("岁数和年纪")["岁数"]) == {"年龄"}
    assert words.instead("年代").keys() == {"年代"}
    assert words.instead("天气") == {}


def test_half_a_character_stands_in_nobodys_way() -> None:
    assert list(WORDS.of("\ud800头儿")) == [("头儿", ("书记", "院长", "校长"))]


def test_every_line_of_the_shipped_list_can_be_read() -> None:
    text = resources.files("chatbot").joinpath("words/paraphrases.txt").read_text("utf-8")
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    assert len(lines) > 10_000
    for line in lines:
        asked, arrow, said = line.partition(" => ")
        assert arrow and " " not in asked + said, line
        assert all(2 <= len(word) <= 10 for word in asked.split("、")), line
        assert all(1 <= len(word) <= 10 for word in said.split("、")), line
    assert Paraphrases.shipped() is Paraphrases.shipped()
    assert [wording for wording, _ in Paraphrases.shipped().of("老外")] == ["老外"]
