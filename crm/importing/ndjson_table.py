"""Rows of a file with a JSON object a line, packed or not. A broken line costs one row."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO, Any, cast

import msgspec

from crm.importing.csv_lines import GZIP_MAGIC, LONGEST_LINE
from crm.importing.problems import ImportProblem
from crm.importing.table import Cell, Row

# A file with more has other keys in each row: no table.
MOST_COLUMNS = 2_000
BYTE_ORDER_MARK = b"\xef\xbb\xbf"
# As in the API: what is in here are columns of one's own.
ATTRIBUTES = "attributes"
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
        for _, found in self._records():
            if not isinstance(found, str):
                names |= dict.fromkeys(found)
            if len(names) > MOST_COLUMNS:
                raise ImportProblem(f"The rows have over {MOST_COLUMNS:,} different keys.")
        if not names:
            raise ImportProblem("No line holds a JSON object with any keys.")
        self.header = tuple(names)

    def rows(self) -> Iterator[Row]:
        """All rows but blank lines, by the number of their line."""
        for line, found in self._records():
            if isinstance(found, str):
                yield Row(line, [], found)
                continue
            cells = [found.get(name) for name in self.header]
            nested = [n for n, cell in zip(self.header, cells, strict=True) if _is_nested(cell)]
            yield Row(line, cells, f"holds a list or an object in {nested[0]!r}" if nested else "")

    def fraction(self) -> float | None:
        if self._raw is None:
            return None
        return 1.0 if self._raw.closed else self._raw.tell() / self._size

    def _records(self) -> Iterator[tuple[int, Mapping[str, Cell] | str]]:
        """Line numbers with the line's object, or with what is wrong with it."""
        with self._path.open("rb") as raw:
            self._raw = raw
            file = cast("IO[bytes]", gzip.GzipFile(fileobj=raw)) if is_packed(self._path) else raw
            for number, line in enumerate(_lines(file), 1):
                text = line.removeprefix(BYTE_ORDER_MARK).strip()
                if text:
                    yield number, _object(text)


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


def _is_nested(cell: Cell) -> bool:
    return isinstance(cell, dict | list)
