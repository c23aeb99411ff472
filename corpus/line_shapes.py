"""What a line of an article looks like: heading, list item, caption, jump line, whole sentence.

Every function here judges one line by its own characters, never by its neighbours, so that
cleaning and section finding agree on what they see. Widths are in columns: a Chinese character
or full-width sign is two, a Latin letter one.
"""

from __future__ import annotations

import re
import unicodedata

HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff々〇"
"""Han characters, to stand inside the brackets of a regular expression."""

SHORT_WIDTH = 40
"""Columns (20 Chinese characters) up to which a line counts as short: a heading, an item."""

OPENING_MARKS = "“‘「『《〈（(【〔[{｛"
CLOSING_MARKS = "”’」』》〉）)】〕]}｝"

# A block may end with these. A semicolon, a colon or a dash does not end a sentence, but authors
# do end blocks of a list or an introduction with them, so such a block is not broken.
_BLOCK_ENDS = "。！？!?…｡.．；;：:—～~"
_QUOTES_AFTER_END = "”’」』》〉\"'"
_BRACKETS_AFTER_END = "）)】〕]"

_NUMERAL = "一二三四五六七八九十百千零〇两0-9０-９"
_LIST_ITEM = re.compile(
    rf"[-*+]\s|[•●○■□◆◇▪※▶►]|·\s|[①-⑳⑴-⒇]"
    rf"|\d{{1,3}}(?:[.．](?!\d)|、(?!\d)|[)）](?![，。；、）)]))"
    rf"|[（(](?:[一二三四五六七八九十]{{1,3}}|\d{{1,3}})[)）]"
    rf"|[一二三四五六七八九十]{{1,3}}、(?![一二三四五六七八九十])"
    rf"|第[{_NUMERAL}]{{1,5}}[编篇部章节回条款](?:[\s：:、]|$)"
)
# Lines with a meaning in Markdown that joining would destroy: tables, quotes, code, rules.
_STRUCTURE = re.compile(r"#{1,6}\s|[|>]|```|~~~|[-=*_]{3,}$")

_MARKDOWN_HEADING = re.compile(r"#{1,6}\s+(?P<title>\S.*?)(?:\s+#+)?$")
_CHAPTER_HEADING = re.compile(rf"第[{_NUMERAL}]{{1,5}}[编篇部章节回](?:[\s：:、]\s*\S|$)")
_NUMBERED_HEADING = re.compile(r"[一二三四五六七八九十]{1,3}、(?![一二三四五六七八九十])\s*\S")
_BRACKETED_HEADING = re.compile(r"[（(][一二三四五六七八九十]{1,3}[)）]\s*\S")
_SENTENCE_MARKS = re.compile(r"[。！？!?；;，,：:…｡]")

# (下转第4版)  （上接A1版）  【紧接第二版·要闻】: the word, the page, at most a few more words.
_JUMP = (
    r"(?:上接|下转|下接|上转|紧接|续接|续见|转|接|续)\s*(?:本报)?\s*第?\s*"
    r"[A-Za-zＡ-Ｚ]?\s*[0-9０-９一二三四五六七八九十]{1,4}\s*[版页]"
    r"[^()（）【】\[\]〔〕。！？!?，,\n]{0,12}"
)
_BRACKETED_JUMP = rf"(?:[(（]\s*{_JUMP}[)）]|【\s*{_JUMP}】|\[\s*{_JUMP}\]|〔\s*{_JUMP}〕)"
_BARE_JUMP = r"(?:上接|下转|紧接)\s*第?\s*[A-Za-z]?\s*[0-9０-９一二三四五六七八九十]{1,4}\s*[版页]"
_JUMP_LINE = re.compile(
    rf"[▲▼■►▶→←*★]?\s*(?:{_BRACKETED_JUMP}|{_BARE_JUMP})\s*[▲▼■◄◀→←*★]?", re.ASCII
)
JUMP_AT_START = re.compile(_BRACKETED_JUMP, re.ASCII)
JUMP_AT_END = re.compile(rf"{_BRACKETED_JUMP}$", re.ASCII)

_TOOK = r"(?:(?<!拍)摄|(?<=[/／\s])摄影)"  # 拍摄 and 喜欢摄影 credit nobody
_CREDIT = re.compile(
    # …鸟瞰。顾红侠摄(中经视觉)   …鸟瞰 顾红侠/摄   …鸟瞰。新华社记者 顾红侠 摄影   顾红侠摄
    rf"(?:[。！？\s）)][{HAN}·]{{2,14}}|^[{HAN}·]{{2,4}})\s*[/／]?\s*{_TOOK}"
    r"\s*(?:[(（][^()（）]{1,20}[)）])?$"
    # …鸟瞰。（顾红侠 摄）
    rf"|[(（][^()（）]{{2,24}}{_TOOK}[)）]$"
    rf"|[(（]?(?:图片来源|图源)[：:][^。]{{1,24}}$|[{HAN}]{{2,14}}供图[)）]?$"
)
_BYLINE = re.compile(
    r"[（(]?(?:"
    r"(?:本报|本刊|本网|新华社|特约)?(?:记者|通讯员|作者|编辑|责任编辑|责编|来源|摄影|文|图)"
    r"(?:[：:/／]|\s+)[^，。！？；]{1,40}"
    r"|(?:本报|本刊|本网|新华社)(?:记者|通讯员|评论员)[^，。！？；]{0,30}"
    r"|\d{4}\s?[年\-/.]\s?\d{1,2}\s?[月\-/.]\s?\d{1,2}\s?日?"
    r"(?:\s*\d{1,2}[:：]\d{2}(?:[:：]\d{2})?)?"
    r")[)）]?"
)
_LABEL = re.compile(r"[^，。！？；：:\s]{1,8}[：:]")
_ELLIPSIS_LINE = re.compile(r"(?:…+|\.{3,}|．{3,}|。{2,}|·{3,})")


