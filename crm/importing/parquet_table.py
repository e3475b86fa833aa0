"""Rows of a Parquet file, some thousands at a time."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from crm.importing.problems import ImportProblem
from crm.importing.table import Block, CellBlock, Row, column_names, is_blank

BATCH = 2_048
# Rows of a block.
MANY = 50_000


class ParquetTable:
    """A Parquet file. Columns that hold lists, objects or bytes are left out: no field has them."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._read = 0
        with _damage_told(), pq.ParquetFile(path) as file:
            schema = file.schema_arrow
            self._count: int = file.metadata.num_rows
        self._usable = [n for n, field in enumerate(schema) if _is_plain(field.type)]
        # pandas keeps its row numbers in a column of this name.
        self.header = column_names(
            [
                "" if schema.names[n].startswith("__index_level_") else schema.names[n]
                for n in self._usable
            ]
        )

    def rows(self) -> Iterator[Row]:
        """All rows but blank ones, numbered from 1."""
        with _damage_told():
            for batch, before in self._batches(BATCH):
                columns = [batch.column(n).to_pylist() for n in self._usable]
                for number, cells in enumerate(zip(*columns, strict=True), before + 1):
                    if not is_blank(cells):
                        yield Row(number, cells)

    def blocks(self, columns: Collection[int]) -> Iterator[Block | Row]:
        with _damage_told():
            for batch, before in self._batches(MANY):
                yield self._block(batch, before, columns)

    def fraction(self) -> float | None:
        return self._read / max(self._count, 1)

    def _batches(self, size: int) -> Iterator[tuple[pa.RecordBatch, int]]:
        """All rows, so many at a time, and how many come before."""
        self._read = 0
        with pq.ParquetFile(self._path, pre_buffer=False) as file:
            for batch in file.iter_batches(size, use_threads=False):
                before = self._read
                self._read += batch.num_rows
                yield batch, before

    def _block(self, batch: pa.RecordBatch, before: int, columns: Collection[int]) -> CellBlock:
        def row_of(number: int) -> Row | None:
            cells = tuple(batch.column(n)[number].as_py() for n in self._usable)
            return None if is_blank(cells) else Row(before + 1 + number, cells)

        return CellBlock(
            {position: _cells(batch.column(self._usable[position])) for position in columns},
            np.arange(before + 1, before + 1 + batch.num_rows),
            row_of,
        )


def _cells(column: pa.Array) -> pa.Array:
    """Texts as Arrow mostly has them; anything else as it is."""
    kind, types = column.type, pa.types
    if types.is_dictionary(kind):
        return _cells(column.dictionary_decode())
    if types.is_large_string(kind) or types.is_string_view(kind) or types.is_null(kind):
        return column.cast(pa.string())
    if types.is_timestamp(kind) or types.is_date(kind):
        # Days that Python has no name for show now and not when a single cell is asked for.
        pc.min_max(column).as_py()
    return column


@contextmanager
def _damage_told() -> Iterator[None]:
    try:
        yield
    except (pa.ArrowException, OSError, OverflowError, ValueError) as error:
        said = str(error).splitlines() or [type(error).__name__]
        raise ImportProblem(f"This is no readable Parquet file: {said[0]}") from None


def _is_plain(kind: pa.DataType) -> bool:
    types = pa.types
    return not (
        types.is_nested(kind)
        or types.is_binary(kind)
        or types.is_large_binary(kind)
        or types.is_fixed_size_binary(kind)
    )
