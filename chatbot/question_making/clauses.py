"""The clauses of a sentence: what stands between its marks, and what each of them has."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from chatbot.question_making.things import Thing
from chatbot.question_making.words import Word

_BREAK = re.compile(r"[，；：。！？,;:!?\n]+|——|……|─+")
# What opens a clause without being part of what it says.
_OPENING = re.compile(
    r"^(?:近年来|近些年|如今|目前|当前|截至目前|事实上|实际上|此外|另外|同时|据介绍|据了解|据悉|例如|比如"
    r"|尤其是|特别是|不过|然而|可见|首先|最后|最终|当时|后来|其后|随后|其实|总之|一方面|另一方面)，?"
)
PAIRS = tuple(zip("“‘「『《（(【", "”’」』》）)】", strict=True))
# Nouns by their class that do a verb's work behind a name.
_VERBS_TOO = frozenset(("主演", "首创", "发明", "出版", "毕业"))


@dataclass(frozen=True, slots=True)
class Clause:
    """[start, end) of a sentence, without the marks round it, and its words."""

    start: int
    end: int
    text: str
    words: tuple[Word, ...]


def clauses_of(sentence: str, words: Sequence[Word]) -> list[Clause]:
    """Return what stands between the marks of a sentence, without openings and lone quotes."""
    clauses, at = [], 0
    for match in [*_BREAK.finditer(sentence), None]:
        start, end = at, match.start() if match else len(sentence)
        at = match.end() if match else len(sentence)
        opening = _OPENING.match(sentence[start:end])
        if opening:
            start += opening.end()
        start, end = _without_lone_marks(sentence, start, end)
        if start < end:
            inside = tuple(word for word in words if start <= word.start and word.end <= end)
            clauses.append(Clause(start, end, sentence[start:end], inside))
    return clauses


def _without_lone_marks(sentence: str, start: int, end: int) -> tuple[int, int]:
    while start < end and (sentence[start].isspace() or sentence[start] in "”’」』》）)·、"):
        start += 1
    while end > start and (sentence[end - 1].isspace() or sentence[end - 1] in "“‘「『《（(、"):
        end -= 1
    text = sentence[start:end]
    for opening, closing in PAIRS:
        if text.startswith(opening) and text.count(opening) > text.count(closing):
            return start + 1, end
        if text.endswith(closing) and text.count(closing) > text.count(opening):
            return start, end - 1
    return start, end


def is_name_only(clause: Clause) -> bool:
    """Tell whether a clause only names something, and says nothing of it: 他参加的社团."""
    verbs = [number for number, word in enumerate(clause.words) if word.tag == "v"]
    if len(verbs) != 1 or verbs[0] + 1 >= len(clause.words):
        return False
    return clause.words[verbs[0] + 1].text == "的"


def after_subject(clause: Clause) -> int | None:
    """Return where the subject of a clause ends, None where it has none that is plain to see."""
    if not clause.words or clause.words[0].start != clause.start:
        return None
    end = None
    for number, word in enumerate(clause.words):
        if number and (word.tag in ("v", "d", "p", "ad", "vd") or word.text in _VERBS_TOO):
            last = clause.words[number - 1]
            after = clause.words[number + 1].text if number + 1 < len(clause.words) else ""
            if after in ("集团", "公司", "股份"):
                return None  # 宁波/旭升/集团
            if last.tag[:1] not in ("n", "j") and last.tag not in ("vn", "eng", "x"):
                return None
            end = word.start - clause.start
            break
        if not (
            word.is_nominal
            or word.text in ("的", "·", "“", "”", "《", "》")
            or word.tag in ("a", "m", "q", "f")
        ):
            return None
    if end is None or end < 2:
        return None
    subject = clause.text[:end]
    whole = all(subject.count(one) == subject.count(other) for one, other in PAIRS)
    return end if whole else None


def has_subject(clause: Clause, thing: Thing | None) -> bool:
    """Tell whether a clause says itself what it is about, before its first verb."""
    words = clause.words
    if not words or words[0].start > clause.start + 1:
        return False
    if thing is not None and thing.start == clause.start and thing.kind != "time":
        return thing.kind in ("person", "organisation")
    skipped = 0
    while skipped < len(words) and (
        words[skipped].tag in ("t", "m", "q") and not words[skipped].is_nominal
    ):
        skipped += 1
    rest = words[skipped:]
    if not rest:
        return False
    if rest[0].tag in ("v", "p"):
        # 位于大碇街道的园区远近闻名: what stands before the subject belongs to it.
        for number, word in enumerate(rest):
            if word.text == "的" and number + 2 < len(rest):
                return rest[0].tag == "v" and any(
                    later.tag in ("v", "i", "l") for later in rest[number + 2 :]
                )
            if word.tag == "v" and number:
                return False
        return False
    for word in rest:
        if thing is not None and thing.start <= word.start < thing.end:
            return False
        if word.tag in ("d", "p", "c", "r", "u", "f") and word is rest[0]:
            return False
        if word.tag[:1] in ("n", "j") or word.tag in ("vn", "eng"):
            return True
        if word.tag in ("v", "d", "p"):
            return False
    return False


def has_verb(words: Sequence[Word]) -> bool:
    """Tell whether one of `words` says what is done, or is."""
    return any(word.tag in ("v", "i", "l", "vd") or word.text in _VERBS_TOO for word in words)


def is_time(text: str) -> bool:
    """Tell whether a clause only says when: 2023年."""
    return (
        re.fullmatch(r"(?:19|20|1[0-8])[0-9]{2}年(?:[0-9]{1,2}月(?:[0-9]{1,2}[日号])?)?", text)
        is not None
    )
