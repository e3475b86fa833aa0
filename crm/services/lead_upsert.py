"""Create leads, or change those that are known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import Any

from crm.days import today
from crm.history import write_history
from crm.models import Lead
from crm.services.batches import SINGLE, at_path, clean_all, lock, paths, refuse
from crm.services.cleaning import MAX_ATTRIBUTES, Errors, Values, clean_lead
from crm.services.conflicts import in_transaction
from crm.values import Actor, LeadData

# What a PUT forgets if it does not say it. Not the owner and the day it became known: these are
# the team's own, and a system that sends its leads every night does not know them.
REPLACED: Values = {
    **dict.fromkeys(("name", "company", "industry", "size", "email", "position"), ""),
    **dict.fromkeys(("last_contact", "budget", "previous_purchases", "interactions"), None),
    "attributes": {},
}
# An import says itself since when it knew a lead; elsewhere a lead is known since it was created.
KNOWN_SINCE_CREATION = frozenset({Lead.Source.ADMIN, Lead.Source.API})


@dataclass(frozen=True, slots=True)
class UpsertResult:
    """What became of each lead, by external id, in the order they came."""

    created: list[str] = field(default_factory=list)
    updated: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    leads: dict[str, Lead] = field(default_factory=dict)


def leads_upsert(
    *, leads: Sequence[LeadData], source: str, actor: Actor, replace: bool = False
) -> UpsertResult:
    """Create the unknown leads and change the known ones, all or none, history included.

    Fields that are not given stay as they are, and so do attributes that are not named (None
    takes one away); with `replace` they become unknown. An equal lead is not written.

    Raises:
        InvalidLead: with all errors of all rows, by path ("leads.3.budget"); nothing is saved.
    """
    return _upsert(leads, paths("leads", leads), source, actor, replace)


def lead_upsert(*, lead: LeadData, source: str, actor: Actor, replace: bool = False) -> Lead:
    """`leads_upsert` for one lead; errors go by the field's name alone."""
    result = _upsert([lead], SINGLE, source, actor, replace)
    return result.leads[lead.external_id]


def _upsert(
    leads: Sequence[LeadData], at: Sequence[str], source: str, actor: Actor, replace: bool
) -> UpsertResult:
    cleaned = clean_all(leads, at, clean_lead)
    return in_transaction(partial(_write, cleaned, at, source, actor, replace))


def _write(
    cleaned: list[Values], at: Sequence[str], source: str, actor: Actor, replace: bool
) -> UpsertResult:
    result = UpsertResult()
    known = lock([values["external_id"] for values in cleaned])
    seen_on = known_since(source)
    changed_fields: set[str] = set()
    errors: Errors = {}
    for values, path in zip(cleaned, at, strict=True):
        external_id = values["external_id"]
        lead = known.get(external_id)
        if lead is None:
            lead = new_lead(values, source=source, seen_on=seen_on)
            result.created.append(external_id)
        elif changed := change_lead(lead, REPLACED | values if replace else values, replace):
            changed_fields |= changed
            result.updated.append(external_id)
        else:
            result.unchanged.append(external_id)
        errors |= at_path(path, misfits(lead, values))
        result.leads[external_id] = lead
    refuse(errors)
    insert_leads([result.leads[external_id] for external_id in sorted(result.created)], actor)
    update_leads([result.leads[each] for each in result.updated], changed_fields, actor)
    return result


def known_since(source: str) -> date | None:
    """The day that a lead created now became known, if nobody says another."""
    return today() if source in KNOWN_SINCE_CREATION else None


def new_lead(values: Values, *, source: str, seen_on: date | None) -> Lead:
    """An unsaved lead of cleaned values; `seen_on` holds if they do not say it."""
    known: Values = {"seen_on": seen_on, "attributes": {}, **values}
    known["attributes"] = without_unknown(known["attributes"])
    return Lead(source=source, **known)


def change_lead(lead: Lead, values: Values, replace: bool = False) -> set[str]:
    """Set cleaned values on `lead`; the fields that really changed, with those that go along.

    Whoever changes or repeats a lead vouches for it, so it is confirmed from now on.
    """
    new = {**values, "confirmed": True}
    if "attributes" in new:
        kept = {} if replace else lead.attributes
        new["attributes"] = without_unknown(kept | new["attributes"])
    changed = {name for name, value in new.items() if not same(_stored(lead, name), value)}
    for name in changed:
        setattr(lead, name, new[name])
    if changed:
        lead.revision += 1
        changed |= {"revision", "updated_at"}
    return changed


def _stored(lead: Lead, name: str) -> Any:
    return lead.owner_id and lead.owner if name == "owner" else getattr(lead, name)


def same(old: Any, new: Any) -> bool:
    """Equality that tells True from 1, also inside attributes."""
    if isinstance(old, dict):
        return old == new and all(
            isinstance(value, bool) == isinstance(new[key], bool) for key, value in old.items()
        )
    return bool(old == new)


def without_unknown(attributes: dict[str, Any]) -> dict[str, Any]:
    """Attributes without those that say "not known": a missing one says the same."""
    return {key: value for key, value in attributes.items() if value is not None}


def misfits(lead: Lead, values: Values) -> Errors:
    """What is wrong, by field, with a lead that was given these values."""
    if len(lead.attributes) > MAX_ATTRIBUTES:
        return {"attributes": f"With those it has, it would be over {MAX_ATTRIBUTES} entries."}
    # `outcome` is in the cache of every lead that `lock` gave; a new one has none.
    outcome = lead._state.fields_cache.get("outcome")
    seen_on = values.get("seen_on")
    if outcome and outcome.occurred_on and seen_on and outcome.occurred_on < seen_on:
        return {"seen_on": f"Its outcome is from {outcome.occurred_on.isoformat()}, before that."}
    return {}


def insert_leads(leads: Sequence[Lead], actor: Actor) -> None:
    """Store new leads with their first history rows."""
    Lead.objects.bulk_create(leads)
    write_history(objects=leads, kind="+", actor=actor)


def update_leads(leads: Sequence[Lead], fields: set[str], actor: Actor) -> None:
    """Store changed leads with their history rows.

    An insert that meets its own row: bulk_update's CASE over each field is ten times slower.
    """
    created = [lead.created_at for lead in leads]
    Lead.objects.bulk_create(
        leads, update_conflicts=True, unique_fields=["id"], update_fields=sorted(fields)
    )
    for lead, created_at in zip(leads, created, strict=True):
        lead.created_at = created_at  # the insert that did not happen had stamped it
    write_history(objects=leads, kind="~", actor=actor)
