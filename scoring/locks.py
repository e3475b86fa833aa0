"""One retrain at a time. The operating system or the database frees the lock of a dead process."""

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


@contextmanager
def retrain_lock() -> Iterator[None]:
    """Hold the right to retrain. Raises RetrainRunning at once if another process has it."""
    with _advisory_lock() if connection.vendor == "postgresql" else _file_lock(_lock_path()):
        yield


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
