"""An article to read as HTML: whole, or of a large one the part that is asked for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from chatbot.rendering import attribute, escape, named
from corpus.document import Document, Paragraph, Section

# Characters of an article that are shown at once, about an hour's reading; a longer one comes in
# parts of this size, cut at a heading where one stands in the second half.
PART = 20_000
# The longest list of articles over an article; of more, the dialog beside the field finds one.
_CHOICES = 200

_Block = tuple[int, int, Section | Paragraph]


@dataclass(frozen=True, slots=True)
class _Part:
    """A stretch of an article, `text[start:end]`, and what stands in it, in reading order."""

    start: int
    end: int
    blocks: Sequence[_Block]

    @property
    def numbers(self) -> list[int]:
        """The numbers of its paragraphs."""
        return [block.number for _, _, block in self.blocks if isinstance(block, Paragraph)]


def render_document(
    document: Document,
    others: Sequence[Document] = (),
    *,
    paragraph: object = None,
    heading: object = None,
) -> str:
    """Return an article to read: title, outline, headings and numbered paragraphs.

    Every heading and paragraph carries its offsets (`data-start`, `data-end`). Text that belongs
    to neither (a newspaper's jump line) is shown too, set apart. With `others`, all the articles
    there are, a list to choose from stands on top. Of an article of more than PART characters comes
    the part with the paragraph of that number or the heading that starts there; the first part
    where neither is given or there is none.
    """
    parts = _parts(document)
    at = _asked(parts, paragraph, heading)
    part = parts[at]
    before, after = _neighbours(parts, at)
    return (
        f'<article class="wd-article" data-document="{attribute(document.id)}">'
        f"{_chooser(document, others)}"
        f'<h2 class="wd-title">{escape(document.title)}</h2>'
        f"{_outline(document)}{_ways(before)}{''.join(_blocks(document, part))}"
        f"{_ways(before + after)}</article>"
    )


def _parts(document: Document) -> list[_Part]:
    """Return the article in parts, at least one."""
    stretches: list[_Block] = [
        *((section.heading_start, section.heading_end, section) for section in document.sections),
        *((paragraph.start, paragraph.end, paragraph) for paragraph in document.paragraphs),
    ]
    stretches.sort(key=lambda stretch: stretch[:2])
    groups: list[list[_Block]] = [[]]
    for stretch in stretches:
        group = groups[-1]
        if group and any(isinstance(block, Paragraph) for _, _, block in group[-2:]):
            length = stretch[1] - group[0][0]
            if length > PART or (length > PART // 2 and isinstance(stretch[2], Section)):
                groups.append(group := [])
        group.append(stretch)
    if len(groups) > 1 and not any(isinstance(block, Paragraph) for _, _, block in groups[-1]):
        groups[-2:] = [groups[-2] + groups[-1]]
    starts = [0, *(group[0][0] for group in groups[1:])]
    ends = [*starts[1:], len(document.text)]
    return [
        _Part(start, end, group) for start, end, group in zip(starts, ends, groups, strict=True)
    ]


def _asked(parts: Sequence[_Part], paragraph: object, heading: object) -> int:
    """Return which part holds that paragraph or heading, the first where none does."""
    for at, part in enumerate(parts):
        for start, _, block in part.blocks:
            if isinstance(block, Section):
                if heading is not None and start == heading:
                    return at
            elif paragraph is not None and block.number == paragraph:
                return at
    return 0


def _neighbours(parts: Sequence[_Part], at: int) -> tuple[str, str]:
    """Return the ways to the part before and to the one after, "" where there is none."""
    before, after = parts[:at][-1:], parts[at + 1 :][:1]
    return (
        "".join(_way("往前", part) for part in before),
        "".join(_way("往后", part) for part in after),
    )


def _way(direction: str, part: _Part) -> str:
    numbers = part.numbers
    return (
        f'<li><button type="button" class="wd-part" data-paragraph="{numbers[0]}">'
        f"{direction}：第 {numbers[0]}–{numbers[-1]} 段</button></li>"
    )


def _ways(ways: str) -> str:
    return f'<nav class="wd-parts" aria-label="文章的前后"><ul>{ways}</ul></nav>' if ways else ""


def _chooser(document: Document, documents: Sequence[Document]) -> str:
    """Return the list of articles to choose from, nothing when there is but one, or too many."""
    if not 2 <= len(documents) <= _CHOICES:
        return ""
    options = "".join(
        f'<option value="{attribute(other.id)}"{" selected" if other.id == document.id else ""}>'
        f"{named(other.title)}</option>"
        for other in documents
    )
    return (
        '<label class="wd-chooser"><span>文章</span>'
        f'<select class="wd-choose">{options}</select></label>'
    )


def _outline(document: Document) -> str:
    """Return the headings as links into the article, nothing when there are none."""
    if not document.sections:
        return ""
    items = "".join(
        f'<li><button type="button" class="wd-jump" data-start="{section.heading_start}">'
        f"{escape(section.title)}</button></li>"
        for section in document.sections
    )
    return f'<nav class="wd-outline" aria-label="小标题"><ul>{items}</ul></nav>'


def _blocks(document: Document, part: _Part) -> Iterator[str]:
    """Yield headings, paragraphs and what stands between them, in reading order."""
    done = part.start
    for start, end, block in part.blocks:
        yield _between(document, done, start)
        text = escape(document.text[start:end])
        if isinstance(block, Section):
            yield (
                f'<h3 class="wd-heading" tabindex="-1" data-start="{start}" data-end="{end}">'
                f"{text}</h3>"
            )
        else:
            yield (
                f'<div class="wd-paragraph" tabindex="-1" data-paragraph="{block.number}"'
                f' data-start="{start}" data-end="{end}">'
                f'<span class="wd-number" aria-hidden="true">{block.number}</span>'
                f'<p class="wd-text">{text}</p></div>'
            )
        done = max(done, end)
    yield _between(document, done, part.end)


def _between(document: Document, start: int, end: int) -> str:
    """Return text that is neither heading nor paragraph; the title was shown already."""
    text = document.text[start:end].strip()
    if not text or text == document.title.strip():
        return ""
    return f'<p class="wd-aside">{escape(text)}</p>'
