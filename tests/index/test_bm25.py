"""Terms, and BM25 against the formula written out."""

from __future__ import annotations

import math
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.bm25 import LexicalIndex, normalise, tokenize

ARTICLE = Path(__file__).parents[2] / "corpus" / "articles" / "beilun-fenji.txt"


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("北仑", ["北", "北仑", "仑"]),
        # Each part of a pair is its own term; the pair stands between them.
        ("海天塑机", ["海", "海天", "天", "天塑", "塑", "塑机", "机"]),
        ("北。仑", ["北", "仑"]),
        ("", []),
        ("，。！？…—😀 \n\t", []),
        ("ＧＤＰ", ["gdp"]),
        ("GDP增长5.2%", ["gdp", "gdp增", "增", "增长", "长", "长5.2", "5.2"]),
        ("1,200亩", ["1200", "1200亩", "亩"]),
        ("1,2,3", ["1", "2", "3"]),
        ("COVID19", ["covid19", "covid", "19"]),
        ("注塑机 吨位", tokenize("注塑机吨位")),
        ("New York", ["new", "york"]),
        ("人々", ["人", "人々", "々"]),
        ("二〇二〇", ["二", "二〇", "〇", "〇二", "二", "二〇", "〇"]),
        ("𠮷野", ["𠮷", "𠮷野", "野"]),
        ("サービス", ["サ", "サー", "ー", "ービ", "ビ", "ビス", "ス"]),
        ("Größe", ["größe"]),
        ("\ud800北", ["北"]),
    ],
)
def test_terms(text: str, terms: list[str]) -> None:
    assert tokenize(text) == terms


def test_normalise_folds_width_case_and_thousands() -> None:
    assert normalise("ＡＢＣ　１，２３４．５％") == "abc 1234.5%"


@given(st.text())
def test_any_text_has_terms_or_none(text: str) -> None:
    terms = tokenize(text)
    assert all(terms)
    assert terms == tokenize(normalise(text))


def straight_bm25(texts: list[str], question: str, k1: float, b: float) -> list[float]:
    """Lucene's BM25 as Kamphuis et al. (ECIR 2020) print it, term by term, in float64."""
    rows = [Counter(tokenize(text)) for text in texts]
    lengths = [sum(row.values()) for row in rows]
    average = sum(lengths) / len(lengths)
    scores = [0.0] * len(texts)
    for term in tokenize(question):
        containing = sum(term in row for row in rows)
        idf = math.log(1 + (len(texts) - containing + 0.5) / (containing + 0.5))
        for at, row in enumerate(rows):
            frequency = row[term]
            length = 1 - b + b * lengths[at] / average
            if frequency:
                scores[at] += idf * frequency / (frequency + k1 * length)
    return scores


@pytest.mark.parametrize(("k1", "b"), [(1.2, 0.75), (1.5, 0.3), (0.9, 0.0), (2.0, 1.0)])
def test_scores_are_the_formula_on_a_real_article(k1: float, b: float) -> None:
    texts = [line for line in ARTICLE.read_text("utf-8").splitlines() if line.strip()]
    assert len(texts) > 20
    index = LexicalIndex.build(texts, k1, b)
    for question in ("海天每年把多少收入投入研发？", "北仑北仑北仑", "GDP是多少", "的"):
        expected = straight_bm25(texts, question, k1, b)
        assert max(expected) > 0 or question == "GDP是多少"
        np.testing.assert_allclose(index.scores(question), expected, rtol=1e-5, atol=1e-6)


def test_one_hit_by_hand() -> None:
    # 甲 stands in 1 of 2 paragraphs: idf = ln(1 + 1.5 / 1.5) = ln 2. Paragraphs have 1 and 3
    # terms, 2 on average: 1 / (1 + 1.5 × (1 - 0.75 + 0.75 × 1 / 2)).
    scores = LexicalIndex.build(["甲", "乙丙"], k1=1.5, b=0.75).scores("甲")
    assert scores == pytest.approx([math.log(2) / (1 + 1.5 * (0.25 + 0.375)), 0.0])


