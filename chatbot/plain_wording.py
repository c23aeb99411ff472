"""A question as plainly as it can be put: one width, one script, no courtesies around it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from functools import cache
from typing import Any

_YOU = r"(?:您|你|各位|大家|大神|老师)"
_BIT = r"(?:一?下|一?声|一句|个问题|个事儿?)"
# 查查, 说说, 看一下: what somebody is asked to do.
_DO = (
    r"(?:查查|说说|讲讲|看看|找找|问问|想想|查|说|讲|看|找|问|介绍|告诉|解释|解答|回答|科普)"
    rf"{_BIT}?"
)
_COURTESY = (
    rf"(?:(?:各位|大家|老师|客服|小编|朋友们?|亲)?{_YOU}们?好|(?:各位|大家|老师|上午|下午|早上|晚上|中午)好|嗨|哈喽|哈啰|(?:hi|hello|hey)(?![a-z])"
    rf"|(?:各位|大家|老师|同学|客服|小编|朋友们|亲|大神|大佬)(?=[，,！!：:、~～\s])|请问{_BIT}?"
    rf"|(?:多有|冒昧)?打扰(?:{_BIT}|了)?|不好意思|劳驾|有劳{_YOU}?|烦请{_YOU}?|麻烦{_YOU}?|抱歉|辛苦了?|冒昧地?(?=请问|问|想)|在吗"
    rf"|(?:如果|要是)?(?:方便|可以|可能)的话|(?:我(?:这[里儿])?有(?:一?个|几个)?小?(?:问题|疑问|事儿?)|有(?:一?个|几个)?小?(?:问题|疑问|事儿?)(?=想|要))(?:想要?|要)?(?:请教|问|咨询)?{_BIT}?{_YOU}?(?!的)"
    rf"|有(?:一?个|几个)?小?(?:问题|疑问|事儿?)(?=[，,：:])|求[问教]|求解答|求助|借问{_BIT}?"
    rf"|(?:我)?(?:很|特别|就是|就)?(?:想要?|要)(?:向{_YOU})?(?:请教|问问?|知道|了解|咨询|打听|确认)(?:的(?:问题)?是|{_BIT}?{_YOU}?(?!的))|请教{_BIT}?{_YOU}?{_BIT}?"
    rf"|问{_BIT}|请{_YOU}?(?:帮忙)?"
    rf"|{_YOU}?(?:能不能|能否|可否|可以|可不可以|能)(?:请)?(?:帮|给|跟|和)?(?:我)?(?:们)?{_DO}(?:我)?"
    rf"|(?:请|麻烦)?{_YOU}?(?:(?:帮忙|帮我|帮|替我)|给(?:我|咱)?(?:们)?(?={_DO})){_DO}|(?:请)?告诉我{_BIT}?|(?:请)?介绍一下"
    rf"|{_YOU}知(?:道|不知道)|有(?:谁|人)知道|谁知道|(?:看看|查查|说说|讲讲)(?=[^，。？]))"
)
# What softens a courtesy, before a mark: 打扰一下哦，.
_SOFTENED = r"(?:[呀啊哦哈呢哟嘞啦噢]{1,2}(?=[，,。！!：:、~～\s]))?"
_BEFORE = re.compile(
    rf"^(?:{_COURTESY}{_SOFTENED}(?:[，,。！!：:、~～\s]+|(?=\S)))+", re.IGNORECASE
)
# Why somebody asks: 「我想带孩子去，请问门票多少钱？」 Not where the question leans on it.
_WHY_ASKED = re.compile(
    rf"(?:我|我们|咱们?|本人)[^？?]{{1,40}}?[，,。！!\s]+(?:{_COURTESY})*(?:请问|想问|想请教|请教|问)(?:{_BIT})?[，,：:\s]*(?=[^它他她其这那此该]+[？?]?$)"
)
_THANKS = (
    r"(?:(?:非常|十分|万分|先|提前|在此)*(?:感?谢+过?(?:您|你|啦|了|的?(?:解答|回答|帮助|指点))*)[啦哈哦呀]*"
    r"|(?:多谢[啦了]?)+|thanks?|thank you|thx"
    rf"|感激不尽|不胜感激|(?:给)?(?:麻烦|劳烦|打扰){_YOU}?[了啦]|给{_YOU}添麻烦[了啦]|辛苦{_YOU}?[了啦咯]?|有劳{_YOU}?[了啦]?|拜托{_YOU}?[了啦]?"
    rf"|盼复|求告知|在线等|急+|(?:请|望|烦请|敬请)(?:告知|指教|赐教|解答)|(?:期待|等){_YOU}的?(?:回复|回答))"
)
_AFTER = re.compile(
    rf"(?:[，,。！!？?~～\s]+{_THANKS}|(?<=[？?]){_THANKS})+[。！!~～\s]*$", re.IGNORECASE
)
# 「能告诉我…吗」 asks what stands inside.
_ASKED_INSIDE = re.compile(r"(?:能不能|能否|可否|可以|可不可以|能|知道|知不知道)")
_ASKING_END = re.compile(r"[吗么嘛][？?。！!]*$")
_ASKS = re.compile(r"谁|什么|哪|多少|几|怎|为何|何时|如何|啥|咋")
# What softens a question and changes nothing: 「是谁呀」. In 「继峰股份呢」 呢 is all that asks.
_SOFT_END = re.compile(r"[呀呢啊哦哈噢哟嘞捏呗～~！!。.\s]*[？?]*[～~！!\s]*$")
# Verbs that people take apart: 哪年成的家, 结过婚.
_TAKEN_APART = re.compile(
    r"(?:成[的过了]家|结[的过了]婚|离[的过了]婚|订[的过了]婚|参[的过了]军|当[的过了]兵|从[的过了]军|入[的过了](?:伍|学|职|选|党)|毕[的过了]业|退[的过了](?:休|役|学)"
    r"|上[的过了](?:市|任|映)|开[的过了](?:工|业|馆|幕|跑)|动[的过了]工|竣[的过了]工|完[的过了]工|停[的过了]产|投[的过了]产|获[的过了](?:奖|批)|辞[的过了]职|任[的过了]职"
    r"|建[的过了]成|出[的过了](?:土|生|版|国|任)|去[的过了]世|过[的了]世|留[的过了]学|回[的过了]国|搬[的过了]家|揭[的过了]牌|挂[的过了]牌|签[的过了](?:约|字))"
)
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
    whole = _TAKEN_APART.sub(lambda match: match[0][0] + match[0][2:], whole)
    bare = _AFTER.sub("", whole)
    greeted = _BEFORE.match(bare)
    told = _WHY_ASKED.match(bare, greeted.end() if greeted is not None else 0)
    polite = told or greeted
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
