"""All leads with their current score as a CSV file, chunk by chunk."""

from __future__ import annotations

import csv
import io
import zlib
from collections.abc import Mapping
from typing import Any

from django.db import transaction

from crm.importing.mapping import FIELDS
from crm.models import Lead
from crm.spreadsheets import escape_formula
from scoring.jobs.handle import JobHandle
from scoring.models import JobChunk

CHUNK = 5_000
# Heading -> where it is stored.
COLUMNS: Mapping[str, str] = {
    "id": "external_id",
    **FIELDS,
    "seenOn": "seen_on",
    "outcome": "outcome__result",
    "occurredOn": "outcome__occurred_on",
    "value": "outcome__value",
    "score": "current_score__score",
    "conversionProbability": "current_score__probability",
    "modelVersion": "current_score__version__number",
    "scoredOn": "current_score__day",
}


def export_job(handle: JobHandle) -> Mapping[str, Any]:
    """Write all leads, in the order of their keys; how many they were."""
    run = {"chunk": 0, "after": 0, "rows": 0, **handle.checkpoint}
    total = Lead.objects.count()
    handle.progress(run["rows"], total, "Exporting")
    while True:
        handle.check()
        later = Lead.objects.filter(pk__gt=run["after"]).order_by("pk")
        rows = list(later.values_list("pk", *COLUMNS.values())[:CHUNK])
        if not rows:
            return {"rows": run["rows"]}
        head = [] if run["chunk"] else [list(COLUMNS)]
        run |= {
            "chunk": run["chunk"] + 1,
            "after": rows[-1][0],
            "rows": run["rows"] + len(rows),
        }
        text = _csv([*head, *([_cell(each) for each in values] for _, *values in rows)])
        with transaction.atomic():
            handle.save(run, done=run["rows"], total=max(total, run["rows"]), message="Exporting")
            JobChunk.objects.create(
                job=handle.job, number=run["chunk"], rows=len(rows), data=zlib.compress(text)
            )


def _cell(value: object) -> object:
    return escape_formula(value) if isinstance(value, str) else value


def _csv(rows: list[list[Any]]) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue().encode()
