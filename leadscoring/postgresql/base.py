"""Django's PostgreSQL, with less to do for each request.

Django asks the server before each request's first query whether the kept connection still works,
which takes as long as a small query. Here the socket is looked at each time, which shows a server
that has closed the connection, and the server is asked once a second, which shows one that has
vanished. And a statement that every request makes can be planned once for each connection.
"""

from __future__ import annotations

import select
from collections.abc import Sequence
from time import monotonic
from typing import Any

from django.db.backends.postgresql import base
from psycopg.errors import error_from_result
from psycopg.pq import ExecStatus, TransactionStatus
from psycopg.pq.abc import PGconn, PGresult

ASKED_EVERY = 1.0
IDLE = TransactionStatus.IDLE


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection that remembers when its server last answered."""

    health_check_done: bool

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._answered = 0.0
        # Statement -> the name that this connection's server knows its plan by.
        self._plans: dict[str, bytes] = {}

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
        statement itself does, and planned once for each connection.
        """
        self.close_if_health_check_failed()
        self.ensure_connection()
        self.validate_no_broken_transaction()
        with self.wrap_database_errors:
            if not self.connection.autocommit and self._pgconn.transaction_status == IDLE:
                _checked(self._pgconn.exec_(b"BEGIN"))
            given = [str(value).encode() for value in values]
            result = self._pgconn.exec_prepared(self._planned(statement), given)
            return _checked(result).command_tuples or 0

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
    if result.status != ExecStatus.COMMAND_OK:
        raise error_from_result(result)
    return result
