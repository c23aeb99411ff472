"""Sentences of a paragraph, as offsets, so that quoting one is quoting the article."""

from __future__ import annotations

import re

# A run without an end is cut at a comma: nobody wants a page quoted as one sentence.
LONGEST = 300

_CLOSING = "”’」』）)】》〉\"'"
# What ends a sentence, repeated or mixed (……！！), with the quotation marks and brackets that
# close with it. A Latin full stop counts only before white space that an upper-case letter, a Han
# character or the end follows: 3.5, e.g. and file.txt go on.
_END = re.compile(
    rf"(?:[。！？!?]|…+|\.{{3,}})+[{_CLOSING}]*"
    r"|\.(?=\s+[A-Z\u3400-\u9fff“‘\"]|\s*$)"
    r"|\n+"
)
_CLAUSE = re.compile("[，,；;：:、]")
_OPENING_FOR = {"”": "“", "’": "‘", "」": "「", "』": "『", "）": "（", ")": "(", "】": "【"}


def split_sentences(text: str) -> list[tuple[int, int]]:
    """Return the sentences of `text` as (start, end) in characters, end exclusive, in order.

    Together they hold every character of `text` that is not white space; none begins or ends with
    white space. A sentence that closes a quotation goes on where the speaker follows
    (“……无可能。”他说，……), and an end inside brackets does not end the sentence round them.
    """
    cuts = []
    for match in _END.finditer(text):
        if _ends_here(text, match.start(), match.end()):
            cuts.append(match.end())
    spans = []
    start = 0
    for cut in [*cuts, len(text)]:
        spans.extend(_cut_long(text, start, cut))
        start = cut
    return [span for span in (_strip(text, *span) for span in spans) if span is not None]


def _ends_here(text: str, start: int, end: int) -> bool:
    """Tell whether the end mark at [start, end) ends a whole sentence."""
    mark = text[start:end]
    following = text[end : end + 1]
    if "\n" in mark:
        return True
    if mark.strip("…. ") == "" and following and not following.isspace():
        # An ellipsis in the middle goes on, unless it opened the paragraph with nothing before.
        return False
    if following in ("，", ",", "、", "；", "：", "的", "——"):
        return False
    closing = mark[-1] if mark[-1] in _OPENING_FOR else ""
    if closing in ("）", ")", "】") and following not in ("", "\n"):
        return False
    # “一。二。”: an end inside a quotation that has not closed yet does end a sentence for
    # quoting, and the speaker named behind the closing mark stays with the last of them.
    if closing in ("”", "」", "』", "’"):
        return not re.match(r"[\u3400-\u9fff·]{0,40}?(?:说|表示|指出|介绍|告诉|认为|坦言|道|称|感慨|强调)",
                            text[end : end + 45])
    return True


def _cut_long(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Cut a run longer than LONGEST at its last clause mark within the limit, else hard."""
    spans = []
    while end - start > LONGEST:
        marks = [match.end() for match in _CLAUSE.finditer(text, start, start + LONGEST)]
        cut = marks[-1] if marks else start + LONGEST
        spans.append((start, cut))
        start = cut
    spans.append((start, end))
    return spans


def _strip(text: str, start: int, end: int) -> tuple[int, int] | None:
    """Return the span without white space at its ends, None if nothing is left."""
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return (start, end) if start < end else None
