"""A server's processes end with the one that started them, also if that was killed outright."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from leadscoring.serve import ROOT
from tests.leadscoring.test_serve import is_running, pid_in, wait_for
from tests.ports import free_port

# Two children, as a server with two processes has them: the later one holds the earlier one's pipe.
PARENT = """
import multiprocessing, os, pathlib, sys, time
from leadscoring.orphans import end_with_parent

def serve(file):
    end_with_parent()
    pathlib.Path(file).write_text(str(os.getpid()))
    time.sleep(600)

if __name__ == "__main__":
    start = multiprocessing.get_context(sys.argv[1]).Process
    for file in sys.argv[2:]:
        start(target=serve, args=(file,)).start()
    time.sleep(600)
"""


@pytest.mark.parametrize("how", ["fork", "spawn"])
def test_children_end_when_their_parent_is_killed(how: str, tmp_path: Path) -> None:
    program = tmp_path / "parent.py"
    program.write_text(PARENT)
    files = [tmp_path / "one", tmp_path / "other"]
    command = [sys.executable, str(program), how, *map(str, files)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(command, env=environment) as parent:
        try:
            children = [pid_in(file) for file in files]
            assert all(is_running(child) for child in children)
        finally:
            parent.kill()
    wait_for(lambda: not any(is_running(child) for child in children))


LOADING = """
import os, pathlib, time
from leadscoring.orphans import end_when_told
end_when_told()
pathlib.Path(os.environ["FILE"]).write_text(str(os.getpid()))
time.sleep(600)
"""


@pytest.mark.parametrize("told", [signal.SIGINT, signal.SIGTERM])
def test_a_server_that_is_told_to_end_while_it_loads_ends(told: int, tmp_path: Path) -> None:
    (tmp_path / "loading.py").write_text(LOADING)
    file = tmp_path / "pid"
    environment = {**os.environ, "PYTHONPATH": f"{tmp_path}:{ROOT}", "FILE": str(file)}
    command = [str(Path(sys.executable).parent / "granian"), "--interface", "wsgi"]
    command += ["--port", str(free_port()), "loading:application"]
    quiet = subprocess.DEVNULL
    with subprocess.Popen(command, env=environment, stdout=quiet, stderr=quiet) as process:
        try:
            child = pid_in(file)
            process.send_signal(told)
            process.wait(30)
            assert not is_running(child)
        finally:
            process.kill()


@pytest.fixture
def granian(tmp_path: Path) -> Iterator[tuple[subprocess.Popen[bytes], Path]]:
    """A server of production, and where it writes its log."""
    command = [str(Path(sys.executable).parent / "granian"), "--interface", "wsgi"]
    command += ["--port", str(free_port()), "leadscoring.wsgi:application"]
    log = tmp_path / "log"
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings"}
    with (
        log.open("wb") as said,
        subprocess.Popen(command, cwd=ROOT, env=environment, stdout=said, stderr=said) as process,
    ):
        yield process, log
        process.kill()


def test_a_server_that_is_killed_leaves_nobody_on_its_port(granian) -> None:
    process, log = granian
    wait_for(lambda: "Started worker-1" in log.read_text())
    found = subprocess.run(["pgrep", "-P", str(process.pid)], capture_output=True, text=True)
    (child,) = map(int, found.stdout.split())
    process.send_signal(signal.SIGKILL)
    wait_for(lambda: not is_running(child))
