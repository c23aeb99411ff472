"""Cutting pieces of the tokenizer into single characters, where a span must end inside one.

Of the answers of CMRC's development split 7% begin or end inside a piece; a reader that is to
point at them must have seen pieces cut.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

from chatbot.reader_tokens import Tokens

_HAN = re.compile(r"[㐀-䶿一-鿿]+")


def han_pieces(vocabulary: Mapping[str, int]) -> dict[str, int]:
    """Return the ids of the pieces that are one Chinese character."""
    return {
        piece: number
        for piece, number in vocabulary.items()
        if len(piece) == 1 and _HAN.fullmatch(piece)
    }


def split_pieces(
    tokens: Tokens, text: str, chosen: Collection[int], characters: Mapping[str, int]
) -> Tokens:
    """Return `tokens` of `text` with the `chosen` ones (by number) cut into single characters.

    `characters` are the ids of single characters. A piece that is not all Chinese characters with
    an id stays whole: numbers and words of other scripts are whole things.
    """
    ids: list[int] = []
    offsets: list[tuple[int, int]] = []
    for number, (piece, (start, end)) in enumerate(zip(tokens.ids, tokens.offsets, strict=True)):
        own = text[start:end]
        if number in chosen and end - start > 1 and all(c in characters for c in own):
            ids += [characters[character] for character in own]
            offsets += [(at, at + 1) for at in range(start, end)]
        else:
            ids.append(piece)
            offsets.append((start, end))
    return Tokens(ids, offsets)
