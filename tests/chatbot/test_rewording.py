"""Other words for a question: only words of the articles are put in."""

from __future__ import annotations

from chatbot.rewording import Reworded, Rewording, joined
from chatbot.synonyms import parse_synonyms

TEXT = "海天集团品牌部负责人赵艳说。公司总部在北仑，厂区也在北仑。"


def rewording(synonyms: str = "") -> Rewording:
    return Rewording([TEXT], parse_synonyms(synonyms, "表"))


def test_an_everyday_word_that_no_article_has_is_read_as_one_that_it_has() -> None:
    assert rewording().others("品牌部的主管是谁？") == [
        Reworded("品牌部的负责人是谁？", needed=True)
    ]


def test_what_the_articles_say_is_left_alone() -> None:
    assert rewording().others("品牌部的负责人是谁？") == []


def test_a_word_that_the_articles_have_is_tried_where_the_operator_says_so() -> None:
    found = rewording("总部、厂区、大本营\n").others("海天的总部在哪？")
    assert found == [Reworded("海天的厂区在哪？", needed=False)]


def test_several_meanings_are_tried_one_after_the_other() -> None:
    found = rewording("大本营、总部、厂区\n").others("海天的大本营在哪？")
    assert [other.text for other in found] == ["海天的总部在哪？", "海天的厂区在哪？"]


def test_an_arrow_is_always_followed_also_in_latin_letters() -> None:
    words = rewording("HT, 老海 => 海天集团\n")
    assert words.settled("ht的品牌部") == "海天集团的品牌部"
    assert words.settled("老海在哪？") == "海天集团在哪？"
    assert words.settled("HTML是什么？") == "HTML是什么？"


def test_the_longest_word_counts() -> None:
    words = rewording("老海 => 总部\n老海家 => 海天集团\n")
    assert words.settled("老海家在哪？") == "海天集团在哪？"


def test_gaps_that_english_left_are_closed() -> None:
    assert joined("海天 的创始人 《山路》 a b") == "海天的创始人《山路》 a b"
