"""Does jobs, one at a time, until told to stop. Any number of these may run, on any machines.

Beside the job at hand it keeps scores up to what is known: an edit does not wait for a training.
"""

from __future__ import annotations

import os
import socket
import threading
from time import monotonic

import structlog
from django.conf import settings
from django.db import DatabaseError, close_old_connections, connection

from scoring.events import events_prune
from scoring.jobs.claims import abandoned_sweep, job_claim
from scoring.jobs.handle import JobHandle
from scoring.jobs.prune import jobs_prune
from scoring.jobs.repeating import Repeating
from scoring.jobs.run import job_run
from scoring.models import Job
from scoring.services.rescore_stale import leads_rescore_stale

logger = structlog.get_logger(__name__)

LOOK_EVERY = 1.0
# An edit waits for no more than these, and on SQLite for the transaction that stores them.
RESCORED_AT_ONCE = 250
PRUNE_EVERY = 3600.0
# Heartbeats in one lease: a worker that misses two has not lost its job yet.
BEATS = 4


class Worker:
    """Takes waiting jobs, keeps its claims alive, and frees what dead workers held.

    stop: set it to end after the chunk at hand.
    """

    def __init__(self, *, stop: threading.Event, name: str = "") -> None:
        self.name = name or f"{socket.gethostname()}-{os.getpid()}"[-100:]
        self.stop = stop
        self._swept = self._pruned = float("-inf")

    def run(self) -> None:
        """Work until `stop` is set."""
        logger.info("worker_started", worker=self.name)
        with Repeating("rescoring", self._rescore, seconds=LOOK_EVERY):
            while not self.stop.is_set():
                if not self._turn():
                    self.stop.wait(LOOK_EVERY)
        logger.info("worker_stopped", worker=self.name)

    def run_waiting(self) -> int:
        """Work until nothing waits any more; the number of jobs taken up."""
        taken = 0
        while not self.stop.is_set() and self._turn():
            taken += 1
        return taken

    def _turn(self) -> bool:
        """Whether there was a job to take up. A database that is down is waited for."""
        close_old_connections()
        try:
            self._tidy()
            job = job_claim(worker=self.name)
            if job is not None:
                self._work(job)
        except DatabaseError:
            logger.exception("worker_has_no_database", worker=self.name)
            connection.close()
            return False
        return job is not None

    def _work(self, job: Job) -> None:
        logger.info("job_taken_up", job=str(job.public_id), kind=job.kind, attempt=job.attempts)
        handle = JobHandle(job, self.stop)
        with Repeating("heartbeat", handle.beat, seconds=settings.JOB_LEASE_SECONDS / BEATS):
            job_run(handle)

    def _tidy(self) -> None:
        now = monotonic()
        if now - self._swept >= settings.JOB_LEASE_SECONDS / BEATS:
            self._swept = now
            abandoned_sweep()
        if now - self._pruned >= PRUNE_EVERY:
            self._pruned = now
            jobs_prune()
            events_prune()

    @staticmethod
    def _rescore() -> bool:
        """Whether there may be more to rescore at once."""
        close_old_connections()
        return leads_rescore_stale(limit=RESCORED_AT_ONCE) > 0
