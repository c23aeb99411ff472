"""The numbers that a text tells: where they stand, and what they are.

Own code, because converters (cn2an) want a text that is a number, and these stand among words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

_VALUES = dict(zip("零一二三四五六七八九", range(10), strict=True)) | {"〇": 0, "两": 2}
_SCALES = {"十": 10, "百": 100, "千": 1_000, "万": 10_000, "亿": 100_000_000}
_PARTS = {"百": "%", "千": "‰", "万": "‱"}
_DIGIT, _SCALE = f"[{''.join(_VALUES)}]", f"[{''.join(_SCALES)}]"
_NUMBER = re.compile(
    # Behind anything but space and punctuation a minus is a hyphen or a range: 2019年-2020年.
    r"(?P<minus>(?<![\w)\]])[-\u2212])?"
    r"(?P<of>[百千万]分之)?"
    r"(?:(?P<figure>\d{1,3}(?:,\d{3})+(?!\d)(?:\.\d+)?|\d+(?:\.\d+)?)"
    # White space belongs to a number only before what else does: 3.5 亿.
    rf"(?:\s+(?={_SCALE}|[%‰‱]))?"
    # 一 behind 一 begins another number: 唯一一家.
    rf"|(?P<words>(?:一|{_DIGIT}|{_SCALE})(?:(?<!一)一|(?!一)(?:{_DIGIT}|{_SCALE}))*)"
    # 三点五 is a number, 三点五十分 is not one but two.
    rf"(?:点(?P<decimals>{_DIGIT}+)(?!{_DIGIT}|[十刻分]))?)"
    rf"(?P<scale>{_SCALE}*)"
    r"(?:\s*(?P<sign>[%‰‱]))?"
)
# A character for a character, so that places stay what they are.
_NARROW = str.maketrans({chr(code + 0xFEE0): chr(code) for code in range(0x21, 0x7F)})


def find_numbers(text: str) -> list[tuple[int, int]]:
    """Return the (start, end) of the numbers of `text` with their signs: -5, 3.5亿, 百分之五."""
    return [match.span() for match in _matches(text)]


def numbers(text: str) -> frozenset[tuple[Decimal, str]]:
    """Return the numbers of `text`, each with the sign that goes with it: "%", "‰", "‱" or "".

    In digits or in Chinese, in any width: ５％ is 百分之五, 3.5亿 is 350,000,000, 二〇二三 is 2023.
    Units are not looked at.
    """
    found = set()
    for match in _matches(text):
        if match["figure"]:
            value = Decimal(match["figure"].replace(",", ""))
        else:
            decimals = "".join(str(_VALUES[digit]) for digit in match["decimals"] or "")
            value = Decimal(f"{_of_words(match['words'])}.{decimals or 0}")
        for scale in match["scale"]:
            value *= _SCALES[scale]
        sign = _PARTS[match["of"][0]] if match["of"] else match["sign"] or ""
        found.add((-value if match["minus"] else value, sign))
    return frozenset(found)


def _matches(text: str) -> Iterator[re.Match[str]]:
    return _NUMBER.finditer(text.translate(_NARROW))


def _of_words(words: str) -> int:
    """Return the value of a number in Chinese: 二千八百 by its scales, 二〇二三 digit by digit."""
    if not any(char in _SCALES for char in words):
        return int("".join(str(_VALUES[char]) for char in words))
    total = section = digit = 0
    for char in words:
        if char in _VALUES:
            digit = _VALUES[char]
        elif char == "万":
            total += (section + digit or 1) * _SCALES[char]
            section = digit = 0
        elif char == "亿":
            total = (total + section + digit or 1) * _SCALES[char]
            section = digit = 0
        else:
            section += (digit or 1) * _SCALES[char]
            digit = 0
    return total + section + digit
