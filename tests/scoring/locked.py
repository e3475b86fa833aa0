"""A retrain that somebody else runs."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

from scoring.locks import ADVISORY_KEY, retrain_lock


@contextmanager
def another_retrain() -> Iterator[None]:
    """Hold the lock as another process would: PostgreSQL lets the same connection in twice."""
    if connection.vendor != "postgresql":
        with retrain_lock():
            yield
        return
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [ADVISORY_KEY])
            yield
            # The server notices a closed connection a moment later: too late for the next test.
            cursor.execute("SELECT pg_advisory_unlock(%s)", [ADVISORY_KEY])
    finally:
        other.close()
