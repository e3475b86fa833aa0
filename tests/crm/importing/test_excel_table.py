from __future__ import annotations

import zipfile
from datetime import datetime
from pathlib import Path

import openpyxl
import pytest

from crm.importing.excel_table import ExcelTable
from crm.importing.problems import ImportProblem
from crm.importing.table import Row
from tests.crm.importing.files import excel_file


def test_it_reads_the_first_sheet_from_its_first_row_with_cells(tmp_path: Path):
    day = datetime(2025, 1, 2)
    path = excel_file(
        tmp_path, [[], ["id", " seen ", None], [1, day], [None, None], [2, "#REF!"], [3, None]]
    )

    table = ExcelTable(path, "")

    assert table.header == ("id", "seen")
    assert list(table.rows()) == [Row(3, (1, day)), Row(5, (2, None)), Row(6, (3, None))]


def test_a_cell_outside_the_header_is_the_rows_problem(tmp_path: Path):
    path = excel_file(tmp_path, [["id", "a"], [1, 2, 3], [1]])

    assert [row.problem for row in ExcelTable(path, "").rows()] == [
        "has 3 cells where the header has 2",
        "",
    ]


def test_it_reads_the_sheet_it_is_told_and_names_those_there_are(tmp_path: Path):
    path = excel_file(tmp_path, [["id"], [1]], sheet="Leads")
    book = openpyxl.load_workbook(path)
    book.create_sheet("Other").append(["key"])
    book.save(path)

    assert ExcelTable(path, "Other").header == ("key",)
    with pytest.raises(ImportProblem, match="no sheet 'Leeds'; it has 'Leads', 'Other'"):
        ExcelTable(path, "Leeds")


def test_an_empty_sheet_is_an_import_problem(tmp_path: Path):
    with pytest.raises(ImportProblem, match="not even a header"):
        ExcelTable(excel_file(tmp_path, []), "")


def test_a_zip_file_of_something_else_is_an_import_problem(tmp_path: Path):
    path = tmp_path / "leads.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("hello.txt", "hello")

    with pytest.raises(ImportProblem, match="no readable Excel workbook"):
        ExcelTable(path, "")


def test_half_a_workbook_is_an_import_problem(tmp_path: Path):
    path = excel_file(tmp_path, [["id"], *([n] for n in range(500))])
    path.write_bytes(path.read_bytes()[:2_000])

    with pytest.raises(ImportProblem, match="no readable Excel workbook"):
        ExcelTable(path, "")


def test_a_sheet_of_broken_xml_is_an_import_problem(tmp_path: Path):
    path = excel_file(tmp_path, [["id"], *([n] for n in range(500))])
    broken = tmp_path / "broken.xlsx"
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(broken, "w") as target:
        for item in source.infolist():
            content = source.read(item)
            cut = item.filename.startswith("xl/worksheets/")
            target.writestr(item, content[: len(content) // 2] if cut else content)

    with pytest.raises(ImportProblem, match="no readable Excel workbook"):
        list(ExcelTable(broken, "").rows())
