"""Record what became of leads, change it, take it back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial

from crm.errors import InvalidLead, LeadNotFound
from crm.history import write_history
from crm.models import Lead, Outcome
from crm.services.batches import SINGLE, clean_all, lock, paths
from crm.services.cleaning import Errors, Values, clean_outcome
from crm.services.conflicts import in_transaction
from crm.values import Actor, OutcomeData

NO_SUCH_LEAD = "There is no lead with this id."
UPDATED = ["result", "occurred_on", "value", "source", "recorded_by", "updated_at"]


@dataclass(frozen=True, slots=True)
class RecordResult:
    """What became of each outcome, by the lead's external id, in the order they came."""

    created: list[str] = field(default_factory=list)
    updated: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    outcomes: dict[str, Outcome] = field(default_factory=dict)


def outcomes_record(*, outcomes: Sequence[OutcomeData], source: str, actor: Actor) -> RecordResult:
    """Record outcomes, all or none. The same again changes nothing; another one replaces it.

    `recorded_at` stays the moment of the first recording; the history holds the others.

    Raises:
        InvalidLead: with all errors of all rows, by path ("outcomes.3.result").
        LeadNotFound: if nothing is wrong but ids that no lead has.
    """
    return _record(outcomes, paths("outcomes", outcomes), source, actor)


def outcome_record(*, outcome: OutcomeData, source: str, actor: Actor) -> Outcome:
    """`outcomes_record` for one lead; errors go by the field's name alone."""
    return _record([outcome], SINGLE, source, actor).outcomes[outcome.external_id]


def outcome_withdraw(*, external_id: str, actor: Actor) -> None:
    """Take an outcome back that was recorded by mistake: the lead is open again.

    Raises:
        LeadNotFound: if there is no such lead; one without an outcome is left as it is.
    """
    in_transaction(partial(_withdraw, external_id, actor))


def _withdraw(external_id: str, actor: Actor) -> None:
    lead = lock([external_id]).get(external_id)
    if lead is None:
        raise LeadNotFound(NO_SUCH_LEAD)
    outcome = stored_outcome(lead)
    if outcome is not None:
        outcome._history_user = actor.user  # type: ignore[attr-defined]  # how simple_history is told
        outcome._change_reason = actor.label  # type: ignore[attr-defined]  # likewise
        outcome.delete()


def _record(
    outcomes: Sequence[OutcomeData], at: Sequence[str], source: str, actor: Actor
) -> RecordResult:
    cleaned = clean_all(outcomes, at, clean_outcome)
    return in_transaction(partial(_write, cleaned, at, source, actor))


def _write(cleaned: list[Values], at: Sequence[str], source: str, actor: Actor) -> RecordResult:
    known = lock([values["external_id"] for values in cleaned])
    _refuse_misfits(cleaned, at, known)
    result = RecordResult()
    for values in cleaned:
        external_id = values.pop("external_id")
        lead = known[external_id]
        outcome = stored_outcome(lead)
        if outcome is None:
            outcome = Outcome(lead=lead, **values)
            result.created.append(external_id)
        elif change_outcome(outcome, values):
            result.updated.append(external_id)
        else:
            result.unchanged.append(external_id)
        result.outcomes[external_id] = outcome
    _store(result, source, actor)
    confirm_leads(list(known.values()))
    return result


def _refuse_misfits(cleaned: list[Values], at: Sequence[str], known: dict[str, Lead]) -> None:
    missing: Errors = {}
    early: Errors = {}
    for values, path in zip(cleaned, at, strict=True):
        lead = known.get(values["external_id"])
        occurred_on = values.get("occurred_on")
        if lead is None:
            missing[path + "external_id"] = NO_SUCH_LEAD
        elif occurred_on and lead.seen_on and occurred_on < lead.seen_on:
            early[path + "occurred_on"] = (
                f"The lead is known only since {lead.seen_on.isoformat()}."
            )
    if early:
        raise InvalidLead("Nothing was saved: some values cannot be.", early | missing)
    if missing:
        raise LeadNotFound(NO_SUCH_LEAD, missing)


def stored_outcome(lead: Lead) -> Outcome | None:
    """The outcome of a lead that `lock` gave, without a query."""
    return lead._state.fields_cache.get("outcome")


def change_outcome(outcome: Outcome, values: Values) -> bool:
    """Set cleaned values on `outcome`; whether it really changed."""
    unknown = {} if values["result"] == outcome.result else {"occurred_on": None, "value": None}
    new = unknown | values
    changed = any(getattr(outcome, name) != value for name, value in new.items())
    for name, value in new.items():
        setattr(outcome, name, value)
    return changed


def _store(result: RecordResult, source: str, actor: Actor) -> None:
    created = [result.outcomes[each] for each in result.created]
    updated = [result.outcomes[each] for each in result.updated]
    for outcome in (*created, *updated):
        outcome.source = source
        outcome.recorded_by = actor.user
    recorded = [outcome.recorded_at for outcome in updated]
    Outcome.objects.bulk_create(created)
    Outcome.objects.bulk_create(
        updated, update_conflicts=True, unique_fields=["id"], update_fields=UPDATED
    )
    for outcome, recorded_at in zip(updated, recorded, strict=True):
        outcome.recorded_at = recorded_at  # the insert that did not happen had stamped it
    write_history(objects=created, kind="+", actor=actor)
    write_history(objects=updated, kind="~", actor=actor)


def confirm_leads(leads: Sequence[Lead]) -> None:
    """Somebody knows what became of them, so they are real leads.

    Without a history row and a new revision on purpose: what is known of the lead has not
    changed. A new state would be one more training row, of the very day of the outcome.
    """
    unconfirmed = [lead for lead in leads if not lead.confirmed]
    if unconfirmed:
        Lead.objects.filter(pk__in=[lead.pk for lead in unconfirmed]).update(confirmed=True)
    for lead in unconfirmed:
        lead.confirmed = True
