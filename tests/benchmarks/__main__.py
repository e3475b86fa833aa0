"""`python -m tests.benchmarks [NAME]`: one table on the screen, the same rows in var/bench.json."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from dataclasses import asdict

from tests.benchmarks import bulk, cluster, explain, predict, retrain, tables
from tests.benchmarks.row import Row
from tests.benchmarks.servers import CLIENT_CORES, ROOT

BENCHMARKS: dict[str, Callable[[str], Row]] = {
    **predict.BENCHMARKS,
    **bulk.BENCHMARKS,
    **cluster.BENCHMARKS,
    **explain.BENCHMARKS,
    **tables.BENCHMARKS,
    **retrain.BENCHMARKS,
}


def main(wanted: list[str]) -> int:
    unknown = set(wanted) - set(BENCHMARKS)
    if unknown:
        print(f"No benchmark {', '.join(unknown)}. There are: {', '.join(BENCHMARKS)}.")
        return 2
    os.sched_setaffinity(0, CLIENT_CORES)
    rows = []
    print(f"{'name':34}{'ours':>12}{'other':>12}  {'unit':12}{'ratio':>8}{'target':>8}")
    for name in wanted or BENCHMARKS:
        row = BENCHMARKS[name](name)
        rows.append(asdict(row))
        target = "" if row.target is None else f"{row.target:g}"
        print(
            f"{name:34}{row.ours:12.1f}{row.other:12.1f}  {row.unit:12}{row.ratio:8.2f}{target:>8}",
            flush=True,
        )
    path = ROOT / "var" / "bench.json"
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(rows, indent=2) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
