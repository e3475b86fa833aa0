"""Kept connections to PostgreSQL: cheap to look at, and replaced when they are gone."""

from __future__ import annotations

import psycopg
import pytest
from django.db import connection

from tests.http import ApiClient

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.services,
    pytest.mark.skipif("connection.vendor != 'postgresql'", reason="needs PostgreSQL"),
]


@pytest.fixture(autouse=True)
def kept(settings, monkeypatch):
    """A connection that stays between requests, as in a server."""
    monkeypatch.setattr(connection, "health_check_enabled", True)
    yield
    connection.close()


def asked(statements: list[str]) -> list[str]:
    return [each for each in statements if each == "SELECT 1"]


@pytest.fixture
def statements(monkeypatch) -> list[str]:
    """What goes to the server besides Django's own queries."""
    seen: list[str] = []
    execute = psycopg.Cursor.execute

    def noted(cursor, query, *args, **options):
        seen.append(query)
        return execute(cursor, query, *args, **options)

    monkeypatch.setattr(psycopg.Cursor, "execute", noted)
    return seen


def next_request() -> None:
    """What Django does between two requests."""
    connection.close_if_unusable_or_obsolete()
    connection.health_check_done = False  # type: ignore[attr-defined]  # the stubs lack it
    with connection.cursor() as cursor:
        cursor.execute("SELECT 2")


def test_the_server_is_not_asked_again_within_a_second(statements) -> None:
    next_request()
    statements.clear()
    for _ in range(3):
        next_request()
    assert asked(statements) == []


def test_it_is_asked_after_a_second(statements, monkeypatch) -> None:
    next_request()
    monkeypatch.setattr("leadscoring.postgresql.base.ASKED_EVERY", 0.0)
    statements.clear()
    next_request()
    assert asked(statements) == ["SELECT 1"]


def test_a_connection_that_the_server_closed_is_replaced() -> None:
    api = ApiClient("models")
    assert api.get("/api/models").status_code == 200
    pid = connection.connection.info.backend_pid
    with psycopg.connect(connection.connection.info.dsn) as other:
        other.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])
    next_request()
    assert connection.connection.info.backend_pid != pid
    assert api.get("/api/models").status_code == 200


def test_a_prepared_statement_is_planned_once_and_takes_any_values() -> None:
    for value in (1.5, 2.0, 2.5):
        with connection.prepared_cursor() as cursor:  # type: ignore[attr-defined]  # ours
            cursor.execute("SELECT %s::float8 + 1", [value])
            assert cursor.fetchall() == [(value + 1,)]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%float8%'"
        )
        assert cursor.fetchone() == (1,)
