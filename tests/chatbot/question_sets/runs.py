"""Made-up runs of any size, as a report meets them."""

from __future__ import annotations

import random

from chatbot.question_sets.outcomes import Outcome, outcome
from chatbot.question_sets.question_set import Question
from tests.chatbot.question_sets.records import given, refused

_PARAGRAPH = (
    "成绩背后，是海天对于创新的坚守与执着。年逾八旬的海天集团创始人张静章说，海天每年拿出销售收入的"
    "{share}用于技术研发，不断迭代产品技术，从速度、精密度、节能环保等各个方面向“世界第一”冲刺，即便在"
    "最困难的年份也没停止过。2023年，北仑实现外贸进出口总额4501.6亿元，占全国比重10.78%。"
)
_TAGS = ("数字", "人名", "追问", "换说法", "敏感")


def made_up_run(questions: int, seed: int = 7) -> list[Outcome]:
    """Return outcomes of all kinds: right and wrong, refused, of tags, with an oracle, unscored."""
    choose = random.Random(seed)
    found = []
    for number in range(questions):
        share = f"{choose.randint(1, 99)}%"
        paragraph = _PARAGRAPH.format(share=share)
        sentence = paragraph.split("。")[1] + "。"
        question = Question(
            id=f"q{number + 1}",
            question=f"第 {number + 1} 问：海天把多少收入投到研发？",
            answers=(share,) if number % 7 else (),
            evidence="海天每年拿出" if number % 3 else None,
            answerable=None if number % 50 == 0 else number % 7 > 0,
            history=("海天的创始人是谁？",) if number % 11 == 0 else (),
            tags=(_TAGS[number % 5],) if number % 4 else (),
            source="题.xlsx",
        )
        confidence = choose.random()
        if confidence < 0.15:
            record = refused(confidence=confidence, milliseconds=choose.uniform(20, 400))
        else:
            words = share if choose.random() < confidence else "张静章"
            record = given(
                words,
                sentence,
                paragraph,
                confidence=confidence,
                milliseconds=choose.uniform(20, 400),
            )
        if number % 13 == 0:
            record["oracle"] = given(share, sentence, paragraph)
        found.append(outcome(question, record))
    return found
