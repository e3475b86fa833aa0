"""What a batch stores of a chunk: msgpack, squeezed. A row with reasons takes about 300 bytes."""

from __future__ import annotations

import zlib

import msgspec

_QUICK = 1


class Part(msgspec.Struct, array_like=True):
    """A field's part of a score, as `ml.explaining.reasons.Reason` has it."""

    name: str
    value: str
    points: float
    text: str


class ScoredRow(msgspec.Struct, array_like=True):
    """A row's score. `row` is its line in the file; 0 for a stored lead.

    base + the points of `reasons` + rest = 100 * probability, if reasons were asked for.
    """

    row: int
    id: str
    probability: float
    score: int
    reasons: list[Part] | None = None
    base: float = 0.0
    rest: float = 0.0


class BadRow(msgspec.Struct, array_like=True):
    """A row that got no score, and why. `id` is empty where none could be read."""

    row: int
    id: str
    reason: str


class ChunkRows(msgspec.Struct, array_like=True):
    """All rows of a chunk, in their order."""

    scored: list[ScoredRow]
    rejected: list[BadRow]


_decoder = msgspec.msgpack.Decoder(ChunkRows)


def pack(rows: ChunkRows) -> bytes:
    return zlib.compress(msgspec.msgpack.encode(rows), _QUICK)


def unpack(data: bytes) -> ChunkRows:
    return _decoder.decode(zlib.decompress(data))
