"""Import a sent file as a job: each chunk's rows with the checkpoint, so exactly once."""

from __future__ import annotations

import zlib
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from crm.importing.load import LoadSummary, load_leads
from crm.importing.plan import TablePlan
from crm.importing.problems import ImportProblem
from crm.importing.rejects import rejected_part
from crm.importing.rows import RejectedRow
from leadscoring.plurals import count_of
from scoring.errors import FileNotReadable
from scoring.jobs.handle import JobHandle
from scoring.jobs.uploads import file_not_readable, upload_on_disk
from scoring.models import Job, JobChunk, Upload


def import_job(handle: JobHandle) -> Mapping[str, Any]:
    """Store the leads and outcomes of the job's file; the numbers of rows, by what became of them.

    Rows that cannot be stored are kept, with the reason, as the job's chunks: parts of a CSV file.
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
    return _numbers(summary)


def _load(path: Path, handle: JobHandle) -> LoadSummary:
    def looked_at(rows: int, share: float | None) -> None:
        handle.progress(handle.job.done, None, f"Looking through: {count_of(rows, 'row')}")

    plan = TablePlan.from_options(path, handle.payload["options"], looked_at)

    def imported(rows: int, share: float | None) -> None:
        handle.progress(rows, max(plan.survey.rows, rows), "Importing")

    def store(summary: LoadSummary, rejected: Sequence[RejectedRow]) -> None:
        # The checkpoint first: it holds the job's row, and refuses whoever has lost the claim.
        total = max(plan.survey.rows, summary.rows)
        handle.save(_checkpoint(summary), done=summary.rows, total=total, message="Importing")
        if rejected:
            _keep(rejected, plan.header, handle.job)

    summary = _summary(handle.checkpoint)
    return load_leads(path=path, plan=plan, progress=imported, summary=summary, store=store)


def _keep(rejected: Sequence[RejectedRow], header: Sequence[str], job: Job) -> None:
    number = JobChunk.objects.filter(job=job).count()
    text = rejected_part(rejected, header, first=number == 0)
    JobChunk.objects.create(job=job, number=number, rows=len(rejected), data=zlib.compress(text))


def _numbers(summary: LoadSummary) -> dict[str, Any]:
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


def _checkpoint(summary: LoadSummary) -> dict[str, Any]:
    first = [[row.line, row.reason] for row in summary.first_rejected]
    return {**_numbers(summary), "firstRejected": first}


def _summary(told: Mapping[str, Any]) -> LoadSummary:
    """What the last checkpoint says is in."""
    if not told:
        return LoadSummary()
    return LoadSummary(
        rows=told["rows"],
        created=told["created"],
        updated=told["updated"],
        unchanged=told["unchanged"],
        superseded=told["superseded"],
        rejected=told["rejected"],
        outcomes_created=told["outcomesCreated"],
        outcomes_updated=told["outcomesUpdated"],
        undecided=Counter(told["undecided"]),
        first_rejected=[RejectedRow(line, (), reason) for line, reason in told["firstRejected"]],
    )
