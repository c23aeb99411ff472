"""What reading an article yields. Offsets count characters of `Document.text`, end exclusive."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Repair:
    """One change that cleaning made, so that nothing is changed in silence.

    `kind` names the repair, `line` is the line of the file (from 1) where it was made, `before`
    and `after` show the text round the change.
    """

    kind: str
    line: int
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Section:
    """A heading of the article and the stretch of text that stands under it.

    `text[heading_start:heading_end]` is the heading, `text[start:end]` what follows it up to the
    next heading (empty when nothing does).
    """

    title: str
    heading_start: int
    heading_end: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A chunk of an article: what is embedded, retrieved and cited.

    `document` is the document's id, `section` the title of the section it stands in or None,
    `number` counts from 1 in reading order over the whole document. `document.text[start:end]`
    is the paragraph.
    """

    document: str
    section: str | None
    number: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Document:
    """An article as wenda answers from it: one cleaned text, its sections and its paragraphs.

    `text` holds every character of the article but white space; what no paragraph covers (the
    title, headings, a newspaper's jump line) is never quoted as an answer. `path` is where it was
    read from, relative to the corpus. `repairs` lists what cleaning changed.
    """

    id: str
    title: str
    path: str
    text: str
    sections: tuple[Section, ...] = ()
    paragraphs: tuple[Paragraph, ...] = ()
    repairs: tuple[Repair, ...] = ()

    def paragraph_text(self, paragraph: Paragraph) -> str:
        """Return the verbatim text of one of this document's paragraphs."""
        return self.text[paragraph.start : paragraph.end]

    def fingerprint(self) -> str:
        """Return a SHA-256 (hex) of all that the index takes from this document.

        It changes when the text, the title or the way the text is cut into paragraphs does, so
        an index can tell which documents it must encode again.
        """
        digest = hashlib.sha256()
        digest.update(f"{self.id}\x00{self.title}\x00{self.text}".encode("utf-8", "surrogatepass"))
        for paragraph in self.paragraphs:
            digest.update(f"\x00{paragraph.start}:{paragraph.end}:{paragraph.section}".encode())
        return digest.hexdigest()
