"""Django's PostgreSQL, with less to do for each request.

Django asks the server before each request's first query whether the kept connection still works,
which takes as long as a small query. Here the socket is looked at each time, which shows a server
that has closed the connection, and the server is asked once a second, which shows one that has
vanished. And a statement that every request makes can be planned once for each connection.
"""

from __future__ import annotations

import select
from time import monotonic
from typing import Any

from django.db.backends.postgresql import base

ASKED_EVERY = 1.0


class PreparingCursor(base.ServerBindingCursor):
    """Keeps the plan of each statement on the server."""

    connection: Any

    def execute(self, query: Any, params: Any = None) -> Any:
        """As psycopg says. Django keeps connections from preparing: this statement alone may."""
        self.connection.prepare_threshold = 0
        try:
            return super().execute(query, params)  # type: ignore[misc]  # psycopg's
        finally:
            self.connection.prepare_threshold = None


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection that remembers when its server last answered."""

    health_check_done: bool

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._answered = 0.0

    def connect(self) -> None:
        """As Django says."""
        super().connect()
        self._answered = monotonic()

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

    def prepared_cursor(self) -> Any:
        """A cursor for statements that come again and again, with other values only."""
        self.close_if_health_check_failed()
        self.ensure_connection()
        cursor = PreparingCursor(self.connection)  # type: ignore[call-arg]  # psycopg's
        return self._prepare_cursor(cursor)  # type: ignore[attr-defined]  # Django's

    def _is_quiet(self) -> bool:
        """Whether nothing waits to be read: the server speaks unasked only to say goodbye."""
        if self.connection.closed:
            return False
        poll = select.poll()
        poll.register(self.connection.fileno(), select.POLLIN)
        return not poll.poll(0)
