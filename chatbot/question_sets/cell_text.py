"""The text of a number or a date as the cell of a spreadsheet shows it.

A subset of the number formats of ECMA-376 (part 1, 18.8.30 and 18.8.31): digits, thousands,
percent, literal text, conditions, dates and times. What it has no rule for (fractions, exponents)
is shown as the format General would.
"""

from __future__ import annotations

import datetime
import operator
import re
from collections.abc import Callable, Sequence
from decimal import ROUND_HALF_UP, Decimal

# The built-in formats of a Chinese Excel, which no workbook spells out (18.8.30, zh-cn).
CHINESE_FORMATS = {
    27: 'yyyy"年"m"月"', 28: 'm"月"d"日"', 29: 'm"月"d"日"', 30: "m-d-yy",
    31: 'yyyy"年"m"月"d"日"', 32: 'h"时"mm"分"', 33: 'h"时"mm"分"ss"秒"',
    34: 'AM/PMh"时"mm"分"', 35: 'AM/PMh"时"mm"分"ss"秒"', 36: 'yyyy"年"m"月"',
    50: 'yyyy"年"m"月"', 51: 'm"月"d"日"', 52: 'yyyy"年"m"月"', 53: 'm"月"d"日"',
    54: 'm"月"d"日"', 55: 'AM/PMh"时"mm"分"', 56: 'AM/PMh"时"mm"分"ss"秒"',
    57: 'yyyy"年"m"月"', 58: 'm"月"d"日"',
}  # fmt: skip
# These two follow the system's settings, whatever they say; so a Chinese one shows them.
_OF_THE_SYSTEM = {"mm-dd-yy": "yyyy/m/d", "m/d/yy h:mm": "yyyy/m/d h:mm"}
_LONG_DATE = 'yyyy"年"m"月"d"日"'
_TOKEN = re.compile(
    r'(?P<general>General|G/通用格式)|"(?P<quoted>[^"]*)"|\\(?P<escaped>.)|_(?P<width>.)|\*(?P<fill>.)'
    r"|\[(?P<bracket>[^\]]*)\]|(?P<half>AM/PM|A/P|上午/下午)"
    r"|(?P<date>y+|m+|d+|h+|s+|a{3,4})|(?P<digits>[0#?][0#?,]*(?:\.[0#?]*,*)?|\.[0#?]+)|(?P<other>.)",
    re.IGNORECASE | re.DOTALL,
)
_WEEKDAYS = "一二三四五六日"
_CONDITION = re.compile(r"\[(<=|>=|<>|<|>|=)\s*(-?[\d.]+)\]")
_HOLDS: dict[str, Callable[[float, float], bool]] = {
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
    "=": operator.eq, "<>": operator.ne,
}  # fmt: skip


def number_text(value: float, format: str) -> str:
    """Return a number in its format, such as 0.05 in 0% as 5%."""
    section, signed = _section_for(value, _sections(format))
    tokens = list(_TOKEN.finditer(section))
    runs = [token["digits"] for token in tokens if token["digits"]]
    if any(token["general"] for token in tokens) and not runs:
        shown = [_general(abs(value))]
    elif not runs and any(token["quoted"] for token in tokens):
        return "".join(map(_literal, tokens)).strip()  # 0;-0;"无" shows a word for a zero
    elif (
        not runs
        or any(token["general"] or token["other"] in ("/", "e", "E") for token in tokens)
        or (len(runs) > 1 and any("." in run for run in runs))
    ):
        return _general(value)
    else:
        shown = _spread(_digits(abs(value), "".join(runs), section.count("%")), runs)
    parts = iter(shown)
    text = "".join(
        next(parts, "") if token["digits"] or token["general"] else _literal(token)
        for token in tokens
    ).strip()
    return f"-{text}" if value < 0 and not signed else text


def date_text(value: datetime.datetime | datetime.date | datetime.time, format: str) -> str:
    """Return a date or time in its format, such as yyyy"年"m"月" as 2024年5月."""
    format = _OF_THE_SYSTEM.get(format, format)
    if "[$-F800]" in format:
        format = _LONG_DATE
    tokens = list(_TOKEN.finditer(_sections(format)[0]))
    if not any(token["date"] for token in tokens):  # a date that is stored as one, not as a number
        tokens = list(_TOKEN.finditer(_plain_format(value)))
    halves = any(token["half"] for token in tokens)
    parts = []
    for at, token in enumerate(tokens):
        code = (token["date"] or "").lower()
        if token["half"]:
            parts.append("上午" if _of(value, "hour") < 12 else "下午")
        elif code.startswith("m") and _is_minutes(tokens, at):
            parts.append(_padded(_of(value, "minute"), code))
        elif code:
            parts.append(_part(value, code, halves))
        else:
            parts.append(_literal(token))
    return "".join(parts).strip()


def duration_text(value: datetime.timedelta) -> str:
    """Return a length of time as hours, minutes and seconds."""
    minutes, seconds = divmod(round(value.total_seconds()), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}"


