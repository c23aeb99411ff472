"""The operator's list of synonyms: what it says, every mistake at once, which files count."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chatbot.synonyms import Synonyms, SynonymsError, built_in, load_synonyms, parse_synonyms
from corpus.loading import load_corpus

BROKEN = """# 说明
创始人、创办人

孤零零
甲 => 乙 => 丙
=> 海天
老爷子 =>
甲、乙、甲
、、
——、甲
长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长、短
"""
EXAMPLE = "例如“创始人、创办人”或“老爷子 => 张静章”"


def test_a_group_goes_both_ways_and_an_arrow_one() -> None:
    found = parse_synonyms("创始人、创办人，Founder\n老爷子, 老当家 => 张静章 # 海天\n", "表")
    assert found.same == {
        "创始人": ("创办人", "Founder"),
        "创办人": ("创始人", "Founder"),
        "founder": ("创始人", "创办人"),
    }
    assert found.led == {"老爷子": ("张静章",), "老当家": ("张静章",)}


def test_words_of_several_lines_are_put_together_in_their_order() -> None:
    found = parse_synonyms("甲、乙\n甲、丙、乙\n", "表")
    assert found.same["甲"] == ("乙", "丙")


@pytest.mark.parametrize("text", ["", "\n\n", "# 只有说明\n   # 缩进的说明\n"])
def test_comments_and_blank_lines_say_nothing(text: str) -> None:
    assert parse_synonyms(text, "表") == Synonyms()


def test_all_mistakes_are_told_together_with_their_lines() -> None:
    with pytest.raises(SynonymsError) as caught:
        parse_synonyms(BROKEN, "表.txt")
    assert str(caught.value).splitlines() == [
        f"表.txt 第 4 行：只有“孤零零”一个词；一行至少两个，用顿号或逗号隔开，{EXAMPLE}",
        f"表.txt 第 5 行：有 2 个“=>”；一行最多一个，{EXAMPLE}",
        f"表.txt 第 6 行：“=>”的左边没有词；{EXAMPLE}",
        f"表.txt 第 7 行：“=>”的右边没有词；{EXAMPLE}",
        "表.txt 第 8 行：“甲”写了不止一次；请只留一个",
        f"表.txt 第 9 行：只有“”一个词；一行至少两个，用顿号或逗号隔开，{EXAMPLE}",
        f"表.txt 第 10 行：“——”里没有文字；{EXAMPLE}",
        "表.txt 第 11 行：“长长长长长长长长长长……”有 41 个字；一个词最多 40 个字",
    ]


@settings(deadline=None)
@given(st.text(alphabet="海天、，,=> #\n\t\x00a｜|:", max_size=60))
def test_whatever_stands_in_it_no_other_error_comes(text: str) -> None:
    try:
        parse_synonyms(text, "表")
    except SynonymsError as error:
        assert all(line.startswith("表 第 ") for line in str(error).splitlines())


def test_the_lists_in_a_folder_count_and_are_no_articles(tmp_path: Path) -> None:
    (tmp_path / "甲").mkdir()
    (tmp_path / "文章.txt").write_text("标题\n\n海天的创始人是张静章。\n", "utf-8")
    (tmp_path / "synonyms.txt").write_text("创始人、创办人\n", "utf-8")
    (tmp_path / "甲" / "同义词.txt").write_bytes("员工、职工\n".encode("gb18030"))
    (tmp_path / "mysynonyms.txt").write_text("标题\n\n这是一篇文章。\n", "utf-8")
    assert set(load_synonyms(tmp_path).same) == {"创始人", "创办人", "员工", "职工"}
    assert [document.id for document in load_corpus(tmp_path)] == ["mysynonyms", "文章"]


def test_beside_one_article_the_list_of_its_name_counts(tmp_path: Path) -> None:
    article = tmp_path / "北仑.txt"
    article.write_text("标题\n\n一段。\n", "utf-8")
    (tmp_path / "北仑.synonyms.txt").write_text("甲、乙\n", "utf-8")
    (tmp_path / "synonyms.txt").write_text("丙、丁\n", "utf-8")
    assert set(load_synonyms(article).same) == {"甲", "乙"}


def test_the_mistakes_of_all_lists_are_told(tmp_path: Path) -> None:
    (tmp_path / "synonyms.txt").write_text("孤\n", "utf-8")
    (tmp_path / "b.synonyms.txt").write_bytes(b"\xff\xfe\x00\x00\x00")
    with pytest.raises(SynonymsError) as caught:
        load_synonyms(tmp_path, tmp_path / "没有.txt")
    lines = str(caught.value).splitlines()
    assert len(lines) == 3
    assert lines[1].startswith(f"{tmp_path / 'synonyms.txt'} 第 1 行：")
    assert lines[2] == f"{tmp_path / '没有.txt'}：没有这个同义词文件；请检查路径"


def test_a_folder_named_as_a_list_is_told(tmp_path: Path) -> None:
    with pytest.raises(SynonymsError, match="读取时出错"):
        load_synonyms(tmp_path / "文章.txt", tmp_path)


@pytest.mark.parametrize("name", ["everyday", "english"])
def test_the_lists_that_come_with_wenda_are_sound(name: str) -> None:
    found = built_in(name)
    assert len(found.same) + len(found.led) > 100
    # A single character stands in too many words to be read as another.
    assert all(len(word) > 1 for word in (*found.same, *found.led))
