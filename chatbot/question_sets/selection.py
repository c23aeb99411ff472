"""--select: which questions of the sets a run asks."""

from __future__ import annotations

from collections.abc import Sequence

from chatbot.question_sets.last_run import LastRun, mark
from chatbot.question_sets.question_set import Question, SelectionError

FAILED = "failed"
_TAGS_SHOWN = 20


def select(
    questions: Sequence[Question], wanted: Sequence[str], last_run: LastRun | None
) -> list[Question]:
    """Return the questions that any of `wanted` names, all where nothing is wanted, in order.

    Each of `wanted` is a tag, or "failed" for the questions that were wrong when they were last
    asked. Raises SelectionError with a line for each that names no question.
    """
    if not wanted:
        return list(questions)
    chosen: set[int] = set()
    wrong: list[str] = []
    for name in wanted:
        found = _failed(questions, last_run) if name == FAILED else _tagged(questions, name)
        if isinstance(found, str):
            wrong.append(f"--select {name}：{found}")
        else:
            chosen |= found
    if wrong:
        raise SelectionError("\n".join(wrong))
    return [question for number, question in enumerate(questions) if number in chosen]


def _tagged(questions: Sequence[Question], tag: str) -> set[int] | str:
    """Return the indices of the questions with `tag`, or what is wrong with it."""
    found = {number for number, question in enumerate(questions) if tag in question.tags}
    if found:
        return found
    tags = list(dict.fromkeys(tag for question in questions for tag in question.tags))
    if not tags:
        return "这些题都没有标签；给它们写上标签（tags），或去掉这个选项"
    more = f" 等 {len(tags)} 个" if len(tags) > _TAGS_SHOWN else ""
    return f"没有一题有这个标签；有的标签是 {'、'.join(tags[:_TAGS_SHOWN])}{more}"


def _failed(questions: Sequence[Question], last_run: LastRun | None) -> set[int] | str:
    """Return the indices of the questions that were wrong last time, or why there are none."""
    sources = list(dict.fromkeys(question.source for question in questions))
    kept = {source: last_run.failed(source) if last_run else None for source in sources}
    if all(failed is None for failed in kept.values()):
        return "还没有上次的结果；先不加 --select failed 跑一遍"
    found = {
        number
        for number, question in enumerate(questions)
        if mark(question) in (kept[question.source] or ())
    }
    return found or "上次没有答错的题；去掉 --select failed 就问全部的题"
