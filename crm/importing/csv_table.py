"""Rows of a CSV file, packed with gzip or not. One broken row costs one row, not the file."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from itertools import islice
from pathlib import Path

from crm.importing.csv_blocks import blocks_of
from crm.importing.csv_lines import Lines, TextLines
from crm.importing.problems import ImportProblem
from crm.importing.table import (
    FIRST_ROWS,
    Block,
    ReadOptions,
    Row,
    column_names,
    fitted,
    header_place,
    is_blank,
)

DELIMITERS = ",;\t|"
SAMPLE = 20
NOT_DECODED = "is not UTF-8 text; if a Windows program wrote it, try --encoding cp1252"


class CsvTable:
    """A CSV file with a header; its delimiter is found from the first lines if not given."""

    def __init__(self, path: Path, options: ReadOptions) -> None:
        self._path = path
        self._encoding = options.encoding
        self._lines: Lines | None = None
        self.delimiter = options.delimiter or self._sniff()
        first = list(islice(self._records(), FIRST_ROWS))
        if not first:
            raise ImportProblem("The file is empty: it has not even a header.")
        self._header_at = 0 if first[0].problem else header_place([row.cells for row in first])
        header = first[self._header_at]
        if header.problem:
            raise ImportProblem(f"The header, line {header.line}, {header.problem}.")
        self.header = column_names(header.cells)

    def rows(self) -> Iterator[Row]:
        """All rows but blank ones, by the number of the line where they begin."""
        width = len(self.header)
        records = self._records()
        self.pass_header(records)
        for row in records:
            if row.problem:
                yield row
            elif not is_blank(row.cells):
                yield fitted(row.line, row.cells, width)

    def blocks(self, columns: Collection[int]) -> Iterator[Block | Row]:
        return blocks_of(self, columns)

    def fraction(self) -> float | None:
        return self._lines.fraction() if self._lines else None

    def pass_header(self, records: Iterator[Row]) -> None:
        """Take the header, and what stands above it, off all records."""
        for _ in islice(records, self._header_at + 1):
            pass

    @property
    def encoding(self) -> str:
        """What its text is read as."""
        with self.lines() as lines:
            return lines.encoding

    def lines(self) -> Lines:
        """The file's lines from the start; `fraction` goes by them."""
        self._lines = Lines(self._path, self._encoding)
        return self._lines

    def records(self, lines: TextLines) -> Iterator[Row]:
        """Rows as wide as they are, the header too, from where `lines` stands."""
        reader = csv.reader(lines, delimiter=self.delimiter, strict=True)
        while True:
            lines.begin()
            first = lines.line + 1
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                # Most often a quote that is never closed: all that it swallowed is read anew.
                lines.give_back()
                reader = csv.reader(lines, delimiter=self.delimiter, strict=True)
                yield Row(
                    first, ["".join(lines.record)], f"is no CSV row, {error}: a quote too many?"
                )
                continue
            if cells:
                yield Row(first, cells, _undecoded(lines.record))

    def _records(self) -> Iterator[Row]:
        with self.lines() as lines:
            yield from self.records(lines)

    def _sniff(self) -> str:
        """The delimiter that cuts the first lines into most columns of the same number."""
        lines = Lines(self._path, self._encoding)
        try:
            sample = [line for _, line in zip(range(SAMPLE), lines, strict=False)]
        finally:
            lines.close()
        best = max(DELIMITERS, key=lambda delimiter: _agreement(sample, delimiter))
        if _agreement(sample, best)[1]:
            return best
        # No columns in the first line: it may be a title.
        return max(DELIMITERS, key=lambda each: _agreement(sample, each, below_title=True))


def _agreement(
    sample: Sequence[str], delimiter: str, *, below_title: bool = False
) -> tuple[float, int]:
    """How many of the rows are as wide as the header (if that has columns at all); its width."""
    try:
        rows = [cells for cells in csv.reader(sample, delimiter=delimiter) if cells]
    except csv.Error:
        return 0.0, 0
    widths = [len(cells) for cells in rows[header_place(rows) if below_title and rows else 0 :]]
    if not widths or widths[0] < 2:
        return 0.0, 0
    return Counter(widths)[widths[0]] / len(widths), widths[0]


def _undecoded(lines: Sequence[str]) -> str:
    for line in lines:
        if not line.isascii():
            try:
                line.encode()
            except UnicodeEncodeError:
                return NOT_DECODED
    return ""
