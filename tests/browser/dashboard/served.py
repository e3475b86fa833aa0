"""The whole application in processes of its own: server, sockets and worker."""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.browser.dashboard.filling import ROOT, environment_of
from tests.ports import free_port

START_SECONDS = 90.0


class Served:
    """A server on a port of its own, with a database of its own."""

    def __init__(self, database: Path) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._environment = environment_of(database)
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        granian = Path(sys.executable).with_name("granian")
        self._process = subprocess.Popen(
            [
                *(sys.executable, "-m", "leadscoring.with_worker", str(granian)),
                *("--interface", "asgi", "--host", "127.0.0.1", "--port", str(self.port)),
                *("--workers", "1", "leadscoring.asgi:application"),
            ],
            cwd=ROOT,
            env=self._environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        until = time.monotonic() + START_SECONDS
        while not self._answers():
            if time.monotonic() > until or self._process.poll() is not None:
                raise TimeoutError("The server did not start.")
            time.sleep(0.2)

    def stop(self) -> None:
        if self._process is not None:
            self._process.terminate()
            self._process.wait(30)
            self._process = None

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/api/health", timeout=1):  # noqa: S310 - ours
                return True
        except (urllib.error.URLError, OSError):
            return False


@contextmanager
def served(template: Path, folder: Path) -> Iterator[Served]:
    """The application with a copy of this database, in this folder."""
    application = Served(Path(shutil.copy(template, folder / "db.sqlite3")))
    application.start()
    try:
        yield application
    finally:
        application.stop()
