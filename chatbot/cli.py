"""The command `wenda`: thin; data goes to stdout, talk to stderr, a user's mistake is one line.

Exit status: 0 done and held; 1 a threshold missed or an answer that changed; 2 wrong usage,
unreadable input or a server that did not answer; 130 ended by Ctrl-C.
"""

from __future__ import annotations

import io
import json
import os
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from chatbot.feedback.commands import FeedbackFile
from chatbot.feedback.commands import app as feedback_commands
from chatbot.settings import HOST, PORT, Settings, feedback_file
from chatbot.usage_errors import in_chinese, meant_for_the_user

if TYPE_CHECKING:
    from rich.progress import TaskID

    from chatbot.answer import Answer
    from chatbot.bot import Bot
    from index.updating import IndexUpdate

app = typer.Typer(
    name="wenda",
    help="问答：只用文章的原话回答问题。",
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    add_completion=False,
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.add_typer(feedback_commands, name="feedback")


def _whole_number(low: int, high: int) -> Callable[[str], int]:
    """Return a parser of whole numbers from `low` to `high` that says in Chinese what is wrong."""

    def parse(value: str) -> int:
        try:
            number = int(value)
        except ValueError:
            raise typer.BadParameter(f"“{value}”不是整数") from None
        if not low <= number <= high:
            raise typer.BadParameter(f"{number} 不在 {low} 到 {high} 之间")
        return number

    return parse


def _seconds(value: str) -> float:
    """Parse a time of at most an hour, in seconds."""
    try:
        number = float(value)
    except ValueError:
        raise typer.BadParameter(f"“{value}”不是秒数") from None
    if not 0 < number <= 3600:
        raise typer.BadParameter(f"{value} 不在 0 到 3600 秒之间")
    return number


def _probability(value: str) -> float:
    """Parse a probability, 0 to 1."""
    try:
        number = float(value)
    except ValueError:
        raise typer.BadParameter(f"“{value}”不是 0 到 1 之间的数") from None
    if not 0 <= number <= 1:
        raise typer.BadParameter(f"{value} 不在 0 到 1 之间")
    return number


Corpus = Annotated[
    Path | None,
    typer.Option(
        "--corpus",
        envvar="WENDA_CORPUS",
        metavar="PATH",
        show_default=False,
        help="文章所在的文件夹，或一篇文章；默认是随附的文章。",
    ),
]
IndexFolder = Annotated[
    Path | None,
    typer.Option(
        "--index",
        envvar="WENDA_INDEX",
        metavar="DIR",
        show_default=False,
        help="存放索引的文件夹；默认在用户缓存目录里，每个语料一个。",
    ),
]
Model = Annotated[
    str | None,
    typer.Option(
        "--model",
        envvar="WENDA_MODEL",
        metavar="NAME",
        show_default=False,
        help="别的 sentence-transformers 模型的文件夹或名字；默认是随附的模型。",
    ),
]
RefuseBelow = Annotated[
    float | None,
    typer.Option(
        "--refuse-below",
        envvar="WENDA_REFUSE_BELOW",
        metavar="P",
        parser=_probability,
        show_default=False,
        help="把握低于它就说“文章里没有”；默认值由测量得出。",
    ),
]


AllowBroken = Annotated[
    int,
    typer.Option(
        "--allow-broken",
        metavar="N",
        parser=_whole_number(0, 1_000_000),
        help="最多允许几题变坏（先前对，这次错）。",
    ),
]


def _settings(
    corpus: Path | None, index: Path | None, model: str | None, refuse_below: float | None
) -> Settings:
    """Return the settings, the defaults standing in for what was not given."""
    chosen = Settings(index=index, model=model or None, refuse_below=refuse_below)
    return chosen if corpus is None else replace(chosen, corpus=corpus)


@app.command(help="启动网页聊天和 JSON 接口。")
def serve(
    corpus: Corpus = None,
    index: IndexFolder = None,
    model: Model = None,
    refuse_below: RefuseBelow = None,
    host: Annotated[str, typer.Option("--host", envvar="WENDA_HOST", help="监听的地址。")] = HOST,
    port: Annotated[
        int,
        typer.Option(
            "--port", envvar="WENDA_PORT", parser=_whole_number(1, 65535), help="监听的端口。"
        ),
    ] = PORT,
    allowed_host: Annotated[
        list[str] | None,
        typer.Option(
            "--allowed-host",
            envvar="WENDA_ALLOWED_HOSTS",
            metavar="NAME",
            show_default=False,
            help="访客用来访问的域名，可多次给出（环境变量里用空格隔开）；* 表示任何域名。",
        ),
    ] = None,
    feedback: FeedbackFile = None,
) -> None:
    """Serve the web chat and the API until interrupted."""
    settings = _settings(corpus, index, model, refuse_below)
    # Found out before the server starts: a wrong corpus is a message now, not a page that waits.
    from corpus.loading import load_corpus

    load_corpus(settings.corpus)
    from chatbot.api import create_app, serve

    def build() -> Bot:
        bot = _open(settings)
        bot.examples()  # verified once, before the first visitor
        return bot

    serve(
        create_app(
            build,
            host=host,
            allowed_hosts=allowed_host or (),
            feedback=feedback_file(feedback),
        ),
        host,
        port,
    )


@app.command(help="在终端里提问；不给问题就进入对话。")
def ask(
    question: Annotated[
        str | None, typer.Argument(metavar="[QUESTION]", show_default=False, help="问题。")
    ] = None,
    corpus: Corpus = None,
    index: IndexFolder = None,
    model: Model = None,
    refuse_below: RefuseBelow = None,
    history: Annotated[
        list[str] | None,
        typer.Option(
            "--history", metavar="Q", show_default=False, help="同一对话里先前的问题，可多次给出。"
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="输出回答记录（JSON）。")] = False,
) -> None:
    """Answer one question, or hold a conversation on standard input."""
    bot = _open(_settings(corpus, index, model, refuse_below))
    earlier = list(history or [])
    if question is not None:
        _show(bot.ask(question, earlier), as_json)
        return
    for line in _questions():
        answer = bot.ask(line, earlier)
        _show(answer, as_json)
        earlier.append(line)


@app.command(help="建立或更新索引，并说明变化；--check 只检查。")
def index(
    corpus: Corpus = None,
    index: IndexFolder = None,
    model: Model = None,
    rebuild: Annotated[bool, typer.Option("--rebuild", help="丢开旧索引，全部重建。")] = False,
    check: Annotated[bool, typer.Option("--check", help="只检查磁盘上的索引是否完好。")] = False,
) -> None:
    """Build, update or verify the index."""
    settings = _settings(corpus, index, model, None)
    folder = settings.index_folder()
    if check:
        from index.generation import check_index

        findings = check_index(folder)
        for finding in findings:
            print(finding, file=sys.stderr)
        if findings:
            raise typer.Exit(1)
        print(f"索引完好：{folder}")
        return
    from corpus.loading import load_corpus
    from index.embedding import open_encoder
    from index.updating import update_index

    documents = load_corpus(settings.corpus)
    with _progress("编码段落") as progress:
        update = update_index(
            documents, folder, open_encoder(settings.model), rebuild=rebuild, progress=progress
        )
    _say_update(update, always=True)


@app.command(help="跑问题集，给出分数。")
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
    junit: Annotated[
        Path | None,
        typer.Option(
            "--junit", metavar="FILE", show_default=False, help="写一份 CI 能显示的 JUnit XML。"
        ),
    ] = None,
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
        typer.Option(
            "--concurrency", parser=_whole_number(1, 64), help="同时提几个问题（--url）。"
        ),
    ] = 1,
    timeout: Annotated[
        float, typer.Option("--timeout", parser=_seconds, help="一次提问最多等几秒（--url）。")
    ] = 30.0,
    retries: Annotated[
        int,
        typer.Option(
            "--retries",
            parser=_whole_number(0, 20),
            help="服务忙（429、503）、连不上或超时，一题最多再试几次（--url）。",
        ),
    ] = 2,
    repeat: Annotated[
        int,
        typer.Option(
            "--repeat", parser=_whole_number(1, 1000), help="每题问几遍；有一题回答变了就不算通过。"
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
    from chatbot.question_sets.asking import Asker
    from chatbot.question_sets.last_run import LastRun
    from chatbot.question_sets.outputs import Outputs
    from index.bundled_model import cache_folder

    if template is not None:
        _write_template(template)
        return
    if not questions:
        _fail("缺少 QUESTIONS...；用 wenda --help 查看用法")
    if oracle and url is not None:
        _fail("--oracle 要在本机读文章，不能与 --url 同用；请去掉其中一个")
    settings = _settings(corpus, index, model, refuse_below)
    stopping = threading.Event()

    def open_asker() -> Asker:
        if url is None:
            return BotAsker(_open(settings))
        return HttpAsker(url, timeout=timeout, retries=retries, stopping=stopping)

    with _progress("提问") as progress:
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


@app.command(help="比较两次运行的回答，不提问。")
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
) -> None:
    """Compare two answers files, both scored by the same expectations."""
    from rich.console import Console

    from chatbot.question_sets import baseline, load_question_sets
    from chatbot.question_sets.comparison_table import show_comparison
    from chatbot.question_sets.outcomes import read_outcomes

    found = baseline.compare(
        read_outcomes(before),
        read_outcomes(after),
        questions=load_question_sets(questions or ()),
        allowed=allow_broken,
    )
    show_comparison(found, Console())
    if not found.held:
        raise typer.Exit(1)


def _write_template(path: Path) -> None:
    from chatbot.question_sets.template import write_template

    write_template(path)
    print(f"写好了样例 {path}；改成自己的题，再用 wenda test {path} 来跑。")


def _open(settings: Settings) -> Bot:
    """Open the bot, with progress and a word on what changed in the index."""
    from chatbot.bot import Bot

    with _progress("编码段落") as progress:
        return Bot.open(settings, progress=progress, on_update=_say_update)


@contextmanager
def _progress(what: str) -> Iterator[Callable[[int, int], None]]:
    """Give a function to report (done, all) to: a bar on a terminal's stderr, else nothing."""
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True, disable=_quiet()) as bar:
        task: list[TaskID] = []

        def report(done: int, total: int) -> None:
            if not task:
                task.append(bar.add_task(what, total=total))
            bar.update(task[0], completed=done, total=total)

        yield report


