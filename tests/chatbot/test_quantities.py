"""Numbers, units and points in time in Chinese text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatbot.quantities import compatible, find_quantities, find_times


def quantities(text: str) -> list[tuple[str, str]]:
    return [(text[q.start : q.end], q.measure) for q in find_quantities(text)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("面积46平方公里", [("46平方公里", "area")]),
        ("实现4501.6亿元", [("4501.6亿元", "money")]),
        ("占全国10.78%，约三分之一", [("10.78%", "share"), ("三分之一", "share")]),
        ("航线达250多条，40余个任务", [("250多条", "count"), ("40余个", "count")]),
        ("赓续300余年，连续7年", [("300余年", "duration"), ("7年", "duration")]),
        ("跃升至第12位", [("第12位", "order")]),
        ("年逾八旬，数万款，几十个", [("八旬", "age"), ("数万款", "count"), ("几十个", "count")]),
        ("一流标准，万一不行，十分好，一个地区，零部件", []),
        ("2020年8月12日，二〇二〇年，上世纪80年代", []),
        ("1,200人", [("1,200人", "people")]),
        (
            "面积46,600m²，射程40km，重3 kg",
            [("46,600m²", "area"), ("40km", "length"), ("3 kg", "mass")],
        ),
        (
            "九成四和五成一，六成三十岁",
            [("九成四", "share"), ("五成一", "share"), ("六成", "share"), ("三十岁", "age")],
        ),
        ("判了一年半，改了一个半月", [("一年半", "duration"), ("一个半月", "duration")]),
        ("三年半途而废，两年半价", [("三年", "duration"), ("两年", "duration")]),
        ("两个7万吨级泊位", [("两个", "count"), ("7万吨级", "mass")]),
        ("5G网络，3DS游戏", [("5", "none"), ("3", "none")]),
        ("", []),
    ],
)
def test_numbers_have_their_units(text: str, found: list[tuple[str, str]]) -> None:
    assert quantities(text) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("2023年12月27日上市", ["2023年12月27日"]),
        ("1979年到1992年3月", ["1979年", "1992年3月"]),
        ("8月15日晚", ["8月15日"]),
        ("上世纪80年代末", ["80年代"]),
        ("唐朝和明末", ["唐朝", "明末"]),
        ("1985 年成立，江户时代中期，春季", ["1985 年", "江户时代中期", "春季"]),
        ("卒于天命六年(1621年)。", ["天命六年(1621年)"]),
        ("生存于5500万年前的晚古新世", ["5500万年前"]),
        ("18号线和3号楼在6月18日开放", ["6月18日"]),
        ("早上六点十分到晚上十点半，六点半开门", ["早上六点十分", "晚上十点半", "六点半"]),
        ("去年6月动工，今年春天投产，去年亏了", ["去年6月", "今年春天", "去年"]),
        ("次年三月底，2023年春天，今年第三季度", ["次年三月底", "2023年春天", "今年第三季度"]),
        ("每周三至周日9时到17时开放，三周一次", ["每周三", "周日", "9时", "17时"]),
        ("没有时间，三点建议", []),
    ],
)
def test_times_are_found(text: str, found: list[str]) -> None:
    assert [text[start:end] for start, end in find_times(text)] == found


@given(
    st.text(
        alphabet="第一二十百万亿0123456789.,%年月日世纪个多余几半亩元天公里人前，。 ", max_size=40
    )
)
def test_places_lie_in_the_text_in_order(text: str) -> None:
    for places in ([(q.start, q.end) for q in find_quantities(text)], find_times(text)):
        assert all(0 <= start < end <= len(text) for start, end in places)
        assert places == sorted(places)


def test_a_measure_must_be_the_one_asked_for() -> None:
    (distance,) = find_quantities("50公里")
    assert compatible(distance, ("length",), "")
    assert not compatible(distance, ("money",), "元")
    assert compatible(distance, (), "")
    (firms,) = find_quantities("140多家")
    assert compatible(firms, ("count",), "个")
    (rank,) = find_quantities("第12位")
    assert not compatible(rank, (), "")
