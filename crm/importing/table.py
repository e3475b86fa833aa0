"""What every kind of file gives: a header, and rows with the place where they stood."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from crm.importing.problems import ImportProblem

# Text from CSV; also numbers, dates and booleans from Parquet and Excel. None is an empty cell.
Cell = Any
Places = npt.NDArray[np.int64]
# What `RejectedFile` adds, so that a mended file of rejected rows can be imported as it is.
REJECTED_LINE = "rejected_line"
REJECTED_REASON = "rejected_reason"
# As long as an attribute's name may be.
LONGEST_NAME = 100
# So many rows are looked at for the one that names the columns; so many cells has a title at most.
FIRST_ROWS, NARROW = 20, 2


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """How to read a file where its content does not say. Empty: find out."""

    sheet: str = ""
    delimiter: str = ""
    encoding: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One row. `line` counts from 1 and the header (Parquet has none: rows from 1).

    `problem` says why the row cannot be read at all; `cells` then is what could be had of it.
    """

    line: int
    cells: Sequence[Cell]
    problem: str = ""


class Block(Protocol):
    """Rows of a file, blank ones among them, with those of their columns that were asked for."""

    @property
    def columns(self) -> Mapping[int, pa.Array]:
        """Position in the header -> cells (n,): texts, or of the file's own type."""

    @property
    def lines(self) -> Places:
        """Where each row stands (n,), as `Row.line` counts."""

    def __len__(self) -> int: ...

    def row(self, number: int) -> Row | None:
        """One row with all its cells; None if it is blank."""


@dataclass(frozen=True)
class CellBlock:
    """A block of cells that were read already. `row_of` gives a row by its number from 0.

    A row with a problem has nothing in any column.
    """

    columns: Mapping[int, pa.Array]
    lines: Places
    row_of: Callable[[int], Row | None]

    def __len__(self) -> int:
        return len(self.lines)

    def row(self, number: int) -> Row | None:
        return self.row_of(number)


class Table(Protocol):
    """A file of rows; `rows` and `blocks` may be called again and start over."""

    @property
    def header(self) -> tuple[str, ...]:
        """The columns' names as they stand, one for each cell of a row."""

    def rows(self) -> Iterator[Row]:
        """All rows but blank ones. Raises ImportProblem where the file breaks off."""

    def blocks(self, columns: Collection[int]) -> Iterator[Block | Row]:
        """The same rows, many at a time with these columns where the file lets itself be read so.

        Raises ImportProblem where the file breaks off.
        """

    def fraction(self) -> float | None:
        """How much of the file was read the latest time, 0 to 1; None if nobody can tell."""


def header_place(rows: Sequence[Sequence[Cell]]) -> int:
    """Which of a file's first rows names the columns: titles and notes above it are narrow."""
    filled = [sum(cell not in (None, "") for cell in cells) for cells in rows]
    typical = sorted(filled)[len(filled) // 2]
    wide = (at for at, count in enumerate(filled) if count > NARROW or 2 * count > typical)
    return next(wide, 0)


def column_name(cell: Cell) -> str:
    """A column's name on one line, without what nobody sees; a whole question is cut."""
    text = " ".join(str("" if cell is None else cell).split())
    seen = "".join(each for each in text if unicodedata.category(each) not in ("Cc", "Cf")).strip()
    return seen if len(seen) <= LONGEST_NAME else seen[: LONGEST_NAME - 1] + "…"


def column_names(cells: Sequence[Cell]) -> tuple[str, ...]:
    """A header; of columns that are named alike the second is "name (2)"."""
    names: list[str] = []
    for name in map(column_name, cells):
        number, free = 1, name
        while name and free in names:
            number += 1
            free = second_of(name, number)
        names.append(free)
    return tuple(names)


def second_of(name: str, number: int = 2) -> str:
    """What a second column with this name is called."""
    return f"{name[: LONGEST_NAME - 5]} ({number})"


def named_columns(header: Sequence[str]) -> dict[str, int]:
    """Column name -> position. Columns without a name are left out.

    Raises:
        ImportProblem: if there is no name.
    """
    columns = {
        name: position
        for position, name in enumerate(header)
        if name and name not in (REJECTED_LINE, REJECTED_REASON)
    }
    if not columns:
        raise ImportProblem("The first row must hold the names of the columns; it is empty.")
    return columns


def fitted(line: int, cells: Sequence[Cell], width: int) -> Row:
    """A row as wide as the header; too few or too many cells are its problem."""
    if len(cells) == width:
        return Row(line, cells)
    if len(cells) > width and all(cell in ("", None) for cell in cells[width:]):
        return Row(line, cells[:width])
    return Row(line, cells, f"has {len(cells)} cells where the header has {width}")


def is_blank(cells: Sequence[Cell]) -> bool:
    """Whether nothing stands in the row: spreadsheets leave such rows at the end."""
    return all(cell is None or cell == "" for cell in cells)
