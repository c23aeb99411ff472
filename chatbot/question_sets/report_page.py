"""--report: a run as one HTML page that opens anywhere and asks no other machine for anything."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from importlib.resources import files
from pathlib import Path
from typing import Any

from chatbot.question_sets import plots
from chatbot.question_sets.baseline import Comparison
from chatbot.question_sets.calibration import calibration_error, reliability, risk_coverage
from chatbot.question_sets.evidence import cited_paragraphs
from chatbot.question_sets.failures import Failure, total
from chatbot.question_sets.gates import Verdict
from chatbot.question_sets.outcomes import Outcome
from chatbot.question_sets.reasons import REASONS
from chatbot.question_sets.scoring import QuestionScore
from chatbot.question_sets.summary import AUROC, LABELS, MEASURES, Score, Summary
from chatbot.question_sets.wording import KINDS, MEANINGS, expected, given, verdict, why

_PAGE = files("chatbot.question_sets") / "page"
# The columns of the tables by tag and by kind.
_GROUPED = tuple(MEASURES)


def write_page(
    path: Path,
    outcomes: Iterable[Outcome],
    scores: Sequence[QuestionScore],
    summary: Summary,
    *,
    when: datetime,
    verdicts: Sequence[Verdict] = (),
    comparison: Comparison | None = None,
    notes: Sequence[str] = (),
    sources: Sequence[str] = (),
    failures: Sequence[Failure] = (),
) -> None:
    """Write the page of a run; `outcomes` are written as they are read, never all held.

    `sources` are what the question sets are called; `failures` stand below the outcomes.

    Whatever a user or an article wrote is escaped, and the page's own policy lets nothing run but
    its own script and asks nobody for anything. Raises OSError.
    """
    from jinja2 import Environment, FunctionLoader, StrictUndefined

    environment = Environment(
        loader=FunctionLoader(lambda name: (_PAGE / name).read_text("utf-8")),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"share": share, "score": shown_score, "end": _shown_end}
    style, script = ((_PAGE / name).read_text("utf-8") for name in ("report.css", "report.js"))
    tags = {tag: number for number, tag in enumerate(summary.tags)}
    points = risk_coverage(scores)
    bins = reliability(scores)
    page = environment.get_template("report.html").stream(
        style=style,
        script=script,
        policy=_policy(style, script),
        when=when.strftime("%Y-%m-%d %H:%M"),
        summary=summary,
        labels=LABELS,
        meanings=MEANINGS,
        figures=figures(summary, scores, verdicts),
        sources=sources,
        grouped=[name for name in _GROUPED if summary.scores[name].value is not None],
        behaviour=behaviour(scores),
        bins=bins,
        calibration_error=calibration_error(bins),
        points=points,
        plots=plots,
        verdicts=verdicts,
        comparison=comparison,
        expected=expected,
        notes=[*notes, *([total(failures)] if failures else [])],
        failures=failures,
        kinds=KINDS,
        reasons=REASONS,
        tags=tags,
        questions=(_shown(outcome, tags) for outcome in outcomes),
    )
    page.enable_buffering(50)
    # Half a character, which no file can hold, becomes a reference to it: browsers show �.
    page.dump(str(path), encoding="utf-8", errors="xmlcharrefreplace")


@dataclass(frozen=True, slots=True)
class Figure:
    """What the page says first, in large: `state` is "right", "wrong" or "" for neither."""

    label: str
    value: str
    detail: str
    state: str = ""


def figures(
    summary: Summary, scores: Sequence[QuestionScore], verdicts: Sequence[Verdict]
) -> list[Figure]:
    """Return the few figures that tell how a run went; none where nothing was scored."""
    found = []
    for name in ("right", "answered", "refusal"):
        score = summary.scores[name]
        if score.value is not None and score.interval is not None:
            low, high = score.interval
            held = sum(bool(MEASURES[name].of(it)) for it in scores)
            detail = f"{score.questions} 题中的 {held} 题；95% 区间 {low:.0%}–{high:.0%}"
            found.append(Figure(LABELS[name], share(score.value), detail))
    if found and summary.latency:
        found.append(
            Figure(
                "用时中位数",
                _duration(summary.latency.p50),
                f"p95 {_duration(summary.latency.p95)}",
            )
        )
    if verdicts:
        held = sum(verdict.held for verdict in verdicts)
        state = "right" if held == len(verdicts) else "wrong"
        word = "全部达标" if state == "right" else f"{len(verdicts) - held} 项未达标"
        found.append(Figure("门槛", f"{held} / {len(verdicts)}", word, state))
    return found


def _duration(milliseconds: float) -> str:
    """Return a time in the unit that suits it."""
    if milliseconds < 1000:
        return f"{milliseconds:.0f} 毫秒"
    return f"{milliseconds / 1000:.1f} 秒"


def behaviour(scores: Sequence[QuestionScore]) -> dict[tuple[bool, bool], int]:
    """Return how many questions there are by (answerable, answered)."""
    counts = {
        (answerable, answered): 0 for answerable in (True, False) for answered in (True, False)
    }
    for score in scores:
        if score.answerable is not None:
            counts[score.answerable, score.answered] += 1
    return counts


def share(value: float | None) -> str:
    """Return a share as a percentage, – for none."""
    return "–" if value is None else f"{value:.1%}"


def shown_score(score: Score, name: str) -> str:
    """Return the value of a score as the table in the terminal has it."""
    return f"{score.value:.3f}" if name == AUROC and score.value is not None else share(score.value)


def _shown_end(score: Score, end: int, name: str) -> str:
    """Return an end of a score's interval as its value is shown."""
    return "–" if score.interval is None else shown_score(Score(score.interval[end], 0), name)


def _policy(style: str, script: str) -> str:
    """Return the page's content security policy: this style and this script, and nothing else."""

    def source(text: str) -> str:
        digest = hashlib.sha256(text.encode()).digest()
        return f"'sha256-{base64.b64encode(digest).decode()}'"

    return (
        f"default-src 'none'; style-src {source(style)}; script-src {source(script)}; "
        "base-uri 'none'; form-action 'none'"
    )


def _shown(outcome: Outcome, tags: Mapping[str, int]) -> dict[str, Any]:
    """Return what the page shows of one question."""
    right = outcome.score.right
    return {
        "question": outcome.question,
        "record": outcome.record,
        "score": outcome.score,
        "state": "none" if right is None else "right" if right else "wrong",
        "verdict": verdict(outcome),
        "reason": outcome.reason or "",
        "why": why(outcome),
        "expected": expected(outcome.question),
        "given": given(outcome.record),
        "paragraphs": cited_paragraphs(outcome.record),
        # Numbers, because a tag may hold anything, spaces as well.
        "tags": " ".join(str(tags[tag]) for tag in outcome.question.tags if tag in tags),
        "measured": list(_measured(outcome.score)),
    }


def _measured(score: QuestionScore) -> Iterator[tuple[str, str]]:
    for name in ("paragraph", "sentence", "exact", "f1", "items_found", "items_right"):
        value = getattr(score, name)
        if isinstance(value, bool):
            yield LABELS[name], "是" if value else "否"
        elif value is not None:
            yield LABELS[name], share(value)
