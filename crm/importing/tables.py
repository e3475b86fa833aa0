"""Open a file of leads by what is in it; its name only helps to word what is wrong."""

from __future__ import annotations

from pathlib import Path
from stat import S_ISREG

from crm.importing.csv_table import CsvTable
from crm.importing.excel_table import ExcelTable
from crm.importing.ndjson_table import NdjsonTable, starts_with_object
from crm.importing.parquet_table import ParquetTable
from crm.importing.problems import ImportProblem
from crm.importing.table import ReadOptions, Table

ZIP_MAGIC = b"PK\x03\x04"
PARQUET_MAGIC = b"PAR1"
OLD_OFFICE_MAGIC = b"\xd0\xcf\x11\xe0"
_CLAIMS = {".xlsx": "an Excel workbook", ".parquet": "a Parquet file"}


def open_table(path: Path, options: ReadOptions) -> Table:
    """The table in a CSV, NDJSON (both also .gz), Parquet or .xlsx file.

    Raises:
        ImportProblem: if there is no such file, or nothing that can be read.
    """
    start = _start_of(path)
    if start == ZIP_MAGIC:
        return ExcelTable(path, options.sheet)
    if start == PARQUET_MAGIC:
        return ParquetTable(path)
    if start == OLD_OFFICE_MAGIC:
        raise ImportProblem(f"{path} is an old Excel file: save it as .xlsx or CSV.")
    claim = _CLAIMS.get(path.suffix.lower())
    if claim:
        raise ImportProblem(f"{path} is not {claim}, whatever its name says.")
    if options.sheet:
        raise ImportProblem("--sheet is for Excel workbooks; this file is none.")
    if starts_with_object(path):
        return NdjsonTable(path)
    return CsvTable(path, options)


def _start_of(path: Path) -> bytes:
    try:
        # Read twice, so a pipe will not do.
        if not S_ISREG(path.stat().st_mode):
            raise ImportProblem(f"{path} is not a file.")
        with path.open("rb") as file:
            start = file.read(4)
    except OSError as error:
        raise ImportProblem(f"{path} cannot be read: {error.strerror}.") from None
    if not start:
        raise ImportProblem(f"{path} is empty: it has not even a header.")
    return start
