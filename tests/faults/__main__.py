"""Kill bulk workers at random points: `python -m tests.faults --kills 30`.

Works on a database of its own: SQLite in a temporary folder, or the empty one that
TEST_DATABASE_URL names. Prints what it found; exit code 1 if a row is missing or there twice.
"""

import argparse
import json
import os
import sys
import tempfile
from importlib import import_module

import django


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=30)
    parser.add_argument("--seed", type=int, default=0)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="leadscoring-faults-") as folder:
        os.environ.setdefault("TEST_DATABASE_URL", f"sqlite:///{folder}/db.sqlite3")
        os.environ.update(
            DJANGO_SETTINGS_MODULE="tests.settings",
            JOB_LEASE_SECONDS="1",
            # Workers die here faster than some get to their first chunk: no fault of the job.
            JOB_ATTEMPTS="100",
            LOG_LEVEL="ERROR",
        )
        django.setup()
        killed_workers = import_module("tests.faults.killed_workers")
        found = killed_workers.kill_workers(asked.kills, asked.seed)
    print(json.dumps(found))  # noqa: T201 - a command
    return 0 if killed_workers.is_right(found) else 1


if __name__ == "__main__":
    sys.exit(main())
