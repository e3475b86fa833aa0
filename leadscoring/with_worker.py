"""Run a server with a worker beside it: `python -m leadscoring.with_worker granian …`.

This process becomes the server. Before, it forks a supervisor, which keeps a `manage.py worker`
running: started again when it dies, ended when the server has gone, however it went. Nothing of
Django is loaded here, so that the supervisor takes a few megabytes.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from leadscoring.serve import refuse_taken_port

MANAGE = Path(__file__).resolve().parent.parent / "manage.py"
LOOK_EVERY = 0.3
# Between two starts of a worker that dies at once: doubled each time, up to the longest.
SHORTEST_PAUSE, LONGEST_PAUSE = 0.5, 30.0
# A worker that lived for so long was healthy.
HEALTHY_SECONDS = 60.0
# For the chunk at hand.
GRACE_SECONDS = 10.0


def supervise(server: int) -> None:
    """Keep a worker running as long as this process is the child of `server`."""
    for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        # Ctrl-C reaches the server too, and its end is what counts.
        signal.signal(each, signal.SIG_IGN)
    pause = SHORTEST_PAUSE
    while os.getppid() == server:
        started = time.monotonic()
        worker = _start_worker()
        while worker.poll() is None and os.getppid() == server:
            time.sleep(LOOK_EVERY)
        if worker.poll() is None:
            _end(worker)
            return
        lived = time.monotonic() - started
        pause = SHORTEST_PAUSE if lived > HEALTHY_SECONDS else min(2 * pause, LONGEST_PAUSE)
        _say(f"The worker ended with {worker.returncode} after {lived:.0f} s: starting another.")
        _wait(pause, server)


def _start_worker() -> subprocess.Popen[bytes]:
    command = [sys.executable, str(MANAGE), "worker", "--parent", str(os.getpid())]
    return subprocess.Popen(command, preexec_fn=_heed_signals)  # noqa: S603 - one thread


def _heed_signals() -> None:
    for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(each, signal.SIG_DFL)


def _end(worker: subprocess.Popen[bytes]) -> None:
    worker.terminate()
    try:
        worker.wait(GRACE_SECONDS)
    except subprocess.TimeoutExpired:
        worker.kill()


def _wait(seconds: float, server: int) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end and os.getppid() == server:
        time.sleep(LOOK_EVERY)


def _say(text: str) -> None:
    sys.stderr.write(text + "\n")
    sys.stderr.flush()


def main(command: list[str]) -> None:
    """Fork the supervisor, then become `command`."""
    if not command:
        sys.exit("Usage: python -m leadscoring.with_worker COMMAND [ARGUMENT …]")
    refuse_taken_port(" ".join(command), instead="choose another: make run PORT=8001")
    server = os.getpid()
    if os.fork() == 0:
        supervise(server)
        os._exit(0)
    os.execvp(command[0], command)  # noqa: S606 - the command that the caller asked for


if __name__ == "__main__":
    main(sys.argv[1:])
