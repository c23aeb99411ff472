"""The scores of a run as a table in the terminal."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from chatbot.question_sets.summary import AUROC, LABELS, Score, Summary

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.table import Table

_NOTHING = "–"
# The columns of the table by tag, with headings short enough for a terminal of 80 columns.
_BY_TAG = {
    "right": "答对",
    "paragraph": "段落",
    "sentence": "句子",
    "exact": "一致",
    "f1": "F1",
    "items_found": "找全",
    "items_right": "无误",
    "answered": "作答",
    "refusal": "拒答",
}
_TAG_WIDTH = 10  # at least; a longer tag is folded where there is no more room


def tables(summary: Summary) -> list[RenderableType]:
    """Return what is shown of a run: the scores with their intervals, by tag, and the latency."""
    if not summary.questions:
        return []
    shown: list[RenderableType] = []
    if summary.scored:
        shown += [_scores(summary), ""]
        if summary.tags:
            shown += [_tags(summary), ""]
        if summary.scored < summary.questions:
            unscored = summary.questions - summary.scored
            shown.append(f"另有 {unscored} 题没有写明该怎样回答，只记录了回答。")
    else:
        shown.append(f"{summary.questions} 题都没有写明该怎样回答，只记录了回答，没有分数。")
    if summary.latency:
        shown.append(
            f"用时：中位数 {summary.latency.p50:.1f} 毫秒，p95 {summary.latency.p95:.1f} 毫秒，"
            f"p99 {summary.latency.p99:.1f} 毫秒"
        )
    return shown


def _scores(summary: Summary) -> Table:
    table = _table("分数", "值", "95% 区间", "题数")
    for name, label in LABELS.items():
        score = summary.scores[name]
        if score.value is None:
            continue
        interval = _NOTHING
        if score.interval:
            low, high = (_value(name, replace(score, value=end)) for end in score.interval)
            interval = f"{low} – {high}"
        table.add_row(f"{label} {name}", _value(name, score), interval, str(score.questions))
    return table


def _tags(summary: Summary) -> Table:
    from rich.text import Text

    used = [name for name in _BY_TAG if summary.scores[name].value is not None]
    table = _table("标签", "题数", *(_BY_TAG[name] for name in used))
    for tag, tagged in summary.tags.items():
        values = (_value(name, tagged.scores[name]) for name in used)
        # Text, because a tag is the tester's: [b] in it is not markup.
        table.add_row(Text(tag), str(tagged.questions), *values)
    return table


def _table(first: str, *rest: str) -> Table:
    from rich.box import SIMPLE
    from rich.table import Table

    table = Table(box=SIMPLE, pad_edge=False, show_edge=False)
    table.add_column(first, overflow="fold", min_width=_TAG_WIDTH)
    for heading in rest:
        table.add_column(heading, justify="right", no_wrap=True)
    return table


def _value(name: str, score: Score) -> str:
    if score.value is None:
        return _NOTHING
    return f"{score.value:.3f}" if name == AUROC else f"{score.value:.1%}"
