"""Which kind of answer a question asks for: clear rules and a small trained classifier together.

The rules know wordings, the reader's network, which the classifier goes by, what a question asks
for; together they are right more often on questions that neither was made from
(`python -m benchmarks.honesty`).
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from chatbot.answer_type import expected_kind, sought
from chatbot.fitted_numbers import fitted_numbers
from chatbot.question_parts import EACH
from chatbot.reader_model import ReaderModel
from chatbot.small_talk import small_talk_reply
from corpus.document import Document

AskedKind = Literal["span", "list", "passage", "chat"]
KINDS: tuple[AskedKind, ...] = ("span", "list", "passage", "chat")
FORMAT = 4
# 「有几家」 and 「哪个部委」 ask for one thing, unless several are spoken of behind it.
_COUNTING = re.compile(r"(?<!哪)(?:几|多少)[个家位名种座条项款所艘辆张本次批支届轮]|数量")
_ONE = re.compile(r"哪一?[个家位种年款座名项条所]|由谁")
_SEVERAL_BEHIND = re.compile(
    r"分别|[各都，、；]|名字|哪些|哪几|知道|晓得|[也再]说|剩下|其余|另外|其他|还有"
)
# Words that never ask for one thing (哪几个字 does), whatever else the question is about.
_OF_SEVERAL = re.compile(r"哪些|哪几(?!个字)|分别|各自")
# A number or a time that is asked for once is one thing, whatever else the question is about,
# unless each of several has its own (门诊和住院报销多少) and they are not counted together.
_ASKING = re.compile(r"谁|什么|啥|哪|多少|多[大久远高长重深宽]|几(?!乎)|何[时地人]")
_OF_SEVERAL_THINGS = re.compile(rf"[和及、每]|名字|其余|另外|{EACH.pattern}")
_TOGETHER = re.compile(r"[一总]共|加起来|合计")


def by_rule(question: str, documents: Sequence[Document]) -> AskedKind:
    """Return the kind that the wording of `question` alone says."""
    if small_talk_reply(question, documents) is not None:
        return "chat"
    return expected_kind(question)


@dataclass(frozen=True)
class KindRecogniser:
    """Multinomial logistic regression on the reader's state, characters and kind by the rules.

    `weights` is (kinds, STATE + kinds + 2 + grams), `intercept` (kinds,), both as KINDS is;
    `grams` are the runs of one to three characters that count. Fitted by `training/fit_kinds.py`
    for the reader that is shipped.
    """

    grams: Mapping[str, int]
    weights: NDArray[np.float64]
    intercept: NDArray[np.float64]

    @classmethod
    def shipped(cls) -> KindRecogniser:
        """Return the one that comes with wenda (`chatbot/weights/kinds.json`)."""
        numbers = fitted_numbers("kinds.json", FORMAT)
        return cls(
            {gram: number for number, gram in enumerate(numbers["grams"])},
            np.array(numbers["weights"]),
            np.array(numbers["intercept"]),
        )

    def probabilities(
        self, question: str, model: ReaderModel, documents: Sequence[Document]
    ) -> dict[AskedKind, float]:
        """Return how likely each kind is (0 to 1)."""
        features = signs_of_kind(
            question, model.question_state(question), by_rule(question, documents), self.grams
        )
        scores = self.weights @ features + self.intercept
        powers = [math.exp(score - float(scores.max())) for score in scores.tolist()]
        return {kind: power / sum(powers) for kind, power in zip(KINDS, powers, strict=True)}

    def recognise(
        self, question: str, model: ReaderModel, documents: Sequence[Document]
    ) -> AskedKind:
        """Return the likeliest kind; several things or one where a plain word says so."""
        likely = self.probabilities(question, model, documents)
        kind = max(KINDS, key=lambda kind: likely[kind])
        rule = by_rule(question, documents)
        if rule == "list" and kind != "chat" and _OF_SEVERAL.search(question):
            return "list"
        return "span" if (rule, kind) == ("span", "list") and _asks_one_value(question) else kind


def _asks_one_value(question: str) -> bool:
    """Tell whether a question asks once for a number or a time, and not for those of several."""
    if sought(question).thing not in ("quantity", "time") or len(_ASKING.findall(question)) != 1:
        return False
    return not _OF_SEVERAL_THINGS.search(question) or bool(_TOGETHER.search(question))


def grams_of(question: str) -> set[str]:
    """Return the runs of one to three characters of a question, its ends marked ^ and $."""
    marked = f"^{question.strip('？?。 ')}$"
    return {marked[at : at + size] for size in (1, 2, 3) for at in range(len(marked) - size + 1)}


def signs_of_kind(
    question: str, state: NDArray[np.float32], rule: AskedKind, grams: Mapping[str, int]
) -> NDArray[np.float64]:
    """Return the features of a question: the reader's state, (STATE,), the rules' kind, whether it
    counts or asks for one, its `grams`.
    """
    asked = [pattern.search(question) for pattern in (_COUNTING, _ONE)]
    one = [
        float(match is not None and not _SEVERAL_BEHIND.search(question, match.start()))
        for match in asked
    ]
    held = np.zeros(len(grams))
    held[[grams[gram] for gram in grams_of(question) if gram in grams]] = 1.0
    return np.concatenate([state, [float(kind == rule) for kind in KINDS], one, held])
