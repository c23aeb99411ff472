"""The comparison of two runs in the terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from chatbot.question_sets.baseline import Change, Comparison
from chatbot.question_sets.question_set import Question
from chatbot.question_sets.wording import expected

if TYPE_CHECKING:
    from rich.console import Console


def show_comparison(comparison: Comparison, out: Console) -> None:
    """Print what changed, the worst last, right above the line that says whether it held."""
    for line in lines(comparison):
        out.print(line, markup=False, highlight=False, emoji=False, soft_wrap=True)


def lines(comparison: Comparison) -> Iterator[str]:
    """Yield the comparison line by line, the verdict at the end."""
    yield from _questions("缺题（先前问过，这次没有）", comparison.gone)
    yield from _questions("新题（先前没有问过）", comparison.new)
    yield from _changes("改答（回答不同，对错没变）", comparison.changed)
    yield from _changes("变好（先前错，这次对）", comparison.fixed)
    yield from _changes("变坏（先前对，这次错）", comparison.broken)
    yield (
        f"比较：变坏 {len(comparison.broken)}，变好 {len(comparison.fixed)}，"
        f"改答 {len(comparison.changed)}，没变 {comparison.same}，"
        f"新题 {len(comparison.new)}，缺题 {len(comparison.gone)}"
    )
    if not comparison.compared:
        yield "未达标：没有一题两次都问过，没有可比的"
        return
    if comparison.p_value is None:
        yield "没有一题两次都评了分，所以说不出变好还是变坏。"
        return
    yield (
        f"两次都评了分的 {comparison.scored} 题：先前答对 {comparison.right_before}，"
        f"这次答对 {comparison.right_after}；McNemar 精确检验（双侧）p = {comparison.p_value:.3g}"
    )
    word = "达标" if comparison.held else "未达标"
    yield f"{word}：变坏 {len(comparison.broken)} 题，允许 {comparison.allowed} 题"


def _changes(title: str, changes: Sequence[Change]) -> Iterator[str]:
    if not changes:
        return
    yield f"{title}：{len(changes)} 题"
    for change in changes:
        wanted = expected(change.question)
        hint = f"（期望 {_flat(wanted)}）" if wanted else ""
        yield f"  {_named(change.question)}{hint}"
        yield f"    先前 {_flat(change.before)}"
        yield f"    这次 {_flat(change.after)}"
    yield ""


def _questions(title: str, questions: Sequence[Question]) -> Iterator[str]:
    if not questions:
        return
    yield f"{title}：{len(questions)} 题"
    for question in questions:
        yield f"  {_named(question)}"
    yield ""


def _named(question: Question) -> str:
    return f"{_flat(question.id)} {_flat(question.question)}"


def _flat(text: str) -> str:
    """Return `text` on one line and without what a terminal would obey."""
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())
