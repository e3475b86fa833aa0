"""`python -m leadscoring.serve` keeps all that a Procfile names running, and ends it."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from leadscoring.serve import ROOT, read_procfile

SERVICE = "import os, sys, time, pathlib; pathlib.Path(sys.argv[1]).write_text(str(os.getpid()))"


def wait_for(found: Callable[[], bool]) -> None:
    end = time.monotonic() + 60
    while not found():
        assert time.monotonic() < end, "waited for a minute"
        time.sleep(0.05)


def is_running(pid: int) -> bool:
    """Whether there is such a process, and it is no mere entry that waits for its parent."""
    state = subprocess.run(["ps", "-o", "state=", "-p", str(pid)], capture_output=True, text=True)
    return state.stdout.strip() not in ("", "Z")


def pid_in(file: Path) -> int:
    wait_for(lambda: file.exists() and file.read_text().isdigit())
    return int(file.read_text())


@pytest.fixture
def served(tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    """The supervisor of two services that write down their process ids."""
    script = tmp_path / "service.py"
    script.write_text(f"{SERVICE}\ntime.sleep(600)\n")
    procfile = tmp_path / "Procfile"
    one, other = (f"{sys.executable} {script} {tmp_path / name}" for name in ("one", "other"))
    procfile.write_text(f"one: {one}\nother: {other}\n")
    command = [sys.executable, "-m", "leadscoring.serve", str(procfile)]
    with subprocess.Popen(command, cwd=ROOT, stderr=subprocess.DEVNULL) as process:
        yield process
        process.terminate()


def test_what_dies_is_started_again(served, tmp_path: Path) -> None:
    first = pid_in(tmp_path / "one")
    other = pid_in(tmp_path / "other")
    os.kill(first, signal.SIGKILL)
    wait_for(lambda: pid_in(tmp_path / "one") != first)
    assert pid_in(tmp_path / "other") == other


def test_all_end_when_it_is_told_to_end(served, tmp_path: Path) -> None:
    pids = [pid_in(tmp_path / name) for name in ("one", "other")]
    served.send_signal(signal.SIGTERM)
    assert served.wait(60) == 0
    assert not any(is_running(pid) for pid in pids)


@pytest.mark.skipif(sys.platform != "linux", reason="Linux's prctl")
def test_all_end_if_it_is_killed_outright(served, tmp_path: Path) -> None:
    pids = [pid_in(tmp_path / name) for name in ("one", "other")]
    served.kill()
    wait_for(lambda: not any(is_running(pid) for pid in pids))


@pytest.mark.parametrize("written", ["${ELSEWHERE:-1}", "NUMBER"])
def test_it_does_not_share_a_port_with_another_server(written: str, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        number = str(other.getsockname()[1])
        procfile = tmp_path / "Procfile"
        port = written.replace("NUMBER", number)
        procfile.write_text(f"web: touch {tmp_path}/started --port {port}\n")
        command = [sys.executable, "-m", "leadscoring.serve", str(procfile)]
        result = subprocess.run(
            command,
            cwd=ROOT,
            env={**os.environ, "ELSEWHERE": number},
            capture_output=True,
            text=True,
        )
    assert result.returncode == 1
    assert f"Port {number}, which web needs, is taken" in result.stderr
    assert not (tmp_path / "started").exists()


def test_nor_does_the_server_of_a_trial(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        command = [sys.executable, "-m", "leadscoring.with_worker", "touch", f"{tmp_path}/started"]
        command += ["--port", str(other.getsockname()[1])]
        result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert result.returncode == 1
    assert "is taken" in result.stderr
    assert "make run PORT=8001" in result.stderr
    assert not (tmp_path / "started").exists()


def test_the_units_of_the_docs_run_what_the_procfile_does() -> None:
    docs = (ROOT / "docs" / "operations.md").read_text()
    for service in read_procfile(ROOT / "Procfile"):
        command = re.sub(r"\$\{\w+:-(\d+)\}", r"\1", service.command)
        assert f"\nExecStart=/srv/leadscoring/{command}\n" in docs, service.name


def test_the_procfile_names_the_three_processes_of_production() -> None:
    services = read_procfile(ROOT / "Procfile")
    assert [each.name for each in services] == ["web", "live", "worker"]
    assert [each.command.split()[0] for each in services] == [
        ".venv/bin/granian",
        ".venv/bin/granian",
        ".venv/bin/python",
    ]
