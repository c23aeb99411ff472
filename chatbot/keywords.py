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
        (r"人数$", "{before}有多少人？"),
        (r"(?P<what>.+)人数$", "{before}{what}多少人？"),
        (
            r".*(?:数量|数目|总数|次数|面积|价格|售价|总额|总价|占比|比例|比重|比率|距离|长度|重量|里程|吨位|产值"
            r"|产量|人口|规模|利润|收入|金额|投资额|销售额|营业额|增速|增幅|市值|订单|薪酬|工资|年龄|身高|体重"
            r"|成绩|得分|比分|成本|预算|资产|负债|寿命|海拔|门票|税收|价钱|单价|费用|奖金|薪水|电话|邮编|网址"
            r"|[0-9\u4e00-\u9fff][额价费率量]|[高宽长深厚温湿坡速密浓]度|指数|系数|学时)$",
            "{before}的{last}是多少？",
        ),
        (r".*(?:排名|名次|排行)$", "{before}的{last}是第几？"),
        (
            r".*(?:主席|书记|经理|总裁|总监|主角|主演|导演|编剧|作者|主任|工程师|教练|校监|主持|掌门"
            r"|[市区县局校院部处科站所厅行社会省州镇村厂馆园队组班团台店岛董]长|总编辑?|主编|主管|[父母]亲|妻子|丈夫|老板|得主"
            r"|[冠亚季]军|导师|老师|学生|徒弟|儿子|女儿|搭档|选手|歌手|助理|秘书|总统|总理|部长|设计|配偶|嘉宾|祖父|祖母"
            r"|[始责明办计承言控理护持立利事伙织起有建]人|[作记学编译读]者)$",
            "{before}的{last}是谁？",
        ),
        (
            r"(?P<what>.*?)(?:地址|地点|位置|所在地|方位)$",
            "{before}{what}在哪里？",
        ),
        (r"(?P<what>出生|出土|产|发源|诞生|起源|举办|生产|注册)地$", "{before}在哪里{what}？"),
        (r".*(?:总部|老家|故乡|家乡|母校|籍贯|起点|终点)$", "{before}的{last}是哪里？"),
        (r".*(?:大学|学校|学院)$", "{before}的{last}是哪所？"),
        (
            r".*(?:公司|企业|集团|工厂|医院|银行|出版社|供应商|赞助商|承包商|运营商|制造商|厂家|单位|机构)$",
            "{before}的{last}是哪家？",
        ),
        (r".*(?:国家|城市|地区|省份)$", "{before}的{last}是哪个？"),
        (
            r"(?:成立|创办|创立|创建|建成|竣工|开工|动工|投产|上市|开业|开馆|通车|出生|去世|逝世|毕业|结婚|退休|入伍|上映"
            r"|首映|出版|发布|诞生|获批|挂牌|停产|落成)$",
            "{before}什么时候{last}？",
        ),
    )
)
# Verbs that ask for an amount wherever they stand among the keywords.
_AMOUNTING = re.compile(
    r"(?:年产|月产|日产|占地|耗资|总投资|投资|年销|年收入|月薪|周薪|时速|累计|合计|出资|花费|捐[款赠]|投入|拨款"
    r"|增长|增加|上升|提高|下降|减少|降低|同比|环比|融资|募集|净赚|亏损)$"
)
_LASTING = re.compile(r"(?:耗时|用时|历时|时长|工期|任期|学制|工龄|[周时]期)$")
# What a thing is asked for by, wherever among its keywords it stands.
_BARE = re.compile(
    r"人数|数量|数目|时间|日期|年份|地点|地址|位置|面积|价格|票价|门票|占比|比例|金额|负责人|总部|排名|年龄|身高"
)
# What narrows a question down and stands anywhere among keywords: 研发投入 2024.
_YEAR = re.compile(r"(?:1[0-9]|20)[0-9]{2}(?:年(?:度|[0-9]{1,2}月)?)?")
_DAY_END = re.compile(r"[年月度]$")
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
    chunks = _ordered([_titled(chunk, text) for chunk in bare.split()])
    if len(chunks) == 1:
        return query
    before, last = "".join(chunks[:-1]), chunks[-1]
    way = _way(last)
    if way is not None:
        pattern, wording = way
        match = pattern.fullmatch(last)
        parts = match.groupdict() if match is not None else {}
        what, unit = (parts.get("what") or "").rstrip("的"), parts.get("unit") or ""
        return wording.format(before=before, last=last, what=what, unit=unit)
    if _LASTING.search(last):
        return f"{before}{last}多久？"
    if any(_AMOUNTING.search(chunk) for chunk in chunks):
        return f"{''.join(chunks)}多少？"
    return f"{before}的{last}是什么？"


def _way(chunk: str) -> tuple[re.Pattern[str], str] | None:
    """Return how one asks for what a keyword names, None where it says nothing of that."""
    return next((way for way in _WAYS if way[0].fullmatch(chunk)), None)


def _ordered(chunks: list[str]) -> list[str]:
    """Return keywords with a year before what is asked of it and what is sought at the end.

    志愿者 人数 马拉松 and 马拉松 志愿者 人数 ask the same.
    """
    years = [chunk for chunk in chunks if _YEAR.fullmatch(chunk)]
    rest = [chunk for chunk in chunks if chunk not in years]
    if len(rest) < 2:
        return chunks
    sought = [at for at, chunk in enumerate(rest[:-1]) if at and _BARE.fullmatch(chunk)]
    if len(sought) == 1 and _way(rest[-1]) is None:
        at = sought[0]  # 志愿者 人数: what stands before it belongs to it
        rest = [*rest[at + 1 :], *rest[: at + 1]]
    whole = [year if _DAY_END.search(year) else f"{year}年" for year in years]
    return [rest[0], *whole, *rest[1:]]


def _titled(chunk: str, text: str) -> str:
    """Return a keyword in 《》 where the articles have it as a title and hardly otherwise."""
    titled = text.count(f"《{chunk}》")
    return f"《{chunk}》" if titled and titled * 2 > text.count(chunk) else chunk