def _quiet() -> bool:
    return not sys.stderr.isatty()


def _say_update(update: IndexUpdate, always: bool = False) -> None:
    """Say on stderr what changed in the index, and why an old one was not used."""
    if update.reason:
        print(update.reason, file=sys.stderr)
    if not always and not update.encoded and not update.removed:
        return
    parts = [
        f"{word} {len(ids)} 篇"
        for word, ids in (
            ("新增", update.added),
            ("更改", update.changed),
            ("删除", update.removed),
            ("未变", update.unchanged),
        )
        if ids
    ]
    print(f"索引：{'，'.join(parts) or '没有文章'}；编码 {update.encoded} 段。", file=sys.stderr)


def _questions() -> Iterator[str]:
    """Yield the questions of a conversation: lines of stdin, prompted for on a terminal."""
    talking = sys.stdin.isatty()
    if talking:
        print("请输入问题，空行或 Ctrl-D 结束。", file=sys.stderr)
    while True:
        if talking:
            print("问> ", end="", file=sys.stderr, flush=True)
        try:
            line = sys.stdin.readline()
        except KeyboardInterrupt:
            return
        if not line or (talking and not line.strip()):
            return
        if line.strip():
            yield line.strip()


def _show(answer: Answer, as_json: bool) -> None:
    """Print one answer: its record, or plain text for a reader."""
    if as_json:
        print(json.dumps(answer.record(), ensure_ascii=False), flush=True)
        return
    from chatbot.reply import plain_reply

    print(plain_reply(answer), end="\n\n", flush=True)


def _fail(message: str) -> NoReturn:
    """End with a line for the user (a broken question set has one for each mistake)."""
    print(f"wenda：{message}", file=sys.stderr)
    sys.exit(2)


def main() -> NoReturn:
    """Run the command; every mistake of the user's ends in one line and status 2."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # Windows would write its own code page
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    try:
        status = app(standalone_mode=False)
    except typer.TyperException as error:
        if type(error).__name__ == "NoArgsIsHelpError":
            print(error.format_message())
            sys.exit(2)
        _fail(in_chinese(error))
    except KeyboardInterrupt:
        sys.exit(130)
    except BrokenPipeError:  # `wenda ask … | head`: whoever read has gone, and needs no word
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except Exception as error:
        if not isinstance(error, meant_for_the_user()):
            raise
        _fail(str(error))
    sys.exit(status if isinstance(status, int) else 0)
