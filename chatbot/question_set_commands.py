"""`wenda test` and `wenda compare`: thin, as chatbot.cli is.

Beside the package they serve, whose loading `wenda --help` need not wait for.
"""

from __future__ import annotations

import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from chatbot.command_options import (
    Corpus,
    IndexFolder,
    Model,
    RefuseBelow,
    SynonymsFile,
    seconds,
    settings_of,
    whole_number,
)
from chatbot.terminal import fail, open_bot, progress_bar

if TYPE_CHECKING:
    from chatbot.question_sets import Asker

AllowBroken = Annotated[
    int,
    typer.Option(
        "--allow-broken",
        metavar="N",
        parser=whole_number(0, 1_000_000),
        help="最多允许几题变坏（先前对，这次错）。",
    ),
]
Junit = Annotated[
    Path | None,
    typer.Option(
        "--junit", metavar="FILE", show_default=False, help="写一份 CI 能显示的 JUnit XML。"
    ),
]


def test(
    questions: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="QUESTIONS...",
            show_default=False,
            help="问题集：.xlsx、.csv、.yaml、.json、.jsonl 文件，或放着它们的文件夹。",
        ),
    ] = None,
    corpus: Corpus = None,
    index: IndexFolder = None,
    model: Model = None,
    refuse_below: RefuseBelow = None,
    synonyms: SynonymsFile = None,
    url: Annotated[
        str | None,
        typer.Option("--url", metavar="URL", show_default=False, help="问正在运行的服务。"),
    ] = None,
    answers: Annotated[
        Path | None,
        typer.Option(
            "--answers", metavar="FILE", show_default=False, help="把回答记录逐条写进这个文件。"
        ),
    ] = None,
    fail_under: Annotated[
        list[str] | None,
        typer.Option(
            "--fail-under",
            metavar="SHARE",
            show_default=False,
            help="答对的比例低于它就以状态 1 结束；也可写成 '分数名>=比例'"
            "或 '分数名[tag=标签]>=比例'（加引号），可多次给出。",
        ),
    ] = None,
    report: Annotated[
        Path | None,
        typer.Option(
            "--report",
            metavar="DIR",
            show_default=False,
            help="把报告写进这个文件夹：网页 report.html 和表格 answers.csv。",
        ),
    ] = None,
    junit: Junit = None,
    baseline: Annotated[
        Path | None,
        typer.Option(
            "--baseline",
            metavar="FILE",
            show_default=False,
            help="与早先的 --answers 文件比较，有题变坏就以状态 1 结束。",
        ),
    ] = None,
    allow_broken: AllowBroken = 0,
    concurrency: Annotated[
        int,
        typer.Option("--concurrency", parser=whole_number(1, 64), help="同时提几个问题（--url）。"),
    ] = 1,
    timeout: Annotated[
        float, typer.Option("--timeout", parser=seconds, help="一次提问最多等几秒（--url）。")
    ] = 30.0,
    retries: Annotated[
        int,
        typer.Option(
            "--retries",
            parser=whole_number(0, 20),
            help="服务忙或正在重启（429、502、503、504）、连不上或超时，一题最多再试几次（--url）。",
        ),
    ] = 2,
    repeat: Annotated[
        int,
        typer.Option(
            "--repeat", parser=whole_number(1, 1000), help="每题问几遍；有一题回答变了就不算通过。"
        ),
    ] = 1,
    select: Annotated[
        list[str] | None,
        typer.Option(
            "--select",
            metavar="TAG",
            show_default=False,
            help="只问有这个标签的题，可多次给出；failed 表示上次答错的题。",
        ),
    ] = None,
    oracle: Annotated[
        bool,
        typer.Option("--oracle", help="答错的题再直接读对的段落，分清检索失误与阅读失误。"),
    ] = False,
    template: Annotated[
        Path | None,
        typer.Option(
            "--template",
            metavar="FILE",
            show_default=False,
            help="写一份带说明的样例问题集（.xlsx 或 .csv），不提问。",
        ),
    ] = None,
) -> None:
    """Run question sets in process or against a live server, and gate on the scores."""
    from rich.console import Console

    from chatbot.question_sets import BotAsker, HttpAsker, run_question_sets, show_report
    from chatbot.question_sets.last_run import LastRun
    from chatbot.question_sets.outputs import Outputs
    from index.bundled_model import cache_folder

    if template is not None:
        _write_template(template)
        return
    if not questions:
        fail("没有给出问题集，例如 wenda test 题.xlsx；用 wenda test --help 查看用法")
    if oracle and url is not None:
        fail("--oracle 要在本机读文章，不能与 --url 同用；请去掉其中一个")
    settings = settings_of(corpus, index, model, refuse_below, synonyms)
    stopping = threading.Event()

    def open_asker() -> Asker:
        if url is None:
            return BotAsker(open_bot(settings))
        return HttpAsker(url, timeout=timeout, retries=retries, stopping=stopping)

    with progress_bar("提问") as progress:
        found = run_question_sets(
            questions,
            open_asker,
            answers=answers,
            fail_under=fail_under or (),
            concurrency=concurrency,
            progress=progress,
            repeat=repeat,
            select=select or (),
            last_run=LastRun(cache_folder() / "last-runs"),
            oracle=oracle,
            stopping=stopping,
            outputs=Outputs(
                report=report, junit=junit, baseline=baseline, allow_broken=allow_broken
            ),
        )
    show_report(found, Console())
    for path in found.written:
        print(f"写好了 {path}", file=sys.stderr)
    if not found.held:
        raise typer.Exit(found.status)


def compare(
    before: Annotated[Path, typer.Argument(metavar="A", help="先前一次的 --answers 文件。")],
    after: Annotated[Path, typer.Argument(metavar="B", help="后来一次的 --answers 文件。")],
    questions: Annotated[
        list[Path] | None,
        typer.Option(
            "--questions",
            metavar="FILE",
            show_default=False,
            help="按这个问题集的期望重新评分，可多次给出；默认用 B 里记下的期望。",
        ),
    ] = None,
    allow_broken: AllowBroken = 0,
    report: Annotated[
        Path | None,
        typer.Option(
            "--report",
            metavar="DIR",
            show_default=False,
            help="把 B 的报告连同比较写进这个文件夹：网页 report.html 和表格 answers.csv。",
        ),
    ] = None,
    junit: Junit = None,
) -> None:
    """Compare two answers files, both scored by the same expectations."""
    from rich.console import Console

    from chatbot.question_sets.comparing import compare_files
    from chatbot.question_sets.comparison_table import show_comparison

    found = compare_files(
        before, after, questions or (), allowed=allow_broken, report=report, junit=junit
    )
    assert found.comparison is not None
    show_comparison(found.comparison, Console())
    for path in found.written:
        print(f"写好了 {path}", file=sys.stderr)
    if not found.held:
        raise typer.Exit(1)


def _write_template(path: Path) -> None:
    from chatbot.question_sets.template import write_template

    write_template(path)
    print(f"写好了样例 {path}；改成自己的题，再用 wenda test {path} 来跑。")
