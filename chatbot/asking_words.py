"""The words that make a question one: they stand in no article."""

from __future__ import annotations

import re

_ASKING = re.compile(
    r"请问|请介绍一?下|我想了解一?下|我想知道|想问一?下|(?:什么|啥)时候|什么样|啥样|为什么|为啥|什么|啥|怎么样?|怎样|咋样?"
    r"|如何|多少|老几|几时|哪[个些里儿位家年天种]?|谁|几[个家条位种年]?|多[大远久高长]|是不是|有没有|是否|[吗呢吧啊呀的了是在]|[？?。，！!]"
)
_ASKS = re.compile(
    r"谁|什么|哪|多少|几|怎|为何|何[时地年月日处人]|如何|啥|咋|多[大远久高长重深宽]|是不是|有没有|是否|有无|[吗呢吧][？?]?$"
)
# No article holds it.
_BLANK = "\x00"


def masked(question: str) -> str:
    """Return `question`, as long as it is, with its asking words blotted out."""
    return _ASKING.sub(lambda match: _BLANK * len(match.group()), question)


def telling_words(question: str) -> str:
    """Return `question` with a space for each of its asking words."""
    return _ASKING.sub(" ", question)


def asks(question: str) -> bool:
    """Tell whether a word in `question` asks; keywords and statements hold none."""
    return bool(_ASKS.search(question))
