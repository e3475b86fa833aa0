"""A command on one core: how long it takes, and the most memory that it holds.

`python -m tests.benchmarks.timed ARGUMENTS` runs Python with them and prints it. A process of
its own, because a child's peak begins with what its parent held.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass

from tests.benchmarks.servers import ROOT, SERVER_CORES


@dataclass(frozen=True)
class Took:
    """Seconds from start to end and of the processor, start-up included; peak memory in MB."""

    seconds: float
    processor: float
    megabytes: float


def timed(environment: Mapping[str, str], *arguments: str) -> Took:
    """Run Python with these arguments on the servers' core, with one thread."""
    result = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.timed", *arguments],
        cwd=ROOT,
        env={**os.environ, **environment, "OMP_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    if result.returncode:
        raise RuntimeError(f"{' '.join(arguments)}: {result.stderr}")
    return Took(*json.loads(result.stdout.splitlines()[-1]))


def main(arguments: list[str]) -> int:
    """Run it, print seconds and megabytes as JSON."""
    os.sched_setaffinity(0, SERVER_CORES)
    start = time.perf_counter()
    code = subprocess.run([sys.executable, *arguments], check=False).returncode
    seconds = time.perf_counter() - start
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    print(json.dumps([seconds, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024]))
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
