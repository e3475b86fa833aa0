"""How far a table can be read by its ids without passing over what commits later."""

from __future__ import annotations

import time

from django.db import connections, models

# Rows up to the first answer were begun before it, by transactions that held this lock since
# before they took an id, and hold it until they end. Both in one statement: its snapshot, and so
# the highest id, is older than its look at the locks.
_BEGUN = """
SELECT (SELECT max({key}) FROM {table}), ARRAY(
  SELECT virtualtransaction FROM pg_locks
  WHERE relation = %s::regclass AND mode = 'RowExclusiveLock'
    AND pid IS DISTINCT FROM pg_backend_pid()
)
"""
_RUNNING = "SELECT 1 FROM pg_locks WHERE virtualtransaction = ANY(%s) AND relation = %s::regclass"
STEP = 0.01


def settled_through(model: type[models.Model], *, using: str, wait: float) -> int | None:
    """The highest id at or below which no running transaction can still commit a row.

    A reader who goes by the highest id would miss what a slower transaction, with lower ids,
    commits later. Only transactions that write to this very table are waited for, `wait` seconds
    at most; None if one of them takes longer. SQLite has one writing transaction at a time.
    """
    connection = connections[using]
    if connection.vendor != "postgresql":
        return model._default_manager.using(using).aggregate(last=models.Max("pk"))["last"] or 0
    quote = connection.ops.quote_name
    key = model._meta.pk.db_column or model._meta.pk.attname
    table = model._meta.db_table
    until = time.monotonic() + wait
    with connection.cursor() as cursor:
        cursor.execute(_BEGUN.format(key=quote(key), table=quote(table)), [quote(table)])
        last, writers = cursor.fetchone()
        while writers:
            cursor.execute(_RUNNING, [writers, quote(table)])
            if cursor.fetchone() is None:
                break
            if time.monotonic() >= until:
                return None
            time.sleep(STEP)
    return last or 0
