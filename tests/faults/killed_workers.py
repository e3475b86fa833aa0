"""Bulk workers that are killed outright at random points, and what their jobs end with.

For a process of its own with a new database: `python -m tests.faults --kills 30`.
"""

from __future__ import annotations

import hashlib
import os
import random
import signal
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.db import connections

from crm.importing import csv_blocks
from scoring.jobs.batch.packing import unpack
from scoring.jobs.batch.start import batch_of_file
from scoring.jobs.uploads import SentFile
from scoring.jobs.worker import Worker
from scoring.models import Event, Job, JobChunk, Upload
from scoring.services import score_rows
from tests.scoring.versions import make_version

BATCHES = 3
WORKERS = 2
CHUNK = 50
# Rows a batch for each kill, so that there is work left for the last one.
ROWS_PER_KILL = 2_500
# Between two kills: some workers die while they begin, some in the midst of a chunk.
MOST_CHUNKS = 25
LONGEST_PAUSE = 0.1
GIVE_UP_AFTER = 900.0


def kill_workers(kills: int, seed: int) -> dict[str, Any]:
    """Score BATCHES files by WORKERS workers of whom so many die; count what is stored then."""
    call_command("migrate", verbosity=0)
    make_version(is_champion=True)
    # Many small chunks: read row by row, as a few characters are.
    score_rows.CHUNK, csv_blocks.CHARACTERS = CHUNK, csv_blocks.FEW - 1
    rows = kills * ROWS_PER_KILL
    with tempfile.TemporaryDirectory() as folder:
        for number in range(BATCHES):
            start_batch(Path(folder) / f"{number}.csv", rows)
    killed = kill_until_done(kills, random.Random(seed))
    return {"kills": killed, "expected": BATCHES * rows, **count_stored()}


def start_batch(path: Path, rows: int) -> None:
    """Ask for a file to be scored of which every tenth row cannot be."""
    lines = [f"{row},{'x' if row % 10 == 9 else row % 20}" for row in range(rows)]
    data = "\n".join(["id,interactions", *lines, ""]).encode()
    path.write_bytes(data)
    file = SentFile(path, path.name, len(data), hashlib.sha256(data).hexdigest())
    batch_of_file(file=file, options={"id": "id"}, model_type=None, explain=False, owner="key:test")


def kill_until_done(kills: int, rng: random.Random) -> int:
    """Let workers work until every job has ended; how many of them were killed before."""
    end = time.monotonic() + GIVE_UP_AFTER
    killed = 0
    workers: list[int] = []
    while Job.objects.unfinished().exists() and time.monotonic() < end:
        workers += [forked_worker() for _ in range(WORKERS - len(workers))]
        wait_for_chunks(rng.randrange(MOST_CHUNKS), end)
        time.sleep(rng.uniform(0, LONGEST_PAUSE))
        if killed < kills:
            kill(workers.pop(rng.randrange(len(workers))))
            killed += 1
    for each in workers:
        kill(each)
    return killed


def wait_for_chunks(more: int, end: float) -> None:
    """Until so many chunks more are stored, or nothing is left to do."""
    until = JobChunk.objects.count() + more
    while JobChunk.objects.count() < until and Job.objects.unfinished().exists():
        if time.monotonic() > end:
            return
        time.sleep(0.01)


def forked_worker() -> int:
    """A worker in a process of its own; its number."""
    connections.close_all()
    child = os.fork()
    if child == 0:
        Worker(stop=threading.Event()).run()
        os._exit(0)
    return child


def kill(worker: int) -> None:
    """What no `finally` survives."""
    os.kill(worker, signal.SIGKILL)
    os.waitpid(worker, 0)


def count_stored() -> dict[str, Any]:
    """The jobs by how they ended, and their rows."""
    rows: Counter[tuple[int, int]] = Counter()
    for chunk in JobChunk.objects.iterator(chunk_size=10):
        stored = unpack(bytes(chunk.data))
        rows.update((chunk.job_id, row.row) for row in stored.scored)
        rows.update((chunk.job_id, row.row) for row in stored.rejected)
    return {
        "states": dict(Counter(Job.objects.values_list("state", flat=True))),
        "rows": len(rows),
        "twice": sum(times > 1 for times in rows.values()),
        "chunks": JobChunk.objects.count(),
        "events": Event.objects.filter(kind="batch.progress").count(),
        "uploads": Upload.objects.count(),
    }


def is_right(found: dict[str, Any]) -> bool:
    """Every job ended well, with each of its rows once, each chunk told of once, no file left."""
    return bool(
        found["states"] == {Job.State.SUCCEEDED: BATCHES}
        and found["rows"] == found["expected"]
        and found["twice"] == 0
        and found["events"] == found["chunks"]
        and found["uploads"] == 0
    )
