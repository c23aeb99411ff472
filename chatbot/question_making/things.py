"""The things of a sentence that can be asked for: numbers, times, places, people, companies, works.

Only what is sure by its form or its neighbours: a made question that asks for half a name is worse
than none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from chatbot.quantities import Quantity, find_quantities, find_times
from chatbot.question_making.words import Word

ThingKind = Literal["person", "time", "place", "number", "organisation", "work", "name"]

# A date that stands by itself: a year of four figures, a month with its day, a century. 去年 and
# 三年前 say nothing without their text, 3月 not which year.
_WHOLE_TIME = re.compile(
    r"(?:1[0-9]{3}|20[0-9]{2})年(?:[0-9]{1,2}月(?:[0-9]{1,2}[日号])?|[初末底中]|[春夏秋冬][天季]?|[上下]半年)?"
)
_DAY = re.compile(r"[日号]$")
_ONLY_YEAR = re.compile(r"[0-9]{4}年$")
# One of a few is no number of something, and 两百 to 三百 are two numbers.
_NOT_AFTER = re.compile(
    r"之一|[-—~～至到]\s*[0-9一二三四五六七八九十两]|以[上下内外]|分之|[左右前后]"
)
_NOT_BEFORE = re.compile(
    r"[-—~～第.：:/]\s*$|[0-9一二三四五六七八九十百千万亿年月日][至到]$|其中$|每$|平均$"
)
# A duration in several units: hours before minutes, minutes before seconds.
_MORE_TIME = re.compile(r"零?[0-9一二三四五六七八九十]+(?:个月|天|个?小时|时|分钟?|秒)")
_MORE_TIME_BEFORE = re.compile(r"(?:年|个月|天|小时|时|分)零?$")
_VAGUE = re.compile(r"^[一几数半上近]|^两?[百千万亿]")
_SMALL = re.compile(r"^(?:[2-9]|[二两三四五六七八九])(?![0-9百千万亿十.多余])")
_SHARE_OF = re.compile(
    r"(?:占[^，。；]*|比[重例]|[率度额]|的|增长|提高|下降|上升|增加|减少|降低|达到?|超过|突破)$"
)
_NAMED_TOGETHER = frozenset("国省市县村镇族")
_SCALE = re.compile(r"[万亿]+")

_SURNAMES = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁"
    "任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔"
    "向汤安乔岳葛詹梅左游牛庄申尚焦耿温习"
)
_FOREIGN = re.compile(r"[\u4e00-\u9fff]{1,7}(?:[·‧・][\u4e00-\u9fff]{1,8})+")
ROLE = re.compile(
    r"(?:创始人|创办人|发明[人者]|负责人|发言人|经理|书记|[局区市省县镇院校部司处科会所站厂台馆行社队船团组班家]长"
    r"|主任|主席|总裁|董事|总编辑|主编|总监|(?:事务|执行|运营|财务|技术)官|教授|作者|导演|编剧|总统|首相|总理|国王"
    r"|女王|皇帝|设计师|工程师|建筑师|研究员|理事|秘书|教练)$"
)
_COMPANY = re.compile(r"(?:集团|公司|股份|控股|汽车|银行|电影公司|出版社|印刷厂)$")
_SCHOOL = re.compile(r"(?:大学|学院|中学|小学)$")
_OWNED = ("的", "之")
_TO_A_PLACE = frozenset(("在", "位于", "来自", "于", "赴", "前往", "抵达", "到", "到达", "迁往"))
_WORK = re.compile(r"《[^《》]{1,30}》")
_KIND_OF_WORK = {
    "电影": "部",
    "影片": "部",
    "小说": "部",
    "作品": "部",
    "著作": "部",
    "剧集": "部",
    "电视剧": "部",
    "专著": "部",
    "诗集": "部",
    "论文": "篇",
    "歌曲": "首",
    "单曲": "首",
    "专辑": "张",
    "杂志": "本",
    "手册": "本",
    "西部片": "部",
    "文艺片": "部",
    "灾难片": "部",
    "悬疑片": "部",
    "喜剧": "部",
}
_CALLED = re.compile(
    r"(?:被?称[为作]|被?誉为|被?叫做|命名为|取名为?|名叫|俗称|又称|简称)(?P<name>[^，。；、（(的]{2,14})$"
)


@dataclass(frozen=True, slots=True)
class Thing:
    """What can be asked for: [start, end) of the sentence, and the words that ask for it there.

    [asked_start, asked_end) is what the `asking` words take the place of in the question: the
    thing with, sometimes, a word before it (约5% → 多少). `end_of` says that the clause has to end
    behind it for the question to be whole. `role` is the range of the words that tell who a person
    is (海天集团创始人), None where nothing does.
    """

    start: int
    end: int
    kind: ThingKind
    asking: str
    asked_start: int
    asked_end: int
    role: tuple[int, int] | None = None


def find_things(sentence: str, words: Sequence[Word]) -> list[Thing]:
    """Return what can be asked for in `sentence`, whose words are `words`, in reading order.

    Nothing that stands in quotation marks, brackets or a title: there it is part of a name or of
    somebody's speech.
    """
    inside = _enclosed(sentence)
    found: list[Thing] = []
    for things in (
        _times(sentence),
        _works(sentence, words),
        _numbers(sentence),
        _people(sentence, words),
        _organisations(sentence, words),
        _places(sentence, words),
    ):
        for thing in things:
            if thing.kind != "work" and any(start <= thing.start < end for start, end in inside):
                continue
            if not any(thing.start < other.end and other.start < thing.end for other in found):
                found.append(thing)
    return sorted(found, key=lambda thing: thing.start)


def called(clause: str) -> tuple[int, int] | None:
    """Return where a clause that ends with what something is called has the name.

    >>> called("北仑被誉为中国模具之乡")
    (5, 11)
    """
    match = _CALLED.search(clause)
    return (match.start("name"), match.end("name")) if match else None


def _enclosed(sentence: str) -> list[tuple[int, int]]:
    """Return the stretches between marks that pair."""
    return [
        (match.start(), match.end())
        for match in re.finditer(
            r"“[^“”]{0,12}”|「[^「」]{0,12}」|‘[^‘’]*’|《[^《》]*》|（[^（）]*）|\([^()]*\)",
            sentence,
        )
    ]


def _times(sentence: str) -> Iterator[Thing]:
    spans = find_times(sentence)
    for start, end in spans:
        time = sentence[start:end]
        if not _WHOLE_TIME.fullmatch(time):
            continue
        if _NOT_BEFORE.search(sentence[:start]) or re.match(
            r"[-—~～至到和及、]|代|以[来前后]|前后|度", sentence[end:]
        ):
            continue
        if re.search(r"[和及、与]$", sentence[:start]):
            continue
        word = (
            "哪一天" if _DAY.search(time) else "哪一年" if _ONLY_YEAR.search(time) else "什么时候"
        )
        yield Thing(start, end, "time", word, start, end)


def _numbers(sentence: str) -> Iterator[Thing]:
    times = find_times(sentence)
    for quantity in find_quantities(sentence):
        if any(start < quantity.end and quantity.start < end for start, end in times):
            continue
        asking = _asking(sentence, quantity)
        if asking is None:
            continue
        before = sentence[: quantity.start]
        if _NOT_BEFORE.search(before) or _NOT_AFTER.match(sentence, quantity.end):
            continue
        if quantity.measure == "duration" and (
            _MORE_TIME.match(sentence, quantity.end) or _MORE_TIME_BEFORE.search(before)
        ):
            continue  # 2小时07分42秒 is one number
        if quantity.unit in ("期", "届", "代", "版") and re.search(r"[\u4e00-\u9fff]$", before):
            continue  # 芜湖基地三期 is a name
        hedge = re.search(r"(?:将近|大约|接近|近|约)$", before)
        start = hedge.start() if hedge else quantity.start
        yield Thing(quantity.start, quantity.end, "number", asking, start, quantity.end)


def _asking(sentence: str, quantity: Quantity) -> str | None:
    """Return the words that ask for a number, its unit kept; None where none do."""
    text = sentence[quantity.start : quantity.end]
    measure, unit = quantity.measure, quantity.unit
    if measure == "order":
        ranked = re.fullmatch(r"第[0-9]+[位名]", text)
        return f"第几{unit}" if ranked else None
    if measure in ("none", "age") or not unit or _VAGUE.match(text):
        return None
    # 5点 and 3号 are times, 1级 is a name, 第4代 and 5口 hardly numbers of something.
    if unit in ("点", "号", "级", "代", "步", "口", "面", "字", "句", "样", "成", "回", "番"):
        return None
    if measure == "share":
        if unit in ("%", "％", "分之"):
            known = _SHARE_OF.search(sentence[max(0, quantity.start - 12) : quantity.start])
            return "多少" if known else "百分之多少"
        return f"多少{unit}"
    if measure == "duration" and unit in ("年", "载", "周", "日", "星期"):
        return f"多少{unit}" if re.match(r"[0-9]", text) else None
    if measure == "money":
        scale = _SCALE.search(text)
        return f"多少{scale[0] if scale else ''}{unit}"
    if _SMALL.match(text):
        # 两国 and 三省 name those that were just spoken of.
        return None if unit in _NAMED_TOGETHER else f"几{unit}"
    return f"多少{unit}" if re.search(r"[0-9]", text) else None


def _people(sentence: str, words: Sequence[Word]) -> Iterator[Thing]:
    for match in _FOREIGN.finditer(sentence):
        # The pattern cannot know where the words before a first name end; the words do.
        first = next(
            (
                word
                for word in words
                if word.start <= match.start() + 1 and word.end > match.start()
            ),
            None,
        )
        inside = [word for word in words if match.start() <= word.start < match.end()]
        names = [word for word in inside if word.names_somebody]
        if not names or first is None:
            continue
        dot = re.search(r"[·‧・]", match[0])
        assert dot is not None
        start = names[0].start
        if start >= match.start() + dot.start():
            continue
        last = [word for word in words if word.start < match.end()][-1]
        end = last.end
        if not last.names_somebody or re.search(r"[·‧・]", sentence[end : end + 1]):
            continue
        yield Thing(start, end, "person", "谁", start, end, _role(sentence, words, start))
    for number, word in enumerate(words):
        if word.tag != "nr" or word.text[0] not in _SURNAMES:
            continue
        end = word.end
        after = words[number + 1] if number + 1 < len(words) else None
        if len(word.text) == 1 and after is not None and len(after.text) == 2:
            end = after.end  # 朱/建军
            after = words[number + 2] if number + 2 < len(words) else None
        if not 2 <= end - word.start <= 3:
            continue
        role = _role(sentence, words, word.start)
        # 高峰 is a name and a word: two characters are a name only behind a role.
        if role is None and (
            end - word.start < 3 or after is None or after.tag not in ("v", "d", "p", "x")
        ):
            continue
        yield Thing(word.start, end, "person", "谁", word.start, end, role)


def _role(sentence: str, words: Sequence[Word], end: int) -> tuple[int, int] | None:
    """Return the range of the words before `end` that tell who the person named there is."""
    before = [word for word in words if word.end <= end]
    if not before or not ROLE.search(sentence[:end]):
        return None
    start = end
    for word in reversed(before):
        if word.text in ("、",):
            # 党委副书记、副局长: the role goes on where what stands before is one too.
            if not ROLE.search(sentence[: word.start]) or end - start > 4:
                break
        elif (word.names_somebody and word.end > end - 2) or not (
            word.is_nominal or word.tag in ("v", "a", "g", "zg", "vg")
        ):
            break
        start = word.start
    named = [word for word in before if word.start >= start]
    whole = sentence[start:end]
    if len(whole) < 5 or not any(word.is_proper or word.tag == "j" for word in named):
        return None
    return start, end


def _organisations(sentence: str, words: Sequence[Word]) -> Iterator[Thing]:
    for number, word in enumerate(words):
        company, school = _COMPANY.search(word.text), _SCHOOL.search(word.text)
        if not (company or school):
            continue
        after = words[number + 1] if number + 1 < len(words) else None
        if after is not None and (after.is_nominal or after.text in (*_OWNED, "、", "·")):
            continue
        first = number
        while first > 0 and (
            words[first - 1].is_nominal or words[first - 1].tag in ("g", "zg", "vg")
        ):
            first -= 1
        if first == number and not (word.tag == "nt" and len(word.text) > 3):
            # The name's first word may be taken for a verb: 旭升/v 集团.
            if first == 0 or len(words[first - 1].text) != 2 or words[first - 1].tag != "v":
                continue
            first -= 1
            if first and words[first - 1].tag not in ("x", "ns"):
                continue
            while first and words[first - 1].tag == "ns":
                first -= 1
        start, end = words[first].start, word.end
        if not 4 <= end - start <= 16:
            continue
        if word.text == "汽车" and not any(one.is_proper for one in words[first:number]):
            continue
        yield Thing(start, end, "organisation", "哪家公司" if company else "哪所学校", start, end)


def _places(sentence: str, words: Sequence[Word]) -> Iterator[Thing]:
    for number, word in enumerate(words):
        if word.text not in _TO_A_PLACE or number + 1 >= len(words):
            continue
        first = last = number + 1
        if word.text == "到" and any(one.text == "从" for one in words[:number]):
            continue  # 从百老汇到好莱坞
        if words[first].tag != "ns" and not (
            # A foreign name in two halves: 萨尔/nr 蒂约市/ns.
            words[first].tag == "nr" and first + 1 < len(words) and words[first + 1].tag == "ns"
        ):
            continue
        while last + 1 < len(words) and words[last + 1].tag == "ns":
            last += 1
        after = words[last + 1] if last + 1 < len(words) else None
        if after is not None and (
            after.is_nominal or after.tag in ("f", "g", "x") or after.text in (*_OWNED, "时")
        ):
            continue
        start, end = words[first].start, words[last].end
        yield Thing(start, end, "place", "哪里", start, end)


def _works(sentence: str, words: Sequence[Word]) -> Iterator[Thing]:
    for match in _WORK.finditer(sentence):
        before = [word for word in words if word.end <= match.start()]
        after = next((word for word in words if word.start >= match.end()), None)
        if not before:
            continue
        if after is not None and after.text in _KIND_OF_WORK:
            yield Thing(
                match.start(),
                match.end(),
                "work",
                f"哪{_KIND_OF_WORK[after.text]}{after.text}",
                match.start(),
                after.end,
            )
        elif after is not None and after.tag not in ("x", "v", "p", "c", "d", "f", "uj"):
            continue
        elif before[-1].text in _KIND_OF_WORK:
            last = before[-1]
            if len(before) > 1 and before[-2].tag not in ("v", "ul", "ug", "uj", "p"):
                continue  # 经典灾难片《凤凰劫》
            yield Thing(
                match.start(),
                match.end(),
                "work",
                f"哪{_KIND_OF_WORK[last.text]}{last.text}",
                last.start,
                match.end(),
            )
        elif before[-1].tag in ("v", "ul", "p", "ug") and before[-1].text not in ("以",):
            yield Thing(match.start(), match.end(), "work", "哪部作品", match.start(), match.end())
