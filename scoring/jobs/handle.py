"""What a job's function is given: what to do, where to go on, and how to tell how far it is."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from time import monotonic
from typing import Any

from scoring.jobs.claims import claimed, job_renew
from scoring.models import Job

# Often enough for somebody who watches; each time is a write.
EVERY_SECONDS = 0.5


class JobInterrupted(Exception):
    """The function has to end here; what it has checkpointed stays."""


class JobCancelled(JobInterrupted):
    """Somebody called the job off."""


class ClaimLost(JobInterrupted):
    """The lease ran out and another worker may have the job: nothing more may be stored."""


class WorkerStopping(JobInterrupted):
    """The worker was told to stop; the job goes to another one."""


class TryLater(JobInterrupted):
    """It cannot be done now, through no fault of the job."""

    def __init__(self, message: str, seconds: float) -> None:
        super().__init__(message)
        self.message = message
        self.seconds = seconds


class JobHandle:
    """One try at one job."""

    def __init__(self, job: Job, stop: threading.Event | None = None) -> None:
        self.job = job
        self._stop = stop or threading.Event()
        self._lost = threading.Event()
        self._cancelled = threading.Event()
        self._told = 0.0

    @property
    def payload(self) -> Mapping[str, Any]:
        """What was asked for."""
        asked: Mapping[str, Any] = self.job.payload
        return asked

    @property
    def checkpoint(self) -> Mapping[str, Any]:
        """What the last `save` stored, of this try or an earlier one; empty at the start."""
        last: Mapping[str, Any] = self.job.checkpoint
        return last

    def check(self) -> None:
        """End here if the job should not go on. Raises JobInterrupted."""
        if self._lost.is_set():
            raise ClaimLost
        if self._cancelled.is_set():
            raise JobCancelled
        if self._stop.is_set():
            raise WorkerStopping

    def progress(self, done: int, total: int | None = None, message: str = "") -> None:
        """Tell how far it is, now and then; call it as often as you like. Raises JobInterrupted."""
        self.check()
        now = monotonic()
        if now - self._told < EVERY_SECONDS:
            return
        self._told = now
        told = {"done": done, "total": total, "message": message[:200]}
        if not claimed(self.job).update(**told):
            raise ClaimLost
        self.look()
        self.check()

    def save(
        self,
        checkpoint: Mapping[str, Any],
        *,
        done: int,
        total: int | None = None,
        message: str = "",
    ) -> None:
        """Store how far it is, in the transaction that stores what was done: both, or neither.

        The next try goes on from here. Raises JobInterrupted, which takes the transaction back.
        """
        stored = claimed(self.job).filter(cancel_requested=False)
        told = {"checkpoint": dict(checkpoint), "done": done, "attempts": 0, "message": message}
        if not stored.update(**told, **({} if total is None else {"total": total})):
            self.look()
            self.check()
            raise ClaimLost
        self.job.checkpoint = dict(checkpoint)
        self.job.attempts = 0

    def beat(self) -> None:
        """Tell that the worker lives; called from another thread."""
        if job_renew(job=self.job):
            self.look()
        else:
            self._lost.set()

    def look(self) -> None:
        """See whether somebody has called the job off."""
        asked = claimed(self.job).values_list("cancel_requested", flat=True).first()
        if asked is None:
            self._lost.set()
        elif asked:
            self._cancelled.set()
