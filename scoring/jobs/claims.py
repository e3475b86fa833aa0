"""Who works on a job: claims with a lease, taken and given back by conditional UPDATEs.

SQLite has no SKIP LOCKED, and a lock would not outlive a transaction: an UPDATE that names the
state it expects needs neither.
"""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Any

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.db.models.functions import Coalesce
from django.utils import timezone

from scoring.models import Job, JobQuerySet, Upload

logger = structlog.get_logger(__name__)

# Several workers that look at once each find another of these free.
LOOKED_AT = 8


def leasejob_end() -> datetime:
    return timezone.now() + timedelta(seconds=settings.JOB_LEASE_SECONDS)


def job_claim(*, worker: str) -> Job | None:
    """The next waiting job, for this worker alone until its lease ends; None if none waits."""
    for pk in list(Job.objects.waiting().values_list("pk", flat=True)[:LOOKED_AT]):
        now, token = timezone.now(), uuid.uuid4()
        if (
            Job.objects.waiting()
            .filter(pk=pk)
            .order_by()
            .update(
                state=Job.State.RUNNING,
                token=token,
                worker=worker,
                heartbeat_at=now,
                leased_until=leasejob_end(),
                attempts=F("attempts") + 1,
                started_at=Coalesce("started_at", now),
            )
        ):
            return Job.objects.get(pk=pk, token=token)
    return None


def claimed(job: Job) -> JobQuerySet:
    """The job's row as long as the claim holds: every write of its worker goes through this."""
    return Job.objects.filter(pk=job.pk, token=job.token, state=Job.State.RUNNING)


def job_renew(*, job: Job) -> bool:
    """Tell that the worker lives; False if the claim is lost."""
    return bool(claimed(job).update(heartbeat_at=timezone.now(), leased_until=leasejob_end()))


def job_give_back(*, job: Job, message: str = "", seconds: float = 0, tried: bool = False) -> bool:
    """Let another worker go on from the checkpoint, in so many seconds.

    tried: it counts as an attempt. False if the claim was lost before.
    """
    return bool(
        claimed(job).update(
            state=Job.State.QUEUED,
            token=None,
            worker="",
            leased_until=None,
            attempts=job.attempts if tried else max(0, job.attempts - 1),
            run_after=timezone.now() + timedelta(seconds=seconds) if seconds else None,
            message=message[:200],
        )
    )


def job_finish(*, job: Job, state: Job.State, **fields: Any) -> bool:
    """The job is over: what was sent for it goes. False if the claim was lost before."""
    return job_end(claimed(job), job.pk, state, **fields)


def abandoned_sweep() -> int:
    """Requeue the jobs whose worker is gone, or end those that have been tried too often.

    The number of jobs that this concerned.
    """
    swept = 0
    for job in Job.objects.abandoned():
        logger.warning("job_abandoned", job=str(job.public_id), worker=job.worker)
        still = Job.objects.abandoned().filter(pk=job.pk, token=job.token)
        if job.cancel_requested:
            swept += job_end(still, job.pk, Job.State.CANCELLED)
        elif job.attempts >= settings.JOB_ATTEMPTS:
            swept += job_end(still, job.pk, Job.State.FAILED, error=_given_up(job))
        else:
            swept += still.update(
                state=Job.State.QUEUED, token=None, worker="", leased_until=None, run_after=None
            )
    return swept


def _given_up(job: Job) -> str:
    return (
        f"{job.attempts} workers in a row ended at the same place (after {job.done:,}), the last "
        f"one ({job.worker}) without a word: often too little memory. See its log, then start the "
        "job again, in smaller parts if it is a file."
    )


@transaction.atomic
def job_end(rows: JobQuerySet, pk: int, state: Job.State, **fields: Any) -> bool:
    """End the job if `rows` still has it; whether it had."""
    ended = rows.update(
        state=state, token=None, leased_until=None, finished_at=timezone.now(), **fields
    )
    if ended:
        Upload.objects.filter(job=pk).delete()
    return bool(ended)
