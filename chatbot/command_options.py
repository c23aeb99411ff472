"""What several commands take: options with their variables, and parsers that err in Chinese."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from chatbot.settings import Settings


def whole_number(low: int, high: int) -> Callable[[str], int]:
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


def seconds(value: str) -> float:
    """Parse a time of at most an hour, in seconds."""
    try:
        number = float(value)
    except ValueError:
        raise typer.BadParameter(f"“{value}”不是秒数") from None
    if not 0 < number <= 3600:
        raise typer.BadParameter(f"{value} 不在 0 到 3600 秒之间")
    return number


def probability(value: str) -> float:
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
        parser=probability,
        show_default=False,
        help="把握低于它就说“文章里没有”；默认值由测量得出。",
    ),
]
SynonymsFile = Annotated[
    Path | None,
    typer.Option(
        "--synonyms",
        envvar="WENDA_SYNONYMS",
        metavar="FILE",
        show_default=False,
        help="再读一个同义词文件；文章旁边的 synonyms.txt 总会读。",
    ),
]


def settings_of(
    corpus: Path | None,
    index: Path | None,
    model: str | None,
    refuse_below: float | None,
    synonyms: Path | None = None,
) -> Settings:
    """Return the settings, the defaults standing in for what was not given."""
    chosen = Settings(
        index=index, model=model or None, refuse_below=refuse_below, synonyms=synonyms
    )
    return chosen if corpus is None else replace(chosen, corpus=corpus)
