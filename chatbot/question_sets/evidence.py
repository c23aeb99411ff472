"""The paragraphs that an answer quotes, cut where the quoted words begin and end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from chatbot.question_sets.wording import place


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a paragraph, quoted by the answer or not."""

    text: str
    quoted: bool


@dataclass(frozen=True, slots=True)
class CitedParagraph:
    """A paragraph of an article, whole: its pieces joined are its text."""

    place: str
    pieces: tuple[Piece, ...]


def cited_paragraphs(record: Mapping[str, Any]) -> tuple[CitedParagraph, ...]:
    """Return each paragraph that the answers of a record cite, once; () for a refusal."""
    main = record.get("citation")
    if not main:
        return ()
    spans = [(str(record["answer"] or ""), main)]
    spans += [(str(span["answer"]), span["citation"]) for span in record.get("answers") or ()]
    by_paragraph: dict[tuple[object, object], list[tuple[str, Mapping[str, Any]]]] = {}
    for answer, citation in spans:
        if isinstance(citation, Mapping) and isinstance(citation.get("text"), str):
            key = (citation.get("document"), citation.get("paragraph"))
            by_paragraph.setdefault(key, []).append((answer, citation))
    sentence = str(record.get("sentence") or "")
    return tuple(_paragraph(inside, sentence) for inside in by_paragraph.values())


def _paragraph(spans: Sequence[tuple[str, Mapping[str, Any]]], sentence: str) -> CitedParagraph:
    text = str(spans[0][1]["text"])
    first = _first_place(text, sentence, spans[0][0])
    quoted: list[tuple[int, int]] = []
    for answer, citation in spans:
        start = first + _offset(citation) - _offset(spans[0][1])
        if not answer or not text.startswith(answer, max(start, 0)) or start < 0:
            start = text.find(answer) if answer else -1
        if start >= 0:
            quoted.append((start, start + len(answer)))
    return CitedParagraph(place(spans[0][1]), _cut(text, quoted))


def _first_place(text: str, sentence: str, answer: str) -> int:
    """Return where the answer stands in the paragraph: in its sentence where that is there.

    A record says where a quotation begins in the document, but not where its paragraph does.
    """
    at = text.find(sentence) if sentence and answer in sentence else -1
    return at + sentence.find(answer) if at >= 0 else text.find(answer)


def _offset(citation: Mapping[str, Any]) -> int:
    start = citation.get("start")
    return start if isinstance(start, int) else 0


def _cut(text: str, quoted: Sequence[tuple[int, int]]) -> tuple[Piece, ...]:
    pieces, at = [], 0
    for start, end in sorted(quoted):
        if end <= at:
            continue
        pieces.append(Piece(text[at : max(at, start)], False))
        pieces.append(Piece(text[max(at, start) : end], True))
        at = end
    pieces.append(Piece(text[at:], False))
    return tuple(piece for piece in pieces if piece.text)
