"""Keyword queries put as the questions they stand for: 「海天 员工 人数」 asks how many."""

from __future__ import annotations

import re

from chatbot.asking_words import asks

# What the last keyword says of the answer, and how one asks for that. The first that fits is taken.
_WAYS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), way)
    for pattern, way in (
        (r"(?P<what>.*?)(?:时间|日期|年份|年月|日子)$", "{before}{what}是什么时候？"),
        (
            r"(?P<what>.*?)(?P<unit>[条家个座台辆架艘款种项次件位名所支部篇张枚届级层户])数$",
            "{before}{what}有多少{unit}？",
        ),
        (r"(?P<what>.*?)人数$", "{before}{what}有多少人？"),
        (
            r".*(?:数量|数目|总数|次数|面积|价格|售价|总额|总价|占比|比例|比重|比率|距离|长度|高度|重量|里程|吨位|产值"
            r"|产量|人口|规模|利润|收入|金额|投资额|销售额|营业额|增速|增幅|增长率|市值|订单|票价|薪酬|工资|年龄|身高|体重)$",
            "{before}的{last}是多少？",
        ),
        (r".*(?:排名|名次|排行)$", "{before}的{last}是第几？"),
        (
            r".*(?:主席|书记|经理|总裁|总监|主角|主演|导演|编剧|作者|主任|创始人|负责人|发明人|设计师|工程师|教练|队长"
            r"|[市区县局校院部处科站所厅行社会省州镇村厂]长|总编辑?|主编|主管|[父母]亲|妻子|丈夫|老板|掌门人|得主|冠军|继承人|代言人)$",
            "{before}的{last}是谁？",
        ),
        (
            r"(?P<what>.*?)(?:地址|地点|位置|所在地|方位)$",
            "{before}{what}在哪里？",
        ),
        (r".*(?:总部|产地|出生地|老家|故乡|家乡|母校)$", "{before}的{last}是哪里？"),
        (r".*(?:大学|学校|学院)$", "{before}的{last}是哪所？"),
        (r".*(?:公司|企业|集团|工厂|医院|银行)$", "{before}的{last}是哪家？"),
        (r".*(?:国家|城市|地区|省份)$", "{before}的{last}是哪个？"),
    )
)
# Verbs that ask for an amount wherever they stand among the keywords.
_AMOUNTING = re.compile(
    r"(?:年产|月产|日产|占地|耗资|总投资|投资|年销|年收入|月薪|周薪|时速|累计|合计)$"
)
_HAN = re.compile(r"[\u4e00-\u9fff]")
# Anything of these makes a sentence of it, or a thing said.
_PUNCTUATION = re.compile(r"[，。；：！,;:!、]")
_LONGEST = 40


def asked_in_full(query: str, text: str = "") -> str:
    """Return the question that keywords stand for, `query` itself where it is none.

    Keywords are set apart by spaces, the last naming what is sought. One that the articles
    (`text`) hardly know but as a title gets its marks.
    """
    bare = query.strip().rstrip("？? ")
    if asks(bare) or len(bare) > _LONGEST or _PUNCTUATION.search(bare) or not _HAN.search(bare):
        return query
    chunks = [_titled(chunk, text) for chunk in bare.split()]
    if len(chunks) == 1:
        return query
    before, last = "".join(chunks[:-1]), chunks[-1]
    for pattern, way in _WAYS:
        match = pattern.fullmatch(last)
        if match is not None:
            what = match.groupdict().get("what") or ""
            unit = match.groupdict().get("unit") or ""
            return way.format(before=before, last=last, what=what, unit=unit)
    if any(_AMOUNTING.search(chunk) for chunk in chunks):
        return f"{''.join(chunks)}多少？"
    return f"{before}的{last}是什么？"


def _titled(chunk: str, text: str) -> str:
    """Return a keyword in 《》 where the articles have it as a title and hardly otherwise."""
    titled = text.count(f"《{chunk}》")
    return f"《{chunk}》" if titled and titled * 2 > text.count(chunk) else chunk
