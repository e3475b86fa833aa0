"""What a request says of leads and outcomes -> what the services take."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TypeVar

import msgspec
from django.contrib.auth.models import User

from crm.api.wire import ChangeLead, LeadInput, Outcome, UpsertLead
from crm.services import UNSET, LeadData, OutcomeData, Unset
from leadscoring.api.wire import Day
from leadscoring.errors import invalid

T = TypeVar("T")


def leads_input(leads: Sequence[UpsertLead]) -> list[LeadData]:
    """Raises Problem 400 for owners who do not exist."""
    owners = _owners(leads, [f"leads.{position}." for position in range(len(leads))])
    return [_lead(lead, str(lead.id), owners) for lead in leads]


def change_input(lead: ChangeLead, external_id: str) -> LeadData:
    """Raises Problem 400 for an owner who does not exist, or another lead's id."""
    if not isinstance(lead.id, msgspec.UnsetType) and str(lead.id) != external_id:
        raise invalid({"id": "Not the id that the path names."})
    return _lead(lead, external_id, _owners([lead], [""]))


def outcome_input(outcome: Outcome) -> OutcomeData:
    return OutcomeData(
        external_id=str(outcome.id),
        result=outcome.result,
        occurred_on=_day(outcome.occurred_on),
        value=_given(outcome.value),
    )


def _lead(lead: LeadInput, external_id: str, owners: dict[str, User]) -> LeadData:
    owner = _given(lead.owner)
    return LeadData(
        external_id=external_id,
        name=_given(lead.name),
        company=_given(lead.company),
        industry=_given(lead.industry),
        size=_given(lead.size),
        email=_given(lead.email),
        position=_given(lead.position),
        last_contact=_day(lead.last_contact),
        budget=_given(lead.budget),
        previous_purchases=_given(lead.previous_purchases),
        interactions=_given(lead.interactions),
        attributes=_given(lead.attributes),
        owner=owners[owner] if isinstance(owner, str) else owner,
        seen_on=_day(lead.seen_on),
    )


def _owners(leads: Sequence[LeadInput], at: Sequence[str]) -> dict[str, User]:
    """The users whom leads name as owners, by name."""
    named = {lead.owner for lead in leads if isinstance(lead.owner, str)}
    users = (
        {user.username: user for user in User.objects.filter(username__in=named)} if named else {}
    )
    if named - users.keys():
        raise invalid(
            {
                f"{path}owner": "There is no such user."
                for lead, path in zip(leads, at, strict=True)
                if isinstance(lead.owner, str) and lead.owner not in users
            }
        )
    return users


def _given(value: T | msgspec.UnsetType) -> T | Unset:
    return UNSET if isinstance(value, msgspec.UnsetType) else value


def _day(value: Day | msgspec.UnsetType | None) -> date | Unset | None:
    return value.day if isinstance(value, Day) else _given(value)
