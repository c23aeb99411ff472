"""What a question asks must be told where its answer stands; a sign for every question.

「海天的创始人是谁？」「他毕业于哪所学校？」: the articles tell of 海天, so retrieval and reader
have much to go by, but nothing there speaks of 毕业.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from chatbot.asking_words import masked
from chatbot.conversation import own_part
from corpus.sentences import split_sentences

# Words that say what sort of thing is asked for, count it or join: no article need say them.
_LIGHT = re.compile(
    r"职务|职位|职业|身份|名字|名称|姓名|类型|种类|类别|地方|地点|位置|时间|日期|年份|原因|目的|作用|数量|内容|情况|特点|意思|结果"
    r"|公司|企业|国家|城市|学校|大学|东西|事情|总共|一共|分别|具体|大概|大约|到底|究竟|平时|当时|后来|现在|其中|里面|当中|每年|开始"
    r"|[这那该](?:[个家位项座部种款支]?(?:公司|企业|集团|人|项目|业务|作品|影片|片子|电影|书|展厅|产品|比赛|赛事|学校|机构))|它们?|他们?|她们?|[这那][个家位里些]|[这那其各每这]|[个家位名条座所款辆枚张部年月日天次岁种项只一]|[有占叫做用来去说到对把被给跟和与为于从向得过着会能要想还也都又再就只才很最]"
)
_WORD = re.compile(r"[0-9A-Za-z][0-9A-Za-z.%]*")
_HAN = re.compile(r"[\u4e00-\u9fff]")


# What sort of thing is asked for: 语言 in 哪种语言, 学校 in 哪所学校, 人 in 哪里人.
_SORT = re.compile(
    r"(?:什么|哪[一]?[个家位所种座部款项支本条只门份件场届类国年里儿]?)(?P<sort>[\u4e00-\u9fff]{1,4}?)(?=[的了吗呢？?]*$)"
)


def told_share(question: str, text: str, sentence: tuple[int, int]) -> float:
    """Return the share (0 to 1) of what a question itself asks that is told near `sentence`.

    Near is the sentence (offsets in the passage `text`) and its neighbours. Of Chinese a character
    counts as told where it stands beside a neighbour as in the question (alone where it has none);
    numbers and Latin words count whole. 1 for a follow-up that asks in light words only.
    """
    told = _told(question, around(text, sentence))
    return sum(told) / len(told) if told else 1.0


def told_characters(question: str, text: str, sentence: tuple[int, int]) -> float:
    """Return the share (0 to 1) of the Chinese characters of a question that stand near at all.

    As `told_share`, but 挖 in 挖出来 is told by 挖到. 1 for a question without any.
    """
    near = around(text, sentence)
    own = [character for character in masked(own_part(question)) if _HAN.match(character)]
    return sum(character in near for character in own) / len(own) if own else 1.0


def _told(question: str, near: str) -> list[bool]:
    """Tell of each telling character of a question whether `near` tells it."""
    part = own_part(question)
    own = masked(part)
    light = [False] * len(own)
    for match in _LIGHT.finditer(own):
        light[match.start() : match.end()] = [True] * len(match.group())
    told = [False] * len(own)
    heavy = [False] * len(own)
    for match in _WORD.finditer(own):
        stands = re.search(rf"(?<![0-9A-Za-z]){re.escape(match.group())}(?![0-9A-Za-z])", near)
        for at in range(match.start(), match.end()):
            heavy[at], light[at], told[at] = True, False, bool(stands)
    for at, character in enumerate(own):
        if not _HAN.match(character) or light[at]:
            continue
        heavy[at] = True
        # What only stands beside a light word stands alone: 捐 in 「这人捐了多少」.
        pairs = [
            own[a : a + 2]
            for a in (at - 1, at)
            if _is_pair(own, a) and not light[a] and not light[a + 1]
        ]
        told[at] = any(pair in near for pair in pairs) if pairs else character in near
    sort = _SORT.search(part)
    if sort is not None and any(
        weighs for at, weighs in enumerate(heavy) if not sort.start() <= at < sort.end()
    ):
        heavy[sort.start() : sort.end()] = [False] * (sort.end() - sort.start())
    return [told[at] for at in range(len(own)) if heavy[at]]


def named_share(name: str, text: str) -> float:
    """Return the share (0 to 1) of the pairs of characters of `name` that stand in `text`."""
    bare = re.sub(r"\W", "", name)
    pairs = [bare[at : at + 2] for at in range(len(bare) - 1)] or [bare]
    return sum(pair in text for pair in pairs) / len(pairs)


def _is_pair(own: str, at: int) -> bool:
    return at >= 0 and len(own[at : at + 2]) == 2 and all(map(_HAN.match, own[at : at + 2]))


def around(text: str, sentence: tuple[int, int]) -> str:
    """Return a sentence of `text` with the one before it and the one after it."""
    sentences: Sequence[tuple[int, int]] = split_sentences(text)
    touching = [n for n, (a, b) in enumerate(sentences) if a < sentence[1] and b > sentence[0]]
    if not touching:
        return text[slice(*sentence)]
    first, last = max(0, touching[0] - 1), min(len(sentences) - 1, touching[-1] + 1)
    return text[sentences[first][0] : sentences[last][1]]
