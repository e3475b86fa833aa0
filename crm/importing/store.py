"""Read and write the states, leads and outcomes of a chunk with few statements."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from crm.days import day_end
from crm.history import REASON_LENGTH
from crm.importing.bulk import attnames, insert, update
from crm.importing.timeline import IMPORTED, STATE_FIELDS, State, Timeline
from crm.models import Lead, Outcome
from crm.services.outcome_record import change_outcome, outcomes_record, stored_outcome
from crm.values import UNSET, Actor, OutcomeData

_HISTORY = ("history_date", "history_change_reason", "history_type", "history_user_id")
_OUTCOME = ("lead_id", "result", "occurred_on", "value", "source", "recorded_by_id")
_STAMPS = ("recorded_at", "updated_at")


def stored_states(days: Mapping[int, Sequence[date]]) -> dict[int, list[State]]:
    """The states of these leads, oldest first: primary key -> states.

    days: primary key -> the days that rows will be put in; a lead without is left out. Only the
    states that these rows come right after are read whole: a history may be long.
    """
    numbered: dict[int, list[tuple[int, State]]] = {}
    for pk, moment, reason, number in (
        Lead.history.filter(id__in=[pk for pk, of_lead in days.items() if of_lead])
        .order_by("history_date", "history_id")
        .values_list("id", "history_date", "history_change_reason", "history_id")
    ):
        state = State(moment, None, (reason or "").startswith(IMPORTED))
        numbered.setdefault(pk, []).append((number, state))
    needed = dict(
        base
        for pk, of_lead in numbered.items()
        for day in days[pk]
        if (base := _past_base(of_lead, day))
    )
    for row in Lead.history.filter(history_id__in=list(needed)):
        needed[row.history_id].lead = row
    return {pk: [state for _, state in of_lead] for pk, of_lead in numbered.items()}


def _past_base(states: list[tuple[int, State]], day: date) -> tuple[int, State] | None:
    """The state that one of `day` comes right after; None if that is the present one, or none."""
    if states[-1][1].moment < day_end(day):
        return None
    earlier = [each for each in states if each[1].moment < day_end(day)]
    return earlier[-1] if earlier else None


def store_leads(timelines: Sequence[Timeline], actor: Actor, now: datetime) -> None:
    """Write new and changed leads, and the states that the history does not have yet."""
    _insert_leads([each.known for each in timelines if each.created], now)
    changed = [each for each in timelines if each.changed and not each.created]
    for each in changed:
        each.known.updated_at = now
    columns = ("id", *sorted({name for each in changed for name in each.changed}))
    values = ([getattr(each.known, name) for name in columns] for each in changed)
    update(Lead, values, columns)
    insert(
        Lead.history.model,
        (
            _state(state, each.known.pk, actor, "+" if each.created and not number else "~")
            for each in timelines
            for number, state in enumerate(each.fresh)
        ),
        (*STATE_FIELDS, *_HISTORY),
    )


def _insert_leads(leads: list[Lead], now: datetime) -> None:
    """Insert leads and give them their primary keys."""
    # In the order of their ids, like every insert of leads: no two wait for each other crosswise.
    leads.sort(key=lambda lead: lead.external_id)
    for lead in leads:
        lead.created_at = lead.updated_at = now
    columns = attnames(Lead)
    insert(Lead, ([getattr(lead, name) for name in columns] for lead in leads), columns)
    stored = Lead.objects.filter(external_id__in=[lead.external_id for lead in leads])
    pks = dict(stored.values_list("external_id", "pk"))
    for lead in leads:
        lead.pk = pks[lead.external_id]


def _state(state: State, pk: int, actor: Actor, kind: str) -> list[Any]:
    values = [getattr(state.lead, name) for name in STATE_FIELDS]
    values[STATE_FIELDS.index("id")] = pk
    return [*values, state.moment, *_history(actor, kind)]


def _history(actor: Actor, kind: str) -> tuple[str, str, int | None]:
    return actor.label[:REASON_LENGTH], kind, actor.user.pk if actor.user else None


def store_outcomes(
    timelines: Iterable[Timeline], actor: Actor, now: datetime
) -> tuple[list[str], list[str]]:
    """Write what became of the leads; the external ids of new and of changed outcomes."""
    new: dict[int, OutcomeData] = {}
    changed: list[OutcomeData] = []
    for each in timelines:
        if each.outcome is None:
            continue
        stored = stored_outcome(each.known)
        if stored is None:
            new[each.known.pk] = each.outcome
        elif change_outcome(stored, _given(each.outcome)):
            changed.append(each.outcome)
    _insert_outcomes(new, actor, now)
    if changed:
        outcomes_record(outcomes=changed, source=Lead.Source.IMPORT, actor=actor)
    return [each.external_id for each in new.values()], [each.external_id for each in changed]


def _given(outcome: OutcomeData) -> dict[str, Any]:
    values = {name: getattr(outcome, name) for name in ("result", "occurred_on", "value")}
    return {name: value for name, value in values.items() if value is not UNSET}


def _insert_outcomes(outcomes: Mapping[int, OutcomeData], actor: Actor, now: datetime) -> None:
    """Insert the outcomes of leads, by primary key, that have none."""
    by = actor.user.pk if actor.user else None
    rows: dict[int, list[Any]] = {}
    for pk in sorted(outcomes):
        given = _given(outcomes[pk])
        known = [given.get(name) for name in ("result", "occurred_on", "value")]
        rows[pk] = [pk, *known, Lead.Source.IMPORT.value, by]
    insert(Outcome, ([*row, now, now] for row in rows.values()), (*_OUTCOME, *_STAMPS))
    stored = Outcome.objects.filter(lead_id__in=list(rows)).values_list("pk", "lead_id")
    insert(
        Outcome.history.model,
        ([pk, *rows[lead], now, *_history(actor, "+")] for pk, lead in stored),
        ("id", *_OUTCOME, *_HISTORY),
    )
