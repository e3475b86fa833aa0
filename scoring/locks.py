"""One retrain at a time, one worker a range of leads.

The operating system or the database frees the lock of a dead process.
"""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.db import connection

from scoring.errors import RetrainRunning

# Any number that no other application uses on the same database.
ADVISORY_KEY = 5_276_309_114
# From here on, by 2^53, the first keys of ranges.
RANGES_KEY = 1 << 60


@contextmanager
def retrain_lock() -> Iterator[None]:
    """Hold the right to retrain. Raises RetrainRunning at once if another process has it."""
    with _advisory_lock() if connection.vendor == "postgresql" else _file_lock(_lock_path()):
        yield


@contextmanager
def range_lock(first: int) -> Iterator[None]:
    """Rescore the leads from the key `first` on alone, after whoever does (PostgreSQL only).

    A range that a worker was thought to have lost is done by two at a time; the second one has to
    see what the first one stored.
    """
    key = RANGES_KEY + first
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [key])
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [key])


def _lock_path() -> Path:
    """Beside the database that it guards; one in memory belongs to this process alone."""
    name = str(connection.settings_dict["NAME"])
    if "mode=memory" in name or name == ":memory:":
        return Path(settings.MODEL_DIR) / "retrain.lock"
    return Path(f"{name}.retrain.lock")


def _running() -> RetrainRunning:
    return RetrainRunning("Another retrain is running. Wait for it to end, or end it.")


@contextmanager
def _file_lock(path: Path) -> Iterator[None]:
    # The file stays: removing it would let two processes hold two files of one name.
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise _running() from None
        yield


@contextmanager
def _advisory_lock() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [ADVISORY_KEY])
        if cursor.fetchone() != (True,):
            raise _running()
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [ADVISORY_KEY])
