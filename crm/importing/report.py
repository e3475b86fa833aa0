"""What an import says: how it reads the file, what it did, what to do next."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from itertools import islice
from pathlib import Path

import msgspec

from crm.importing.load import LoadSummary
from crm.importing.mapping import ANY
from crm.importing.plan import TablePlan
from crm.importing.rows import ParsedRow, RejectedRow, read_rows
from crm.importing.survey import MOST_VALUES
from crm.services.cleaning import ATTRIBUTE_TEXT_LENGTH
from crm.values import LeadData, Unset

PREVIEW = 5
MOST_SHOWN = 20


def describe_plan(plan: TablePlan) -> Iterator[str]:
    """Which column is read as what, one line each."""
    columns = plan.columns
    yield f"  id <- {columns.id}"
    for name, column in {**columns.fields, **columns.decision}.items():
        yield f"  {name} <- {column}"
    if columns.outcome:
        found = [
            f"{value} ({rows:,}) = {columns.result_of(value) or 'open'}"
            for value, rows in islice(plan.survey.results.items(), MOST_SHOWN)
        ]
        more = ["…"] if len(plan.survey.results) > MOST_SHOWN else []
        yield f"  outcome <- {columns.outcome}: {', '.join(found + more) or 'no value'}"
    yield f"  attributes <- {', '.join(columns.attributes) or '(none)'}"
    left = set(plan.positions) - columns.used() - set(columns.attributes)
    empty = left.intersection(plan.survey.empty)
    for words, some in (("empty", empty), ("not imported", left - empty)):
        if some:
            yield f"  {words}: {_listed(plan.header, some)}"
    yield from _remarks(plan)


def _listed(header: Sequence[str], columns: Collection[str]) -> str:
    return ", ".join(column for column in header if column in columns)


def _remarks(plan: TablePlan) -> Iterator[str]:
    """What somebody who knows the file may want to look at."""
    survey = plan.survey
    if survey.rows and (absent := _absent(plan)):
        yield f"  no row of {plan.columns.outcome} says {absent}: is it spelt so?"
    if plan.encoding:
        yield (
            f"  text is {plan.encoding}, as it is not UTF-8; if letters come out wrong, say what "
            "it is with --encoding"
        )
    if survey.words:
        yield (
            f"  kept as your own, as they do not hold what their names say: "
            f"{_listed(plan.header, survey.words)}"
        )
    if survey.long:
        yield (
            f"  cut to {ATTRIBUTE_TEXT_LENGTH:,} characters where longer: "
            f"{_listed(plan.header, survey.long)}"
        )
    for column in survey.unclear:
        yield (
            f"  kept as text, as nothing shows whether its dates begin with the day or the month: "
            f"{column} (--date-format says it)"
        )


def _absent(plan: TablePlan) -> str:
    """The results that were named but come nowhere, if all values of the column are known."""
    results = plan.survey.results
    if len(results) >= MOST_VALUES:
        return ""
    found = {value.casefold() for value in results}
    return ", ".join(repr(each) for each in plan.columns.results if each not in (ANY, *found))


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
    if not summary.rows:
        lines.append("The file has a header and no rows.")
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
