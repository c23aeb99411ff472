"""Sentences of a paragraph, as offsets, so that quoting one is quoting the article."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from corpus.line_shapes import HAN

LONGEST = 300
"""Characters that a sentence takes at most; a longer run is cut at clause punctuation."""

# What may end a sentence, repeated and mixed (？！ ……！): a run of marks, or one Latin full stop.
_END = re.compile(r"[。！？!?…｡]+|\.{3,}[!?]*|[.．]")
_CLOSING = re.compile(r"[”’」』》〉）)】〕\]\"']*")
# Inside a title or an aside a mark ends nothing: 《出发！北仑》, 他来了（真的！）就走.
_ENCLOSED = re.compile(r"《[^《》]{1,60}》|〈[^〈〉]{1,60}〉|[（(][^（）()]{1,60}[)）]")
# After a closing mark the sentence goes on with these: “怎么办？”的问题, “走！”，他说.
_GOES_ON = re.compile(r"\s*(?:[，、；：,;:]|[的地得等和与或及之])")
_AFTER_ELLIPSIS = re.compile(r"\s*(?:[，、；：,;:）)》]|[的等])")
# “……。”赵艳说，… names the speaker of the quotation: one sentence. The verb ends a clause of at
# most 40 characters; a 、 (党委副书记、副局长) does not end it.
_SPEAKER = re.compile(
    r"[^，。！？；：,;:!?“”…]{0,38}"
    r"(?:说|道|称|问|答|喊|叹|表示|介绍|指出|认为|强调|坦言|直言|告诉[^，。：]{1,8}|感慨|感叹|回忆"
    r"|写道|感慨万千|分析|补充|透露|解释|总结|点赞|呼吁)(?:[，。：,:!！]|$)"
)
# A full stop after these is part of the word, whatever follows.
_ABBREVIATION = re.compile(
    r"(?:\b(?:Mr|Mrs|Ms|Dr|Prof|Sr|Jr|St|Mt|No|Nos|Fig|Eq|Vol|vs|cf|al|approx|Inc|Ltd|Co|Corp|Gen"
    r"|Gov|Sen|Rep|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)|\b[A-Za-z](?:\.[A-Za-z])*)$"
)
_STARTS_SENTENCE = re.compile(rf"[{HAN}“‘「『《（(\[\"'0-9]")
_CLAUSE_CUTS = (
    re.compile(r"[；;]+[”’」』》）)]*"),
    re.compile(r"(?:[，：、]|——|[,:](?!\d))[”’」』》）)]*"),
    re.compile(r"\s+"),
)


def split_sentences(text: str) -> list[tuple[int, int]]:
    """Return the sentences of a paragraph as (start, end) in characters, end exclusive, in order.

    Together they hold every character that is not white space, each once; none is empty or has
    white space at its ends; [] for a paragraph of white space. None is longer than `LONGEST`.
    Marks that close a quotation or bracket belong to the sentence that they close, and a speaker
    named behind the quotation (“……。”他说。) to its last sentence. A stretch without a letter or
    digit (）, —— or * * *) goes with the sentence before it, one that opens the paragraph (……) with
    the sentence after it.

    >>> text = "海天改写了市场格局。产值达3.5亿元；销量第一！"
    >>> [text[start:end] for start, end in split_sentences(text)]
    ['海天改写了市场格局。', '产值达3.5亿元；销量第一！']
    """
    spans: list[tuple[int, int]] = []
    start = 0
    worded = True  # does the last span hold a letter or digit?
    for cut in [*_sentence_ends(text), len(text)]:
        span = _strip(text, start, cut)
        start = cut
        if span is None:
            continue
        has_word = _has_word(text, *span)
        if spans and not (worded and has_word):
            # Of two neighbours one is marks only. Behind a sentence it closes it (））; before
            # the first it leads in (……更多变化悄然而至。).
            spans[-1] = (spans[-1][0], span[1])
            worded = worded or has_word
        else:
            spans.append(span)
            worded = has_word
    return [piece for span in spans for piece in _cut_long(text, *span)]


def _sentence_ends(text: str) -> Iterator[int]:
    """Yield where sentences end, closing marks included, in order."""
    enclosures = _ENCLOSED.finditer(text)
    enclosure = next(enclosures, None)
    counted, quotes = 0, 0
    position = 0
    while match := _END.search(text, position):
        position = match.end()
        while enclosure is not None and enclosure.end() <= match.start():
            enclosure = next(enclosures, None)
        if enclosure is not None and enclosure.start() < match.start():
            position = max(position, enclosure.end() - 1)
            # 他来了（真的！）。 goes on; what ends at the bracket itself is decided behind it.
            continue
        # A straight quote closes when an odd number of them came before.
        quotes += text.count('"', counted, match.end())
        counted = match.end()
        closing = _closing_end(text, match.end(), quotes % 2 == 1)
        if _ends_here(text, match, closing):
            yield closing
            position = closing


def _closing_end(text: str, position: int, in_straight_quote: bool) -> int:
    """Return where the marks that close at `position` end."""
    match = _CLOSING.match(text, position)
    end = position if match is None else match.end()
    for index in range(position, end):
        if text[index] == '"':
            if not in_straight_quote:
                return index
            in_straight_quote = False
        elif text[index] == "'" and text[index + 1 : index + 2].isalnum():
            return index
    return end


def _ends_here(text: str, match: re.Match[str], closing: int) -> bool:
    """Tell whether the marks of `match`, their closing marks up to `closing`, end a sentence."""
    mark = match.group()
    if mark in ".．":
        return _full_stop_ends(text, match.start(), closing)
    if mark[-1] in "!?" and closing == match.end() and _is_latin_word(text[closing : closing + 1]):
        return False  # an address: a.cn/?q=1
    if mark.strip("….") == "" and _AFTER_ELLIPSIS.match(text, closing):
        return False
    if closing == match.end():
        return True
    return not (_GOES_ON.match(text, closing) or _SPEAKER.match(text, closing))


def _full_stop_ends(text: str, position: int, closing: int) -> bool:
    """Tell whether the Latin full stop at `position` ends a sentence: never 3.5, e.g., a.txt."""
    before = text[max(0, position - 12) : position]
    if not before or not (before[-1].isalnum() or before[-1] in "”’)）\"'%"):
        return False
    following = text[closing : closing + 40].lstrip()
    if not following:
        return closing + 40 > len(text) or text[closing:].isspace()
    if not text[closing].isspace():
        return False
    if _ABBREVIATION.search(before):
        return False
    return following[0].isupper() or _STARTS_SENTENCE.match(following) is not None


def _is_latin_word(char: str) -> bool:
    return char.isascii() and (char.isalnum() or char in ("/", "=", "&", "_"))


def _has_word(text: str, start: int, end: int) -> bool:
    return any(char.isalnum() for char in text[start:end])


def _cut_long(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield a span in pieces of at most `LONGEST` characters, cut at the best clause end."""
    while end - start > LONGEST:
        cut = _clause_end(text, start)
        piece = _strip(text, start, cut)
        if piece is not None:
            yield piece
        start = cut
    piece = _strip(text, start, end)
    if piece is not None:
        yield piece


def _clause_end(text: str, start: int) -> int:
    """Return the last clause end in the second half of the limit: ； before ， before a space."""
    middle, limit = start + LONGEST // 2, start + LONGEST
    for pattern in _CLAUSE_CUTS:
        ends = [match.end() for match in pattern.finditer(text, middle, limit)]
        if ends:
            return ends[-1]
    # Nowhere to cut: at the limit, but not between a letter and its accent or within an emoji.
    for cut in range(limit, limit - 10, -1):
        if not _extends(text[cut]) and text[cut - 1] != "\u200d":
            return cut
    return limit


def _extends(char: str) -> bool:
    return unicodedata.category(char) in ("Mn", "Me", "Mc") or char == "\u200d"


def _strip(text: str, start: int, end: int) -> tuple[int, int] | None:
    """Return the span without white space at its ends, None if nothing is left."""
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return (start, end) if start < end else None
