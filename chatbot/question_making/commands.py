"""`wenda draft`, and what `wenda index` does with questions: thin, as chatbot.cli is."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from chatbot.command_options import Corpus, IndexFolder, Model, settings_of
from chatbot.terminal import open_bot, progress_bar

if TYPE_CHECKING:
    from chatbot.bot import Bot
    from chatbot.settings import Settings


def draft(
    corpus: Corpus = None,
    index: IndexFolder = None,
    model: Model = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            metavar="FILE",
            show_default=False,
            help="写进这个文件（.jsonl、.json、.csv、.xlsx、.yaml）；"
            "默认以 JSON Lines 写到标准输出。",
        ),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="文件已经有了也覆盖。")] = False,
) -> None:
    """Write a question set made from the articles, for a tester to review."""
    from chatbot.question_making.drafting import (
        check_output,
        draft_rows,
        json_lines,
        write_draft,
    )
    from chatbot.question_making.keeping import ask_again

    if output is not None:
        check_output(output, force)  # before minutes of work, not after
    bot = made_for(settings_of(corpus, index, model, None))
    questions = bot.offers.made()
    # Other articles may have come since: what is written passes `wenda test` today.
    doubtful = bot.offers.unproven()
    if doubtful:
        with progress_bar("复核") as progress:
            held = dict(zip(doubtful, ask_again(bot, doubtful, progress), strict=True))
        questions = tuple(one for one in questions if held.get(one, True))
    rows = draft_rows(questions, bot.documents)
    if not rows:
        print("没有能出的题：文章太短，或没有答得有把握的问题。", file=sys.stderr)
        return
    if output is None:
        sys.stdout.write(json_lines(rows).decode("utf-8"))
        sys.stdout.flush()
        where = ""
    else:
        write_draft(output, rows, force)
        where = f"，写进了 {output}；改好后用 wenda test {output} 来跑"
    print(f"出了 {len(rows)} 题{where}。请逐题看过再用。", file=sys.stderr)


def made_for(settings: Settings) -> Bot:
    """Return the bot, all its questions made; says on stderr how many were asked for it."""
    from chatbot.question_making.keeping import keep_up
    from chatbot.question_making.store import answering_version
    from index.embedding import open_encoder

    bot = open_bot(settings)
    version = answering_version(open_encoder(settings.model).identity)
    with progress_bar("出题") as progress:
        asked = keep_up(bot, settings.index_folder(), version, progress=progress)
    if asked:
        print(f"出题：试问 {asked} 题，留下 {len(bot.offers.made())} 题。", file=sys.stderr)
    return bot


def report_self_check(bot: Bot, least: float | None) -> bool:
    """Ask all made questions, say how many are answered, and tell whether that is `least` or more.

    The figures go to stdout; the questions that are not answered so any more to stderr.
    """
    from chatbot.question_making.keeping import ask_again

    questions = bot.offers.made()
    if not questions:
        print("自查：没有能问的题。")
        return True
    with progress_bar("自查") as progress:
        held = ask_again(bot, questions, progress)
    by_id = {document.id: document for document in bot.documents}
    for one, good in zip(questions, held, strict=True):
        if not good:
            answer = by_id[one.document].text[one.start : one.end]
            print(f"没有答对：{one.question}（应为“{answer}”）", file=sys.stderr)
    share = sum(held) / len(held)
    print(f"自查：从文章里出的 {len(held)} 题，答得出 {sum(held)} 题（{share:.1%}）。")
    return least is None or share >= least
