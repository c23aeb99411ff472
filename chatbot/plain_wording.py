"""A question as plainly as it can be put: one width, one script, no courtesies around it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from functools import cache
from typing import Any

_COURTESY = (
    r"(?:(?:各位|大家|老师|客服|小编|朋友们?|亲)?(?:您|你)们?好|(?:各位|大家|老师|上午|下午|早上|晚上|中午)好|嗨|哈喽|hi|hello|老师(?=[，,！!：:\s])|请问一?下?"
    r"|(?:多有|冒昧)?打扰(?:一下|了)?|不好意思|劳驾|有劳(?:您|你)?|烦请(?:您|你)?|麻烦(?:您|你)?|抱歉|辛苦了?|冒昧地?(?:问一?[下句]|请问)"
    r"|(?:如果|要是)?(?:方便|可以|可能)的话|我(?:这[里儿])?有(?:一?个|几个)?(?:问题|事儿?)(?:想|要)?(?:请教|问|咨询)?(?:一?下)?(?:您|你)?|求[问教]|求解答|借问|在吗"
    r"|(?:我)?(?:很|特别|就是)?(?:想要?|要)(?:向(?:您|你))?(?:请教|问问?|知道|了解|咨询|打听)(?:一?下|个问题)?(?:您|你)?|请教(?:一?下)?(?:您|你)?(?:一?下)?|问一?下|请(?:您|你)?(?:帮忙)?"
    r"|(?:您|你)?(?:能不能|能否|可否|可以|可不可以|能)(?:请)?(?:帮|给|跟|和)?(?:我)?(?:们)?(?:查|说|讲|看|找|介绍|告诉|解释)(?:一?下|看看?|说说?)?(?:我)?"
    r"|(?:请|麻烦)?(?:您|你)?(?:帮(?:我|忙)?|替我)(?:查|说|讲|看|找|问)(?:一?下|看看?|查查?)?|(?:请)?告诉我(?:一?下)?|(?:请)?介绍一?下"
    r"|(?:您|你)知(?:道|不知道)|有谁知道|谁知道|帮忙(?:看|查)看?|(?:看看|查查|说说)(?=[^，。？]))"
)
_BEFORE = re.compile(rf"^(?:{_COURTESY}(?:[，,。！!：:、~～\s]|(?=\S)))+", re.IGNORECASE)
_AFTER = re.compile(
    r"(?:[，,。！!？?~～\s]*(?:(?:非常|十分|万分|先|提前)?(?:感?谢+过?(?:您|你|啦|了|的?(?:解答|回答|帮助|指点))*|多谢|thanks?|thx)"
    r"|感激不尽|不胜感激|(?:给)?(?:麻烦|劳烦|打扰)(?:您|你)?了|给(?:您|你)添麻烦了|辛苦(?:您|你)?了?|有劳(?:您|你)?了?|拜托(?:您|你)?了?|盼复|求告知|(?:请|望|烦请|敬请)(?:告知|指教|赐教|解答)|(?:期待|等)(?:您|你)的?(?:回复|回答)))+[。！!~～\s]*$",
    re.IGNORECASE,
)
# 「能告诉我…吗」 asks what stands inside.
_ASKED_INSIDE = re.compile(r"(?:能不能|能否|可否|可以|可不可以|能|知道|知不知道)")
_ASKING_END = re.compile(r"[吗么嘛][？?。！!]*$")
_ASKS = re.compile(r"谁|什么|哪|多少|几|怎|为何|何时|如何|啥|咋")
# What softens a question and changes nothing: 「是谁呀」. In 「继峰股份呢」 呢 is all that asks.
_SOFT_END = re.compile(r"[呀呢啊哦哈噢哟嘞捏～~！!。.\s]*[？?]*[～~！!\s]*$")
_TITLE = re.compile(r"<<([^<>]+)>>|＜＜([^＜＞]+)＞＞")
_QUOTE = re.compile(r"\"([^\"]{1,30})\"")
_WIDE = {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F) if chr(code - 0xFEE0).isalnum()}
_WIDE[0x3000] = " "


def plain(question: str) -> str:
    """Return `question` with letters and figures of half width, Chinese titles and quotation marks,
    and without the courtesies around it. Never empty for a question that is not.
    """
    whole = _TITLE.sub(lambda match: f"《{match[1] or match[2]}》", folded(question))
    whole = _QUOTE.sub(lambda match: f"“{match[1]}”", whole)
    bare = _AFTER.sub("", whole)
    polite = _BEFORE.match(bare)
    rest = bare[polite.end() :] if polite is not None else bare
    if polite is not None and _ASKED_INSIDE.search(polite.group()) and _ASKS.search(rest):
        rest = _ASKING_END.sub("？", rest)
    rest = rest.strip()
    if len(rest) < 2:
        return whole.strip() or question
    courteous = rest != whole.strip()
    return _SOFT_END.sub("？", rest, count=1) if courteous and _ASKS.search(rest) else rest


def folded(text: str) -> str:
    """Return `text` with letters, figures and spaces of half width, composed (NFC)."""
    return unicodedata.normalize("NFC", text).translate(_WIDE)


@cache
def _converter(way: str) -> Any:
    from opencc import OpenCC

    return OpenCC(way)


def in_script_of(question: str, characters: Collection[str]) -> str:
    """Return `question` in Simplified or Traditional, as the articles are.

    `characters` are all that stand in them; a question of such only stays as it is.
    """
    if all(c in characters for c in question if "\u4e00" <= c <= "\u9fff"):
        return question
    for way in ("t2s", "s2t"):
        converted: str = _converter(way).convert(question)
        if len(converted) != len(question):
            continue
        # A character that the articles use is right as it is: 峰 is also Traditional.
        mixed = [
            old if old in characters else new for old, new in zip(question, converted, strict=True)
        ]
        changed = [new for old, new in zip(question, mixed, strict=True) if old != new]
        if changed and sum(new in characters for new in changed) * 2 > len(changed):
            return "".join(mixed)
    return question
