"""What every service for many rows does first: name the rows, check them all, find the leads."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from crm.errors import InvalidLead
from crm.models import Lead, LeadQuerySet
from crm.services.cleaning import Errors, Values

T = TypeVar("T")
SINGLE = ("",)


def paths(name: str, rows: Sequence[object]) -> list[str]:
    """What an error's key starts with, per row: "leads.0.", "leads.1." …"""
    return [f"{name}.{position}." for position in range(len(rows))]


def at_path(path: str, errors: Errors) -> Errors:
    """The errors of one row, by full path."""
    return {path + name: message for name, message in errors.items()}


def refuse(errors: Errors) -> None:
    """Raise all of `errors` at once, if there are any."""
    if errors:
        raise InvalidLead("Nothing was saved: some values cannot be.", errors)


def clean_all(
    rows: Sequence[T], at: Sequence[str], clean: Callable[[T], tuple[Values, Errors]]
) -> list[Values]:
    """All rows as they are stored. Raises InvalidLead with every error of every row."""
    cleaned: list[Values] = []
    errors: Errors = {}
    seen: set[str] = set()
    for row, path in zip(rows, at, strict=True):
        values, wrong = clean(row)
        external_id = values.get("external_id")
        if external_id in seen:
            wrong["external_id"] = "This id is in the request twice."
        elif external_id is not None:
            seen.add(external_id)
        errors |= at_path(path, wrong)
        cleaned.append(values)
    refuse(errors)
    return cleaned


def lock(external_ids: Sequence[str]) -> dict[str, Lead]:
    """The known ones of these leads with their outcomes, held until the transaction ends.

    Always in the order of their ids, so that two of us wait for each other at most one way. Not
    against what only refers to them: predictions are made meanwhile.
    SQLite knows no row locks and needs none: our transactions take the write lock at BEGIN.
    """
    known: LeadQuerySet = (
        Lead.objects.select_related("outcome")
        .select_for_update(of=("self",), no_key=True)
        .filter(external_id__in=external_ids)
        .order_by("external_id")
    )
    return {lead.external_id: lead for lead in known}
