"""Names and numbers in a question, as the articles write them.

Only what the articles do not contain is ever changed, and only into what they do contain.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from contextlib import suppress
from functools import cache, cached_property
from itertools import islice, product

from chatbot.asking_words import masked

# Above this many characters the names of the corpus are not listed: too many sound alike.
LONGEST_CORPUS = 400_000
_LONGEST_NAME = 7
_READINGS = 8  # of a name whose characters have several
# Words of one character that a question is made of: none of them is a slip in a name.
_COMMON = frozenset(
    "的一是了我不人在他有这个上们来到时大地为子中你说生国年着就那和要她出也得里后自以会家可下而过天去能对小多然于心学么之都好"
    "看起发当没成只如事把还用第样道想作种开美总从无情己面最女但现前些所同日手又行意动方期它头经长儿回位分爱老因很给名法间斯知世什"
    "0123456789零〇一二两三四五六七八九十百千万亿两次使身者被高已亲其进此话常与活正感离远拿搞比叫跟演干啥谁哪几怎吗呢吧啊向往由让住吃喝买卖做当像算属占投建设称写排列居"
)
# Characters that names are read by in more than one way. Of others a dictionary's second reading is
# known to nobody: 款 as xin made 款产品 of 新产品.
_READ_VARIOUSLY = frozenset(
    "都重行长乐调传弹朝大藏盛省属曾单卜仇区解任查乘尉缪盖翟召员纪宿叶尽教好还为发干系种相应处中分数量当会卡强降车壳"
    "血薄落度恶参差厦堡台柏泊洗勒六圩浒洞番夏华少散塞色石食说宿谁提沈俞率绿陆露模摩磨奇切亲丘曲圈散沙折颤涨殷"
)
_JOINING = frozenset("的是了在和有就也都这那与及为以")
_RUN = re.compile(r"[\u4e00-\u9fff·0-9]+")
_HAN = re.compile(r"[\u4e00-\u9fff]")
_LATIN = re.compile(r"[A-Za-z]+(?:[ '][A-Za-z]+)*")
_HAN_NUMBER = "零〇一二两三四五六七八九十百千万亿"
_NUMBER = re.compile(rf"百分之[{_HAN_NUMBER}点]+|[{_HAN_NUMBER}]+|[0-9]+(?:\.[0-9]+)?%?")
_YEAR = re.compile(r"(?:1[5-9]|20)[0-9]{2}")
_DIGITS = str.maketrans("零〇一二三四五六七八九", "00123456789")


class Spelling:
    """The names of a corpus by their sound. Safe to share between threads."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._text = "\n".join(texts)

    def mend(self, question: str) -> str:
        """Return `question` with names and numbers as the corpus writes them."""
        if len(self._text) > LONGEST_CORPUS:
            return question
        return self._names(self._pinyin(self._numbers(question)))

    def _numbers(self, question: str) -> str:
        """Return `question` with each number in the form that the corpus has, if it has one."""
        parts, done = [], 0
        for match in _NUMBER.finditer(question):
            before = question[max(0, match.start() - 1) : match.start()]
            after = question[match.end() : match.end() + 1]
            lacks = _YEAR.fullmatch(match.group()) and after not in ("年", "-", "/", ".")
            whole = f"{before}{match.group()}{after}"
            if lacks and whole not in self._text and f"{match.group()}年" in self._text:
                # 恒川 2024 利润: a year that lacks its 年.
                parts.append(f"{question[done : match.end()]}年")
                done = match.end()
                continue
            if match.group() + after in self._text or (before and before in "哪这那每第几同"):
                continue
            for form in _forms(match.group()):
                if form + after in self._text or (len(form) > 1 and before + form in self._text):
                    parts.append(question[done : match.start()] + form)
                    done = match.end()
                    break
        return "".join(parts) + question[done:]

    def _pinyin(self, question: str) -> str:
        """Return `question` with names typed in letters written as the corpus writes them."""

        def written(match: re.Match[str]) -> str:
            if match.group() in self._text:
                return match.group()
            whole = self._by_letters.get(re.sub(r"[ ']", "", match.group()).lower())
            if whole:
                return whole
            words = [
                word if word in self._text else self._by_letters.get(word.lower(), word)
                for word in match.group().split(" ")
            ]
            joined = "".join(words)
            return joined if all(map(_HAN.match, words)) else " ".join(words)

        return _LATIN.sub(written, question)

    def _names(self, question: str) -> str:
        """Return `question` with what only sounds or nearly looks like a name in its place."""
        known = self._known(question)
        bare = masked(question)
        for size in range(_LONGEST_NAME, 1, -1):
            for start in range(len(question) - size + 1):
                own = bare[start : start + size]
                if all(known[start : start + size]) or not _RUN.fullmatch(own):
                    continue
                meant = self._meant(own, question[start - 1 : start] == "《")
                if meant is None or _touches_common(own, meant):
                    continue
                # A word that the corpus has, as it has it, is no slip: 便士 is not 便是.
                if any(known[start + at] for at in range(size) if own[at] != meant[at]):
                    continue
                mended = question[:start] + meant + question[start + size :]
                if size > 2 or self._stretch(mended, start) > 2:
                    return self._names(mended)
        return question

    def _meant(self, own: str, titled: bool) -> str | None:
        """Return the name in the corpus that `own` is, if one sounds or nearly looks the same.

        By its looks only in a title or a foreign name: elsewhere too much differs by a character.
        """
        alike = Counter[str]()
        # As it is read at first sight; the names of the corpus in any way that they may be.
        for name in self._by_sound.get(next(_sounds(own)), ()):
            if len(name) == len(own):
                alike[name] = self._text.count(name)
        alike.pop(own, None)
        if alike:
            return max(alike, key=lambda name: (alike[name], name))
        if ("·" not in own and not titled) or self._is_whole(own[:-1]):
            return None
        near = [
            name
            for name in self._of_length(len(own))
            if sum(a != b for a, b in zip(name, own, strict=True)) == 1
        ]
        return near[0] if len(near) == 1 else None

    def _is_whole(self, name: str) -> bool:
        """Tell whether a foreign name ends with its last part, so that what follows is a word.

        In 凯莉·史都华任教 任 is no slip for 博 in 凯莉·史都华博士: after 史都华 anything may stand.
        """
        last = name.split("·")[-1]
        if "·" not in name or len(last) < 2:
            return False
        return len(set(re.findall(f"{re.escape(last)}(.)", self._text))) > 2

    def _known(self, question: str) -> list[bool]:
        """Tell of each character whether it stands with a neighbour as it does in the corpus."""
        bare = masked(question)
        known = [not _RUN.fullmatch(character) for character in bare]
        for at in range(len(bare) - 1):
            if bare[at : at + 2] in self._text:
                known[at] = known[at + 1] = True
        return known

    def _stretch(self, question: str, at: int) -> int:
        """Return how long a stretch of `question` around `at` stands in the corpus."""
        start, end = at, at + 1
        while end < len(question) and question[start : end + 1] in self._text:
            end += 1
        while start > 0 and question[start - 1 : end] in self._text:
            start -= 1
        return end - start

    @cached_property
    def _by_sound(self) -> dict[str, set[str]]:
        found: dict[str, set[str]] = defaultdict(set)
        for size in range(2, _LONGEST_NAME + 1):
            for name in self._of_length(size):
                for sound in _sounds(name):
                    found[sound].add(name)
        return dict(found)

    @cached_property
    def _by_letters(self) -> dict[str, str]:
        """Return the most frequent name for each pinyin written in one word."""
        best: dict[str, tuple[int, str]] = {}
        for sound, names in self._by_sound.items():
            if not all(part.isalpha() for part in sound.split()):
                continue
            letters = sound.replace(" ", "")
            name = max(names, key=lambda name: (self._text.count(name), name))
            best[letters] = max(best.get(letters, (0, "")), (self._text.count(name), name))
        return {letters: name for letters, (_, name) in best.items() if len(letters) > 4}

    def _of_length(self, size: int) -> set[str]:
        return self._stretches.get(size, set())

    @cached_property
    def _stretches(self) -> dict[int, set[str]]:
        found: dict[int, set[str]] = defaultdict(set)
        for run in _RUN.finditer(self._text):
            for size in range(2, _LONGEST_NAME + 1):
                for at in range(run.start(), run.end() - size + 1):
                    found[size].add(self._text[at : at + size])
        return dict(found)


