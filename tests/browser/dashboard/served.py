"""The whole application in processes of its own: server, sockets, worker, demo leads, models."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
PASSWORD = "a password of tests"
# More of them for test_scroll.
LEADS = int(os.environ.get("DASHBOARD_LEADS", "600"))
START_SECONDS = 90.0


class Served:
    """A server on a port of its own, with a database of its own."""

    def __init__(self, folder: Path) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port: int = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.environment = os.environ | {
            "DJANGO_SETTINGS_MODULE": "tests.settings",
            "TEST_DATABASE_URL": f"sqlite:///{folder / 'db.sqlite3'}",
            "TEST_REDIS_URL": "",
            "DJANGO_SUPERUSER_PASSWORD": PASSWORD,
        }
        self._process: subprocess.Popen[bytes] | None = None

    def manage(self, *arguments: str) -> str:
        command = [sys.executable, "manage.py", *arguments]
        return subprocess.run(
            command, cwd=ROOT, env=self.environment, check=True, capture_output=True, text=True
        ).stdout

    def fill(self) -> None:
        """Demo leads, two models and somebody who may do everything."""
        self.manage("migrate", "--verbosity", "0")
        self.manage("seed_demo", "--leads", str(LEADS))
        types = ["gradient-boosting", "logistic-regression"]
        self.manage("retrain", *[part for each in types for part in ("--model-type", each)])
        self.manage("score")
        self.manage(*("createsuperuser", "--noinput", "--username", "boss", "--email", ""))

    def start(self) -> None:
        granian = Path(sys.executable).with_name("granian")
        self._process = subprocess.Popen(
            [
                *(sys.executable, "-m", "leadscoring.with_worker", str(granian)),
                *("--interface", "asgi", "--host", "127.0.0.1", "--port", str(self.port)),
                *("--workers", "1", "leadscoring.asgi:application"),
            ],
            cwd=ROOT,
            env=self.environment,
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
def served(folder: Path) -> Iterator[Served]:
    application = Served(folder)
    application.fill()
    application.start()
    try:
        yield application
    finally:
        application.stop()
