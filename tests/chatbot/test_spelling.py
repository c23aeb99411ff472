"""Names and numbers as the articles write them."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chatbot.spelling import Spelling

TEXT = (
    "申洲国际董事局主席马建荣在灵峰工业社区说，继峰股份成功并购格拉默。极氪007上市40天。"
    "2023年外贸占10.78%，两千六百亩。史都华主演《桃色血案》。离宁波不远，他帮企业。"
)
SPELLING = Spelling([TEXT])


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("申州国际的主席是谁？", "申洲国际的主席是谁？"),
        ("灵锋工业社区在哪", "灵峰工业社区在哪"),
        ("极客007的订单", "极氪007的订单"),
        ("《桃色血按》的导演", "《桃色血案》的导演"),
        ("jifeng股份并购了谁", "继峰股份并购了谁"),
        ("ma jianrong是谁", "马建荣是谁"),
        ("二〇二三年的外贸", "2023年的外贸"),
        ("极氪零零七", "极氪007"),
        ("百分之十点七八的外贸", "10.78%的外贸"),
        ("2600亩", "两千六百亩"),
        ("申洲国际离宁波多远？", "申洲国际离宁波多远？"),
        ("谁帮企业跟踪？", "谁帮企业跟踪？"),
        ("iPhone 多少钱", "iPhone 多少钱"),
        ("哪一年上市", "哪一年上市"),
    ],
)
def test_what_is_meant_is_written(written: str, meant: str) -> None:
    assert SPELLING.mend(written) == meant


@settings(deadline=None)
@given(st.text(alphabet="申州洲国际继锋峰股份二〇三年007jifeng《》·百分之点", max_size=20))
def test_any_question_is_mended_to_the_end(question: str) -> None:
    mended = SPELLING.mend(question)
    assert SPELLING.mend(mended) is not None


def test_a_word_that_stands_as_it_is_is_no_part_of_a_slip() -> None:
    # As a whole it sounds like 便是邮票的色, but 便士 stands in the corpus.
    spelling = Spelling(["面值1便士。这便是邮票的色彩。"])
    assert spelling.mend("便士邮票底色是什么？") == "便士邮票底色是什么？"


def test_a_corpus_too_large_to_list_mends_nothing() -> None:
    assert Spelling(["字" * 400_001]).mend("申州国际") == "申州国际"
