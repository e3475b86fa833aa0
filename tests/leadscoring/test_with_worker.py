"""The worker beside the server of `make run`: real processes, really killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings

# Stands in for granian: a process that lives until it is told to end.
SERVER = "import time; time.sleep(600)"
PATIENCE = 60.0


def children(pid: int) -> list[int]:
    """The processes that this one has started and that still run."""
    found = subprocess.run(["pgrep", "-P", str(pid)], capture_output=True, text=True)
    return [int(each) for each in found.stdout.split() if runs(int(each))]


def runs(pid: int) -> bool:
    """Whether there is such a process, and it is no mere entry that waits for its parent."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except FileNotFoundError:
        return False
    return stat.rpartition(")")[2].split()[0] != "Z"


def wait_for(condition: Callable[[], object], what: str) -> None:
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end, what
        time.sleep(0.1)


def ready(log: Path, times: int) -> bool:
    return log.read_text().count("worker_started") == times


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "log"


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """That of an installation with nothing in it."""
    settings_of = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "TEST_DATABASE_URL": f"sqlite:///{tmp_path_factory.mktemp('home')}/db.sqlite3",
    }
    migrate = [sys.executable, "manage.py", "migrate", "--verbosity=0"]
    subprocess.run(migrate, cwd=settings.BASE_DIR, env=settings_of, check=True)
    return settings_of


@pytest.fixture
def server(environment: dict[str, str], log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A server with a worker beside it."""
    command = [sys.executable, "-m", "leadscoring.with_worker", sys.executable, "-c", SERVER]
    with log.open("wb") as said:
        process = subprocess.Popen(
            command, cwd=settings.BASE_DIR, env=environment, stdout=said, stderr=said
        )
    yield process
    process.kill()
    process.wait()


def supervisor_and_worker(server: subprocess.Popen[bytes]) -> tuple[int, int]:
    (supervisor,) = children(server.pid)
    (worker,) = children(supervisor)
    return supervisor, worker


def test_a_worker_that_dies_is_started_again(server, log):
    wait_for(lambda: ready(log, 1), "the worker starts")
    supervisor, worker = supervisor_and_worker(server)
    os.kill(worker, signal.SIGKILL)
    wait_for(lambda: ready(log, 2), "another one starts")
    assert supervisor_and_worker(server)[0] == supervisor
    assert supervisor_and_worker(server)[1] != worker
    assert "The worker ended with -9" in log.read_text()


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL])
def test_the_worker_ends_with_the_server_however_that_ends(server, log, how):
    wait_for(lambda: ready(log, 1), "the worker starts")
    supervisor, worker = supervisor_and_worker(server)
    server.send_signal(how)
    server.wait()
    wait_for(lambda: not runs(worker) and not runs(supervisor), "both end")
    assert "worker_stopped" in log.read_text()


def test_the_worker_ends_if_its_supervisor_is_killed_outright(server, log):
    wait_for(lambda: ready(log, 1), "the worker starts")
    supervisor, worker = supervisor_and_worker(server)
    os.kill(supervisor, signal.SIGKILL)
    wait_for(lambda: not runs(worker), "it ends")
    assert server.poll() is None
