"""Trimming a span to whole things: numbers with their units, titles, quotations."""

from __future__ import annotations

import re

_EDGE = re.compile(r"[\s，。；：、,;:！？!?…—·]")
_DIGIT = re.compile(r"[0-9０-９]")
_LETTER = re.compile(r"[A-Za-z]")
_IN_NUMBER = re.compile(r"[0-9０-９.,．，％%]")
_NUMERALS = re.compile(r"[零〇一二两三四五六七八九十百千万亿]{2,}")
# What a bare number is not whole without.
_UNIT = re.compile(
    r"(?:多|余|几)?(?:[万亿千百十]{1,2})?(?:[%％‰℃]|个?百分点|美元|欧元|日元|港元|平方公里|平方米"
    r"|公里|千米|公斤|千克|厘米|毫米|毫升|立方米|小时|分钟|个月|摄氏度|[年月日号时分秒元吨亩米克升人名"
    r"位个家条座台辆架艘套项种次岁里斤度届期倍层])?"
)
_SAYS = re.compile(
    r"(?:介绍|表示|坦言|告诉记者|认为|指出)?(?:(?<![小传听据学解评])说|(?<=[说答问写])道)$"
    r"|(?:表示|介绍|坦言|认为|指出)$"
)
_PAIRS = {"《": "》", "“": "”", "‘": "’", "「": "」", "『": "』", "（": "）", "(": ")", "【": "】"}
# What is asked for stands here in a question, or in an answer that begins as the question does.
_SOUGHT = re.compile(r"[于在为是了有到自]?(?:什么|哪|谁|多少|几|何|啥)")
_TELLING = re.compile(r"为什么|为何|为啥|因何|如何|怎")
_LEADS_ON = re.compile(r"[于在为是：:，,]*")
_LEADING = re.compile(r"(?:[于在为是名称括含有达至]|简称|全称)$")
_IS = re.compile(r"(?:（[^（）]{0,40}）|，)?(?:是|为(?!了)|系|指)(?:指|（[^（）]{0,20}）)?")
# No number in words is longer.
_LONG_NUMBER = 20
# A title or quotation further away than this is not what the span began with.
_REACH = 40


def trim(text: str, start: int, end: int) -> tuple[int, int] | None:
    """Return the span [start, end) of `text` trimmed to whole things, None if nothing is left.

    Punctuation and white space at its ends go, a number that was cut gets its digits and its unit,
    and half of a pair such as 《…》 or “…” gets the other half or goes. The result lies in `text`.
    """
    start, end = _strip(text, start, end)
    if start >= end:
        return None
    start, end = _whole_number(text, start, end)
    start, end = _whole_pairs(text, start, end)
    start, end = _strip(text, start, end)
    said = _SAYS.search(text[start:end])
    if (
        said is not None
        and said.start() > 1
        and text[end : end + 1] in ("，", "：", "。", ",", ":")
    ):
        end = start + said.start()  # 张静章说， names 张静章
    # A lone mark answers nothing.
    return (start, end) if any(c.isalnum() for c in text[start:end]) else None


def after_asked_words(question: str, text: str, start: int, end: int) -> int:
    """Return where [start, end) of `text` begins to tell more than `question` says itself.

    「又名鸣官鸟」 to 「普通鸣冠雉又名什么？」 begins with the words just before what is asked for,
    「静电感应是……」 to 「什么是静电感应？」 with the subject. `start` where it does not, and for
    reasons and ways, which are told in clauses.
    """
    answer = text[start:end]
    if not _SOUGHT.search(question) or _TELLING.search(question):
        return start
    for size in range(min(len(answer) - 2, len(question)), 1, -1):
        words = answer[:size]
        at = question.find(words)
        if at < 0 or not words.isalnum():
            continue
        defines = _IS.match(answer, size)
        leads_on = _LEADS_ON.match(answer, size)
        then = defines.end() if defines else 0
        if not then and leads_on and _SOUGHT.match(question, at + size):
            then = leads_on.end()
            if then == size and not _LEADING.search(words):
                then = 0
        if then and len(answer) - then >= 2:
            return start + then
    return start


def _strip(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and _EDGE.match(text[start]):
        start += 1
    while end > start and _EDGE.match(text[end - 1]):
        end -= 1
    return start, end


def _whole_number(text: str, start: int, end: int) -> tuple[int, int]:
    """Extend over the rest of a number that either end cuts, and over its unit."""
    for run in _NUMERALS.finditer(text, max(0, start - _LONG_NUMBER), end + _LONG_NUMBER):
        if run.start() < start < run.end():
            start = run.start()
        if run.start() < end < run.end():
            unit = _UNIT.match(text, run.end())
            end = unit.end() if unit else run.end()
    if _DIGIT.match(text[start]):
        while (
            start > 0
            and _IN_NUMBER.match(text[start - 1])
            and (_DIGIT.match(text[start - 1]) or (start > 1 and _DIGIT.match(text[start - 2])))
        ):
            start -= 1
        # The letters of a number such as L5 are a part of it.
        while start > 0 and _LETTER.match(text[start - 1]):
            start -= 1
    if not _DIGIT.match(text[end - 1]):
        return start, end
    while end < len(text) and (
        _DIGIT.match(text[end])
        or (end + 1 < len(text) and text[end] in ".,．" and _DIGIT.match(text[end + 1]))
    ):
        end += 1
    unit = _UNIT.match(text, end)
    return start, unit.end() if unit else end


def _whole_pairs(text: str, start: int, end: int) -> tuple[int, int]:
    """Complete a pair of which the span holds one half, or leave that half out."""
    for opening, closing in _PAIRS.items():
        span = text[start:end]
        depth = span.count(opening) - span.count(closing)
        if depth > 0:
            at = text.find(closing, end, end + _REACH)
            between = text[end:at] if at >= 0 else ""
            if at >= 0 and not re.search("[。！？\n]", between):
                end = at + 1
            elif span.startswith(opening):
                start += 1
        elif depth < 0:
            at = text.rfind(opening, max(0, start - _REACH), start)
            between = text[at:start] if at >= 0 else ""
            if at >= 0 and not re.search("[。！？\n]", between):
                start = at
            elif span.endswith(closing):
                end -= 1
    return start, end
