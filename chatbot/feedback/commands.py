"""`wenda feedback`: look through what visitors said, and take it away as a question set."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from chatbot.settings import feedback_file

if TYPE_CHECKING:
    from chatbot.feedback.entry import Feedback

app = typer.Typer(
    help="看访客的评价，或导出成问题集。",
    rich_markup_mode=None,
    no_args_is_help=True,
)

FeedbackFile = Annotated[
    Path | None,
    typer.Option(
        "--feedback",
        envvar="WENDA_FEEDBACK",
        metavar="FILE",
        show_default=False,
        help="存放评价的文件；默认在用户数据目录里。",
    ),
]

NoFeedback = Annotated[
    bool,
    typer.Option(
        "--no-feedback",
        envvar="WENDA_NO_FEEDBACK",
        show_default=False,
        help="不收评价：回答下面没有拇指，什么都不存。",
    ),
]


@app.command("list", help="逐条列出评价。")
def list_feedback(feedback: FeedbackFile = None) -> None:
    """Print every entry for a reader."""
    for entry in _entries(feedback):
        print("\n".join(_lines(entry)))


@app.command(help="导出成问题集（JSON Lines），用 wenda test 来跑。")
def export(
    feedback: FeedbackFile = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            metavar="FILE",
            show_default=False,
            help="写进这个新文件；默认写到标准输出。",
        ),
    ] = None,
) -> None:
    """Write all feedback as a question set."""
    from chatbot.feedback.question_set import OPEN_TAG, question_set, to_json_lines

    rows = question_set(_entries(feedback))
    if not rows:
        return
    text = to_json_lines(rows)
    if output is None:
        print(text, end="")
    else:
        _write(output, text)
    unknown = sum(OPEN_TAG in row["tags"] for row in rows)
    print(_said(len(rows), unknown, output), file=sys.stderr)


def _entries(chosen: Path | None) -> tuple[Feedback, ...]:
    """Return all feedback; says on stderr where there is none."""
    from chatbot.feedback.store import FeedbackStore

    store = FeedbackStore(feedback_file(chosen))
    entries = store.all()
    if not entries:
        print(f"还没有评价（{store.path}）。", file=sys.stderr)
    return entries


def _lines(entry: Feedback) -> Iterator[str]:
    word = "赞" if entry.rating == "up" else "踩"
    yield f"{entry.given}  {word}  {_printable(entry.question)}"
    answer = entry.record.get("answer")
    yield f"    回答：{'（没有回答）' if answer is None else _printable(answer)}"
    if entry.proposed:
        yield f"    应为：{_printable(entry.proposed)}"
    elif entry.answerable is False:
        yield "    应为：（文章里没有）"
    if entry.reason:
        yield f"    理由：{_printable(entry.reason)}"


def _printable(text: str) -> str:
    """Return visitors' words without what would move a terminal's cursor or colour it."""
    return "".join(char if char.isprintable() else " " for char in text)


def _write(path: Path, text: str) -> None:
    """Write a new file; a tester may have worked on one that is there already."""
    from chatbot.question_sets.question_set import ReportFileError, why_not

    try:
        with path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except FileExistsError:
        raise ReportFileError(f"--output {path}：已经有这个文件，没有动它；请换一个名字") from None
    except OSError as error:
        raise ReportFileError(f"--output {path}：写不了，{why_not(error)}") from None


def _said(count: int, unknown: int, output: Path | None) -> str:
    where = "" if output is None else f"到 {output}；用 wenda test {output} 来跑"
    more = f"其中 {unknown} 题只知道答错了，请补上 answer（标签“待补答案”）。" if unknown else ""
    return f"导出 {count} 题{where}。{more}"
