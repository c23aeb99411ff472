"""Names of people and places in a text, as far as form and a dictionary tell them.

To tell whether words can answer 谁 and 哪里 at all, so generous: what might be a name is one.
`question_making/things.py` asks for names and wants to be sure of them.
"""

from __future__ import annotations

import re

from chatbot.word_cutting import tagged

SURNAMES = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁"
    "任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔"
    "向汤安乔岳葛詹梅左游牛庄申尚焦耿温习"
)
# What a person is named with: 书记潘银浩, and 张先生.
_ROLE = (
    r"(?:创始人|创办人|负责人|发言人|经理|书记|[局区市省县镇院校部司处科会所站厂台馆行社队船团组班家]长|主任|主席|总裁"
    r"|董事|总编辑|主编|总监|教授|作者|导演|编剧|总统|首相|总理|国王|女王|皇帝|设计师|工程师|建筑师|研究员|秘书|教练|博士|医生|老师|记者)"
)
_FORMS = re.compile(
    rf"{_ROLE}(?P<after>[{''.join(sorted(SURNAMES))}][\u4e00-\u9fff]{{1,2}}?)(?=[，。、：“”（）\s说称表介指等在的与和]|$)"
    rf"|(?P<before>[{''.join(sorted(SURNAMES))}][\u4e00-\u9fff]{{0,2}})(?:先生|女士|教授|总统|皇帝|公主|将军|博士|老师|医生)"
    r"|(?P<foreign>[\u4e00-\u9fff]{1,8}(?:[·‧・•．][\u4e00-\u9fff]{1,10})+)"
    r"|(?P<latin>[A-Z][A-Za-z.]+(?: [A-Z][A-Za-z.]+)+)"
)
_PLACE = re.compile(
    r"[\u4e00-\u9fff]{1,6}(?:省|市|县|区|镇|乡|村|州|岛|山|湖|路|街|港|湾|江|河|半岛|群岛|大学|学院|中学|机场|车站|广场|公园|医院)"
)
_PEOPLE, _PLACES = frozenset(("nr", "nrt", "nrfg")), frozenset(("ns", "nsf"))
_SPEAKS = "说称道"


def find_people(text: str) -> list[tuple[int, int]]:
    """Return the (start, end) of what may be names of people in `text`, in reading order."""
    found = [
        next(match.span(name) for name in match.groupdict() if match[name])
        for match in _FORMS.finditer(text)
    ]
    words = tagged(text)
    for number, (start, end, tag) in enumerate(words):
        if tag not in _PEOPLE or text[start] not in SURNAMES:
            continue
        if end - start == 1 and number + 1 < len(words) and words[number + 1][1] - end <= 2:
            end = words[number + 1][1]  # 朱/建军
        if end - start > 2 and text[end - 1] in _SPEAKS:
            end -= 1
        if 2 <= end - start <= 4 and text[start:end].isalpha():
            found.append((start, end))
    return sorted(set(found))


def find_places(text: str) -> list[tuple[int, int]]:
    """Return the (start, end) of what may be names of places in `text`, in reading order."""
    places = [(start, end) for start, end, tag in tagged(text) if tag in _PLACES]
    return sorted({*places, *(match.span() for match in _PLACE.finditer(text))})
