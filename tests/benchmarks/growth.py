"""`python -m tests.benchmarks.growth [MOST [KIND]]`: what a row costs as files grow.

Scores files of 10^4, 10^5 … MOST rows (10^6 unless said), each size in a process of its own and on
one core. KIND is csv (unless said; draws docs/images/growth.svg), parquet or ndjson. Seconds are
the processor's, of scoring alone: the start of Python and Django with the first file, which loads
the model, is told apart, and so is what a call takes for a file of one row.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from tests.benchmarks.bulk import MODEL
from tests.benchmarks.many_leads import AT_ONCE, write_leads
from tests.benchmarks.predict import installed
from tests.benchmarks.servers import ROOT, SERVER_CORES

FEWEST, MOST = 10**4, 10**6
# Small files are quick, and so are scored more often; the quickest time counts.
ROWS_IN_ALL = 3 * 10**6
SCORE = r"""
import json, os, re, time
os.sched_setaffinity(0, {cores})
import django; django.setup()
from pathlib import Path
from django.core.management import call_command
def score(source):
    start = time.process_time()
    call_command("score", input=Path(source), output=Path({output!r}), stdout=open(os.devnull, "w"))
    return time.process_time() - start
score({small!r})
start_up = time.process_time()
call = min(score({small!r}) for _ in range(10))
seconds = [score({source!r}) for _ in range({times})]
# Of this program alone: what getrusage says begins with what its parent held.
peak = re.search(r"VmHWM:\s+(\d+)", Path("/proc/self/status").read_text())[1]
print(json.dumps([start_up, call, min(seconds) - call, int(peak) / 1024]))
"""
STYLE = (
    "<style>text{font:12px sans-serif}.plot-line{fill:none;stroke:#2563eb;stroke-width:2}</style>"
)


def measure(most: int, kind: str) -> list[tuple[int, float, float]]:
    """Rows, microseconds a row and peak MB for each size; prints a line each."""
    found = []
    with installed(MODEL, postgres=True) as installation:
        small, source, output = (
            str(installation.folder / name) for name in ("small", f"leads.{kind}", "scores.csv")
        )
        write_kind(Path(small), 1, kind)
        rows = FEWEST
        while rows <= most:
            write_kind(Path(source), rows, kind)
            code = SCORE.format(
                cores=SERVER_CORES,
                small=small,
                source=source,
                output=output,
                times=max(1, min(10, ROWS_IN_ALL // rows)),
            )
            start_up, call, seconds, megabytes = json.loads(installation.run("-c", code))
            found.append((rows, 1e6 * seconds / rows, megabytes))
            print(
                f"{rows:>12,} rows {1e6 * seconds / rows:8.2f} us a row {megabytes:6.0f} MB, "
                f"start-up {start_up:.1f} s, a call {1e3 * call:.0f} ms, {MODEL}",
                flush=True,
            )
            rows *= 10
    return found


def write_kind(path: Path, rows: int, kind: str) -> None:
    """A file of this kind with so many leads."""
    made = path.with_suffix(".made") if kind != "csv" else path
    write_leads(made, rows)
    if kind == "csv":
        return
    parts = pd.read_csv(made, chunksize=AT_ONCE)
    if kind == "ndjson":
        with path.open("w") as file:
            for part in parts:
                part.to_json(file, orient="records", lines=True)
        return
    tables = (pa.Table.from_pandas(part, preserve_index=False) for part in parts)
    first = next(tables)
    with pq.ParquetWriter(path, first.schema) as writer:
        for table in (first, *tables):
            writer.write_table(table)


def draw(found: list[tuple[int, float, float]], path: Path) -> None:
    """Microseconds a row over the rows, which grow tenfold a step."""
    width, height, left, bottom = 420, 220, 50, 30
    top = max(cost for _, cost, _ in found) * 1.2
    step = (width - left - 50) / max(len(found) - 1, 1)
    places = [
        (left + 10 + number * step, (height - bottom) * (1 - cost / top), rows, cost)
        for number, (rows, cost, _) in enumerate(found)
    ]
    points = " ".join(f"{x:.0f},{y:.0f}" for x, y, _, _ in places)
    labels = "".join(
        f'<text x="{x:.0f}" y="{height - 10}" text-anchor="middle">{rows:,}</text>'
        f'<text x="{x:.0f}" y="{y - 8:.0f}" text-anchor="middle">{cost:.1f}</text>'
        for x, y, rows, cost in places
    )
    path.write_text(
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" '
        f'aria-label="Microseconds a row by rows of the file">{STYLE}'
        f'<text x="4" y="14">µs a row</text><polyline class="plot-line" points="{points}"/>'
        f"{labels}</svg>\n"
    )


if __name__ == "__main__":
    most, kind, *_ = [*sys.argv[1:], *(str(MOST), "csv")[len(sys.argv) - 1 :]]
    found = measure(int(most), kind)
    if kind == "csv":
        draw(found, ROOT / "docs" / "images" / "growth.svg")
