"""The command `wenda`: thin; data goes to stdout, talk to stderr, a user's mistake is one line.

Exit status: 0 done and held; 1 a threshold missed; 2 wrong usage or unreadable input.
"""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from chatbot.settings import Settings

if TYPE_CHECKING:
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


def _settings(
    corpus: Path | None, index: Path | None, model: str | None, refuse_below: float | None
) -> Settings:
    """Return the settings, the defaults standing in for what was not given."""
    chosen = Settings(index=index, model=model or None, refuse_below=refuse_below)
    if corpus is None:
        return chosen
    return Settings(corpus=corpus, index=index, model=model or None, refuse_below=refuse_below)


@app.command(help="启动网页聊天和 JSON 接口。")
def serve(
    corpus: Corpus = None,
    index: IndexFolder = None,
    model: Model = None,
    refuse_below: RefuseBelow = None,
    host: Annotated[
        str, typer.Option("--host", envvar="WENDA_HOST", help="监听的地址。")
    ] = Settings.host,
    port: Annotated[
        int,
        typer.Option(
            "--port", envvar="WENDA_PORT", parser=_whole_number(1, 65535), help="监听的端口。"
        ),
    ] = Settings.port,
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

    serve(create_app(build, host=host), host, port)


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
    with _progress() as progress:
        update = update_index(
            documents, folder, open_encoder(settings.model), rebuild=rebuild, progress=progress
        )
    _say_update(update, always=True)


@app.command(help="跑问题集，给出分数。")
def test(
    questions: Annotated[
        list[Path], typer.Argument(metavar="QUESTIONS...", help="问题集文件（JSON Lines）。")
    ],
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
            "--fail-under", metavar="SHARE", show_default=False, help="低于它就以状态 1 结束。"
        ),
    ] = None,
    concurrency: Annotated[
        int,
        typer.Option("--concurrency", parser=_whole_number(1, 64), help="同时提几个问题（--url）。"),
    ] = 1,
) -> None:
    """Run question sets in process or against a live server, and gate on the scores."""
    raise NotImplementedError


def _open(settings: Settings) -> Bot:
    """Open the bot, with progress and a word on what changed in the index."""
    from chatbot.bot import Bot

    with _progress() as progress:
        return Bot.open(settings, progress=progress, on_update=_say_update)


def main() -> NoReturn:
    """Run the command; every mistake of the user's ends in one line and status 2."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # Windows would write its own code page
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    try:
        status = app(standalone_mode=False)
    except typer.TyperException as error:
        _fail(_in_chinese(error))
    sys.exit(status if isinstance(status, int) else 0)
