"""The thesaurus that training takes other words from."""

from __future__ import annotations

import pytest

from training.word_classes import word_classes


@pytest.mark.parametrize(
    ("word", "same"), [("毕业", "卒业"), ("结婚", "成婚"), ("作者", "撰稿人"), ("担任", "出任")]
)
def test_words_of_one_leaf_mean_the_same(word: str, same: str) -> None:
    found = word_classes().same(word)
    assert same in found and word not in found
    assert len(set(found)) == len(found)


@pytest.mark.parametrize(("word", "other"), [("作者", "编辑"), ("父亲", "长女"), ("出生", "生活")])
def test_words_of_one_sort_are_others(word: str, other: str) -> None:
    narrow, wide = word_classes().others(word)
    assert other in (*narrow, *wide)
    assert not {word, *word_classes().same(word)} & {*narrow, *wide}


@pytest.mark.parametrize("word", ["海天集团", "的", "了"])
def test_unknown_and_little_words_have_none(word: str) -> None:
    assert word_classes().same(word) == []
    assert word_classes().others(word) == [[], []]
