"""A scratch installation to measure: its own database, demo leads, a model and an API key."""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks.servers import ROOT


@dataclass(frozen=True)
class Installation:
    """A folder with a database, and the environment that leads to it."""

    folder: Path
    environment: dict[str, str]

    def manage(self, *arguments: str) -> str:
        """Run a management command; its standard output."""
        return self.run("manage.py", *arguments)

    def run(self, *arguments: str) -> str:
        """Run Python in the installation's environment; its standard output."""
        result = subprocess.run(
            [sys.executable, *arguments],
            cwd=ROOT,
            env={**os.environ, **self.environment},
            capture_output=True,
            text=True,
            check=False,
        )
        if result.returncode:
            raise RuntimeError(f"{' '.join(arguments)}: {result.stderr or result.stdout}")
        return result.stdout

    def create_key(self, name: str = "bench") -> str:
        """A new API key, whose requests are counted against a limit that nobody reaches."""
        scopes = "predict,leads,outcomes,models"
        text = self.manage("create_api_key", name, "--scopes", scopes, "--rate", "999999999/m")
        return next(word for word in text.split() if "." in word and len(word) > 30)


@contextmanager
def scratch_installation(database_url: str = "") -> Iterator[Installation]:
    """An empty migrated installation (SQLite, or the empty database that the URL names)."""
    with tempfile.TemporaryDirectory(prefix="leadscoring-bench-") as name:
        folder = Path(name)
        environment = {
            "DJANGO_SETTINGS_MODULE": "leadscoring.settings",
            "ENV_FILE": os.devnull,
            "SECRET_KEY": secrets.token_urlsafe(50),
            "ALLOWED_HOSTS": "127.0.0.1,localhost",
            "HTTPS": "false",
            "LOG_LEVEL": "WARNING",
            "DATABASE_URL": database_url or f"sqlite:///{folder / 'db.sqlite3'}",
            "MODEL_DIR": str(folder / "models"),
        }
        installation = Installation(folder, environment)
        installation.manage("migrate", "--verbosity", "0")
        yield installation
