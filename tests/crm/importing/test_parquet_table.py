from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from crm.importing.parquet_table import ParquetTable
from crm.importing.problems import ImportProblem
from crm.importing.table import Row
from tests.crm.importing.files import parquet_file


def test_it_gives_python_values_row_by_row(tmp_path: Path):
    path = parquet_file(
        tmp_path,
        {
            "id": [1, 2, 3],
            "ort": pa.array(["Bonn", None, "Bonn"]).dictionary_encode(),
            "seen": [date(2025, 1, 2), None, date(2025, 1, 4)],
            "at": pa.array([datetime(2025, 1, 2, 3), None, None], pa.timestamp("ns")),
        },
    )

    table = ParquetTable(path)

    assert table.header == ("id", "ort", "seen", "at")
    assert list(table.rows()) == [
        Row(1, (1, "Bonn", date(2025, 1, 2), datetime(2025, 1, 2, 3))),
        Row(2, (2, None, None, None)),
        Row(3, (3, "Bonn", date(2025, 1, 4), None)),
    ]
    assert table.fraction() == 1.0


def test_columns_that_no_field_can_hold_are_left_out(tmp_path: Path):
    path = parquet_file(
        tmp_path,
        {
            "id": [1],
            "tags": [["a", "b"]],
            "raw": [b"x"],
            "emp.rate": [1.5],
            "__index_level_0__": [7],
        },
    )

    table = ParquetTable(path)

    assert table.header == ("id", "emp.rate", "")
    assert [row.cells for row in table.rows()] == [(1, 1.5, 7)]


def test_a_damaged_file_is_an_import_problem(tmp_path: Path):
    path = parquet_file(tmp_path, {"id": list(range(1_000))})
    path.write_bytes(path.read_bytes()[:-40] + b"PAR1")

    with pytest.raises(ImportProblem, match="no readable Parquet file"):
        ParquetTable(path)


def test_damage_in_the_middle_is_an_import_problem(tmp_path: Path):
    path = tmp_path / "leads.parquet"
    pq.write_table(pa.table({"id": [f"lead {n}" for n in range(5_000)]}), path, compression="gzip")
    damaged = bytearray(path.read_bytes())
    damaged[100:600] = bytes(500)
    path.write_bytes(damaged)

    with pytest.raises(ImportProblem, match="no readable Parquet file"):
        list(ParquetTable(path).rows())