def _plain_format(value: datetime.datetime | datetime.date | datetime.time) -> str:
    """Return the format of a date or time that has none of its own."""
    if isinstance(value, datetime.time):
        return "h:mm:ss"
    if isinstance(value, datetime.datetime) and value.time() != datetime.time():
        return "yyyy/m/d h:mm"
    return "yyyy/m/d"


def _section_for(value: float, sections: Sequence[str]) -> tuple[str, bool]:
    """Return the part of a format that a number is shown in, and whether its sign is in it.

    Positive; negative; zero, unless they say of what they are: [>=10000]0.0,"万";0.
    """
    conditions = [_CONDITION.search(section) for section in sections]
    if any(conditions):
        for section, condition in zip(sections, conditions, strict=True):
            if condition is None or _HOLDS[condition[1]](value, float(condition[2])):
                return section, False
        return sections[-1], False
    if value == 0 and len(sections) > 2:
        return sections[2], True
    negative = value < 0 and len(sections) > 1
    return sections[1 if negative else 0], negative


def _spread(digits: str, runs: Sequence[str]) -> list[str]:
    """Return what of the digits stands in each run of placeholders, the first taking what is over.

    12 in the runs of 0\\.0 is 1 and 2.
    """
    parts = []
    for run in reversed(runs[1:]):
        places = sum(char in "0#?" for char in run)
        parts.append(digits[-places:].rjust(run.count("0"), "0"))
        digits = digits[:-places]
    return [digits, *reversed(parts)]


def _sections(format: str) -> list[str]:
    """Split at the semicolons that stand in no quotation."""
    parts = re.findall(r'((?:"[^"]*"|\\.|\[[^\]]*\]|[^;])*)(?:;|$)', format)
    return parts[:-1] or [""]


def _literal(token: re.Match[str]) -> str:
    """Return what a token that is no placeholder shows."""
    if token["bracket"] is not None:  # a colour, a condition, or [$¥-804]: a currency
        return token["bracket"][1:].split("-")[0] if token["bracket"].startswith("$") else ""
    if token["width"] is not None or token["fill"] is not None:
        return ""
    text = token["quoted"] if token["quoted"] is not None else token["escaped"] or token["other"]
    return "" if text == "@" and token["other"] else text or ""


def _general(value: float) -> str:
    """Return a number as General shows it in a wide cell: 15 digits, and no exponent."""
    shown = format(Decimal(f"{value:.15g}"), "f")
    return shown.rstrip("0").rstrip(".") if "." in shown else shown


def _digits(value: float, placeholders: str, percents: int) -> str:
    """Return the digits of a number from 0 in a run of placeholders such as #,##0.00."""
    bare = placeholders.rstrip(",")
    thousands_dropped = len(placeholders) - len(bare)
    whole, _, decimals = bare.partition(".")
    scaled = Decimal(repr(value)).scaleb(2 * percents - 3 * thousands_dropped)
    rounded = scaled.quantize(Decimal(1).scaleb(-len(decimals)), ROUND_HALF_UP)
    integer, _, fraction = format(rounded, "f").partition(".")
    while fraction and len(fraction) > len(decimals.rstrip("#?")) and fraction[-1] == "0":
        fraction = fraction[:-1]
    integer = integer.lstrip("0").rjust(whole.count("0"), "0")
    if "," in whole:
        integer = re.sub(r"(?<=\d)(?=(?:\d{3})+$)", ",", integer)
    return f"{integer}{'.' if fraction else ''}{fraction}"


def _is_minutes(tokens: list[re.Match[str]], at: int) -> bool:
    """Say whether the m at this place is a minute: behind an hour, or before a second."""
    earlier = [token["date"].lower()[0] for token in tokens[:at] if token["date"]]
    later = [token["date"].lower()[0] for token in tokens[at + 1 :] if token["date"]]
    return earlier[-1:] == ["h"] or later[:1] == ["s"]


def _of(value: object, name: str) -> int:
    """Return a part of a date or time; 0 for one that it does not have."""
    return int(getattr(value, name, 0))


def _part(value: datetime.datetime | datetime.date | datetime.time, code: str, half: bool) -> str:
    """Return the part of a date or time that a code such as yyyy stands for."""
    if code[0] == "y":
        year = _of(value, "year")
        return f"{year:04}" if len(code) > 2 else f"{year % 100:02}"
    if code[0] == "a" or (code[0] == "d" and len(code) > 2):
        if not isinstance(value, datetime.date):
            return ""
        return ("星期" if len(code) > 3 else "周") + _WEEKDAYS[value.weekday()]
    if code[0] == "m":
        month = _of(value, "month")
        return f"{month}月" if len(code) > 2 else _padded(month, code)
    if code[0] == "h":
        hour = _of(value, "hour")
        return _padded((hour - 1) % 12 + 1 if half else hour, code)
    return _padded(_of(value, "day" if code[0] == "d" else "second"), code)


def _padded(number: int, code: str) -> str:
    return f"{number:02}" if len(code) > 1 else str(number)
