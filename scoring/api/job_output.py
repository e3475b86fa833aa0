"""A stored job -> what the API says of it."""

from __future__ import annotations

from datetime import date
from typing import Any

from scoring.api.job_wire import Batch, JobAnswer
from scoring.jobs.batch.job import batch_of
from scoring.models import Job


def job_output(job: Job) -> JobAnswer:
    return JobAnswer(**_common(job))


def batch_output(job: Job) -> Batch:
    known = batch_of(job)
    address = f"/api/batches/{job.public_id}" if job.finished else None
    return Batch(
        **_common(job),
        explain=bool(job.payload.get("explain")),
        model_type=known.get("modelType") or job.payload.get("modelType"),
        model_version=known.get("modelVersion"),
        day=date.fromisoformat(known["day"]) if "day" in known else None,
        scored=known.get("scored", 0),
        rejected=known.get("rejected", 0),
        repeated=known.get("repeated", 0),
        results=address and f"{address}/results",
        rejected_rows=address and f"{address}/rejected",
    )


def _common(job: Job) -> dict[str, Any]:
    return {
        "id": job.public_id,
        "kind": job.kind,
        "state": job.state,
        "done": job.done,
        "total": job.total,
        "share": job.share,
        "message": job.message,
        "error": job.error or None,
        "created_at": job.created_at,
        "started_at": job.started_at,
        "finished_at": job.finished_at,
    }
