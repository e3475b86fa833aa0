"""Some hundred rows of a file, stored in one transaction."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import partial
from typing import Any

from django.db import transaction
from django.utils import timezone

from crm.history import write_history
from crm.importing.rows import ParsedRow, RejectedRow
from crm.importing.timeline import Timeline
from crm.models import Lead
from crm.services.batches import lock
from crm.services.conflicts import in_transaction
from crm.services.outcome_record import outcomes_record
from crm.values import Actor


@dataclass(slots=True)
class ChunkResult:
    """What became of the rows, by external id (one entry a row, so an id may come again)."""

    created: list[str] = field(default_factory=list)
    updated: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    rejected: list[RejectedRow] = field(default_factory=list)
    outcomes_created: list[str] = field(default_factory=list)
    outcomes_updated: list[str] = field(default_factory=list)


def load_chunk(rows: Sequence[ParsedRow], actor: Actor, *, dry_run: bool) -> ChunkResult:
    """Store rows, all that fit or, if the database fails, none. A dry run takes all back."""
    return in_transaction(partial(_load, rows, actor, dry_run))


def _load(rows: Sequence[ParsedRow], actor: Actor, dry_run: bool) -> ChunkResult:
    now = timezone.now()
    timelines = _timelines(rows)
    result = ChunkResult()
    for row in sorted(rows, key=_in_time):
        timeline = timelines[row.lead.external_id]
        if misfit := timeline.misfit(row.values, row.outcome):
            result.rejected.append(RejectedRow(row.line, row.cells, misfit))
        else:
            _place(row, timeline, now, result)
    _store(timelines.values(), actor)
    recorded = outcomes_record(
        outcomes=[each.outcome for each in timelines.values() if each.outcome],
        source=Lead.Source.IMPORT,
        actor=actor,
    )
    result.outcomes_created, result.outcomes_updated = recorded.created, recorded.updated
    if dry_run:
        transaction.set_rollback(True)
    return result


def _in_time(row: ParsedRow) -> tuple[bool, date]:
    """Rows by day, in the order of the file within a day; those without a day are of now."""
    day = row.values.get("seen_on")
    return day is None, day or date.min


def _place(row: ParsedRow, timeline: Timeline, now: datetime, result: ChunkResult) -> None:
    external_id = row.lead.external_id
    is_new = timeline.lead is None
    if not timeline.add(row.values, now):
        result.unchanged.append(external_id)
    else:
        (result.created if is_new else result.updated).append(external_id)
    if row.outcome:
        timeline.decide(row.outcome, row.values.get("seen_on"))


def _timelines(rows: Sequence[ParsedRow]) -> dict[str, Timeline]:
    """The leads of these rows, held until the transaction ends; with histories if days matter."""
    known = lock(list({row.lead.external_id for row in rows}))
    dated = {row.lead.external_id for row in rows if row.values.get("seen_on")}
    histories: dict[int, list[Any]] = {lead.pk: [] for lead in known.values()}
    pks = [lead.pk for external_id, lead in known.items() if external_id in dated]
    for state in Lead.history.filter(id__in=pks).order_by("history_date", "history_id"):
        histories[state.id].append(state)
    return {
        row.lead.external_id: Timeline(lead, histories[lead.pk])
        if (lead := known.get(row.lead.external_id))
        else Timeline(None)
        for row in rows
    }


def _store(timelines: Iterable[Timeline], actor: Actor) -> None:
    created: list[Lead] = []
    changed: list[Lead] = []
    fields: set[str] = set()
    for each in timelines:
        if each.lead and each.created:
            created.append(each.lead)
        elif each.lead and each.changed:
            changed.append(each.lead)
            fields |= each.changed
    # In the order of their ids, like every insert of leads: no two wait for each other crosswise.
    Lead.objects.bulk_create(sorted(created, key=lambda lead: lead.external_id))
    Lead.objects.bulk_create(
        changed, update_conflicts=True, unique_fields=["id"], update_fields=sorted(fields)
    )
    _store_states(timelines, actor)


def _store_states(timelines: Iterable[Timeline], actor: Actor) -> None:
    first: list[tuple[Lead, datetime]] = []
    later: list[tuple[Lead, datetime]] = []
    for each in timelines:
        for number, state in enumerate(each.fresh):
            state.lead.pk = each.lead.pk if each.lead else None
            (first if each.created and not number else later).append((state.lead, state.moment))
    for states, kind in ((first, "+"), (later, "~")):
        write_history(
            objects=[lead for lead, _ in states],
            kind="+" if kind == "+" else "~",
            actor=actor,
            moments=[moment for _, moment in states],
        )
