"""Import a sent file as a job. Started over, it recognises what is in and stores nothing twice."""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.db import transaction

from crm.importing.load import LoadSummary, load_leads
from crm.importing.plan import TablePlan
from crm.importing.problems import ImportProblem
from crm.importing.rejects import RejectedFile
from scoring.errors import FileNotReadable
from scoring.jobs.handle import JobHandle
from scoring.jobs.uploads import PART_BYTES, file_not_readable, upload_on_disk
from scoring.models import JobChunk, Upload


def import_job(handle: JobHandle) -> Mapping[str, Any]:
    """Store the leads and outcomes of the job's file; the numbers of rows, by what became of them.

    Rows that cannot be stored are kept, with the reason, as the job's chunks: a CSV file.
    Raises FileNotReadable, UploadDamaged.
    """
    with upload_on_disk(Upload.objects.get(job=handle.job)) as path:
        try:
            summary = _load(path, handle)
        except ImportProblem as problem:
            raise file_not_readable(problem, path) from None
        if summary.useless:
            first = summary.first_rejected[0]
            raise FileNotReadable(f"No row could be imported. Line {first.line}: {first.reason}")
        return {
            "rows": summary.rows,
            "created": summary.created,
            "updated": summary.updated,
            "unchanged": summary.unchanged,
            "superseded": summary.superseded,
            "rejected": summary.rejected,
            "outcomesCreated": summary.outcomes_created,
            "outcomesUpdated": summary.outcomes_updated,
            "undecided": dict(summary.undecided),
        }


def _load(path: Path, handle: JobHandle) -> LoadSummary:
    def looked_at(rows: int, share: float | None) -> None:
        handle.progress(0, None, f"Looking through: {rows:,} rows")

    plan = TablePlan.from_options(path, handle.payload["options"], looked_at)

    def imported(rows: int, share: float | None) -> None:
        handle.progress(rows, max(plan.survey.rows, rows), "Importing")

    target = path.with_name("rejected.csv")
    with RejectedFile(target, plan.header) as rejected:
        summary = load_leads(path=path, plan=plan, rejected=rejected, progress=imported)
    if summary.rejected:
        _keep(target, summary.rejected, handle)
    return summary


@transaction.atomic
def _keep(rejected: Path, rows: int, handle: JobHandle) -> None:
    """Keep the rejected rows of the latest try, as parts of one file."""
    handle.save({}, done=handle.job.done)
    JobChunk.objects.filter(job=handle.job).delete()
    with rejected.open("rb") as source:
        for number, data in enumerate(iter(lambda: source.read(PART_BYTES), b"")):
            JobChunk.objects.create(
                job=handle.job, number=number, rows=0 if number else rows, data=zlib.compress(data)
            )
