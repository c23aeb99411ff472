"""Words that mean the same: what an operator writes down beside the articles, and how it is read.

One group a line, words separated by 、 or commas; any of them may be read as any other:

    创始人、创办人、创立者

`=>` leads one way: what stands left is always read as what stands right.

    老爷子 => 张静章
    R&D, 研究开发 => 研发

Blank lines count for nothing, nor does anything from a # at the beginning of a line or after a
space.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from pathlib import Path

from chatbot.plain_wording import folded
from corpus.loading import is_synonyms_name
from corpus.readers import CorpusError, decode

LONGEST_WORD = 40
_COMMENT = re.compile(r"(?:^|\s)#.*$")
_BETWEEN = re.compile(r"\s*[,，、]\s*")
_ARROW = re.compile(r"\s*(?:=>|＝＞|⇒)\s*")
_EXAMPLE = "例如“创始人、创办人”或“老爷子 => 张静章”"


class SynonymsError(CorpusError):
    """A list of synonyms is broken or cannot be read: one line in Chinese for each mistake."""


@dataclass(frozen=True, slots=True)
class Synonyms:
    """What words may be read as, by the word (letters in lower case), in the order of the file.

    `same` goes both ways and is tried; `led` goes one way and is always followed.
    """

    same: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    led: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def load_synonyms(corpus: Path, named: Path | None = None) -> Synonyms:
    """Return what the lists of a corpus say, and `named`, a list that stands anywhere.

    Of a folder every `synonyms.txt`, `同义词.txt` and `….synonyms.txt` in it counts, of one article
    those that bear its name (`北仑.txt`, `北仑.synonyms.txt`). No list is no mistake, but for
    `named`.

    :raises SynonymsError: with every mistake of every list.
    """
    if corpus.is_dir():
        files = sorted(
            path for path in corpus.rglob("*.[tT][xX][tT]") if is_synonyms_name(path.name)
        )
    else:
        files = [corpus.with_name(f"{corpus.stem}.{end}.txt") for end in ("synonyms", "同义词")]
    files = [file for file in files if file.is_file()]
    if named is not None:
        files.append(named)
    same: dict[str, tuple[str, ...]] = {}
    led: dict[str, tuple[str, ...]] = {}
    mistakes: list[str] = []
    for file in files:
        try:
            found = parse_synonyms(_text(file), str(file))
        except CorpusError as error:
            mistakes.append(str(error))
            continue
        _add(same, found.same)
        _add(led, found.led)
    if mistakes:
        raise SynonymsError("\n".join(mistakes))
    return Synonyms(same, led)


def parse_synonyms(text: str, name: str) -> Synonyms:
    """Return what a list says. `name` is how mistakes name it.

    :raises SynonymsError: with all its mistakes, a line each.
    """
    same: dict[str, tuple[str, ...]] = {}
    led: dict[str, tuple[str, ...]] = {}
    mistakes: list[str] = []
    for number, line in enumerate(text.splitlines(), 1):
        bare = _COMMENT.sub("", folded(line)).strip()
        if not bare:
            continue
        sides = [_words(side) for side in _ARROW.split(bare)]
        wrong = _mistake(sides)
        if wrong is not None:
            mistakes.append(f"{name} 第 {number} 行：{wrong}")
        elif len(sides) == 2:
            _add(led, {word.lower(): tuple(sides[1]) for word in sides[0]})
        else:
            for word in sides[0]:
                others = tuple(other for other in sides[0] if other != word)
                _add(same, {word.lower(): others})
    if mistakes:
        raise SynonymsError("\n".join(mistakes))
    return Synonyms(same, led)


@cache
def built_in(name: str) -> Synonyms:
    """Return a list that comes with wenda: `everyday` or `english` (`chatbot/words/`)."""
    text = resources.files("chatbot").joinpath(f"words/{name}.txt").read_text("utf-8")
    return parse_synonyms(text, f"chatbot/words/{name}.txt")


def _text(file: Path) -> str:
    """Return a list as text; raises CorpusError with one line for the user."""
    try:
        return decode(file.read_bytes(), file)
    except FileNotFoundError:
        raise SynonymsError(f"{file}：没有这个同义词文件；请检查路径") from None
    except PermissionError:
        raise SynonymsError(f"{file}：没有读取权限；请检查文件的访问权限") from None
    except OSError as error:
        reason = error.strerror or str(error)
        raise SynonymsError(f"{file}：读取时出错（{reason}）；请给出一个文本文件") from None


def _words(side: str) -> list[str]:
    return _BETWEEN.split(side.strip(" ,，、")) if side.strip(" ,，、") else []


def _mistake(sides: list[list[str]]) -> str | None:
    """Return what is wrong with a line and what would be right, None where nothing is."""
    if len(sides) > 2:
        return f"有 {len(sides) - 1} 个“=>”；一行最多一个，{_EXAMPLE}"
    if len(sides) == 2 and not all(sides):
        return f"“=>”的{'左' if not sides[0] else '右'}边没有词；{_EXAMPLE}"
    words = [word for side in sides for word in side]
    for word in words:
        if len(word) > LONGEST_WORD:
            return f"“{word[:10]}……”有 {len(word)} 个字；一个词最多 {LONGEST_WORD} 个字"
        if not any(character.isalnum() for character in word):
            return f"“{word}”里没有文字；{_EXAMPLE}"
    for side in sides:
        lower = [word.lower() for word in side]
        repeated = [word for word in side if lower.count(word.lower()) > 1]
        if repeated:
            return f"“{repeated[0]}”写了不止一次；请只留一个"
    if len(words) < 2:
        word = words[0] if words else ""
        return f"只有“{word}”一个词；一行至少两个，用顿号或逗号隔开，{_EXAMPLE}"
    return None


def _add(whole: dict[str, tuple[str, ...]], more: Mapping[str, Iterable[str]]) -> None:
    """Add to `whole` what `more` says, behind what is there."""
    for word, others in more.items():
        whole[word] = tuple(dict.fromkeys((*whole.get(word, ()), *others)))
