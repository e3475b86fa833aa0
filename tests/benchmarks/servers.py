"""The two servers under test, each alone on the first core; the load comes from the others."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.ports import free_port

SERVER_CORES = {0}
CLIENT_CORES = set(range(1, os.cpu_count() or 1)) or SERVER_CORES
ROOT = Path(__file__).resolve().parents[2]


@contextmanager
def running(command: list[str], port: int, environment: Mapping[str, str]) -> Iterator[int]:
    """Run `command` on the server's core until the block ends; yields once the port answers."""
    pinned = ["taskset", "-c", ",".join(map(str, SERVER_CORES)), *command]
    with subprocess.Popen(
        pinned,
        cwd=ROOT,
        env={**os.environ, **environment, "OMP_NUM_THREADS": "1"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as process:
        try:
            wait_for(port, process)
            yield port
        finally:
            process.terminate()


def wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    """Until the port answers; an error if the process ends first or a minute passes."""
    for _ in range(600):
        if process.poll() is not None:
            raise RuntimeError(f"{process.args!r} ended with {process.returncode}")
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise RuntimeError(f"{process.args!r} did not listen on {port} within a minute")


@contextmanager
def our_server(environment: Mapping[str, str]) -> Iterator[int]:
    """The application as `make run` serves it, without its worker."""
    with _granian("asgi", "leadscoring.asgi:application", environment) as port:
        yield port


@contextmanager
def production_server(environment: Mapping[str, str]) -> Iterator[int]:
    """The application as `make serve` serves HTTP, with one worker."""
    options = ["--blocking-threads", "4"]
    with _granian("wsgi", "leadscoring.wsgi:application", environment, options) as port:
        yield port


@contextmanager
def _granian(
    interface: str, target: str, environment: Mapping[str, str], options: Sequence[str] = ()
) -> Iterator[int]:
    port = free_port()
    granian = [str(Path(sys.executable).parent / "granian"), "--interface", interface]
    given = [*options, "--port", str(port), "--workers", "1"]
    with running([*granian, *given, target], port, environment):
        yield port


@contextmanager
def peer_server(pipeline: Path) -> Iterator[int]:
    """The peer under uvicorn, one process."""
    port = free_port()
    command = [sys.executable, "-m", "uvicorn", "--port", str(port), "--log-level", "warning"]
    environment = {"PEER_PIPELINE": str(pipeline)}
    with running([*command, "tests.benchmarks.peer:app"], port, environment):
        yield port
