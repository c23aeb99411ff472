"""The scores of a whole run against independent implementations, on 500 made-up answers."""

import random
import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from sklearn.calibration import calibration_curve
from sklearn.metrics import roc_auc_score

from chatbot.question_sets.calibration import calibration_error, reliability
from chatbot.question_sets.outcomes import outcome
from chatbot.question_sets.question_set import Question
from chatbot.question_sets.summary import summarise
from tests.chatbot.question_sets.records import given, refused

ARTICLE = Path(__file__).parents[3] / "corpus" / "articles" / "beilun-fenji.txt"

# What the official script of CMRC 2018 drops; what it does is written anew below.
DROPPED = frozenset("-:_*^/\\~`+=，。：？！“”；’《》·、「」（）－～『』…")


def mixed_segmentation(text: str) -> list[str]:
    """Each Han character, and what NLTK's word_tokenize makes of the rest."""
    segments, word = [], ""
    for char in text.lower().strip():
        if char in DROPPED:
            continue
        if "\u4e00" <= char <= "\u9fa5":
            segments += [*tokens(word), char]
            word = ""
        else:
            word += char
    return [*segments, *tokens(word)]


def tokens(word: str) -> list[str]:
    return re.findall(r"[%#&@]|[^\s%#&@]+", word)


def longest_common_run(left: Sequence[str], right: Sequence[str]) -> int:
    """By dynamic programming, as the script does it."""
    lengths = [[0] * (len(right) + 1) for _ in range(len(left) + 1)]
    longest = 0
    for i, one in enumerate(left):
        for j, other in enumerate(right):
            if one == other:
                lengths[i + 1][j + 1] = lengths[i][j] + 1
                longest = max(longest, lengths[i + 1][j + 1])
    return longest


def official_f1(answer: str, accepted: Sequence[str]) -> float:
    scores = [0.0]
    for text in accepted:
        wanted, found = mixed_segmentation(text), mixed_segmentation(answer)
        common = longest_common_run(wanted, found)
        if common:
            precision, recall = common / len(found), common / len(wanted)
            scores.append(2 * precision * recall / (precision + recall))
    return max(scores)


def official_exact(answer: str, accepted: Sequence[str]) -> bool:
    def bare(text: str) -> str:
        return "".join(char for char in text.lower().strip() if char not in DROPPED)

    return any(bare(text) == bare(answer) for text in accepted)


def made_up(seed: int = 2018) -> list[tuple[list[str], str | None, float]]:
    """Return 500 times what is accepted, an answer (None for a refusal) and its confidence.

    The answers are cut out of the article where an accepted one stands or near it, as those of a
    reader that is sometimes wrong; some are punctuated otherwise, some stand elsewhere.
    """
    choose = random.Random(seed)
    # Left out is what wenda alone ignores, or takes for the end of a word: see comparison.py.
    text = re.sub(r"\s+|[()\[\]{}<>\"'.,!?;‘—]|、(?=[A-Z])", "", ARTICLE.read_text("utf-8"))
    rows: list[tuple[list[str], str | None, float]] = []
    while len(rows) < 500:
        start = choose.randrange(len(text) - 60)
        length = choose.randint(1, 20)
        wanted = text[start : start + length]
        low, high = start + choose.randint(-4, 4), start + length + choose.randint(-4, 4)
        answer = [
            text[start : start + length],
            f"“{wanted}”。",
            text[max(low, 0) : max(high, low + 1)],
            text[max(low, 0) : max(high, low + 1)],
            text[choose.randrange(len(text) - 9) :][: choose.randint(1, 9)],
        ][choose.randrange(5)]
        if not (mixed_segmentation(wanted) and mixed_segmentation(answer)):
            continue
        also = text[start : start + length + 3]
        accepted = [wanted, also] if choose.random() < 0.3 else [wanted]
        confidence = round(choose.random(), 6)
        rows.append((accepted, None if choose.random() < 0.1 else answer, confidence))
    return rows


def test_500_answers_agree_with_the_official_cmrc_script_and_scikit_learn() -> None:
    rows = made_up()
    outcomes, exact, f1, right, gave = [], [], [], [], []
    for number, (accepted, answer, confidence) in enumerate(rows):
        # One question in five should have been refused.
        answerable = number % 5 > 0
        question = Question(
            str(number),
            "？",
            tuple(accepted) if answerable else (),
            answerable=answerable,
        )
        record = refused(confidence=confidence)
        if answer is not None:
            record = given(answer, answer, answer, confidence=confidence)
        outcomes.append(outcome(question, record))
        if answerable:
            exact.append(answer is not None and official_exact(answer, accepted))
            f1.append(official_f1(answer, accepted) if answer is not None else 0.0)
        if answer is not None:
            gave.append(confidence)
            # Whether numbers contradict each other no script judges: see test_scoring.py.
            right.append(bool(outcomes[-1].score.right))
            assert not right[-1] or (answerable and f1[-1] >= 0.5)

    scores = [it.score for it in outcomes]
    of_answerable = [score for score in scores if score.answerable]
    assert [score.exact for score in of_answerable] == exact
    assert [score.f1 for score in of_answerable] == pytest.approx(f1)

    summary = summarise(scores).scores
    assert summary["exact"].value == pytest.approx(np.mean(exact))
    assert summary["f1"].value == pytest.approx(np.mean(f1))
    assert 0.1 < np.mean(exact) < np.mean(f1) < 0.9  # else the answers would prove little

    truth = [score.answerable for score in scores]
    auroc = roc_auc_score(truth, [score.confidence for score in scores])
    assert summary["auroc"].value == pytest.approx(auroc)

    shares, means = calibration_curve(right, gave, n_bins=10, strategy="uniform")
    counts = np.histogram(gave, bins=10, range=(0, 1))[0]
    error = float(np.average(np.abs(shares - means), weights=counts[counts > 0]))
    assert calibration_error(reliability(scores)) == pytest.approx(error)
