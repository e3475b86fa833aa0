"""Ask for work, look at it, call it off."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from django.contrib.auth.models import User

from scoring.errors import JobFinished, JobNotFound
from scoring.jobs.claims import job_end
from scoring.models import Job


def job_start(
    *, kind: Job.Kind, owner: str, payload: Mapping[str, Any], user: User | None = None
) -> Job:
    """A new job; the next free worker takes it up.

    owner: who asked, as `Principal.id` has it. payload: for the kind's function, as JSON.
    """
    return Job.objects.create(kind=kind, owner=owner, user=user, payload=dict(payload))


def job_find(*, public_id: uuid.UUID, owner: str, kind: Job.Kind | None = None) -> Job:
    """A job of this owner. Raises JobNotFound, also for another owner's."""
    jobs = Job.objects.filter(public_id=public_id, owner=owner)
    job = jobs.filter(kind=kind).first() if kind else jobs.first()
    if job is None:
        raise JobNotFound("There is no job with this id.")
    return job


def job_cancel(*, job: Job) -> Job:
    """Call a job off: at once if it waits, else after the chunk that is being worked on.

    What it has stored until then stays. Asked again it changes nothing.
    Raises JobFinished if it is over.
    """
    same = Job.objects.filter(pk=job.pk)
    if not job_end(same.filter(state=Job.State.QUEUED), job.pk, Job.State.CANCELLED):
        same.filter(state=Job.State.RUNNING).update(cancel_requested=True)
    job.refresh_from_db()
    if job.finished and job.state != Job.State.CANCELLED:
        raise JobFinished(f"The job has {job.state} already: there is nothing to cancel.")
    return job
