"""Django's PostgreSQL, with less to do for each request.

Django asks the server before each request's first query whether the kept connection still works,
which takes as long as a small query. Here the socket is looked at each time, which shows a server
that has closed the connection, and the server is asked once a second, which shows one that has
vanished. And a statement that every request makes can be planned once for each connection, and
can be left to the server while Python does something else.
"""

from __future__ import annotations

import select
from collections.abc import Sequence
from contextlib import AbstractContextManager, suppress
from time import monotonic
from typing import Any, NamedTuple

from django.db import DatabaseError
from django.db.backends.postgresql import base
from psycopg import Connection
from psycopg.errors import error_from_result
from psycopg.generators import execute
from psycopg.pq import ExecStatus, Format, TransactionStatus
from psycopg.pq.abc import PGconn, PGresult

ASKED_EVERY = 1.0
IDLE = TransactionStatus.IDLE
TEXT, BINARY = int(Format.TEXT), int(Format.BINARY)


class Received(NamedTuple):
    """rows: stored, changed or found. value: the first row's first one, in its binary form."""

    rows: int
    value: bytes | None


class Sent:
    """A statement that the server is at work on."""

    def __init__(self, connection: Connection, errors: AbstractContextManager[Any]) -> None:
        self._connection = connection
        self._errors = errors
        self._result: PGresult | None = None

    def wait(self) -> Received:
        """What it has done, once it is done. Raises Django's errors."""
        with self._errors:
            if self._result is None:
                self._result = _result(self._connection)
            found = _checked(self._result)
        value = found.get_value(0, 0) if found.ntuples else None
        return Received(found.command_tuples or 0, value)


def _result(connection: Connection) -> PGresult:
    # This also sends what the socket had no room for. A lost connection has two results: the
    # server's last word, and that it is lost.
    results: list[PGresult] = connection.wait(execute(connection.pgconn))
    return results[0]


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection that remembers when its server last answered."""

    health_check_done: bool

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._answered = 0.0
        # Statement -> the name that this connection's server knows its plan by.
        self._plans: dict[str, bytes] = {}
        self._sent: Sent | None = None

    def connect(self) -> None:
        """As Django says."""
        super().connect()
        self._answered = monotonic()
        self._plans = {}

    def is_usable(self) -> bool:
        """As Django says."""
        usable: bool = super().is_usable()
        self._answered = monotonic() if usable else 0.0
        return usable

    def close_if_health_check_failed(self) -> None:
        """As Django says."""
        if self.connection is not None and not self.health_check_done:
            lately = monotonic() - self._answered < ASKED_EVERY
            self.health_check_done = lately and self._is_quiet()
        super().close_if_health_check_failed()

    def execute_prepared(self, statement: str, values: Sequence[object]) -> int:
        """How many rows a statement with $1, $2, ... has stored or changed; no value may be None.

        For one that each request makes: past cursors, which take twice the client's time that the
        statement itself does, and planned once for each connection. Bytes are a value in the
        server's binary form.
        """
        with self.wrap_database_errors:
            given = self._given(statement, values)
            return _checked(self._pgconn.exec_prepared(*given)).command_tuples or 0

    def send_prepared(self, statement: str, values: Sequence[object]) -> Sent:
        """Leave to the server what `execute_prepared` waits for.

        What the connection is asked next, but for a cursor that is open, waits until it is done.
        """
        with self.wrap_database_errors:
            given = self._given(statement, values)
            self._pgconn.send_query_prepared(*given)
        self._sent = Sent(self.connection, self.wrap_database_errors)
        return self._sent

    def create_cursor(self, name: str | None = None) -> Any:
        """As Django says."""
        self._settle()
        return super().create_cursor(name)

    def _commit(self) -> None:
        self._settle()
        super()._commit()  # type: ignore[misc]  # the stubs lack it

    def _rollback(self) -> None:
        self._settle()
        super()._rollback()  # type: ignore[misc]  # as above

    def _settle(self) -> None:
        """Whoever sent a statement learns of its error; here it only has to be over."""
        if self._sent:
            with suppress(DatabaseError):
                self._sent.wait()
            self._sent = None

    def _given(
        self, statement: str, values: Sequence[object]
    ) -> tuple[bytes, list[bytes], list[int], int]:
        """What libpq takes; in a transaction, if Django wants one."""
        self.close_if_health_check_failed()
        self.ensure_connection()
        self.validate_no_broken_transaction()
        self._settle()
        if not self.connection.autocommit and self._pgconn.transaction_status == IDLE:
            _checked(self._pgconn.exec_(b"BEGIN"))
        formats = [BINARY if type(value) is bytes else TEXT for value in values]
        given = [value if type(value) is bytes else str(value).encode() for value in values]
        return self._planned(statement), given, formats, BINARY

    @property
    def _pgconn(self) -> PGconn:
        pgconn: PGconn = self.connection.pgconn
        return pgconn

    def _planned(self, statement: str) -> bytes:
        name = self._plans.get(statement)
        if name is None:
            name = f"leadscoring_{len(self._plans)}".encode()
            _checked(self._pgconn.prepare(name, statement.encode()))
            self._plans[statement] = name
        return name

    def _is_quiet(self) -> bool:
        """Whether nothing waits to be read: the server speaks unasked only to say goodbye."""
        if self.connection.closed:
            return False
        poll = select.poll()
        poll.register(self.connection.fileno(), select.POLLIN)
        return not poll.poll(0)


def _checked(result: PGresult) -> PGresult:
    """The same. Raises the error that the server has answered."""
    if result.status not in (ExecStatus.COMMAND_OK, ExecStatus.TUPLES_OK):
        raise error_from_result(result)
    return result
