"""What `wenda serve` takes from visitors, and which sites may frame it: options and defaults."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Annotated

import typer

from chatbot.own_article.limits import UploadLimits, offered_by_default

# Of a page that one line of a site's HTML frames; `is_origin` says what may stand here.
_ORIGIN_EXAMPLE = "https://www.example.com"


def _origin(value: str) -> str:
    from chatbot.protection import is_origin  # starlette, which `wenda --help` need not load

    if not is_origin(value):
        raise typer.BadParameter(
            f"“{value}”不是网站的来源；请写成 {_ORIGIN_EXAMPLE}（协议和域名，后面没有路径）"
        )
    return value


def _format(value: str) -> str:
    from corpus.readers import READERS

    suffix = f".{value.strip().lower().removeprefix('.')}"
    if suffix not in READERS:
        known = "、".join(sorted(READERS))
        raise typer.BadParameter(f"“{value}”不是能读的格式；可以是 {known}")
    return suffix


def _number(low: float, high: float, unit: str) -> Callable[[str], float]:
    """Return a parser of numbers of a unit, from `low` to `high`."""

    def parse(value: str) -> float:
        try:
            number = float(value)
        except ValueError:
            raise typer.BadParameter(f"“{value}”不是数") from None
        if not low <= number <= high:
            raise typer.BadParameter(f"{value} 不在 {low:g} 到 {high:g}{unit}之间")
        return number

    return parse


Upload = Annotated[
    bool | None,
    typer.Option(
        "--upload/--no-upload",
        envvar="WENDA_UPLOAD",
        show_default=False,
        help="访客可以放入自己的文章来问；默认只在本机（127.0.0.1）打开。",
    ),
]
UploadSize = Annotated[
    float,
    typer.Option(
        "--upload-size",
        envvar="WENDA_UPLOAD_SIZE",
        metavar="MB",
        parser=_number(0.01, 100, " MB "),
        help="自己的文章最大多少 MB。",
    ),
]
UploadSeconds = Annotated[
    float,
    typer.Option(
        "--upload-seconds",
        envvar="WENDA_UPLOAD_SECONDS",
        parser=_number(1, 3600, " 秒"),
        help="读和准备一篇最多用几秒。",
    ),
]
UploadMinutes = Annotated[
    float,
    typer.Option(
        "--upload-minutes",
        envvar="WENDA_UPLOAD_MINUTES",
        parser=_number(1, 1440, " 分钟"),
        help="几分钟没有人问，就不再保留。",
    ),
]
UploadFormats = Annotated[
    list[str] | None,
    typer.Option(
        "--upload-format",
        envvar="WENDA_UPLOAD_FORMATS",
        metavar="SUFFIX",
        parser=_format,
        show_default=False,
        help="可以放入哪种文件（.md），可多次给出（环境变量里用空格隔开）；默认能读的都可以。",
    ),
]
EmbedOrigins = Annotated[
    list[str] | None,
    typer.Option(
        "--embed-origin",
        envvar="WENDA_EMBED_ORIGINS",
        metavar="ORIGIN",
        parser=_origin,
        show_default=False,
        help=f"哪个网站可以嵌入聊天（{_ORIGIN_EXAMPLE}），可多次给出（环境变量里用空格隔开）；"
        "默认都不可以。",
    ),
]


def upload_limits(
    upload: bool | None, limits: UploadLimits, host: str, allowed_hosts: Sequence[str]
) -> UploadLimits | None:
    """Return the limits on visitors' articles, None where they may bring none.

    Where the operator did not say, only visitors of this very machine may.
    """
    offered = offered_by_default(host, allowed_hosts) if upload is None else upload
    return limits if offered else None
