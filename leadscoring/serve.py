"""Run what the Procfile names until told to stop: `python -m leadscoring.serve [PROCFILE]`.

What dies is started again, after a pause that doubles while it dies young. On SIGTERM or Ctrl-C all
are told to end and waited for; if this process is killed outright, they end too (on Linux).
systemd does the same with a unit for each (docs/operations.md).
"""

from __future__ import annotations

import ctypes
import os
import re
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

ROOT = Path(__file__).resolve().parent.parent
LOOK_EVERY = 0.2
SHORTEST_PAUSE, LONGEST_PAUSE = 0.5, 30.0
# Whoever lived for so long was healthy.
HEALTHY_SECONDS = 60.0
PR_SET_PDEATHSIG = 1
# A number, or a variable's with a default.
_PORT = re.compile(r"--port (?:\$\{(\w+):-)?(\d+)")
# For requests under way and the worker's chunk at hand.
GRACE_SECONDS = 30.0


@dataclass
class Service:
    """A line of the Procfile, and the process that runs it now."""

    name: str
    command: str
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    pause: float = SHORTEST_PAUSE
    rests_until: float | None = None

    def start(self) -> None:
        # A shell for the variables; `exec`, so that signals reach the program itself.
        command = ["/bin/sh", "-c", f"exec {self.command}"]
        self.process = subprocess.Popen(  # noqa: S603 - our own file
            command, cwd=ROOT, preexec_fn=end_with_supervisor
        )
        self.started, self.rests_until = time.monotonic(), None

    def look_after(self) -> None:
        """Start it if it has not been, or has died and rested."""
        now = time.monotonic()
        if self.process is None or (self.rests_until is not None and now >= self.rests_until):
            self.start()
        elif self.rests_until is None and self.process.poll() is not None:
            healthy = now - self.started > HEALTHY_SECONDS
            self.pause = SHORTEST_PAUSE if healthy else min(2 * self.pause, LONGEST_PAUSE)
            self.rests_until = now + self.pause
            say(f"{self.name} ended with {self.process.returncode}: again in {self.pause:g} s")


def end_with_supervisor() -> None:
    """Have the kernel end this process when the supervisor has gone, killed outright too."""
    if sys.platform == "linux":
        # The one way that needs no help of the program: prctl(2).
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def read_procfile(path: Path) -> list[Service]:
    """A service for each line `name: command`."""
    lines = [line.partition(":") for line in path.read_text().splitlines() if ":" in line]
    return [Service(name.strip(), command.strip()) for name, _, command in lines]


def refuse_taken_port(command: str, needed: str = "", instead: str = "") -> None:
    """Raises SystemExit if somebody listens already on the port that this command names.

    granian would share the port with them, and half of the requests would go there.
    """
    found = _PORT.search(command)
    if found is None:
        return
    port = int(os.environ.get(found[1] or "") or found[2])
    with socket.socket() as probe:
        if probe.connect_ex(("127.0.0.1", port)) == 0:
            raise SystemExit(
                f"Port {port}{needed} is taken. If an older server runs there, end it "
                f"(`ss -ltnp 'sport = :{port}'` names it); else {instead or f'set {found[1]}'}."
            )


def stop(services: list[Service]) -> None:
    """Tell all to end, wait, and kill who does not."""
    running = [each.process for each in services if each.process and each.process.poll() is None]
    for process in running:
        process.terminate()
    end = time.monotonic() + GRACE_SECONDS
    for process in running:
        try:
            process.wait(max(0.0, end - time.monotonic()))
        except subprocess.TimeoutExpired:
            process.kill()


def say(text: str) -> None:
    sys.stderr.write(f"serve: {text}\n")
    sys.stderr.flush()


def main(procfile: Path) -> None:
    """Supervise until a signal comes."""

    def end(number: int, _frame: FrameType | None) -> None:
        raise SystemExit(0)

    services = read_procfile(procfile)
    for service in services:
        variable = "" if "${" in service.command else "name another one in the Procfile"
        refuse_taken_port(service.command, f", which {service.name} needs,", variable)
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, end)
    try:
        while True:
            for service in services:
                service.look_after()
            time.sleep(LOOK_EVERY)
    finally:
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        stop(services)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "Procfile")
