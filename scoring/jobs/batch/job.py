"""Score a batch: each chunk's rows, checkpoint and event in one transaction, so exactly once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

from django.db import transaction

from crm.importing.plan import TablePlan
from crm.importing.problems import ImportProblem
from leadscoring.plurals import count_of
from scoring import registry
from scoring.errors import ModelUnavailable
from scoring.events import event_write
from scoring.jobs.batch.packing import ChunkRows, pack
from scoring.jobs.batch.scoring import scored_chunks
from scoring.jobs.batch.sources import FileRows, Source, StoredLeads, day_of
from scoring.jobs.handle import JobHandle
from scoring.jobs.uploads import file_not_readable, upload_on_disk
from scoring.models import Job, JobChunk, ModelVersion, Upload
from scoring.registry import LoadedVersion


def batch_job(handle: JobHandle) -> Mapping[str, Any]:
    """Score all rows by one version, as of one day, whatever happens meanwhile.

    Raises NoTrainedModel, ModelUnavailable, FileNotReadable, UploadDamaged.
    """
    loaded = _version(handle)
    day = day_of(handle.checkpoint.get("day"))
    explain = bool(handle.payload.get("explain"))
    with _source(handle, day) as source:
        run = {
            "chunk": 0,
            "place": 0,
            "scored": 0,
            "rejected": 0,
            "repeated": source.repeated,
            "modelVersion": loaded.version.number,
            "modelType": loaded.version.model_type,
            "day": day.isoformat(),
            "total": source.total,
            **handle.checkpoint,
        }
        handle.progress(run["scored"] + run["rejected"], run["total"], "Scoring")
        chunks = scored_chunks(source, loaded.scorer, place=run["place"], explain=explain)
        for place, rows in chunks:
            handle.check()
            run |= {
                "chunk": run["chunk"] + 1,
                "place": place,
                "scored": run["scored"] + len(rows.scored),
                "rejected": run["rejected"] + len(rows.rejected),
            }
            _store(handle, rows, run)
    kept = ("scored", "rejected", "repeated", "modelVersion", "modelType", "day")
    return {name: run[name] for name in kept}


@transaction.atomic
def _store(handle: JobHandle, rows: ChunkRows, run: Mapping[str, Any]) -> None:
    done = run["scored"] + run["rejected"]
    # The checkpoint first: it holds the job's row, and refuses whoever has lost the claim.
    handle.save(run, done=done, total=max(run["total"], done), message="Scoring")
    JobChunk.objects.create(
        job=handle.job, number=run["chunk"], rows=len(rows.scored), data=pack(rows)
    )
    event_write(
        kind="batch.progress",
        payload={
            "id": str(handle.job.public_id),
            "done": done,
            "total": max(run["total"], done),
            "scored": run["scored"],
            "rejected": run["rejected"],
        },
        owner=handle.job.owner,
    )


def _version(handle: JobHandle) -> LoadedVersion:
    """The version that the first chunk was scored with; else the one that answers now."""
    number = handle.checkpoint.get("modelVersion")
    if number is None:
        model_type = handle.payload.get("modelType")
        return registry.active(model_type) if model_type else registry.champion()
    version = ModelVersion.objects.filter(number=number).first()
    if version is None:
        raise ModelUnavailable(
            f"Model version {number}, which scored the first rows, is gone: start the batch again."
        )
    return registry.load(version)


@contextmanager
def _source(handle: JobHandle, day: date) -> Iterator[Source]:
    upload = Upload.objects.filter(job=handle.job).first()
    if upload is None:
        yield StoredLeads(handle.payload["leads"], day)
        return
    with upload_on_disk(upload) as path:
        try:
            yield FileRows(path, _plan(path, handle), day)
        except ImportProblem as problem:
            raise file_not_readable(problem, path) from None


def _plan(path: Path, handle: JobHandle) -> TablePlan:
    def looked_at(rows: int, share: float | None) -> None:
        handle.progress(handle.job.done, None, f"Looking through: {count_of(rows, 'row')}")

    plan = TablePlan.from_options(path, handle.payload["options"], looked_at)
    if not plan.survey.rows:
        raise ImportProblem("The file has a header and no rows.")
    return plan


def batch_of(job: Job) -> Mapping[str, Any]:
    """What is known of a batch so far: the last checkpoint, or the result."""
    known: Mapping[str, Any] = job.result or job.checkpoint
    return known
