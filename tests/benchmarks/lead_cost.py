"""`python -m tests.benchmarks.lead_cost [ROWS]`: what a rescored lead costs, by who spends it.

Rescores ROWS stored leads (200,000 unless said) that were scored the day before, on one core, and
prints microseconds a lead of the program and of its PostgreSQL process, which has to run on this
machine. Times of processors, so that what else runs here matters little. Where every score changes,
each lead is also a new prediction; a second line is without any change.
"""

from __future__ import annotations

import json
import sys

from tests.benchmarks.many_leads import store_leads
from tests.benchmarks.predict import installed

MODELS = ("gradient-boosting", "random-forest")
ROWS = 200_000
RESCORE = """
import json, os, time
import django; django.setup()
from datetime import timedelta
from pathlib import Path
from django.db import connection
from crm.days import today
from scoring.services.rescore import leads_rescore
with connection.cursor() as cursor:
    cursor.execute("SELECT pg_backend_pid()")
    backend = cursor.fetchone()[0]

def of_database():
    fields = Path(f"/proc/{backend}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

def cost(days):
    start = time.process_time(), of_database()
    found = leads_rescore(day=today() - timedelta(days=days))
    end = time.process_time(), of_database()
    return [1e6 * (b - a) / found.leads for a, b in zip(start, end)] + [found.changed]

cost(2)
print(json.dumps([cost(1), cost(1)]))
"""


def main(rows: int) -> None:
    for model in MODELS:
        with installed(model, postgres=True) as installation:
            store_leads(installation.environment["DATABASE_URL"], rows)
            for ours, database, changed in json.loads(installation.run("-c", RESCORE)):
                print(
                    f"{model}: {rows:,} leads, {changed:,} new scores: {ours:.1f} us a lead here, "
                    f"{database:.1f} us in PostgreSQL",
                    flush=True,
                )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else ROWS)
