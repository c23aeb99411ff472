"""Whether wenda knows what the articles do not say, on questions that nothing was fitted on.

    python -m benchmarks.honesty [--questions 120]

writes `benchmarks/results/honesty.json` and plots beside it: the two-by-two of answered and
answerable, refusals by kind, AUROC, calibration, risk against coverage, lists, kinds of answer.
The cases are the reporting part of `training/answering_cases.py` (half of the questions on the
article, others of cmrc2018_dev and cjrc_dev than were fitted on); small talk and what is asked from
outside the article's world go through the whole bot.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping, Sequence
from itertools import chain
from pathlib import Path
from typing import Any

from benchmarks.machine import stamp
from chatbot.bot import Bot
from chatbot.confidence import Confidence, shipped, signs
from chatbot.kind_recognition import KindRecogniser, by_rule
from chatbot.question_sets import BotAsker, load_question_set
from chatbot.question_sets.calibration import calibration_error, reliability, risk_coverage
from chatbot.question_sets.scoring import QuestionScore, score
from chatbot.question_sets.summary import auroc, wilson
from chatbot.reader import ReadingWeights, SpanReader
from chatbot.reader_model import ReaderModel
from chatbot.settings import Settings
from index.embedding import open_encoder
from training.answering_cases import ARTICLE_SETS, ROOT, Case, load_cases
from training.fit_answering import ANSWERABLE, ranked

RESULTS = ROOT / "benchmarks" / "results"
KINDS = (
    ROOT / "tests" / "questions" / "kinds.jsonl",
    ROOT / "tests" / "questions" / "kinds-second.jsonl",
)
PRECISION = 0.9


def scored(
    case: Case, weights: ReadingWeights, confidence: Confidence, reader: SpanReader
) -> QuestionScore:
    """Return a case as a score whose `answered` is always True: the best guess, refused or not."""
    spans, right, holds = ranked(case, weights)
    if spans:
        spans[0] = reader.compared(case.question, spans[0])
    probability = confidence.probability(signs(case.question, case.passages, spans))
    return QuestionScore(
        id="",
        tags=(case.source, case.kind),
        answerable=case.answerable,
        answered=True,
        confidence=probability,
        milliseconds=0.0,
        right=right,
        sentence=holds,
    )


def share(values: Sequence[bool]) -> dict[str, Any] | None:
    """Return a share with its Wilson 95 % interval and the number of questions."""
    if not values:
        return None
    low, high = wilson(sum(values), len(values))
    return {
        "share": round(sum(values) / len(values), 3),
        "interval": [round(low, 3), round(high, 3)],
        "n": len(values),
    }


def two_by_two(scores: Sequence[QuestionScore], threshold: float) -> dict[str, int]:
    """Return how many answerable and unanswerable questions are answered and refused."""
    return {
        f"{'answerable' if can else 'unanswerable'}, {'answered' if given else 'refused'}": sum(
            s.answerable is can and (s.confidence >= threshold) is given for s in scores
        )
        for can in (True, False)
        for given in (True, False)
    }


def balanced(scores: Sequence[QuestionScore]) -> list[QuestionScore]:
    """Return the scores with at most the share of unanswerable ones that confidence is fitted for.

    It can only be right for some share (`training.fit_answering`); what is left out is spread over
    all.
    """
    able = [one for one in scores if one.answerable]
    unable = [one for one in scores if not one.answerable]
    room = min(len(unable), round(len(able) * (1 - ANSWERABLE) / ANSWERABLE))
    return able + [unable[number * len(unable) // room] for number in range(room)]


def separation(scores: Sequence[QuestionScore], kinds: Sequence[str]) -> float | None:
    """Return the AUROC of answerable against unanswerable questions of these kinds."""
    able = [s.confidence for s in scores if s.answerable]
    unable = [s.confidence for s in scores if not s.answerable and s.tags[1] in kinds]
    value = auroc(able, unable)
    return None if value is None else round(value, 3)


def coverage_at(scores: Sequence[QuestionScore], precision: float) -> float:
    """Return the largest share of questions that can be answered at this precision."""
    points = risk_coverage(scores)
    return round(max((p.coverage for p in points if p.risk <= 1 - precision), default=0.0), 3)


def refused_at_answered(
    scores: Sequence[QuestionScore], kinds: Sequence[str], answered: float
) -> float:
    """Return the share of unanswerable questions refused where `answered` of the others are not.

    At the threshold that these questions themselves would set: what the separation allows.
    """
    able = sorted(s.confidence for s in scores if s.answerable)
    threshold = able[int((1 - answered) * len(able))]
    unable = [s.confidence for s in scores if not s.answerable and s.tags[1] in kinds]
    return round(sum(value < threshold for value in unable) / len(unable), 3)


def through_the_bot(half: str) -> dict[str, Any]:
    """Return what the whole bot does with lists, small talk and questions from elsewhere."""
    bot = Bot.open(Settings())
    asker = BotAsker(bot)
    outside, found, right = [], [], []
    for question in chain.from_iterable(map(load_question_set, ARTICLE_SETS)):
        kind, own_half = question.tags
        if own_half == half and kind in ("outside", "chat"):
            outside.append(not asker.ask(question.question, (), question.id)["answered"])
        if own_half == half and kind == "list":
            result = score(question, asker.ask(question.question, (), question.id))
            found.append(result.items_found or 0.0)
            right.append(result.items_right or 0.0)
    model = ReaderModel()
    recogniser = KindRecogniser.shipped()
    kinds, rules = [], []
    for row in [
        json.loads(line) for path in KINDS for line in path.read_text("utf-8").splitlines()
    ]:
        if row["half"] != half:
            continue
        kind = recogniser.recognise(row["question"], model, bot.documents)
        rules.append(by_rule(row["question"], bot.documents) == row["kind"])
        kinds.append(kind == row["kind"])
    return {
        "outside and small talk, refused or chat": share(outside),
        "list items found": round(sum(found) / len(found), 3),
        "list items right": round(sum(right) / len(right), 3),
        "list questions": len(found),
        "kind recognised": share(kinds),
        "kind recognised by the rules alone": share(rules),
    }


def plot(groups: Mapping[str, Sequence[QuestionScore]], path: Path) -> None:
    """Draw reliability and risk against coverage of each group into one SVG."""
    import matplotlib

    matplotlib.use("svg")
    matplotlib.rcParams["svg.hashsalt"] = "wenda"
    from matplotlib import pyplot

    figure, (left, right) = pyplot.subplots(1, 2, figsize=(11, 4.5))
    left.plot([0, 1], [0, 1], color="grey", linewidth=0.8)
    for name, scores in groups.items():
        bins = reliability(balanced(scores))
        left.plot([b.confidence for b in bins], [b.right for b in bins], "o-", label=name)
        points = risk_coverage(scores)
        right.plot([p.coverage for p in points], [p.risk for p in points], label=name)
    left.set(xlabel="confidence", ylabel="share right", title="Reliability, 10 bins")
    right.set(xlabel="share answered", ylabel="share of answers wrong", title="Risk and coverage")
    left.legend()
    right.legend()
    figure.tight_layout()
    figure.savefig(path, metadata={"Date": None})


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data")
    parser.add_argument("--runs", type=Path, default=ROOT / "runs" / "fitting")
    parser.add_argument("--questions", type=int, default=120, help="of each foreign set")
    options = parser.parse_args()
    numbers = shipped()
    weights = ReadingWeights(**numbers["reader"])
    confidence = Confidence(**numbers["confidence"])
    cases = load_cases(options.data, options.runs, "report", options.questions)
    reader = SpanReader(ReaderModel(), open_encoder(), weights)
    every = [scored(case, weights, confidence, reader) for case in cases]
    article = [s for s in every if s.tags[0] == "article"]
    cmrc = [s for s in every if s.tags[0] == "cmrc"]
    cjrc = [s for s in every if s.tags[0] == "cjrc"]
    threshold = confidence.refuse_below
    absent = ("absent", "followup")
    groups = {"article": article, "CMRC, open": cmrc, "CJRC": cjrc}
    results = {
        "command": f"python -m benchmarks.honesty --questions {options.questions}",
        "machine": stamp(),
        "fitted": numbers["fitted"]["date"],
        "reader": numbers["fitted"]["reader"],
        "refuse_below": threshold,
        "article, reporting half": {
            "answered of answerable": share(
                [s.confidence >= threshold for s in article if s.answerable]
            ),
            "refused of absent": share(
                [
                    s.confidence < threshold
                    for s in article
                    if s.tags[1] in absent and not s.answerable
                ]
            ),
            "refused of outside": share(
                [s.confidence < threshold for s in article if s.tags[1] == "outside"]
            ),
            "refused of absent where 0.95 are answered": refused_at_answered(article, absent, 0.95),
            "AUROC answerable, absent": separation(article, absent),
            "AUROC answerable, outside": separation(article, ("outside",)),
        },
        "open CMRC": {
            "AUROC, paragraph removed": separation(cmrc, ("paragraph removed",)),
            "AUROC, sentence removed": separation(cmrc, ("sentence removed",)),
            "coverage at 90% precision, as it is": coverage_at(
                [s for s in cmrc if s.tags[1] == "as it is"], PRECISION
            ),
        },
        "CJRC": {"AUROC": separation(cjrc, ("impossible",))},
        "answered by answerable": {name: two_by_two(s, threshold) for name, s in groups.items()},
        "expected calibration error": {
            name: round(calibration_error(reliability(balanced(s))) or 0.0, 3)
            for name, s in {**groups, "all": every}.items()
        },
        "threshold": [
            {
                "refuse_below": at / 100,
                "answered of answerable": round(
                    sum(s.confidence >= at / 100 for s in article if s.answerable)
                    / sum(bool(s.answerable) for s in article),
                    3,
                ),
                "refused of unanswerable": round(
                    sum(s.confidence < at / 100 for s in article if not s.answerable)
                    / sum(not s.answerable for s in article),
                    3,
                ),
            }
            for at in range(5, 80, 5)
        ],
        **through_the_bot("report"),
    }
    text = json.dumps(results, ensure_ascii=False, indent=1) + "\n"
    print(text)
    (RESULTS / "honesty.json").write_text(text, encoding="utf-8")
    plot(groups, RESULTS / "honesty.svg")


if __name__ == "__main__":
    main()
