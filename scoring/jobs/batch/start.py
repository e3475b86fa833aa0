"""Ask for many leads to be scored."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction

from crm.importing.mapping import plan_columns
from crm.importing.plan import read_options
from crm.importing.problems import ImportProblem
from crm.importing.table import named_columns
from crm.importing.tables import open_table
from scoring.jobs.start import job_start
from scoring.jobs.uploads import SentFile, file_not_readable, upload_store
from scoring.models import Job


@transaction.atomic
def batch_of_file(
    *,
    file: SentFile,
    options: Mapping[str, Any],
    model_type: str | None,
    explain: bool,
    owner: str,
    user: User | None = None,
) -> Job:
    """A batch of a file's rows; `options` say which column is what, as the flags of `score` do.

    The header is looked at now; what only the rows can show fails the job.
    Raises FileNotReadable.
    """
    try:
        table = open_table(file.path, read_options(options))
        plan_columns(options, list(named_columns(table.header)))
    except ImportProblem as problem:
        raise file_not_readable(problem, file.path) from None
    payload = {"options": dict(options), "modelType": model_type, "explain": explain}
    job = job_start(kind=Job.Kind.BATCH, owner=owner, user=user, payload=payload)
    upload_store(job=job, file=file)
    return job


def batch_of_leads(
    *,
    criteria: Mapping[str, Any],
    model_type: str | None,
    explain: bool,
    owner: str,
    user: User | None = None,
) -> Job:
    """A batch of the stored leads that `criteria` (`crm.services.lead_filter`) name."""
    payload = {"leads": dict(criteria), "modelType": model_type, "explain": explain}
    return job_start(kind=Job.Kind.BATCH, owner=owner, user=user, payload=payload)