def width(text: str) -> int:
    """Return how many columns a line takes: two for a full-width character, one for any other."""
    return sum(2 if unicodedata.east_asian_width(char) in "WFA" else 1 for char in text)


def is_short(text: str) -> bool:
    """Tell whether a line takes at most `SHORT_WIDTH` columns."""
    # No character is wider than two columns, so that most lines need no measuring.
    if 2 * len(text) <= SHORT_WIDTH:
        return True
    return len(text) <= SHORT_WIDTH and width(text) <= SHORT_WIDTH


def is_complete(text: str) -> bool:
    """Tell whether a block ends the way authors end a block, so that nothing need follow it.

    That is sentence-ending punctuation, a colon, semicolon or dash, with any closing quotes after
    it; or a closing bracket (a credit, a date of dispatch). False for the empty string.

    >>> is_complete("他说：“走吧！”"), is_complete("普遍存在着创新"), is_complete("会跑的“机器人”")
    (True, False, False)
    """
    if text.endswith(tuple(_BRACKETS_AFTER_END)):
        return True
    return text.rstrip(_QUOTES_AFTER_END).endswith(tuple(_BLOCK_ENDS))


def is_list_item(text: str) -> bool:
    """Tell whether a line opens like a list item: a bullet, 1. 1、 （一） 一、 ① 第三条.

    Numbers that are part of the text are none: 1.5亿元, 9、10月份, 一、二线城市.
    """
    return _LIST_ITEM.match(text) is not None


def is_structure(text: str) -> bool:
    """Tell whether a line has a meaning as markup: `# heading`, a table row, a quote, a rule."""
    return _STRUCTURE.match(text) is not None


def is_jump_line(text: str) -> bool:
    """Tell whether a whole line is a newspaper's jump line.

    >>> [is_jump_line(line) for line in ("(下转第4版)", "【下转A3版】", "上接第1版", "他下转第4版")]
    [True, True, True, False]
    """
    return len(text) <= SHORT_WIDTH and _JUMP_LINE.fullmatch(text) is not None


def is_caption(text: str) -> bool:
    """Tell whether a line is a picture's caption: it ends in a credit (…摄) or begins with 图为.

    A sentence that speaks of 拍摄 or 摄影 is none.
    """
    if text.startswith(("图为", "图①", "图②", "图③")):
        return True
    # The credit stands in the last few words; looking no further keeps long lines cheap.
    return len(text) <= 300 and _CREDIT.search(text, max(0, len(text) - 60)) is not None


def is_byline(text: str) -> bool:
    """Tell whether a whole line only names who wrote or sent the article, or its date."""
    return len(text) <= 60 and _BYLINE.fullmatch(text) is not None


def is_ellipsis_line(text: str) -> bool:
    """Tell whether a line is nothing but an ellipsis: ……, …, ......, 。。。"""
    return len(text) <= SHORT_WIDTH and _ELLIPSIS_LINE.fullmatch(text) is not None


def label(text: str) -> str | None:
    """Return the short label a line opens with (问： 地址： 电话:) without its colon, or None."""
    match = _LABEL.match(text)
    return None if match is None else match.group()[:-1]


def markdown_heading(text: str) -> str | None:
    """Return the title of a Markdown heading (`## 标题` gives 标题), or None for another line."""
    match = _MARKDOWN_HEADING.fullmatch(text) if len(text) <= 200 else None
    return None if match is None else match.group("title")


def numbered_heading_kind(text: str) -> str | None:
    """Return which numbering a short heading line uses: "chapter", "number", "bracket" or None.

    第一章 总则, 一、总则 and （一）总则; None for a line that is longer than a heading or holds a
    sentence (一、苹果红了。).
    """
    if not is_short(text) or is_complete(text):
        return None
    if _CHAPTER_HEADING.match(text):
        return "chapter"
    if _SENTENCE_MARKS.search(text):
        return None
    if _NUMBERED_HEADING.match(text):
        return "number"
    return "bracket" if _BRACKETED_HEADING.match(text) else None


def is_plain_heading_shape(text: str) -> bool:
    """Tell whether a line could be a heading by itself: short, with words, without punctuation.

    Necessary, not sufficient: lines of a verse and items of a list have this shape as well. False
    for list items, captions, jump lines, bylines and markup.
    """
    return (
        is_short(text)
        and any(char.isalpha() for char in text)
        and _SENTENCE_MARKS.search(text) is None
        and not text.endswith(("、", "."))
        and not text.startswith(("—", *CLOSING_MARKS, "、"))
        and not text.endswith(tuple(OPENING_MARKS))
        and not (
            is_structure(text)
            or is_list_item(text)
            or is_jump_line(text)
            or is_caption(text)
            or is_byline(text)
        )
    )


def is_heading_shape(text: str) -> bool:
    """Tell whether a line could be a heading of any kind: Markdown, numbered or plain."""
    return (
        markdown_heading(text) is not None
        or numbered_heading_kind(text) is not None
        or is_plain_heading_shape(text)
    )
