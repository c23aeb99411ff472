"""What kind of answer a question asks for: a fact, several things, or the passage that tells."""

from __future__ import annotations

import re
from typing import Literal

ExpectedKind = Literal["span", "list", "passage"]

_SEVERAL = re.compile(
    r"哪些|哪几|哪[两三四五六七八九十]|分别|各是|各有|都有谁|都有什么|都有啥|有哪|几[个大种类项条]方面"
)
# Reasons, ways, purposes and meanings are told by clauses, not by a name or a number.
_TELLING = re.compile(
    r"为什么|为何|为啥|凭什么|凭啥|怎么(?!称呼)|怎样|咋|如何|何以|原因|缘故|什么意思|什么意义|什么作用"
    r"|什么好处|什么影响|意味着什么|有何"
)
# Yes or no: the evidence is the answer, so the whole sentence is quoted.
_DECIDING = re.compile(
    r"[吗么嘛][？?。！!\s]*$|是不是|是否|有没有|能不能|会不会|可不可以|对不对|要不要|算不算|能否|可否"
)
# 「有没有多少…」 asks for a number all the same; 「什么么」 is no question mark.
_AMOUNT = re.compile(r"多少|几[个家名人年月天次条项]|谁|哪里|哪儿|哪年|什么时候|何时")


def expected_kind(question: str) -> ExpectedKind:
    """Return the kind of answer that the wording of `question` asks for."""
    if _SEVERAL.search(question):
        return "list"
    if _AMOUNT.search(question):
        return "span"
    if _TELLING.search(question) or _DECIDING.search(question):
        return "passage"
    return "span"
