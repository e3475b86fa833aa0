"""Kept connections to PostgreSQL: cheap to look at, and replaced when they are gone."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import psycopg
import pytest
from django.contrib.sessions.models import Session
from django.db import (
    DataError,
    IntegrityError,
    InternalError,
    OperationalError,
    ProgrammingError,
    connection,
    transaction,
)
from django.utils import timezone

from leadscoring.postgresql.arrays import from_binary, to_binary
from tests.databases import needs_postgresql
from tests.http import ApiClient

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.services,
    needs_postgresql,
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


ADD = "INSERT INTO django_session (session_key, session_data, expire_date) VALUES ($1, $2, $3)"
ROW = ("key", "a\\b 'c'", timezone.now())


@pytest.fixture
def execute() -> Callable[..., int]:
    database: Any = connection
    run: Callable[..., int] = database.execute_prepared
    return run


def test_a_prepared_statement_is_planned_once_and_takes_any_values(execute) -> None:
    for key in ("one", "two", "žluť"):
        assert execute(ADD, [key, *ROW[1:]]) == 1
    assert set(Session.objects.values_list("session_key", flat=True)) == {"one", "two", "žluť"}
    assert Session.objects.filter(session_data=ROW[1], expire_date=ROW[2]).count() == 3
    assert execute("DELETE FROM django_session WHERE session_key <> $1", ["one"]) == 2
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_prepared_statements WHERE statement = %s", [ADD])
        assert cursor.fetchone() == (1,)


def test_a_prepared_statement_is_part_of_the_transaction(execute) -> None:
    with transaction.atomic():
        execute(ADD, ROW)
        transaction.set_rollback(True)
    assert not Session.objects.exists()
    with transaction.atomic():
        Session.objects.exists()
        execute(ADD, ROW)
    assert Session.objects.count() == 1


def test_what_a_prepared_statement_does_wrong_is_an_error_of_django(execute) -> None:
    execute(ADD, ROW)
    with pytest.raises(IntegrityError, match="session_key"), transaction.atomic():
        execute(ADD, ROW)
    with pytest.raises(DataError):
        execute(ADD, ["b", "c", "no day"])
    with pytest.raises(ProgrammingError):
        execute("DELETE FROM nothing", [])
    assert Session.objects.count() == 1


def test_after_an_error_a_transaction_takes_no_prepared_statement(execute) -> None:
    with transaction.atomic():
        with pytest.raises(IntegrityError):
            Session.objects.bulk_create([Session(session_key="a", expire_date=ROW[2])] * 2)
        with pytest.raises(transaction.TransactionManagementError):
            execute(ADD, ROW)
        transaction.set_rollback(True)


def test_another_connection_plans_its_own_statements(execute) -> None:
    execute(ADD, ROW)
    connection.close()
    assert execute(ADD, ["other", *ROW[1:]]) == 1


@pytest.fixture
def send() -> Callable[..., Any]:
    database: Any = connection
    run: Callable[..., Any] = database.send_prepared
    return run


def test_a_statement_that_was_sent_is_done_when_it_is_waited_for(send) -> None:
    sent = send("INSERT INTO django_session SELECT $1, pg_sleep(0.1)::text, $2", ["a", ROW[2]])
    assert sent.wait().rows == 1
    assert sent.wait().rows == 1
    with transaction.atomic():
        count = send("SELECT count(*) FROM django_session", [])
        assert int.from_bytes(count.wait().value, "big") == 1


def test_other_threads_run_while_a_statement_is_waited_for(send) -> None:
    waiting = threading.Thread(target=send("SELECT pg_sleep(1)::text", []).wait)
    waiting.start()
    waiting.join(0.01)
    assert waiting.is_alive()
    waiting.join()


def test_a_statement_may_be_larger_than_what_the_socket_takes_at_once(send) -> None:
    length, large = "SELECT length($1::text)", "x" * 20_000_000
    assert int.from_bytes(send(length, [large]).wait().value, "big") == len(large)
    with transaction.atomic():
        send(length, [large])
        assert not Session.objects.exists()


def test_whoever_asks_next_waits_for_what_was_sent(send) -> None:
    with transaction.atomic():
        sent = send("INSERT INTO django_session SELECT $1, pg_sleep(0.1)::text, $2", ["a", ROW[2]])
        assert Session.objects.count() == 1
        assert sent.wait().rows == 1
        send("INSERT INTO django_session SELECT $1, pg_sleep(0.1)::text, $2", ["b", ROW[2]])
    assert Session.objects.count() == 2
    with transaction.atomic():
        send(ADD, ["c", *ROW[1:]])
        transaction.set_rollback(True)
    assert Session.objects.count() == 2


def test_what_a_statement_that_was_sent_does_wrong_is_told_who_sent_it(send, execute) -> None:
    execute(ADD, ROW)
    with pytest.raises(IntegrityError, match="session_key"), transaction.atomic():
        send(ADD, ROW).wait()
    with transaction.atomic():
        wrong = send(ADD, ROW)
        with pytest.raises(InternalError):
            Session.objects.count()
        with pytest.raises(IntegrityError, match="session_key"):
            wrong.wait()
        transaction.set_rollback(True)
    assert Session.objects.count() == 1


def test_a_server_that_goes_away_meanwhile_is_an_error_and_replaced(send) -> None:
    sent = send("SELECT pg_sleep(10)::text", [])
    pid = connection.connection.info.backend_pid
    with psycopg.connect(connection.connection.info.dsn) as other:
        other.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])
    with pytest.raises(OperationalError):
        sent.wait()
    next_request()
    assert Session.objects.count() == 0


SMALL, LARGE, NUMBERS = (
    f"SELECT array_agg(value) FROM unnest($1::{name}[]) value"  # noqa: S608 - of our own
    for name in ("smallint", "bigint", "float8")
)


@pytest.mark.parametrize(
    ("statement", "kind", "values"),
    [
        (SMALL, "i2", [-(2**15), 0, 100]),
        (LARGE, "i8", [2**62]),
        (NUMBERS, "f8", [0.1]),
        (NUMBERS, "f8", []),
    ],
)
def test_arrays_in_binary_form_are_those_of_postgresql(send, statement, kind, values) -> None:
    sent = send(statement, [to_binary(values, kind)])
    assert from_binary(sent.wait().value, kind).tolist() == values
