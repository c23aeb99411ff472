"""What articles may say for wordings of questions."""

from __future__ import annotations

from importlib import resources

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
    words = Paraphrases({"app": ("应用程序",)})
    assert list(words.of("这个ＡＰＰ叫什么")) == [("app", ("应用程序",))]


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
