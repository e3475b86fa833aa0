"""Bulk scoring on a Dask cluster of this machine, over mutual TLS: two workers against one.

`CLUSTER_ROWS` sets how many leads are rescored (100,000 unless set). The model is the peer's forest
of 300 unbounded trees. Connecting is in both sides' seconds, the start of Python is not.
"""

from __future__ import annotations

import json
import os
import statistics

from tests.benchmarks.installation import Installation
from tests.benchmarks.many_leads import store_leads
from tests.benchmarks.predict import installed
from tests.benchmarks.row import Row, rate_row
from tests.scoring.cluster.running import Cluster, new_cluster

ROWS = int(os.environ.get("CLUSTER_ROWS", "100000"))
ROUNDS = 3
MODEL = "random-forest"
# Eight ranges a worker, so that neither waits long for the other's last one.
SCORE = """
import os, time
os.sched_setaffinity(0, range(os.cpu_count()))
import django; django.setup()
from datetime import timedelta
from crm.days import today
from scoring.cluster.connection import connected
from scoring.services import rescore
rescore.RANGE_KEYS = {keys}
with connected() as client:
    client.wait_for_workers({workers}, timeout=120)
start = time.perf_counter()
found = rescore.leads_rescore(day=today() - timedelta(days={days}))
print(time.perf_counter() - start if found.leads == {rows} else "not all were scored")
"""


def two_vs_one(name: str) -> Row:
    """Leads/s of rescoring leads that were scored the day before."""
    os.sched_setaffinity(0, range(os.cpu_count() or 1))
    with installed(MODEL, postgres=True) as installation:
        store_leads(installation.environment["DATABASE_URL"], ROWS)
        cluster = new_cluster(installation.folder, installation.environment)
        with cluster.processes:
            cluster.start_scheduler()
            days = iter(range(2 * ROUNDS + 2, 0, -1))
            seconds: dict[int, list[float]] = {1: [], 2: []}
            cluster.start("cluster_worker")
            for workers in (1, 2):
                if workers == 2:
                    cluster.start("cluster_worker")
                _score(installation, cluster, workers, next(days))  # loads the model
                for _ in range(ROUNDS):
                    seconds[workers].append(_score(installation, cluster, workers, next(days)))
    print(f"  {name}: {ROWS:,} leads; seconds by workers: {json.dumps(seconds)}", flush=True)
    one, two = (statistics.median(seconds[workers]) for workers in (1, 2))
    return rate_row(name, ROWS / two, ROWS / one, "rows/s", 1.7)


def _score(installation: Installation, cluster: Cluster, workers: int, days: int) -> float:
    code = SCORE.format(keys=ROWS // 16, workers=workers, days=days, rows=ROWS)
    on_cluster = Installation(installation.folder, dict(cluster.environment))
    return float(on_cluster.run("-c", code))


BENCHMARKS = {"dask-2-vs-1": two_vs_one}
