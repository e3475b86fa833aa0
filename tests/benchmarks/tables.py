"""Import of 100,000 leads, against what the bare libraries take for the same data."""

from __future__ import annotations

import csv
import sqlite3
import time
from pathlib import Path
from typing import Any

from tests.benchmarks.installation import scratch_installation
from tests.benchmarks.leads import make_leads
from tests.benchmarks.row import Row, rate_row

ROWS = 100_000


def write_table(path: Path, leads: list[dict[str, Any]]) -> None:
    """Leads as a CSV."""
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, fieldnames=list(leads[0]))
        writer.writeheader()
        writer.writerows(leads)


def bare_insert(path: Path, database: Path) -> float:
    """Seconds to read the CSV and insert its rows into one bare SQLite table."""
    start = time.perf_counter()
    with path.open(newline="") as file:
        reader = csv.reader(file)
        columns = next(reader)
        connection = sqlite3.connect(database)
        connection.execute(f"CREATE TABLE leads ({', '.join(columns)})")
        marks = ", ".join("?" * len(columns))
        connection.executemany(f"INSERT INTO leads VALUES ({marks})", reader)  # noqa: S608 - only marks
        connection.commit()
        connection.close()
    return time.perf_counter() - start


def import_vs_insert(name: str) -> Row:
    """`import_leads` (validated, with history) against one bare table of the same rows."""
    with scratch_installation() as installation:
        path = installation.folder / "leads.csv"
        write_table(path, make_leads(ROWS))
        bare = bare_insert(path, installation.folder / "bare.sqlite3")
        mapping = ("name", "company", "industry", "size", "lastContact", "budget")
        fields = (*mapping, "previousPurchases", "interactions")
        flags = [flag for field in fields for flag in ("--map", f"{field}={field}")]
        start = time.perf_counter()
        installation.manage("import_leads", str(path), "--id", "id", *flags)
        ours = time.perf_counter() - start
    return rate_row(name, ROWS / ours, ROWS / bare, "rows/s")


BENCHMARKS = {"import-100k-vs-insert": import_vs_insert}
