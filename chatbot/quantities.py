"""Numbers with their units and points in time, as Chinese text writes them.

Own code, because a library would tell the value (cn2an) and not where in the text it stands, to
which unit it belongs and whether that unit is what was asked for.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

# Units by what they measure. A unit that is not here counts things (家, 条, 座, 种, …).
_MEASURES: dict[str, tuple[str, ...]] = {
    "money": (
        "人民币", "美元", "美金", "欧元", "日元", "港元", "港币", "英镑", "韩元", "卢布", "元",
        "块钱", "块",
    ),
    "area": (
        "平方公里", "平方千米", "平方米", "公顷", "英亩", "亩", "平方", "km²", "km2", "m²", "m2",
        "㎡",
    ),
    "volume": ("立方米", "立方", "毫升", "公升", "升", "m³", "ml", "mL", "L"),
    "length": (
        "公里", "千米", "公分", "公尺", "厘米", "毫米", "海里", "英里", "英尺", "英寸", "光年",
        "米", "里", "尺", "丈", "km", "cm", "mm", "m",
    ),
    "mass": ("公斤", "千克", "毫克", "吨级", "吨", "斤", "克", "kg", "mg", "g"),
    "age": ("周岁", "岁", "旬"),
    "duration": (
        "个世纪", "个多世纪", "世纪", "个月", "个多月", "个半月", "个星期", "星期", "个小时",
        "个半小时", "个多小时", "小时", "个钟头", "钟头", "分钟", "年", "天", "周", "秒", "载",
        "日",
    ),
    "share": ("个百分点", "百分点", "%", "％", "‰", "成", "倍"),
    "people": ("人次", "人", "名", "位"),
    "physical": ("摄氏度", "千瓦时", "千瓦", "兆瓦", "马力", "赫兹", "瓦", "度", "℃", "°C", "伏"),
}  # fmt: skip
_COUNTING = (
    "个", "家", "条", "座", "台", "辆", "架", "艘", "套", "项", "种", "次", "回", "件", "款", "所",
    "支", "届", "期", "倍", "层", "部", "篇", "首", "集", "本", "册", "张", "间", "栋", "幢", "户",
    "场", "站", "枚", "颗", "株", "棵", "头", "只", "匹", "批", "组", "门", "类", "样", "标箱",
    "级", "号", "步", "口", "番", "片", "块", "面", "把", "份", "笔", "轮", "点", "字", "句", "道",
    "处", "大", "幅", "代", "族", "村", "镇", "县", "市", "省", "国", "国家", "地区", "城市",
    "节", "章", "卷",
)  # fmt: skip
# Measure words that count nearly anything, and groups that count the same things.
_LOOSE = frozenset(("个", "种", "样", "类", "项", "家", "点", "大"))
_ALIKE = (
    {"次", "回", "遍", "趟"},
    {"款", "种", "部"},
    {"辆", "台", "部"},
    {"座", "所", "处"},
    {"名", "位"},
)
_PEOPLE_TOO = frozenset(("户", "口", ""))
_MEASURE_OF = {unit: measure for measure, units in _MEASURES.items() for unit in units}
UNITS = "|".join(
    # 5G is a name, not five grams.
    rf"\s?{unit}(?![A-Za-z0-9])" if unit[0].isascii() and unit[0].islower() else unit
    for unit in sorted({*_MEASURE_OF, *_COUNTING}, key=lambda unit: (-len(unit), unit))
)
_FIGURE = r"[0-9０-９]+(?:[,，][0-9]{3})*(?:[.．][0-9０-９]+)?"
_HAN_NUMBER = "[零〇一二两三四五六七八九十百千万亿]"
_SCALE = "(?:[多余几]?[十百千万亿]+)?[多余几来]?"
# What is told behind the unit: 九成四, 一年半.
_AND_A_PART = (
    "(?<=成)[一二三四五六七八九](?![十百千万亿年月日个人家名位])"
    "|(?<=[年天倍斤里岁时月块])半(?![途数夜价载生山边径岛])"
)
_FRACTION = re.compile(rf"(?:百|千|万|{_HAN_NUMBER}+|[0-9]+)分之(?:{_FIGURE}|{_HAN_NUMBER}+)")


@lru_cache(maxsize=256)
def _number(also: str) -> re.Pattern[str]:
    """Return the pattern of a number with its unit; `also` is one unit more."""
    units = f"{re.escape(also)}|{UNITS}" if also else UNITS
    return re.compile(
        rf"(?P<order>第\s?)?(?:(?P<figure>{_FIGURE}){_SCALE}"
        rf"|(?P<words>(?:[数几上半近]?{_HAN_NUMBER}+|半|数))[多余几来]?)"
        rf"(?:\s?(?P<unit>{units}))?(?P<more>[多余]|{_AND_A_PART})?"
    )


_YEAR = r"(?:[0-9０-９]{2,4}\s?|[〇零一二三四五六七八九]{2,4})年"
_MONTH = r"(?:[0-9０-９]{1,2}|[一二三四五六七八九十]{1,2})月"
# 18号线 and 3号楼 are no days.
_DAY = r"(?:[0-9０-９]{1,2}|[一二三四五六七八九十]{1,3})[日号](?![线楼馆院门店机井文])"
_DATE = re.compile(
    rf"(?:[12][0-9]{{3}}|[一二][〇零一二三四五六七八九]{{3}}|[0-9]{{2}}(?=年代))年|{_MONTH}(?:{_DAY})?"
)
_FEAST = r"(?:春节|元旦|清明节?|五一|端午节?|中秋节?|国庆节?)(?:前后|[前后]|期间)?"
_PART = (
    rf"(?:代|{_FEAST}|第?[一二三四1-4]季度|[初末中]期?|[底春夏秋冬][天季]?|[上下]半年|前后|左右)?"
)
# A year by its reign, with ours in brackets: 道光十一年（1831年）.
_REIGN = (
    r"[\u4e00-\u9fff]{2}(?:元|[一二三四五六七八九十]{1,3})年\s?"
    r"[（(](?:公元)?前?[0-9]{1,4}年?[）)]"
)
_MINUTES = r"(?:[0-9一二三四五六七八九十]{1,3}分|[一三]刻|半|钟|整)"
_TIME = re.compile(
    rf"{_REIGN}|(?:公元前?|民国|[\u4e00-\u9fff]{{2}}(?=[元一二三四五六七八九十]+年))?"
    rf"(?:{_YEAR}{_PART}(?:{_MONTH}份?[初中底末]?(?:{_DAY})?)?|{_MONTH}(?:份|{_DAY})?|{_DAY}"
    rf"|(?:[0-9]{{1,2}}|{_HAN_NUMBER}{{1,3}})世纪(?:[初中末]期?|[0-9]{{2}}年代|{_HAN_NUMBER}{{1,2}}十年代)?"
    rf"|[\u4e00-\u9fff]{{2}}(?:时代|时期)[初中末]?期?|[春夏秋冬]季"
    rf"|[唐宋元明清汉秦隋晋周商夏](?:朝|代|末|初)[初末]?(?:年间)?"
    rf"|[今去前明后当同次翌][年日天晚](?:{_MONTH}(?:份|{_DAY}|[初中底末])?|(?<=年){_PART})?|(?:{_FIGURE}{_SCALE}|{_HAN_NUMBER}+)[年天月]?(?:以?前|以?后)"
    rf"|(?<![0-9一二两三四五六七八九十几])每?(?:周|星期|礼拜)[一二三四五六日天末]|[0-9]{{1,2}}[:：][0-9]{{2}}|[凌清早上中下傍晚午]{{1,2}}(?:晨|午|上)?(?:[0-9一二三四五六七八九十]{{1,3}}[时点](?:{_MINUTES})?)"
    rf"|[0-9一二三四五六七八九十]{{1,3}}点{_MINUTES}|[0-9]{{1,2}}时(?![间候代期段装])(?:{_MINUTES})?)"
)


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with its unit at text[start:end]; `measure` is what the unit measures.

    "count" for a unit that counts things, "order" for a rank (第12位), "none" without a unit.
    """

    start: int
    end: int
    measure: str
    unit: str


