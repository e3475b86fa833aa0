"""Two at once: work in a transaction that starts over if somebody else created the same row."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from django.db import IntegrityError, transaction

T = TypeVar("T")
TRIES = 5


def in_transaction(work: Callable[[], T]) -> T:
    """Do `work` in a transaction (or savepoint); again, seeing the other's rows, on a conflict."""
    for _ in range(TRIES - 1):
        try:
            with transaction.atomic():
                return work()
        except IntegrityError:
            continue
    with transaction.atomic():
        return work()
