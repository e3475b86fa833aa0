"""One try at one job. Whatever its function does, the worker lives on."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import structlog
from django.conf import settings
from django.db import DatabaseError
from django.utils.module_loading import import_string

from crm.errors import CrmError
from scoring.errors import ScoringError
from scoring.jobs.claims import job_finish, job_give_back
from scoring.jobs.handle import ClaimLost, JobCancelled, JobHandle, TryLater, WorkerStopping
from scoring.models import Job

logger = structlog.get_logger(__name__)

# By name, so that a worker loads what a kind needs (training takes seconds) with its first job.
KINDS: Mapping[str, str] = {
    Job.Kind.BATCH: "scoring.jobs.batch.job.batch_job",
    Job.Kind.EXPORT: "scoring.jobs.export_leads.export_job",
    Job.Kind.IMPORT: "scoring.jobs.import_leads.import_job",
    Job.Kind.RETRAIN: "scoring.jobs.retrain.retrain_job",
}
# Before a job is tried again after the database or the disk failed.
PAUSE_SECONDS = 5.0

JobFunction = Callable[[JobHandle], Mapping[str, Any]]


def job_run(handle: JobHandle) -> None:
    """Do the job, and store what came of it. Raises DatabaseError if even that is impossible."""
    job = handle.job
    try:
        work: JobFunction = import_string(KINDS[job.kind])
        result = work(handle)
    except ClaimLost:
        logger.warning("job_claim_lost", job=str(job.public_id))
    except JobCancelled:
        job_finish(job=job, state=Job.State.CANCELLED)
    except WorkerStopping:
        job_give_back(job=job, message="Goes on with the next worker")
    except TryLater as error:
        job_give_back(job=job, message=error.message, seconds=error.seconds)
    except (CrmError, ScoringError) as error:
        job_finish(job=job, state=Job.State.FAILED, error=error.message)
    except (DatabaseError, OSError, MemoryError) as error:
        _failed_for_now(job, error)
    except (Exception, SystemExit) as error:
        logger.exception("job_failed", job=str(job.public_id), kind=job.kind)
        text = f"Something went wrong here ({type(error).__name__}). The worker's log has it."
        job_finish(job=job, state=Job.State.FAILED, error=text)
    else:
        job_finish(job=job, state=Job.State.SUCCEEDED, result=result, message="")


def _failed_for_now(job: Job, error: BaseException) -> None:
    """What may work in a while: a database that is busy, a disk that is full."""
    logger.exception("job_failed_for_now", job=str(job.public_id), attempt=job.attempts)
    # Neither names a person: at most a file and what the disk or the database says of itself.
    said = str(error).splitlines()[0][:300] if str(error) else ""
    text = f"{type(error).__name__}: {said}" if said else type(error).__name__
    if job.attempts < settings.JOB_ATTEMPTS:
        pause = PAUSE_SECONDS * max(1, job.attempts)
        job_give_back(job=job, message=f"Tries again. {text}", seconds=pause, tried=True)
        return
    job_finish(
        job=job,
        state=Job.State.FAILED,
        error=f"The worker's disk, memory or database failed {job.attempts} times: {text}. "
        "What was done until then is kept. Mend it, then start the job again.",
    )
