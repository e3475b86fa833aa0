"""Files to import, as small as they can be."""

from __future__ import annotations

import gzip
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq

from crm.importing.load import LoadSummary, load_leads
from crm.importing.plan import TablePlan
from crm.importing.rejects import RejectedFile, rejected_path
from crm.importing.rows import ParsedRow, RejectedRow, read_rows
from crm.models import Lead


def csv_file(folder: Path, *lines: str, name: str = "leads.csv", encoding: str = "utf-8") -> Path:
    path = folder / name
    content = "".join(f"{line}\n" for line in lines).encode(encoding)
    path.write_bytes(gzip.compress(content) if name.endswith(".gz") else content)
    return path


def parquet_file(folder: Path, columns: dict[str, Any]) -> Path:
    path = folder / "leads.parquet"
    pq.write_table(pa.table(columns), path, row_group_size=2)
    return path


def excel_file(folder: Path, rows: Iterable[Sequence[Any]], sheet: str = "Leads") -> Path:
    path = folder / "leads.xlsx"
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active.title = sheet
    for row in rows:
        book.active.append(list(row))
    book.save(path)
    return path


def read(path: Path, **options: Any) -> list[ParsedRow | RejectedRow]:
    return list(read_rows(path, TablePlan.from_options(path, options)))


def parsed(path: Path, **options: Any) -> list[ParsedRow]:
    """All rows, none of which may be rejected."""
    rows = read(path, **options)
    assert [row for row in rows if isinstance(row, RejectedRow)] == []
    return [row for row in rows if isinstance(row, ParsedRow)]


def reasons(path: Path, **options: Any) -> dict[int, str]:
    """Line -> why it was rejected."""
    rows = read(path, **options)
    return {row.line: row.reason for row in rows if isinstance(row, RejectedRow)}


def load(path: Path, *, dry_run: bool = False, **options: Any) -> LoadSummary:
    plan = TablePlan.from_options(path, options)
    if dry_run:
        return load_leads(path=path, plan=plan, rejected=None, dry_run=True)
    with RejectedFile(rejected_path(path), plan.header) as rejected:
        return load_leads(path=path, plan=plan, rejected=rejected)


def states(external_id: str) -> list[tuple[date, str, str]]:
    """Day, kind and industry of each row of a lead's history, oldest first."""
    rows = Lead.history.filter(external_id=external_id).order_by("history_date", "history_id")
    return [(row.history_date.date(), row.history_type, row.industry) for row in rows]


def counts(summary: LoadSummary) -> tuple[int, int, int]:
    return summary.created, summary.updated, summary.unchanged
