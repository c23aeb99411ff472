"""Numbers and dates as Excel shows them; expected values are those of Excel in Chinese."""

from __future__ import annotations

import datetime

import pytest

from chatbot.question_sets.cell_text import CHINESE_FORMATS, date_text, duration_text, number_text


@pytest.mark.parametrize(
    ("value", "format", "shown"),
    [
        (0, "General", "0"),
        (-3.5, "General", "-3.5"),
        (1e15, "General", "1000000000000000"),
        (1.0e-7, "General", "0.0000001"),
        (1234567.891, "#,##0.00", "1,234,567.89"),
        (0.5, "0", "1"),
        (2.5, "0", "3"),
        (0.285, "0.00", "0.29"),
        (1.5, "0.##", "1.5"),
        (1.0, "0.##", "1"),
        (0.5, "#.##", ".5"),
        (-5, "0", "-5"),
        (-5, '"¥"0', "-¥5"),
        (-5, "0;(0)", "(5)"),
        (0, '0;-0;"无"', "无"),
        (-1234, "#,##0_);(#,##0)", "(1,234)"),
        (5, "[Red]0", "5"),
        (5, "[$¥-804]#,##0", "¥5"),
        (1500000, '0.0,,"百万"', "1.5百万"),
        (0.05, "0.00%", "5.00%"),
        (3, "0 \\个", "3 个"),
        (0.5, "# ?/?", "0.5"),
        (12345, "0.00E+00", "12345"),
        (5, "@", "5"),
        (5, "", "5"),
        (5, '"没有结尾', "5"),
    ],
)
def test_numbers(value: float, format: str, shown: str) -> None:
    assert number_text(value, format) == shown


MOMENT = datetime.datetime(2024, 5, 1, 15, 4, 9)


@pytest.mark.parametrize(
    ("format", "shown"),
    [
        ("yyyy/m/d", "2024/5/1"),
        ("yyyy\\-mm\\-dd", "2024-05-01"),
        ("mm-dd-yy", "2024/5/1"),
        ("m/d/yy h:mm", "2024/5/1 15:04"),
        ("[$-F800]dddd\\,\\ mmmm\\ dd\\,\\ yyyy", "2024年5月1日"),
        ('yyyy"年"m"月"d"日";@', "2024年5月1日"),
        ("h:mm:ss", "15:04:09"),
        ("mm:ss", "04:09"),
        ("h:mm AM/PM", "3:04 下午"),
        ("yy.m.d aaaa", "24.5.1 星期三"),
        ("d-mmm-yy", "1-5月-24"),
        (CHINESE_FORMATS[31], "2024年5月1日"),
        (CHINESE_FORMATS[57], "2024年5月"),
        (CHINESE_FORMATS[34], "下午3时04分"),
    ],
)
def test_dates(format: str, shown: str) -> None:
    assert date_text(MOMENT, format) == shown


def test_a_length_of_time() -> None:
    assert duration_text(datetime.timedelta(hours=30, minutes=5)) == "30:05:00"
