"""The rows that an import could not take, in a CSV file beside the one they came from."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from io import StringIO
from pathlib import Path
from types import TracebackType

from crm.importing.problems import ImportProblem
from crm.importing.rows import RejectedRow
from crm.importing.table import REJECTED_LINE, REJECTED_REASON, Cell


def rejected_path(path: Path) -> Path:
    """Where the rejected rows of `path` go if nobody says otherwise."""
    return path.with_name(path.name + ".rejected.csv")


class RejectedFile:
    """Writes rejected rows with line and reason; gone again if there were none.

    Opened before anything is imported, so that a place where it cannot be stops the import at
    once. Texts stay as they were, byte for byte: the file is for mending and importing again.
    """

    def __init__(self, path: Path, header: Sequence[str]) -> None:
        self.path = path
        self._width = len(header)
        self._any = False
        try:
            self._file = path.open("w", encoding="utf-8", errors="surrogateescape", newline="")
        except OSError as error:
            raise ImportProblem(
                f"Rejected rows cannot be written to {path}: {error.strerror}. Choose another "
                "place with --rejected FILE."
            ) from None
        self._writer = csv.writer(self._file)
        self._write(_header(header))

    def __enter__(self) -> RejectedFile:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        try:
            self._file.close()
        except OSError as failed:
            if kind is None:
                raise _full(self.path, failed) from None
        if not self._any:
            self.path.unlink(missing_ok=True)

    def add(self, row: RejectedRow) -> None:
        """Keep a row. Line and reason stand in their columns however few cells there are."""
        self._any = True
        self._write(_cells(row, self._width))

    def _write(self, cells: Sequence[Cell]) -> None:
        try:
            self._writer.writerow(cells)
        except OSError as error:
            raise _full(self.path, error) from None


def rejected_part(rows: Sequence[RejectedRow], header: Sequence[str], *, first: bool) -> bytes:
    """The same rows as a part of such a file, of which the `first` one has the header."""
    text = StringIO(newline="")
    writer = csv.writer(text)
    if first:
        writer.writerow(_header(header))
    writer.writerows(_cells(row, len(header)) for row in rows)
    return text.getvalue().encode(errors="surrogateescape")


def _header(header: Sequence[str]) -> list[Cell]:
    return [*header, REJECTED_LINE, REJECTED_REASON]


def _cells(row: RejectedRow, width: int) -> list[Cell]:
    cells: list[Cell] = list(row.cells[:width])
    cells += [""] * (width - len(cells))
    # What a row has too much of stands behind.
    return [*cells, row.line, row.reason, *row.cells[width:]]


def _full(path: Path, error: OSError) -> ImportProblem:
    return ImportProblem(f"Rejected rows cannot be written to {path}: {error.strerror}.")
