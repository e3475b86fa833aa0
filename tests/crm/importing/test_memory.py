"""Files are streamed: ten times the rows take no more memory but eight bytes a row."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from crm.importing import csv_blocks, parquet_table
from crm.importing.plan import TablePlan
from crm.importing.rows import read_rows
from tests.crm.importing.files import csv_file

FEW, MANY = 300, 3_000


def csv_of(folder: Path, rows: int) -> Path:
    lines = (f"{n},2023-05-{1 + n % 28:02},some text {n},{n * 7}" for n in range(rows))
    return csv_file(folder, "id,seen,note,size", *lines, name=f"{rows}.csv.gz")


def parquet_of(folder: Path, rows: int) -> Path:
    path = folder / f"{rows}.parquet"
    notes = [f"some text {n}" for n in range(rows)]
    seen = [f"2023-05-{1 + n % 28:02}" for n in range(rows)]
    table = pa.table({"id": range(rows), "seen": seen, "note": notes})
    pq.write_table(table, path, row_group_size=200)
    return path


def read_through(path: Path) -> None:
    plan = TablePlan.from_options(path, {"seen_on": "seen"})
    for _ in read_rows(path, plan):
        pass


def peak(path: Path) -> int:
    tracemalloc.start()
    read_through(path)
    highest = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return highest


@pytest.mark.parametrize("make", [csv_of, parquet_of])
def test_ten_times_the_rows_take_no_more_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, make: Callable[[Path, int], Path]
):
    monkeypatch.setattr(parquet_table, "BATCH", 100)
    monkeypatch.setattr(parquet_table, "MANY", 100)
    monkeypatch.setattr(csv_blocks, "CHARACTERS", 3_000)
    few, many = make(tmp_path, FEW), make(tmp_path, MANY)
    read_through(many)  # fills the caches, which stay

    growth = peak(many) - peak(few)

    assert growth < 50 * (MANY - FEW)
