"""What a question asks for: a fact, several things or the passage; a number, a time, a name."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from chatbot.names import find_people, find_places
from chatbot.quantities import (
    UNITS,
    compatible,
    count_alike,
    find_quantities,
    find_times,
    is_unit,
    measure_of,
)

ExpectedKind = Literal["span", "list", "passage"]
Thing = Literal["quantity", "time", "several", "person", "place", "other"]

# A reason is asked for whatever else stands in the question.
_REASON = re.compile(
    r"为什么|为何|为啥|凭什么|凭啥|缘何|何故|干嘛要?(?=.)|怎么(?:会|没|不(?!同)|还|这么|那么|就)|咋(?:会|没|不|还|就)"
)
_SEVERAL = re.compile(
    r"哪些|哪几|哪[两三四五六七八九十]|分别|各(?:自|[是有为占在来叫改多])|都(?:有|是|叫|来自|去了?|邀?请了?)(?:些|了)?(?:谁|什么|啥|哪)"
    r"|都谁|有哪|些(?:什么|啥|谁)|列举|列出|逐一|名单|一览|清单|班子|历任|子公司$|什么什么|谁谁"
    r"|几[个大种类项条]方面|(?:前|头)[0-9一二两三四五六七八九十几]+[名位强大].{0,6}(?:谁|什么|哪|$)|谁[和与跟]谁|谁是.+谁是"
    r"|[两三四五六七八九十几0-9]+(?:个|位|名|大|姐妹|兄弟).{0,6}(?:都|各|叫|是)(?:啥|什么|谁|干)|都[叫是](?:啥|什么)"
    r"|(?:名字|姓名).{0,3}(?:给|发|告诉)我|[一二三四五六七八九十两][大强杰家](?:的?[\u4e00-\u9fff]{1,4})?$"
    r"|(?:什么时[候间]|何时|在?哪[里儿年个]?|谁|多[少大高长]).{1,12}[，,、和].{0,10}(?:什么时[候间]|何时|哪[里儿]?|谁|多[少大高长])"
    r"|(?<![多少几][个种类家项])(?<!多少)(?:成员|名称|品种|种类|品牌|地点|材料|特产|景点|奖项|子女|邻国|配套设施)[？?\s]*$"
)
# Reasons, ways, purposes and meanings are told by clauses, not by a name or a number.
_TOLD = (
    "原因|缘故|意思|意义|作用|好处|坏处|影响|区别|差别|不同|关系|评价|看法|故事|经过|过程|特点|优势|目的|用处?"
    "|道理|说法|变化|结果|后果|办法|方法|措施|做法|危害|态度|立场|观点|寓意|深意|内涵|含义|背景|来历|由来|缘由"
    "|来龙去脉|原理|程序|流程|定义|结局|历程|风格|后续|下落|性格|病因|起因|动机|用意|初衷"
)
_TELLING = re.compile(
    rf"怎么(?!称呼|写|念|读|拼|卖)|怎样|咋|如何|何以|[做干]什么用|意味着|有何|(?:什么|啥)(?:是|叫)|什么样的人|什么样子"
    rf"|(?:什么|啥|何种?|怎样的)[^，。？?]{{0,4}}(?:{_TOLD})|(?:{_TOLD})(?:[是为在于有]{{0,2}})(?:什么|啥|哪|何)"
    rf"|(?:{_TOLD})[？?。！!\s]*$|为了?的?是?(?:什么|啥)[？?。！!\s]*$|图(?:什么|啥|个啥)"
    rf"|何[在谓解]|作何|何意|为神马|为嘛|怎[吗地]|好在哪|坏在哪|错在哪|难在哪|简述|解释|评价|评一?评|介绍|谈谈|说明"
    rf"|到底是个?(?:啥|什么)|是(?:个)?(?:什么|啥)(?:东西|玩意|概念)|^[^的，。]{{1,12}}(?<![名务称号色数别级业位址期因者人])是(?:什么|啥)(?:呀|呢)?[？?\s]*$"
    rf"|[\u4e00-\u9fff]法[？?\s]*$"
)
# What was told of one of these is still a fact.
_NAMED_FACT = re.compile(r"(?:原因|目的|意思|关系|故事)(?:的)?(?:作者|名字|年份|时间)")
# Yes or no: the evidence is the answer, so the clauses that decide are quoted.
_DECIDING = re.compile(
    r"(?:吗|嘛|(?<![什怎多])么)[？?。！!\s]*$|是不是|是否|有没有|能否|可否|(?P<verb>[\u4e00-\u9fff])[不没](?P=verb)"
    r"|(?P<two>[\u4e00-\u9fff]{2})[不没](?P=two)|(?P<did>[\u4e00-\u9fff])了没(?P=did)|有无|哪里是"
    r"|(?:没有?|不|没)(?:呢|啊|呀|咯|噻|嘛|得)?[？?。！!\s]*$|得不得|吧[？?]\s*$|^(?:请问)?哪有|^难道"
)
# 「有没有多少…」 asks for a number all the same.
_FACT = re.compile(
    r"多少|几[个家名人年月天次条项位岁点]|谁|哪里|哪儿|哪[一个家位所座条种款年天]"
    r"|(?:什么|啥)时候|何时|叫(?:什么|啥)|是(?:什么|啥)(?!意思|样)"
)
# A title says nothing about the question: 《十万个为什么》.
_QUOTED = re.compile(r"《[^》]*》|“[^”]*”")
_RHETORICAL = re.compile(r"^(?:请问)?哪有|^难道")
# 「有谁…吗」 asks whether, not who.
_WHETHER_ANY = re.compile(r"(?:有|没有?)(?:谁|哪|什么|多少|几).*吗[？?。！!\s]*$")

_WHEN = re.compile(
    r"(?:什么|啥)时[候间]|啥时(?![候间])|几时|多会儿|何时|何年|哪一?年|哪一?[天日]|几月|几号(?!人)|几点|(?:星期|礼拜|周)几(?!个?年)|哪个?月|哪个?世纪|哪个?年代"
    r"|时间是(?!多)|[公西]元几年|几几年|哪个?(?:时代|时期)"
    r"|(?:年份|日期|(?<!多长)(?<!多少)时间)[？?\s]*$"
)
_WHO = re.compile(
    r"谁(?!家)|哪一?位|何人|(?<!是)(?:什么|啥)人|哪个人|(?:人|员|师|长|理|记|裁|席|者|板)(?:叫什么|叫啥|姓名|名字|姓甚名谁)"
)
# 「张静章是谁？」 asks what he is, not what he is called.
_WHO_IS = re.compile(r"是(?:谁|什么人|何人)[？?\s]*$")
_WHERE = re.compile(
    r"哪[里儿](?!来)|哪一?[座个]?(?:地方|城市|国家?|省|市|县|区|州|岛|洲|地区|镇|村)|何[地处]|(?:什么|啥)地方|(?:地址|位置)[？?\s]*$"
)
# 「哪年哪月」 asks for more than the year.
_YEAR_ASKED = re.compile(
    r"(?:哪一?年|何年)(?!.{0,2}(?:[几哪何]个?月|哪一?[天日]))|[公西]元几年|几几年|年份"
)
_NUMBER_ASKED = re.compile(
    rf"(?:多少|几)(?:[十百千万亿多余]*)(?P<unit>{UNITS}|块钱|[\u4e00-\u9fff%])?"
)
# A list in a text: from the last character of its first thing to the first of its last.
_LISTED = re.compile(r"(?P<core>[^，。；：、\s](?:、[^，。；：、\s]{0,15})*、[^，。；：、\s])")
_MONTH_NEXT = re.compile(r"(?:[0-9０-９]{1,2}|[一二三四五六七八九十]{1,2})月")
# What follows 多少 and 几 though it is no unit: 多少投入, 几乎, 多少有点.
_NO_NUMBER = re.compile(r"几乎|多少有|多少也|好几|十几|几[十百千万](?!分之)")
_ATTRIBUTES: tuple[tuple[re.Pattern[str], tuple[str, ...]], ...] = (
    (re.compile(r"百分之几|几分之几|几成|百分比|占比|比例|比重|比率|增长率|增速|增幅"), ("share",)),
    (re.compile(r"第几|老几|排名|名次|排行|位列|位居|排在[^么]*位"), ("order", "people")),
    (re.compile(r"多大(?:年纪|年龄|岁数)|几岁|多少岁|年龄|高龄|多大了"), ("age", "duration")),
    (re.compile(r"多久|多长时间|多少年头|几年|多少年|多少天|几天|几个月|多少个月"), ("duration",)),
    (re.compile(r"多远|距离|多高|多长|多宽|多深|里程"), ("length", "duration")),
    (re.compile(r"多重|重量|体重"), ("mass",)),
    (re.compile(r"面积"), ("area",)),
    (
        re.compile(r"多少钱|几块钱|价格|售价|总价|单价|总投资|营业额|销售额|产值|资金|金额|利润"),
        ("money",),
    ),
    (
        re.compile(
            r"多少(?:员工|职工|人|名|位|学生|村民|居民|工人)|几[人名]|人数|人口"
            r"|(?:几|多少)个(?:人|员工|职工|学生|村民|居民|工人)"
        ),
        ("people",),
    ),
)  # fmt: skip
# With one of these beside it, 几类 and 多少 only say "some".
_OTHER_ASKED = re.compile(r"谁|哪(?!一?[年天日])|什么|啥")
# A keyword query asks for what its last word names.
_HOW_MUCH = re.compile(r"(?<![最许很更诸众])多[大少远高长宽深重久快]|几[何成]|第几|老几|排名|名次")
_NAMED_AMOUNT = re.compile(
    r"(?:数量|人数|数目|总数|次数|面积|价格|售价|总额|总价|占比|比例|比重|排名|名次|年龄|距离|长度"
    r"|高度|重量|里程|吨位|产值|人口|规模)[？?\s]*$"
)


@dataclass(frozen=True, slots=True)
class Sought:
    """What the words that answer should be: `thing`, and for a quantity its measures and unit.

    No measures: any number will do, but none that `question` gives itself. Of a time `unit` 年 says
    that the year is asked for. `noun` is the character after 多少 or 几 where that is no unit that
    is known: 历仕几朝. `telling` says that clauses answer: a reason, a way. Several things have no
    `question`: their spans go over commas and often say its words again, at no cost.
    """

    thing: Thing
    measures: tuple[str, ...] = ()
    unit: str = ""
    question: str = ""
    noun: str = ""
    telling: bool = False

    @property
    def strict(self) -> bool:
        """Whether nothing else can answer: 多少亿元 is never answered by a share or by a place.

        Of the questions of CMRC's development split that it holds for, 97% have such an answer.
        """
        return self.thing == "quantity" and bool(self.measures) and self.measures[0] != "count"

    def places(self, text: str) -> list[tuple[int, int]]:
        """Return the (start, end) in `text` that are of the kind sought; none for "other".

        What the question itself names is never what it asks for.
        """
        if self.thing in ("person", "place"):
            named = find_people(text) if self.thing == "person" else find_places(text)
            return [place for place in named if text[slice(*place)] not in self.question]
        if self.thing == "time":
            times = find_times(text)
            return [_year_of(text, time) for time in times] if self.unit == "年" else times
        if self.thing == "several":
            return [(match.start("core"), match.end("core")) for match in _LISTED.finditer(text)]
        if self.thing == "quantity":
            found = [
                quantity
                for quantity in find_quantities(text, self.noun)
                if compatible(quantity, self.measures, self.unit)
                and text[quantity.start : quantity.end] not in self.question
            ]
            if self.noun or self.measures[:1] == ("count",):
                # 多少家 may be answered by 几十个, but not beside 140多家; 几回 not beside 上百次.
                unit = self.noun or self.unit
                found = (
                    [quantity for quantity in found if quantity.unit == unit]
                    or [quantity for quantity in found if count_alike(quantity.unit, unit)]
                    or found
                )
            return [(quantity.start, quantity.end) for quantity in found]
        return []


def expected_kind(question: str) -> ExpectedKind:
    """Return the kind of answer that the wording of `question` asks for.

    The order of the rules was chosen on the half `tune` of tests/questions/kinds.jsonl.
    """
    question = _QUOTED.sub("", question)
    if _REASON.search(question) or _WHETHER_ANY.search(question):
        return "passage"
    if _SEVERAL.search(question):
        return "list"
    if _DECIDING.search(question):
        return "span" if _FACT.search(question) and not _RHETORICAL.search(question) else "passage"
    if _TELLING.search(question) and not _NAMED_FACT.search(question):
        return "passage"
    return "span"


def is_decided(question: str) -> bool:
    """Tell whether a yes or a no answers `question`, which has to be quoted with what decides."""
    question = _QUOTED.sub("", question)
    if _REASON.search(question):
        return False
    return bool(_WHETHER_ANY.search(question) or _DECIDING.search(question))


def sought(question: str) -> Sought:
    """Return what kind of thing answers `question`: a number, a time, a list, a name, or other."""
    expected = expected_kind(question)
    if expected == "list":
        return Sought("several")
    telling = expected == "passage" and not is_decided(question)
    if _WHEN.search(question):
        unit = "年" if _YEAR_ASKED.search(question) else ""
        return Sought("time", unit=unit, question=question, telling=telling)
    bare = _NO_NUMBER.sub("", question)
    other = _OTHER_ASKED.search(bare)
    asked = None if other else _NUMBER_ASKED.search(bare)
    amount = asked or (not other and (_NAMED_AMOUNT.search(bare) or _HOW_MUCH.search(bare)))
    for pattern, measures in _ATTRIBUTES:
        if amount and pattern.search(bare):
            # 几个人 asks for people, not for whatever is counted by 个.
            unit = "" if measures[0] == "people" else _unit(asked)
            return Sought("quantity", measures, unit, question, telling=telling)
    if asked:
        unit = _unit(asked)
        noun = "" if unit else (asked["unit"] or "")
        measure = (measure_of(unit),) if unit else ()
        return Sought("quantity", measure, unit, question, noun, telling)
    if amount:
        return Sought("quantity", (), "", question, telling=telling)
    if expected == "span":
        if _WHO.search(question) and not (_WHO_IS.search(question) and find_people(question)):
            return Sought("person", question=question)
        if _WHERE.search(question):
            return Sought("place", question=question)
    return Sought("other", question=question, telling=telling)


def _year_of(text: str, time: tuple[int, int]) -> tuple[int, int]:
    """Return a time up to its year: of 1979年1月10日 1979年; whole where it has none."""
    start, end = time
    year = text.find("年", start, end)
    dated = year >= 0 and _MONTH_NEXT.match(text, year + 1, end)
    return (start, year + 1) if dated else time


def _unit(asked: re.Match[str] | None) -> str:
    """Return the unit after 多少 or 几; "" where a noun follows that is none."""
    unit = (asked["unit"] or "") if asked else ""
    return unit if is_unit(unit) else ""
