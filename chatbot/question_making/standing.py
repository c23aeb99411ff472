"""Whether a made question can be understood by someone who does not see its text."""

from __future__ import annotations

import re
from itertools import takewhile

from chatbot.question_making.clauses import PAIRS, has_verb
from chatbot.question_making.things import Thing
from chatbot.question_making.words import cut_words

LONGEST = 40
"""Characters of a question at most; a person's seldom has more than 30."""
SHORTEST = 8

SAYING = re.compile(
    r"(?:说|道|表示|认为|介绍|指出|坦言|坦承|强调|回忆|感叹|感慨|称|透露|解释|告诉记者|写道|举例说|比方)$"
)
# Without its text nobody knows what is meant by these.
_LEANING = re.compile(
    "它|他|她|它们|他们|她们|这|那|该|其|此|其中|之中|这里|那里|这些|"
    "那些|这家|这个|那个|这是|这一|这种|这样|那样|此次|此片|此后|此前|"
    "这时|那时|我|我们|你|您|你们|咱|咱们|本|本人|本片|上述|前者|后者|"
    "两者|二者|双方|彼此|当地|当时|同年|同月|同日|翌年|次年|隔年|今年|"
    "去年|明年|前年|今天|昨天|记者|对方|后来|此类|同样|如此|亦|各自|这场|"
    "这次|这部|该片|该剧|该社|他人|其他|其余|另外|另|再次|之后|之前|随后|"
    "上面|以上|以下|如下|下面|剧中|片中|此时|尔后|至此|前述|同一|一样|"
    "分别"
)
LEANING_BEGINNING = re.compile(
    r"^(?:并|也|而|但|却|又|还|则|就|才|便|都|更|再|仍|且|或|及|和|与|使|让|令|以|因|故|所以|因此|因而|于是|从而"
    r"|由于|如果|虽|尽管|即|无论|只要|只有|除|为|为了|不仅|不但|既|甚至|乃至|以及|且|若|当|随|随着|随著|作为|经过|通过"
    r"|根据|按照|对于|关于|针对|至于|直到|此|的|了|被|把|将|等|有的|有些|其|之|所|是)"
)
_LEANING_CHARACTERS = re.compile(r"[它他她我您咱該该]|[这那](?!么多)|此[^外]|(?<![尤极])其(?!他)")
FRAGMENT_END = re.compile(
    r"(?:时|时候|后|前|中|下|以来|以后|之后|之前|契机|机会|的|和|与|及|或|等|起|为止|来说|期间)$"
)
# Nouns that name nobody where nothing stands before them: 公司拟向全体股东派发多少元？
_GENERIC = re.compile(
    r"((?:本|该|全)?(?:公司|企业|集团|工厂|学校|医院|博物馆|植物园|组委会|董事会|委员会|赛事|比赛|项目|影片|电影|小说|主角|双方|合约|合同|原纪录|成绩))"
    r"(?=[^的]|$)"
)
_LONG_SUBJECT = 6
_NO_YEAR = re.compile(r"(?<!年)[0-9]{1,2}月")


def stands_alone(question: str, topics: frozenset[str], thing: Thing) -> bool:
    """Tell whether a question can be understood by someone who does not see the text.

    `topics` are words that name what the whole article is about.
    """
    if not SHORTEST <= len(question) <= LONGEST:
        return False
    if any(question.count(opening) != question.count(closing) for opening, closing in PAIRS):
        return False
    if LEANING_BEGINNING.match(question) or _LEANING_CHARACTERS.search(question):
        return False
    if (
        _NO_YEAR.search(question)
        or FRAGMENT_END.search(question[:-1])
        or SAYING.search(question[:-1])
    ):
        return False
    generic = _GENERIC.match(question)
    if generic is not None and not any(generic[1] in topic for topic in topics):
        return False
    own = [word for word in cut_words(question) if len(word.text) > 0]
    if any(_LEANING.fullmatch(word.text) for word in own):
        return False
    if thing.role is None and not has_verb(own):
        return False
    if any(word.is_proper for word in own) or any(topic in question for topic in topics):
        return True
    # 国际集装箱航线达多少条？ A subject as long as that is as good as a name.
    named = takewhile(lambda word: word.is_nominal or word.text in "“”", own)
    return sum(len(word.text) for word in named) >= _LONG_SUBJECT