def measure_of(unit: str) -> str:
    """Return what `unit` measures: money, length, …; "count" for any that counts things."""
    return _MEASURE_OF.get(unit, "count")


def find_quantities(text: str, also: str = "") -> list[Quantity]:
    """Return the numbers of `text` in reading order, each with its unit.

    `also` is a word that is to be taken for a unit besides those known here: 历仕三朝.
    A number in Chinese characters counts only with a unit: 一流 and 万一 tell no number. The year,
    month and day of a date are no numbers either.
    """
    found: list[Quantity] = []
    fractions = [(match.start(), match.end()) for match in _FRACTION.finditer(text)]
    taken = fractions + [(match.start(), match.end()) for match in _DATE.finditer(text)]
    found += [Quantity(start, end, "share", "分之") for start, end in fractions]
    for match in _number(also).finditer(text):
        if any(start < match.end() and match.start() < end for start, end in taken):
            continue
        unit = (match["unit"] or "").strip()
        if match["words"] and not unit and not match["order"]:
            continue
        if match["words"] == "零":  # 零部件
            continue
        if match["words"] == "一" and unit in _LOOSE:
            continue  # 一个地区 counts nothing: it is how Chinese says "a"
        measure = "order" if match["order"] else measure_of(unit) if unit else "none"
        found.append(Quantity(match.start(), match.end(), measure, unit))
    return sorted(found, key=lambda quantity: quantity.start)


def find_times(text: str) -> list[tuple[int, int]]:
    """Return the (start, end) of the points in time that `text` names, in reading order."""
    return [(match.start(), match.end()) for match in _TIME.finditer(text)]


def compatible(quantity: Quantity, measures: Iterable[str], unit: str) -> bool:
    """Tell whether `quantity` may be what was asked for.

    `measures` are those that answer, none if any does; `unit` is the unit named in the question,
    "" if none. Things are counted by many words: 几个 may be answered by 140多家.
    """
    wanted = tuple(measures)
    if unit and quantity.unit == unit:
        return True
    if not wanted:
        return quantity.measure != "order"
    if quantity.measure in ("count", "none") and wanted[0] in ("count", "people"):
        loose = {unit, quantity.unit} & _LOOSE or not unit or not quantity.unit
        return bool(loose or count_alike(unit, quantity.unit)) and (
            wanted[0] == "count" or quantity.unit in _PEOPLE_TOO
        )
    if quantity.measure == "people" and wanted[0] == "count":
        return unit in _LOOSE or not unit
    return quantity.measure in wanted


def count_alike(unit: str, other: str) -> bool:
    """Tell whether two units count the same things: 回 and 次."""
    return any(unit in group and other in group for group in _ALIKE)


def is_unit(word: str) -> bool:
    """Tell whether `word` is a unit or a measure word known here."""
    return word in _MEASURE_OF or word in _COUNTING
