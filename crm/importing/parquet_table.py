"""Rows of a Parquet file, a few thousand at a time."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from crm.importing.problems import ImportProblem
from crm.importing.table import Row, is_blank

BATCH = 2_048


class ParquetTable:
    """A Parquet file. Columns that hold lists, objects or bytes are left out: no field has them."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._read = 0
        try:
            with pq.ParquetFile(path) as file:
                schema = file.schema_arrow
                self._count: int = file.metadata.num_rows
        except (pa.ArrowException, OSError) as error:
            raise _damaged(error) from None
        self._usable = [n for n, field in enumerate(schema) if _is_plain(field.type)]
        # pandas keeps its row numbers in a column of this name.
        self.header = tuple(
            "" if schema.names[n].startswith("__index_level_") else schema.names[n].strip()
            for n in self._usable
        )

    def rows(self) -> Iterator[Row]:
        """All rows but blank ones, numbered from 1."""
        self._read = 0
        try:
            with pq.ParquetFile(self._path, pre_buffer=False) as file:
                for batch in file.iter_batches(BATCH, use_threads=False):
                    columns = [batch.column(n).to_pylist() for n in self._usable]
                    for number, cells in enumerate(zip(*columns, strict=True), self._read + 1):
                        if not is_blank(cells):
                            yield Row(number, cells)
                    self._read += batch.num_rows
        except (pa.ArrowException, OSError) as error:
            raise _damaged(error) from None

    def fraction(self) -> float | None:
        return self._read / max(self._count, 1)


def _is_plain(kind: pa.DataType) -> bool:
    types = pa.types
    return not (
        types.is_nested(kind)
        or types.is_binary(kind)
        or types.is_large_binary(kind)
        or types.is_fixed_size_binary(kind)
    )


def _damaged(error: Exception) -> ImportProblem:
    return ImportProblem(f"This is no readable Parquet file: {str(error).splitlines()[0]}")
