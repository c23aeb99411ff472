"""What a question asks must be told where its answer stands; a sign for all, a must in follow-ups.

「海天的创始人是谁？」「他毕业于哪所学校？」: the articles tell of 海天, so retrieval and reader
have much to go by, but nothing there speaks of 毕业.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from chatbot.asking_words import masked
from chatbot.conversation import own_part
from corpus.sentences import split_sentences

# The share of a follow-up's own telling characters that must be told near the answer. On the tuning
# halves of tests/questions/understanding (followups, unanswerable-followups) and of the follow-ups
# in beilun.jsonl, 40 of 41 rightly answered ones have at least 0.5, 11 of 12 unanswerable ones 0.
TOLD_ENOUGH = 0.4
# Words that say what sort of thing is asked for, count it or join: no article need say them.
_LIGHT = re.compile(
    r"职务|职位|职业|身份|名字|名称|姓名|类型|种类|类别|地方|地点|位置|时间|日期|年份|原因|目的|作用|数量|内容|情况|特点|意思|结果"
    r"|公司|企业|国家|城市|学校|大学|东西|事情|总共|一共|分别|具体|大概|大约|到底|究竟|平时|当时|后来|现在|其中|里面|当中|每年|开始"
    r"|它们?|他们?|她们?|[这那][个家位里些]|[这那其各每这]|[个家位名条座所款辆枚张部年月日天次岁种项只一]|[有占叫做用来去说到对把被给跟和与为于从向得过着会能要想还也都又再就只才很最]"
)
_WORD = re.compile(r"[0-9A-Za-z][0-9A-Za-z.%]*")
_HAN = re.compile(r"[\u4e00-\u9fff]")


def told_share(question: str, text: str, sentence: tuple[int, int]) -> float:
    """Return the share (0 to 1) of what a question itself asks that is told near `sentence`.

    Near is the sentence (offsets in the passage `text`) and its neighbours. Of Chinese a character
    counts as told where it stands beside a neighbour as in the question (alone where it has none);
    numbers and Latin words count whole. 1 for a follow-up that asks in light words only.
    """
    own = masked(own_part(question))
    near = _around(text, sentence)
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
        pairs = [own[a : a + 2] for a in (at - 1, at) if _is_pair(own, a)]
        told[at] = any(pair in near for pair in pairs) if pairs else character in near
    total = sum(heavy)
    return sum(told[at] for at in range(len(own)) if heavy[at]) / total if total else 1.0


def _is_pair(own: str, at: int) -> bool:
    return at >= 0 and len(own[at : at + 2]) == 2 and all(map(_HAN.match, own[at : at + 2]))


def _around(text: str, sentence: tuple[int, int]) -> str:
    """Return a sentence of `text` with the one before it and the one after it."""
    sentences: Sequence[tuple[int, int]] = split_sentences(text)
    touching = [n for n, (a, b) in enumerate(sentences) if a < sentence[1] and b > sentence[0]]
    if not touching:
        return text[slice(*sentence)]
    first, last = max(0, touching[0] - 1), min(len(sentences) - 1, touching[-1] + 1)
    return text[sentences[first][0] : sentences[last][1]]
