"""A database for a process of its own, of the kind that this run tests."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest


def given() -> str:
    """The address of PostgreSQL, if this run tests on it; else empty."""
    url = os.environ.get("TEST_DATABASE_URL", "")
    return url if url.startswith("postgres") else ""


# SQLite has one writer at a time, and in memory one connection.
needs_postgresql = pytest.mark.skipif(not given(), reason="needs PostgreSQL: make test-services")


@contextmanager
def empty_postgresql() -> Iterator[str]:
    """The address of a new, empty database beside the given one."""
    server = given().rpartition("/")[0]
    name = f"leadscoring_{secrets.token_hex(6)}"
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    try:
        yield f"{server}/{name}"
    finally:
        with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
