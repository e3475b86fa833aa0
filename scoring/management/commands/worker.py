"""Do the jobs that were started from the web and the API."""

from __future__ import annotations

import os
import signal
import threading
from argparse import SUPPRESS
from contextlib import ExitStack
from typing import Any

from django.core.management.base import CommandParser

from leadscoring.commands import CommandWithNotes
from scoring.jobs.repeating import Repeating
from scoring.jobs.worker import Worker

NOTES = """
what it does:
  Takes one waiting job after the other: bulk scoring, imports, exports, retraining. Beside
  that it rescores, about once a second, the leads that were edited.

  Several may run, on any machines that reach the database; each job is done by one of them.
  `make run` starts one by itself.

how it ends:
  SIGTERM or Ctrl-C: it finishes the chunk at hand, gives the job back and ends; another worker
  goes on from there. A second one ends it at once. Killed outright, its job is free for
  others when its lease (JOB_LEASE_SECONDS) is over; no row is lost or done twice.

examples:
  manage.py worker              until told to stop (a service; see docs/operations.md)
  manage.py worker --once       what waits now, then end (a scheduler, a test)
"""

# A stage of a training can take long, and nobody waits for it any more.
GRACE_SECONDS = 10.0


class Command(CommandWithNotes):
    help = "Do jobs in the background until told to stop."
    notes = NOTES

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--once", action="store_true", help="do the jobs that wait, then end instead of waiting"
        )
        parser.add_argument(
            "--name", default="", help="in the list of jobs (default: the host and process number)"
        )
        # For the supervisor of `make run`: a worker without its server would be a stray.
        parser.add_argument("--parent", type=int, metavar="PID", help=SUPPRESS)

    def handle(self, *, once: bool, name: str, parent: int | None, **_options: Any) -> None:
        stop = threading.Event()
        _stop_at_signals(stop)
        worker = Worker(stop=stop, name=name)
        with ExitStack() as beside:
            if parent is not None:
                beside.enter_context(_ends_with(parent, stop))
            if once:
                self.stdout.write(f"Took up {worker.run_waiting():,} jobs; nothing waits now.")
            else:
                worker.run()


def _stop_at_signals(stop: threading.Event) -> None:
    def heard(signum: int, _frame: object) -> None:
        stop.set()
        # The second one is not asked to be patient.
        signal.signal(signum, signal.SIG_DFL)

    for each in (signal.SIGTERM, signal.SIGINT):
        signal.signal(each, heard)


def _ends_with(parent: int, stop: threading.Event) -> Repeating:
    """Stops with the process that started this one, at the latest some seconds after it."""

    def look() -> None:
        if os.getppid() == parent:
            return
        if not stop.is_set():
            stop.set()
            threading.Timer(GRACE_SECONDS, lambda: os._exit(1)).start()

    return Repeating("parent", look, seconds=0.5)
