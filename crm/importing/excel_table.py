"""Rows of an Excel workbook (.xlsx): one sheet, formulas by the value that Excel last showed."""

from __future__ import annotations

import warnings
import zlib
from collections.abc import Collection, Iterator
from itertools import islice
from pathlib import Path
from typing import IO, Any
from zipfile import BadZipFile

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from crm.importing.problems import ImportProblem, samples
from crm.importing.table import (
    FIRST_ROWS,
    Block,
    Cell,
    Row,
    column_names,
    fitted,
    header_place,
    is_blank,
)

# What Excel shows in a cell whose formula failed. "#N/A" is a placeholder already.
ERRORS = frozenset({"#DIV/0!", "#REF!", "#VALUE!", "#NAME?", "#NUM!", "#NULL!"})
_DAMAGE = (
    BadZipFile,
    InvalidFileException,
    SyntaxError,  # of XML
    zlib.error,
    EOFError,
    OSError,
    KeyError,
    IndexError,
    ValueError,
    TypeError,
)


class ExcelTable:
    """A sheet of a workbook; its header is the first row that is as wide as a table's."""

    def __init__(self, path: Path, sheet: str) -> None:
        self._path = path
        self._sheet = sheet
        first = list(islice(self._filled(), FIRST_ROWS))
        if not first:
            raise ImportProblem("The sheet is empty: it has not even a header.")
        self._header_line, cells = first[header_place([cells for _, cells in first])]
        while cells and cells[-1] is None:
            cells = cells[:-1]
        self.header = column_names(cells)

    def rows(self) -> Iterator[Row]:
        """All rows but blank ones, by the number that Excel shows."""
        width = len(self.header)
        for line, cells in self._filled():
            if line > self._header_line:
                padded = (*cells, *[None] * (width - len(cells)))
                yield fitted(line, padded, width)

    def blocks(self, columns: Collection[int]) -> Iterator[Block | Row]:
        # Reading a sheet's XML takes far longer than what is done with its rows.
        return self.rows()

    def fraction(self) -> float | None:
        return None  # a sheet says its size wrongly or not at all

    def _filled(self) -> Iterator[tuple[int, tuple[Cell, ...]]]:
        # By handle: openpyxl turns away files whose name it does not like.
        with self._path.open("rb") as file:
            try:
                yield from self._filled_of(self._opened(file))
            except _DAMAGE as error:
                raise _damaged(error) from None

    def _opened(self, file: IO[bytes]) -> Any:
        with warnings.catch_warnings():
            # openpyxl warns of styles and features that it does not keep; we read values.
            warnings.simplefilter("ignore")
            return load_workbook(file, read_only=True, data_only=True)

    def _filled_of(self, book: Any) -> Iterator[tuple[int, tuple[Cell, ...]]]:
        try:
            for line, cells in enumerate(self._find(book).iter_rows(values_only=True), 1):
                if not is_blank(cells):
                    yield line, tuple(None if cell in ERRORS else cell for cell in cells)
        finally:
            book.close()

    def _find(self, book: Any) -> Any:
        names = [sheet.title for sheet in book.worksheets]
        if self._sheet and self._sheet not in names:
            raise ImportProblem(
                f"The workbook has no sheet {self._sheet!r}; it has {samples(names, 20)}."
            )
        if not names:
            raise ImportProblem("The workbook has no sheet with cells.")
        return book[self._sheet or names[0]]


def _damaged(error: Exception) -> ImportProblem:
    return ImportProblem(f"This is no readable Excel workbook (.xlsx): {error}")
