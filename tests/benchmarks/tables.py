"""Import and retrain of 100,000 leads, against what the bare libraries take for the same data."""

from __future__ import annotations

import csv
import sqlite3
import time
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np

from scoring.ml.training.families import SEARCH, fit_estimator
from tests.benchmarks.installation import scratch_installation
from tests.benchmarks.leads import make_leads
from tests.benchmarks.peer import make_pipeline_for, peer_frame
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


def write_history(path: Path, rows: int) -> list[dict[str, Any]]:
    """The same leads, seen over the two years before this one, won more often with interactions."""
    rng = np.random.default_rng(3)
    first = date.today() - timedelta(days=820)
    leads = make_leads(rows)
    for number, lead in enumerate(leads):
        lead["seen"] = (first + timedelta(days=number * 720 // rows)).isoformat()
        lead["lastContact"] = lead["seen"]
        lead["result"] = "won" if rng.random() < 0.02 + lead["interactions"] / 100 else "lost"
    write_table(path, leads)
    return leads


def bare_fits(leads: list[dict[str, Any]]) -> float:
    """Seconds to fit each model type once on a ready float32 matrix, without anything else."""
    label = np.array([lead["result"] == "won" for lead in leads], dtype=np.int8)
    matrix = make_pipeline_for("passthrough")[0].fit_transform(peer_frame(leads))
    X = np.asarray(matrix, dtype=np.float32)
    weight = np.ones(len(label))
    start = time.perf_counter()
    for model_type, settings in SEARCH.items():
        fit_estimator(model_type, settings[-1], X, label, weight, seed=0)
    return time.perf_counter() - start


def retrain_vs_fits(name: str) -> Row:
    """`retrain`, all types with backtest, gate and report, against one bare fit of each type."""
    with scratch_installation() as installation:
        path = installation.folder / "history.csv"
        leads = write_history(path, ROWS)
        flags = ["--id", "id", "--seen-on", "seen", "--outcome", "result", "--won", "won"]
        installation.manage("import_leads", str(path), *flags, "--lost", "lost")
        start = time.perf_counter()
        installation.manage("retrain")
        ours = time.perf_counter() - start
        bare = bare_fits(leads)
    return rate_row(name, ROWS / ours, ROWS / bare, "rows/s")


BENCHMARKS = {
    "import-100k-vs-insert": import_vs_insert,
    "retrain-100k-vs-one-fit-each": retrain_vs_fits,
}
