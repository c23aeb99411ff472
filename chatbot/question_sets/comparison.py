"""When two texts count as the same, and how much of one stands in the other.

Exact match and character F1 follow the official script of CMRC 2018 (Cui et al., "A Span-Extraction
Dataset for Chinese Machine Reading Comprehension", EMNLP-IJCNLP 2019,
https://github.com/ymcui/cmrc2018, `squad-style-data/cmrc2018_evaluate.py`): a Han character is a
segment, so is a word of other letters, and F1 is taken over the longest run of segments that both
have in common, not over a bag of characters. On top of it wenda's comparison also ignores white
space, full and half width and the punctuation that the script leaves standing (half-width commas,
brackets, quotation marks). Of 3,198 made-up answers to CMRC's development questions 39 score
differently for it, and the means by 0.05 points of F1 and 0.06 of exact match.

The script drops no %, so neither 5 nor 6% is an exact match of 5%; but the F1 of 6% is 0.5. Whether
an answer with another number is right is for chatbot.question_sets.scoring to say, not for F1.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher
from functools import lru_cache

from chatbot.question_sets.numbers import find_numbers

# What the official script drops though Unicode calls it a symbol or a letter's mark.
_SYMBOLS_DROPPED = frozenset("^~`+=")
# What the official script drops without ending a word: 新冠 covid-19 is one word, covid19.
_JOINS_WORDS = frozenset("-:_*^/\\~`+=·")
# Punctuation to Unicode, but it carries the value: 5 is not 5%. The official script keeps it too.
_MEANINGFUL = frozenset("%‰‱#&@")
_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af〇]")


@lru_cache(maxsize=20_000)
def _narrow(char: str) -> str:
    """Return `char` at its usual width and in lower case; may be longer than one character."""
    decomposition = unicodedata.decomposition(char)
    if decomposition.startswith(("<wide>", "<narrow>")):
        char = chr(int(decomposition.split()[1], 16))
    return char.casefold()


@lru_cache(maxsize=20_000)
def _ignored(char: str) -> bool:
    """Say whether a narrow character means nothing: white space, control, punctuation."""
    if char in _MEANINGFUL:
        return False
    return (
        char in _SYMBOLS_DROPPED
        or char.isspace()
        or unicodedata.category(char)[0] in "PZ"
        or unicodedata.category(char) in ("Cc", "Cf")
    )


def _kept(text: str) -> list[tuple[str, int]]:
    """Return what is compared of `text`: each character with its index in `text`.

    A point stays between two digits: 3.5 is not 35.
    """
    kept = [
        (char, index)
        for index, original in enumerate(text)
        for char in _narrow(original)
        if char == "." or not _ignored(char)
    ]
    bare = [char for char, _ in kept]
    return [
        (char, index)
        for place, (char, index) in enumerate(kept)
        if char != "." or _between_digits(bare, place)
    ]


def fold(text: str) -> str:
    """Return `text` as it is compared: narrow, lower case, no white space, no punctuation.

    `fold(fold(text)) == fold(text)`; "" where nothing is left to compare.
    """
    return "".join(char for char, _ in _kept(text))


def stands_in(part: str, text: str) -> bool:
    """Say whether `part` stands in `text`, both as compared; what folds to nothing stands nowhere.

    It never stands inside a longer number: neither 5% nor 15 stands in 15%, nor 2800 in 2800亿, nor
    五家 in 十五家.
    """
    wanted = fold(part)
    if not wanted:
        return False
    kept = _kept(text)
    folded = "".join(char for char, _ in kept)
    at = folded.find(wanted)
    if at < 0:
        return False
    numbers = find_numbers(text)
    minus = _minus(part)
    while at >= 0:
        start, end = kept[at][1], kept[at + len(wanted) - 1][1] + 1
        if minus and start > 0 and _narrow(text[start - 1]) == minus:
            start -= 1
        if not any(low < start < high or low < end < high for low, high in numbers):
            return True
        at = folded.find(wanted, at + 1)
    return False


def _minus(part: str) -> str:
    """Return the narrow minus that `part` begins with as a number, "" for none.

    Folding drops it as punctuation, but -5 stands in -5度.
    """
    first = _kept(part)[0][1]
    if any(low == first - 1 and high > first for low, high in find_numbers(part)):
        return _narrow(part[first - 1])
    return ""


def segments(text: str) -> list[str]:
    """Return the segments that F1 counts: each Han character, each word of other letters.

    Of text between Han characters the official script makes words with NLTK's word_tokenize; here
    they end at white space and at punctuation other than the script's own, and %, # and their like
    stand alone, which is what that tokenizer does to anything but English contractions.
    """
    narrow = "".join(map(_narrow, text))
    found: list[str] = []
    word = ""
    for place, char in enumerate(narrow):
        if _HAN.match(char) or char in _MEANINGFUL:
            found += [word, char]
            word = ""
        elif not _ignored(char):
            word += char
        elif char in ".," and _between_digits(narrow, place):
            word += char if char == "." else ""
        elif char not in _JOINS_WORDS and char != ".":
            found.append(word)
            word = ""
    return [segment for segment in (*found, word) if segment]


def _between_digits(text: Sequence[str], place: int) -> bool:
    return 0 < place < len(text) - 1 and text[place - 1].isdigit() and text[place + 1].isdigit()


def exact_match(answer: str, accepted: Iterable[str]) -> bool:
    """Say whether `answer` is one of the `accepted` answers, as compared."""
    folded = fold(answer)
    return bool(folded) and any(fold(text) == folded for text in accepted)


def character_f1(answer: str, accepted: Iterable[str]) -> float:
    """Return the best F1 (0 to 1) of `answer` against any of the `accepted`; 0.0 for none.

    1.0 for an exact match, which the white space between two words cannot spoil.
    """
    return max((_f1(answer, text) for text in accepted), default=0.0)


def _f1(answer: str, accepted: str) -> float:
    folded = fold(answer)
    if not folded:
        return 0.0
    if folded == fold(accepted):
        return 1.0
    given, wanted = segments(answer), segments(accepted)
    common = SequenceMatcher(None, given, wanted, autojunk=False).find_longest_match().size
    # The harmonic mean of common/given and common/wanted.
    return 2 * common / (len(given) + len(wanted))
