"""Something small that is done again and again beside the main work."""

from __future__ import annotations

import threading
from collections.abc import Callable
from types import TracebackType

import structlog
from django.db import connection, connections

logger = structlog.get_logger(__name__)


class Repeating:
    """Calls `work` in a thread of its own, with so many seconds between, until the block ends.

    `work` returns whether to call it again at once. What it raises is logged.
    """

    def __init__(self, name: str, work: Callable[[], bool | None], *, seconds: float) -> None:
        self._work = work
        self._seconds = seconds
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def __enter__(self) -> Repeating:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._end.set()
        self._thread.join()

    def _run(self) -> None:
        again: bool | None = False
        try:
            while not self._end.wait(0 if again else self._seconds):
                again = self._once()
        finally:
            connections.close_all()

    def _once(self) -> bool | None:
        try:
            return self._work()
        except Exception:
            logger.exception("repeating_failed", name=self._thread.name)
            # It may be the connection that is broken; the next call opens another.
            connection.close()
            return False
