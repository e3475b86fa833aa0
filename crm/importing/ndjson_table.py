"""Rows of a file with a JSON object a line, packed or not. A broken line costs one row."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO, Any, cast

import msgspec
import numpy as np
import pyarrow as pa

from crm.importing.csv_lines import GZIP_MAGIC, LONGEST_LINE
from crm.importing.problems import ImportProblem
from crm.importing.table import Block, Cell, CellBlock, Row

# A file with more has other keys in each row: no table.
MOST_COLUMNS = 2_000
BYTE_ORDER_MARK = b"\xef\xbb\xbf"
# As in the API: what is in here are columns of one's own.
ATTRIBUTES = "attributes"
# Bytes of lines that are a block together.
BLOCK_BYTES = 1 << 22
_NESTED = frozenset({dict, list})
_decode = msgspec.json.Decoder().decode


class NdjsonTable:
    """A file of JSON objects, one a line; a column is a key of any of them.

    The members of an object `attributes` are columns too.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._size = max(path.stat().st_size, 1)
        self._raw: IO[bytes] | None = None
        names: dict[str, None] = {}
        for _, text in self._lines():
            found = _object(text)
            if isinstance(found, str) or found.keys() <= names.keys():
                continue
            names |= dict.fromkeys(found)
            if len(names) > MOST_COLUMNS:
                raise ImportProblem(f"The rows have over {MOST_COLUMNS:,} different keys.")
        if not names:
            raise ImportProblem("No line holds a JSON object with any keys.")
        self.header = tuple(names)

    def rows(self) -> Iterator[Row]:
        """All rows but blank lines, by the number of their line."""
        for line, text in self._lines():
            yield self._row(line, _object(text))

    def blocks(self, columns: Collection[int]) -> Iterator[Block | Row]:
        taken: list[tuple[int, bytes]] = []
        size = 0
        for line, text in self._lines():
            taken.append((line, text))
            size += len(text)
            if size >= BLOCK_BYTES:
                yield from self._together(taken, columns)
                taken, size = [], 0
        if taken:
            yield from self._together(taken, columns)

    def _together(
        self, taken: Sequence[tuple[int, bytes]], columns: Collection[int]
    ) -> Iterator[Block | Row]:
        """A block of these lines; row by row where a column has cells of several kinds."""
        lines = [line for line, _ in taken]
        found = [_object(text) for _, text in taken]
        read = [{} if isinstance(each, str) or _has_nested(each) else each for each in found]
        arrays: dict[int, pa.Array] = {}
        for position in columns:
            name = self.header[position]
            array = _array([each.get(name) for each in read])
            if array is None:
                yield from map(self._row, lines, found)
                return
            arrays[position] = array
        yield CellBlock(
            arrays,
            np.array(lines, dtype=np.int64),
            lambda number: self._row(lines[number], found[number]),
        )

    def _row(self, line: int, found: Mapping[str, Cell] | str) -> Row:
        if isinstance(found, str):
            return Row(line, [], found)
        cells = [found.get(name) for name in self.header]
        nested = [n for n, cell in zip(self.header, cells, strict=True) if type(cell) in _NESTED]
        return Row(line, cells, f"holds a list or an object in {nested[0]!r}" if nested else "")

    def fraction(self) -> float | None:
        if self._raw is None:
            return None
        return 1.0 if self._raw.closed else self._raw.tell() / self._size

    def _lines(self) -> Iterator[tuple[int, bytes]]:
        """Line numbers with the line's text, but for blank lines."""
        with self._path.open("rb") as raw:
            self._raw = raw
            file = cast("IO[bytes]", gzip.GzipFile(fileobj=raw)) if is_packed(self._path) else raw
            for number, line in enumerate(_lines(file), 1):
                text = line.removeprefix(BYTE_ORDER_MARK).strip()
                if text:
                    yield number, text


def is_packed(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(2) == GZIP_MAGIC


def starts_with_object(path: Path) -> bool:
    """Whether the first thing in the file is a JSON object."""
    try:
        with gzip.open(path) if is_packed(path) else path.open("rb") as file:
            start: bytes = file.read(64)
    except (EOFError, OSError, zlib.error):
        return False
    return start.removeprefix(BYTE_ORDER_MARK).lstrip().startswith(b"{")


def _lines(file: IO[bytes]) -> Iterator[bytes]:
    number = 0
    while True:
        try:
            line = file.readline(LONGEST_LINE)
        except (EOFError, OSError, zlib.error) as error:
            what = "is cut off" if isinstance(error, EOFError) else f"is damaged ({error})"
            raise ImportProblem(f"The file {what} after line {number:,}: get it again.") from None
        if not line:
            return
        number += 1
        if len(line) >= LONGEST_LINE:
            raise ImportProblem(
                f"Line {number} has over {LONGEST_LINE:,} bytes: one JSON object a line is read."
            )
        yield line


def _object(text: bytes) -> Mapping[str, Cell] | str:
    """A line's object, or what is wrong with it."""
    try:
        found = _decode(text)
    except (msgspec.MsgspecError, RecursionError):
        return "is not JSON"
    if not isinstance(found, dict):
        return "is not a JSON object"
    own: Any = found.pop(ATTRIBUTES, None)
    if own is None:
        return found
    if not isinstance(own, dict):
        return f"holds no object in {ATTRIBUTES!r}"
    if both := found.keys() & own.keys():
        return f"holds {min(both)!r} twice, in {ATTRIBUTES!r} too"
    return found | own


def _has_nested(found: Mapping[str, Cell]) -> bool:
    return not _NESTED.isdisjoint(map(type, found.values()))


def _array(cells: Sequence[Cell]) -> pa.Array | None:
    """Cells of one kind; None for several, but whole and other numbers are one."""
    kinds = set(map(type, cells)) - {type(None)}
    if kinds <= {str}:
        return pa.array(cells, pa.string())
    try:
        if kinds == {int}:
            return pa.array(cells, pa.int64())
        if kinds <= {int, float}:
            return pa.array(cells, pa.float64())
    except (pa.ArrowInvalid, OverflowError):  # a number that is too large
        return None
    return pa.array(cells, pa.bool_()) if kinds == {bool} else None
