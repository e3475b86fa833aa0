"""Some hundred rows of a file, put among what is known of their leads, in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from crm.importing.rows import ParsedRow, RejectedRow
from crm.importing.store import store_leads, store_outcomes, stored_states
from crm.importing.timeline import Timeline
from crm.services.batches import lock
from crm.services.conflicts import in_transaction
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


def load_chunk(
    rows: Sequence[ParsedRow],
    actor: Actor,
    *,
    dry_run: bool,
    loaded: Callable[[ChunkResult], None],
) -> None:
    """Store rows, all that fit or, if the database fails, none. A dry run takes all back.

    `loaded` is called in the transaction, which ends with it: if it raises, nothing is stored. It
    may be called again, if another process created the same leads at once.
    """

    def load() -> None:
        loaded(_load(rows, actor))
        if dry_run:
            transaction.set_rollback(True)

    in_transaction(load)


def _load(rows: Sequence[ParsedRow], actor: Actor) -> ChunkResult:
    now = timezone.now()
    timelines = _timelines(rows)
    result = ChunkResult()
    for row in sorted(rows, key=_in_time):
        timeline = timelines[row.lead.external_id]
        if misfit := timeline.misfit(row.values, row.outcome):
            result.rejected.append(RejectedRow(row.line, row.cells, misfit))
        else:
            _place(row, timeline, now, result)
    touched = [each for each in timelines.values() if each.lead]
    store_leads(touched, actor, now)
    result.outcomes_created, result.outcomes_updated = store_outcomes(touched, actor, now)
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


def _timelines(rows: Iterable[ParsedRow]) -> dict[str, Timeline]:
    """The leads of these rows, held until the transaction ends; with histories if days matter."""
    days: dict[str, list[date]] = {}
    for row in rows:
        dated = days.setdefault(row.lead.external_id, [])
        if day := row.values.get("seen_on"):
            dated.append(day)
    known = lock(list(days))
    states = stored_states({lead.pk: days[external_id] for external_id, lead in known.items()})
    return {
        external_id: Timeline(lead, states.get(lead.pk, ()))
        if (lead := known.get(external_id))
        else Timeline(None)
        for external_id in days
    }