def _touches_common(own: str, meant: str) -> bool:
    """Tell whether a character that would change is a word that people use every day.

    Nor is a character ever meant to be one that only joins: 底色 is not 的色.
    """
    return any(a != b and (a in _COMMON or b in _JOINING) for a, b in zip(own, meant, strict=True))


def _sounds(name: str) -> Iterator[str]:
    """Yield the toneless pinyin of `name`, syllables parted by spaces; several for 都 (du, dou)."""
    syllables = [_readings(character) for character in name.replace("·", "")]
    for reading in islice(product(*syllables), _READINGS):
        yield " ".join(reading)


@cache
def _readings(character: str) -> tuple[str, ...]:
    """Return the toneless pinyin of one character, the character itself where it has none."""
    from pypinyin import Style, pinyin

    readings = dict.fromkeys(pinyin(character, style=Style.NORMAL, heteronym=True)[0])
    return tuple(readings) if character in _READ_VARIOUSLY else tuple(readings)[:1]


def _forms(number: str) -> list[str]:
    """Return other ways to write a number: 二〇二三 and 2023, 百分之五 and 5%, 两千 and 2000."""
    import cn2an

    forms = []
    if number.isascii():
        value = number.rstrip("%")
        ways = [("low",)] if "." in value else [("low",), ("direct",)]
        for (way,) in ways:
            try:
                written = cn2an.an2cn(value, way)
            except ValueError:
                continue
            forms.append(f"百分之{written}" if number.endswith("%") else written)
        return [*forms, *(form.replace("二", "两", 1) for form in forms if form.startswith("二"))]
    if number.startswith("百分之"):
        inner = _forms(number[3:])
        return [f"{form}%" for form in inner]
    if not re.search("[十百千万亿]", number):
        forms.append(number.translate(_DIGITS))
    with suppress(ValueError):
        forms.append(str(cn2an.cn2an(number.replace("〇", "零"), "smart")))
    scaled = re.fullmatch(rf"([{_HAN_NUMBER}]+?)([万亿]+)", number)
    if scaled is not None:
        forms += [form + scaled[2] for form in _forms(scaled[1])]
    return forms
