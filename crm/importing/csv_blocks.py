"""A CSV file by blocks of whole rows, each block's columns at once.

pyarrow reads a block only where it is plain what its cells are: every quote opens or closes a
cell, and all rows are as wide as the header. Other rows are read one by one, as `CsvTable.rows`
reads them, from the same place in the same file.
"""

from __future__ import annotations

import csv
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from io import StringIO
from itertools import islice
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from pyarrow import csv as arrow_csv

from crm.importing.csv_lines import TextLines
from crm.importing.table import Cell, Places, Row, fitted, is_blank

if TYPE_CHECKING:
    from crm.importing.csv_table import CsvTable

CHARACTERS = 1 << 22
# Fewer characters than these are not worth a look by column.
FEW = 1 << 12
# After a row that is not plain, so many are read one by one.
ONE_BY_ONE = 100
# Longer cells are refused by Python's reader.
LONGEST_CELL = csv.field_size_limit()
NEWLINE, RETURN, QUOTE = b'\n\r"'


@dataclass(frozen=True)
class CsvBlock:
    """A `Block` of plain rows: texts in all columns. data: what they were read from."""

    columns: Mapping[int, pa.Array]
    data: bytes
    lines_before: int
    delimiter: str

    def __len__(self) -> int:
        return len(next(iter(self.columns.values())))

    def row(self, number: int) -> Row | None:
        start, end = (int(places[number]) for places in self._spans)
        text = StringIO(self.data[start:end].decode(), newline="")
        cells: Sequence[Cell] = next(csv.reader(text, delimiter=self.delimiter, strict=True))
        return None if is_blank(cells) else Row(int(self.lines[number]), cells)

    @cached_property
    def lines(self) -> Places:
        newlines = np.flatnonzero(np.frombuffer(self.data, np.uint8) == NEWLINE)
        return self.lines_before + 1 + np.searchsorted(newlines, self._spans[0])

    @cached_property
    def _spans(self) -> tuple[Places, Places]:
        """Where each row begins and ends; empty lines are no rows."""
        letters = np.frombuffer(self.data, np.uint8)
        ends = _row_ends(letters)
        if not len(ends) or ends[-1] < len(letters):
            ends = np.append(ends, len(letters))
        starts = np.concatenate([[0], ends[:-1]])
        filled = ~np.isin(letters[starts], (NEWLINE, RETURN))
        return starts[filled], ends[filled]


def blocks_of(table: CsvTable, columns: Collection[int]) -> Iterator[CsvBlock | Row]:
    """What `Table.blocks` gives: plain rows in blocks, the others one by one."""
    reader = _Reader(table, columns)
    with table.lines() as lines:
        table.pass_header(table.records(lines))
        while text := lines.take(CHARACTERS):
            plain = reader.plain(text)
            yield from reader.read(text[:plain], lines.line)
            lines.line += text.count("\n", 0, plain)
            if plain == len(text):
                continue
            lines.untake(text[plain:])
            for row in islice(table.records(lines), ONE_BY_ONE):
                yield from _shown(row, len(table.header))


class _Reader:
    def __init__(self, table: CsvTable, columns: Collection[int]) -> None:
        self._table = table
        self._names = [str(position) for position in range(len(table.header))]
        kept = [str(position) for position in sorted(columns)]
        self._types = arrow_csv.ConvertOptions(
            column_types=dict.fromkeys(self._names, pa.string()), include_columns=kept
        )

    def plain(self, text: str) -> int:
        """How many characters from the start are rows that are plain as far as quotes go."""
        if not self._table.delimiter.isascii() or text.count("\r") != text.count("\r\n"):
            return 0
        letters = np.frombuffer(text.encode(errors="surrogatepass"), np.uint8)
        ends = _row_ends(letters)
        wrong = _first_wrong_quote(letters, ord(self._table.delimiter))
        long = np.flatnonzero(np.diff(ends, prepend=0) > LONGEST_CELL)
        if len(long):
            wrong = min(wrong, int(ends[long[0]] - 1))
        if wrong == len(letters):
            return len(text)
        plain = ends[: np.searchsorted(ends, wrong, side="right")]
        end = int(plain[-1]) if len(plain) else 0
        return len(letters[:end].tobytes().decode(errors="surrogatepass"))

    def read(self, text: str, line: int) -> Iterator[CsvBlock | Row]:
        """Plain text as a block; cut in two, and again, around rows of another width."""
        if len(text) >= FEW and (block := self._block(text, line)):
            yield block
            return
        middle = _row_end_after(text, len(text) // 2)
        if len(text) < FEW or middle == len(text):
            for row in self._table.records(TextLines(text, line)):
                yield from _shown(row, len(self._names))
            return
        yield from self.read(text[:middle], line)
        yield from self.read(text[middle:], line + text.count("\n", 0, middle))

    def _block(self, text: str, line: int) -> CsvBlock | None:
        try:
            data = text.encode()
            found = arrow_csv.read_csv(
                pa.BufferReader(data),
                arrow_csv.ReadOptions(
                    use_threads=False, block_size=len(data) + 1, column_names=self._names
                ),
                arrow_csv.ParseOptions(
                    delimiter=self._table.delimiter, newlines_in_values='"' in text
                ),
                self._types,
            )
        except (UnicodeEncodeError, pa.ArrowInvalid):
            return None
        columns = {int(name): found.column(name).combine_chunks() for name in found.column_names}
        return CsvBlock(columns, data, line, self._table.delimiter)


def _shown(row: Row, width: int) -> Iterator[Row]:
    if row.problem:
        yield row
    elif not is_blank(row.cells):
        yield fitted(row.line, row.cells, width)


def _row_ends(letters: npt.NDArray[np.uint8]) -> Places:
    """Where rows end: behind each newline that is in no quoted cell."""
    newlines = np.flatnonzero(letters == NEWLINE)
    quotes = np.flatnonzero(letters == QUOTE)
    outside = np.searchsorted(quotes, newlines) % 2 == 0 if len(quotes) else slice(None)
    return newlines[outside] + 1


def _row_end_after(text: str, place: int) -> int:
    letters = text.encode(errors="surrogatepass")
    ends = _row_ends(np.frombuffer(letters, np.uint8))
    at = int(np.searchsorted(ends, place))
    if at >= len(ends):
        return len(text)
    return len(letters[: int(ends[at])].decode(errors="surrogatepass"))


def _first_wrong_quote(letters: npt.NDArray[np.uint8], delimiter: int) -> int:
    """Where the first quote is that neither opens nor closes a cell; else the length."""
    quotes = np.flatnonzero(letters == QUOTE)
    edges = (delimiter, NEWLINE, RETURN, QUOTE)
    opening, closing = quotes[0::2], quotes[1::2]
    before = letters[np.maximum(opening - 1, 0)]
    behind = letters[np.minimum(closing + 1, len(letters) - 1)]
    wrong_opening = opening[~np.isin(before, edges) & (opening > 0)]
    wrong_closing = opening[: len(closing)][~np.isin(behind, edges) & (closing + 1 < len(letters))]
    unclosed = opening[len(closing) :]
    wrong = np.concatenate([wrong_opening, wrong_closing, unclosed])
    return int(wrong.min()) if len(wrong) else len(letters)
