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

from crm.importing.cells import as_text
from crm.importing.csv_lines import GZIP_MAGIC, LONGEST_LINE
from crm.importing.problems import ImportProblem
from crm.importing.table import Block, Cell, CellBlock, Row, column_names

# A file with more has other keys in each row: no table.
MOST_COLUMNS = 2_000
BYTE_ORDER_MARK = b"\xef\xbb\xbf"
# As in the API: what is in here are columns of one's own.
ATTRIBUTES = "attributes"
# Bytes of lines that are a block together.
BLOCK_BYTES = 1 << 22
_NESTED = frozenset({dict, list})
# Deeper objects are but counted.
DEEPEST = 4
MOST_BYTES = 1 << 29
_decode = msgspec.json.Decoder().decode
_decode_list = msgspec.json.Decoder(list[msgspec.Raw]).decode


class NdjsonTable:
    """A file of JSON objects, one a line; a column is a key of any of them.

    Members of objects are columns too, those of `attributes` by their own names, others as
    "parent.child". A list of plain values is one text; of any other only the length counts.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._size = max(path.stat().st_size, 1)
        self._raw: IO[bytes] | None = None
        self._is_array = _start(path).startswith(b"[")
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
        self._keys = tuple(names)
        self.header = column_names(self._keys)

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
        read = [{} if isinstance(each, str) else each for each in found]
        arrays: dict[int, pa.Array] = {}
        for position in columns:
            name = self._keys[position]
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
        return Row(line, [found.get(name) for name in self._keys])

    def fraction(self) -> float | None:
        if self._raw is None:
            return None
        return 1.0 if self._raw.closed else self._raw.tell() / self._size

    def _lines(self) -> Iterator[tuple[int, bytes]]:
        """Line numbers with the line's text, but for blank lines."""
        with self._path.open("rb") as raw:
            self._raw = raw
            file = cast("IO[bytes]", gzip.GzipFile(fileobj=raw)) if is_packed(self._path) else raw
            for number, line in enumerate(_elements(file, self._is_array), 1):
                text = line.removeprefix(BYTE_ORDER_MARK).strip()
                if text:
                    yield number, text


def is_packed(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(2) == GZIP_MAGIC


def starts_with_object(path: Path) -> bool:
    """Whether the first thing in the file is a JSON object, or a list of such."""
    return _start(path).removeprefix(b"[").lstrip().startswith(b"{")


def _start(path: Path) -> bytes:
    try:
        with gzip.open(path) if is_packed(path) else path.open("rb") as file:
            start: bytes = file.read(64)
    except (EOFError, OSError, zlib.error):
        return b""
    return start.removeprefix(BYTE_ORDER_MARK).lstrip()


def _elements(file: IO[bytes], is_array: bool) -> Iterator[bytes]:
    """The objects of a file, undecoded; a list of them is read as a whole."""
    if not is_array:
        yield from _lines(file)
        return
    try:
        text = file.read(MOST_BYTES + 1).removeprefix(BYTE_ORDER_MARK)
        if len(text) > MOST_BYTES:
            raise ImportProblem(
                f"This JSON list has over {MOST_BYTES:,} bytes: write one object a line instead."
            )
        yield from map(bytes, _decode_list(text))
    except (EOFError, OSError, zlib.error, msgspec.MsgspecError, RecursionError) as error:
        raise ImportProblem(f"The JSON list cannot be read: {error}.") from None


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
        return _flat(found)
    if not isinstance(own, dict):
        return f"holds no object in {ATTRIBUTES!r}"
    if both := found.keys() & own.keys():
        return f"holds {min(both)!r} twice, in {ATTRIBUTES!r} too"
    return _flat(found | own)


def _flat(found: dict[str, Any], depth: int = DEEPEST) -> dict[str, Cell]:
    """An object without objects and lists in it."""
    if _NESTED.isdisjoint(map(type, found.values())):
        return found
    flat: dict[str, Cell] = {}
    for name, cell in found.items():
        if isinstance(cell, dict) and depth:
            flat |= {f"{name}.{key}": each for key, each in _flat(cell, depth - 1).items()}
        else:
            flat[name] = _one(cell)
    return flat


def _one(cell: Any) -> Cell:
    if type(cell) not in _NESTED:
        return cell
    if isinstance(cell, list) and _NESTED.isdisjoint(map(type, cell)):
        return ", ".join(as_text(each) or "" for each in cell)
    return len(cell)


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