@pytest.mark.parametrize("texts", [[], [""], ["", "！？"], ["😀", "…"]])
def test_nothing_to_find(texts: list[str]) -> None:
    index = LexicalIndex.build(texts)
    assert index.scores("北仑").tolist() == [0.0] * len(texts)
    again = LexicalIndex.from_files(index.to_files())
    assert again.scores("北仑").tolist() == [0.0] * len(texts)


@pytest.mark.parametrize("question", ["", "？", "zzz", "龘", "\ud800"])
def test_a_question_without_a_known_term_scores_0_everywhere(question: str) -> None:
    scores = LexicalIndex.build(["北仑港", "", "海天集团"]).scores(question)
    assert scores.tolist() == [0.0, 0.0, 0.0]
    assert scores.dtype == np.float32


def test_other_words_score_where_no_paragraph_has_the_word_itself() -> None:
    texts = ["外商投资两亿元", "老人投资商店", "内资和外资", "天气"]
    index = LexicalIndex.build(texts)
    otherwise = index.scores_otherwise({"老外": {"外商": 0.25, "外资": 1.0}})
    expected = [0.5 * index.scores("外商")[0], 0.0, index.scores("外资")[2], 0.0]
    # 商 and 外 apart, or 投资商 behind 外, are no 外商.
    assert otherwise.tolist() == pytest.approx(expected)
    assert not index.scores_otherwise({"老人": {"外商": 1.0}}).any()
    assert not index.scores_otherwise({"老外": {"外宾": 1.0, "": 1.0}}).any()
    assert not index.scores_otherwise({}).any()


def test_of_other_words_for_one_the_best_counts_and_of_several_words_all() -> None:
    index = LexicalIndex.build(["年龄和年纪都在履历里", "别的"])
    age, resume = index.scores("年龄")[0], index.scores("履历")[0]
    either = index.scores_otherwise({"岁数": {"年龄": 1.0, "年纪": 0.5}})
    assert either[0] == pytest.approx(age)
    both = index.scores_otherwise({"岁数": {"年龄": 1.0}, "过去的事": {"履历": 1.0}})
    assert both[0] == pytest.approx(age + resume)


def test_no_paragraphs_no_scores_for_other_words() -> None:
    assert LexicalIndex.build([]).scores_otherwise({"老外": {"外商": 1.0}}).tolist() == []


def test_an_empty_paragraph_among_others_scores_0() -> None:
    scores = LexicalIndex.build(["北仑港", "", "海天集团"]).scores("海天在北仑")
    assert scores[0] > 0 and scores[1] == 0 and scores[2] > 0


def test_written_and_read_again_it_scores_the_same_to_the_last_bit() -> None:
    texts = ["北仑港，2023年", "海天集团GDP", ""]
    index = LexicalIndex.build(texts)
    files = index.to_files()
    again = LexicalIndex.from_files(files)
    assert again.to_files() == files == LexicalIndex.build(texts).to_files()
    assert again.scores("北仑2023年").tobytes() == index.scores("北仑2023年").tobytes()


def test_files_that_do_not_fit_one_another_are_refused() -> None:
    files = LexicalIndex.build(["北仑港", "海天"]).to_files()
    other = LexicalIndex.build(["宁波"]).to_files()
    for name in files:
        with pytest.raises(ValueError):
            LexicalIndex.from_files({**files, name: other[name]})
        with pytest.raises(KeyError):
            LexicalIndex.from_files({kept: files[kept] for kept in files if kept != name})


@settings(max_examples=50, deadline=None)
@given(st.lists(st.text(max_size=30), max_size=5), st.text(max_size=30))
def test_any_texts_and_question(texts: list[str], question: str) -> None:
    scores = LexicalIndex.build(texts).scores(question)
    assert scores.shape == (len(texts),)
    assert np.isfinite(scores).all() and (scores >= 0).all()
