from __future__ import annotations

import os
from pathlib import Path

import pytest

from crm.importing.problems import ImportProblem
from crm.importing.table import ReadOptions, named_columns
from crm.importing.tables import open_table
from tests.crm.importing.files import csv_file, excel_file, parquet_file

NO_OPTIONS = ReadOptions()


@pytest.mark.parametrize("suffix", [".csv", ".dat", ""])
def test_it_goes_by_what_is_in_the_file_and_not_by_its_name(tmp_path: Path, suffix: str):
    for path in (
        csv_file(tmp_path, "id,a", "1,2", name="text"),
        parquet_file(tmp_path, {"id": [1], "a": [2]}),
        excel_file(tmp_path, [["id", "a"], [1, 2]]),
    ):
        renamed = path.rename(path.with_suffix(suffix))
        table = open_table(renamed, NO_OPTIONS)

        assert table.header == ("id", "a")
        assert len(list(table.rows())) == 1


def test_it_says_what_is_wrong_with_a_path(tmp_path: Path):
    (tmp_path / "empty.csv").touch()
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "old.xls").write_bytes(b"\xd0\xcf\x11\xe0 old")
    (tmp_path / "text.xlsx").write_text("id\n1\n")
    (tmp_path / "text.parquet").write_text("id\n1\n")
    for name, message in {
        "missing.csv": "No such file",
        ".": "is not a file",
        "pipe": "is not a file",
        "empty.csv": "is empty",
        "old.xls": "save it as .xlsx",
        "text.xlsx": "is not an Excel workbook",
        "text.parquet": "is not a Parquet file",
    }.items():
        with pytest.raises(ImportProblem, match=message):
            open_table(tmp_path / name, NO_OPTIONS)


def test_a_sheet_is_only_for_workbooks(tmp_path: Path):
    with pytest.raises(ImportProblem, match="--sheet"):
        open_table(csv_file(tmp_path, "id"), ReadOptions(sheet="Leads"))


def test_columns_need_names():
    assert named_columns(["", "id", "", "a", "rejected_line", "rejected_reason"]) == {
        "id": 1,
        "a": 3,
    }
    with pytest.raises(ImportProblem, match="names of the columns"):
        named_columns(["", ""])
