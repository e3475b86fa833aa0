"""What an import says: how it reads the file, what it did, what to do next."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import msgspec

from crm.importing.load import LoadSummary
from crm.importing.plan import TablePlan
from crm.importing.rows import ParsedRow, RejectedRow, read_rows
from crm.values import LeadData, Unset

PREVIEW = 5


def describe_plan(plan: TablePlan) -> Iterator[str]:
    """Which column is read as what, one line each."""
    columns = plan.columns
    yield f"  id <- {columns.id}"
    for name, column in {**columns.fields, **columns.decision}.items():
        yield f"  {name} <- {column}"
    if columns.outcome:
        found = ", ".join(
            f"{value} ({rows:,}) = {columns.results.get(value.casefold(), 'open')}"
            for value, rows in plan.survey.results.items()
        )
        yield f"  outcome <- {columns.outcome}: {found}"
    yield f"  attributes <- {', '.join(columns.attributes) or '(none)'}"
    left = set(plan.positions) - columns.used() - set(columns.attributes)
    if left:
        yield f"  not imported: {', '.join(column for column in plan.header if column in left)}"


def describe_first_rows(path: Path, plan: TablePlan) -> Iterator[str]:
    """The first rows as they are read."""
    for row in islice(read_rows(path, plan), PREVIEW):
        if isinstance(row, RejectedRow):
            yield f"  line {row.line}: rejected, {row.reason}"
        else:
            yield f"  line {row.line}: {_as_read(row)}"


def _as_read(row: ParsedRow) -> str:
    lead: LeadData = row.lead
    given = msgspec.structs.asdict(lead)
    attributes = given.pop("attributes")
    shown = [f"{k}={v}" for k, v in given.items() if not isinstance(v, Unset) and v is not None]
    if not isinstance(attributes, Unset) and attributes:
        shown += [f"{k}={v!r}" for k, v in attributes.items() if v is not None]
    return ", ".join([*shown, f"outcome={row.outcome.result if row.outcome else 'open'}"])


def describe_summary(summary: LoadSummary, rejected: Path | None, *, dry_run: bool) -> str:
    """The end of an import, for people."""
    lines = [
        "Nothing was changed. The import would do this:" if dry_run else "Import finished.",
        f"  rows       {summary.rows:>10,}",
        f"  created    {summary.created:>10,}  new leads",
        f"  updated    {summary.updated:>10,}  known leads changed, or another day's state added",
        f"  unchanged  {summary.unchanged:>10,}",
    ]
    if summary.superseded:
        lines.append(
            f"  superseded {summary.superseded:>10,}  a later row of the same id and day counts"
        )
    lines += [
        f"  rejected   {summary.rejected:>10,}",
        f"  outcomes   {summary.outcomes_created:>10,}  new, {summary.outcomes_updated:,} changed",
    ]
    if summary.undecided:
        values = ", ".join(f"{value} ({n:,})" for value, n in summary.undecided.most_common(10))
        lines.append(f"Left open, their outcome is neither won nor lost: {values}.")
    lines += _on_rejected(summary, rejected)
    if not dry_run and (summary.outcomes_created or summary.outcomes_updated):
        lines.append("Next: manage.py retrain, so that the models learn from the new outcomes.")
    return "\n".join(lines)


def _on_rejected(summary: LoadSummary, rejected: Path | None) -> Iterator[str]:
    for row in summary.first_rejected:
        yield f"  line {row.line}: {row.reason}"
    if more := summary.rejected - len(summary.first_rejected):
        yield f"  … and {more:,} more"
    if summary.rejected and rejected:
        yield f"The rejected rows are in {rejected}: mend them there and import that file."
