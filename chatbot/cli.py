"""The command `wenda`: thin; data goes to stdout, talk to stderr, a user's mistake is one line.

Exit status: 0 done and held; 1 a threshold missed or an answer that changed; 2 wrong usage,
unreadable input or a server that did not answer; 130 ended by Ctrl-C.
"""

from __future__ import annotations

import io
import json
import os
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from chatbot import question_set_commands
from chatbot.command_options import (
    Corpus,
    IndexFolder,
    Model,
    RefuseBelow,
    SynonymsFile,
    probability,
    settings_of,
    whole_number,
)
from chatbot.feedback.commands import FeedbackFile, NoFeedback
from chatbot.feedback.commands import app as feedback_commands
from chatbot.own_article.limits import MEGABYTES, MINUTES, SECONDS, UploadLimits
from chatbot.question_making.commands import draft, made_for, report_self_check
from chatbot.serve_options import (
    EmbedOrigins,
    Upload,
    UploadFormats,
    UploadMinutes,
    UploadSeconds,
    UploadSize,
    upload_limits,
)
from chatbot.settings import HOST, PORT, feedback_file
from chatbot.terminal import (
    choosing_hint,
    chosen_question,
    fail,
    open_bot,
    progress_bar,
    say_update,
)
from chatbot.usage_errors import in_chinese, meant_for_the_user

if TYPE_CHECKING:
    from chatbot.answer import Answer
    from chatbot.bot import Bot

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


@app.command(help="启动网页聊天和 JSON 接口。")
def serve(
    corpus: Corpus = None,
    index: IndexFolder = None,
    model: Model = None,
    refuse_below: RefuseBelow = None,
    synonyms: SynonymsFile = None,
    host: Annotated[str, typer.Option("--host", envvar="WENDA_HOST", help="监听的地址。")] = HOST,
    port: Annotated[
        int,
        typer.Option(
            "--port", envvar="WENDA_PORT", parser=whole_number(1, 65535), help="监听的端口。"
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
    no_feedback: NoFeedback = False,
    upload: Upload = None,
    upload_size: UploadSize = MEGABYTES,
    upload_seconds: UploadSeconds = SECONDS,
    upload_minutes: UploadMinutes = MINUTES,
    upload_format: UploadFormats = None,
    embed_origin: EmbedOrigins = None,
) -> None:
    """Serve the web chat and the API until interrupted."""
    settings = settings_of(corpus, index, model, refuse_below, synonyms)
    # Found out before the server starts: a wrong corpus is a message now, not a page that waits.
    from chatbot.synonyms import load_synonyms
    from corpus.loading import load_corpus

    load_corpus(settings.corpus)
    load_synonyms(settings.corpus, settings.synonyms)
    from chatbot.api import create_app, serve
    from chatbot.question_making.keeping import in_background
    from chatbot.question_making.store import answering_version
    from index.embedding import open_encoder

    def build() -> Bot:
        bot = open_bot(settings)
        bot.examples()  # verified once, before the first visitor
        return bot

    served = create_app(
        build,
        host=host,
        allowed_hosts=allowed_host or (),
        feedback=None if no_feedback else feedback_file(feedback),
        own_articles=upload_limits(
            upload,
            UploadLimits(
                upload_size, upload_seconds, upload_minutes, formats=tuple(upload_format or ())
            ),
            host,
            allowed_host or (),
        ),
        embed_origins=embed_origin or (),
    )
    # Made in peace, after the page is up: visitors wait for answers, not for examples.
    version = answering_version(open_encoder(settings.model).identity)
    served.state.lobby.afterwards = in_background(settings.index_folder(), version)
    serve(served, host, port)
    if not served.state.lobby.leave():
        # Encoding a large corpus is not interrupted by asking, and Python would end under it.
        sys.stderr.flush()
        os._exit(0)


@app.command(help="在终端里提问；不给问题就进入对话。")
def ask(
    question: Annotated[
        str | None, typer.Argument(metavar="[QUESTION]", show_default=False, help="问题。")
    ] = None,
    corpus: Corpus = None,
    index: IndexFolder = None,
    model: Model = None,
    refuse_below: RefuseBelow = None,
    synonyms: SynonymsFile = None,
    history: Annotated[
        list[str] | None,
        typer.Option(
            "--history", metavar="Q", show_default=False, help="同一对话里先前的问题，可多次给出。"
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="输出回答记录（JSON）。")] = False,
) -> None:
    """Answer one question, or hold a conversation on standard input."""
    bot = open_bot(settings_of(corpus, index, model, refuse_below, synonyms))
    earlier = list(history or [])
    if question is not None:
        _show(bot.ask(question, earlier), as_json)
        return
    answer: Answer | None = None
    for line in _questions():
        asked = chosen_question(line, answer)
        answer = bot.ask(asked, earlier)
        _show(answer, as_json)
        if sys.stdin.isatty() and (hint := choosing_hint(answer)):
            print(hint, file=sys.stderr)
        earlier.append(asked)


@app.command(help="建立或更新索引，说明变化，并从文章里出题；--check 只检查。")
def index(
    corpus: Corpus = None,
    index: IndexFolder = None,
    model: Model = None,
    rebuild: Annotated[bool, typer.Option("--rebuild", help="丢开旧索引，全部重建。")] = False,
    check: Annotated[bool, typer.Option("--check", help="只检查磁盘上的索引是否完好。")] = False,
    questions: Annotated[
        bool,
        typer.Option(
            "--questions/--no-questions", help="从文章里出题，作聊天里的例题；以后 serve 也会补出。"
        ),
    ] = True,
    self_check: Annotated[
        bool,
        typer.Option("--self-check", help="把出的题全问一遍，报告答得出多少。"),
    ] = False,
    fail_under: Annotated[
        float | None,
        typer.Option(
            "--fail-under",
            metavar="SHARE",
            parser=probability,
            show_default=False,
            help="--self-check 答得出的比例（0 到 1）低于它就以状态 1 结束。",
        ),
    ] = None,
) -> None:
    """Build, update or verify the index, and the questions made from the articles."""
    settings = settings_of(corpus, index, model, None)
    folder = settings.index_folder()
    if self_check and (check or not questions):
        fail("--self-check 要用到出的题，不能与 --check 或 --no-questions 同用；请去掉其中一个")
    if fail_under is not None and not self_check:
        fail("--fail-under 是 --self-check 的门槛；请加上 --self-check")
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
    with progress_bar("编码段落") as progress:
        update = update_index(
            documents, folder, open_encoder(settings.model), rebuild=rebuild, progress=progress
        )
    say_update(update, always=True)
    if questions:
        bot = made_for(settings)
        if self_check and not report_self_check(bot, fail_under):
            raise typer.Exit(1)


app.command("test", help="跑问题集，给出分数。")(question_set_commands.test)
app.command("draft", help="从文章里出一套题（草稿），供人审改后用 wenda test 来跑。")(draft)
app.command("compare", help="比较两次运行的回答，不提问。")(question_set_commands.compare)


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
        fail(in_chinese(error))
    except KeyboardInterrupt:
        sys.exit(130)
    except BrokenPipeError:  # `wenda ask … | head`: whoever read has gone, and needs no word
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except Exception as error:
        if not isinstance(error, meant_for_the_user()):
            raise
        fail(str(error))
    sys.exit(status if isinstance(status, int) else 0)
