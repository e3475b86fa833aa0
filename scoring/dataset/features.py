"""A stored lead, one of its history rows or a request's fields -> what a model may know of it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Any, Protocol

from scoring.ml.schema import Attribute, LeadFeatures

# The columns of a lead (and of its history rows) that a model may know, in the order in which
# `features_from` takes them.
COLUMNS = (
    "company",
    "industry",
    "size",
    "email",
    "position",
    "last_contact",
    "budget",
    "previous_purchases",
    "interactions",
    "attributes",
)


class LeadState(Protocol):
    """A `Lead` or a `HistoricalLead`: the fields of a lead at one time."""

    company: str
    industry: str
    size: str
    email: str
    position: str
    last_contact: date | None
    budget: Decimal | None
    previous_purchases: int | None
    interactions: int | None
    attributes: dict[str, Any]


def email_domain(address: str | None) -> str | None:
    """The part of an address that tells a company, in lower case; None without one."""
    _, at, domain = (address or "").rpartition("@")
    return domain.strip().casefold() or None if at else None


def known_attribute(value: object) -> Attribute:
    """An attribute as a model sees it: every number a float; None if it says nothing."""
    if isinstance(value, str):
        # A million rows hold the same few words: keep each word once.
        return sys.intern(value)
    if isinstance(value, bool):
        return value
    return float(value) if isinstance(value, int | float) and abs(value) < 1e300 else None


def known_attributes(attributes: Mapping[str, Any]) -> dict[str, Attribute]:
    """The attributes that say something: scalars only."""
    known = {key: known_attribute(value) for key, value in attributes.items()}
    return {key: value for key, value in known.items() if value is not None}


def features_from(
    company: str | None = None,
    industry: str | None = None,
    size: str | None = None,
    email: str | None = None,
    position: str | None = None,
    last_contact: date | None = None,
    budget: Decimal | float | None = None,
    previous_purchases: float | None = None,
    interactions: float | None = None,
    attributes: Mapping[str, Any] | None = None,
) -> LeadFeatures:
    """What a model may know of these fields of a lead; an empty text is "not known".

    A stored lead and a request with the same fields give equal features.
    """
    return LeadFeatures(
        company or None,
        industry or None,
        size or None,
        email_domain(email),
        position or None,
        last_contact,
        None if budget is None else float(budget),
        None if previous_purchases is None else float(previous_purchases),
        None if interactions is None else float(interactions),
        known_attributes(attributes) if attributes else {},
    )


def features_from_columns(columns: Mapping[str, Sequence[Any]]) -> list[LeadFeatures]:
    """`features_from` for each lead; each of COLUMNS has a value for it."""
    return list(map(LeadFeatures, *(_TOLD.get(name, _texts)(columns[name]) for name in COLUMNS)))


def _texts(values: Sequence[str | None]) -> list[str | None]:
    return [value or None for value in values]


def _domains(values: Sequence[str | None]) -> list[str | None]:
    return [email_domain(value) if value else None for value in values]


def _numbers(values: Sequence[Decimal | float | None]) -> list[float | None]:
    return [None if value is None else float(value) for value in values]


def _attributes(values: Sequence[Mapping[str, Any] | None]) -> list[dict[str, Attribute]]:
    return [known_attributes(value) if value else {} for value in values]


# What `features_from` does, for a column: without a call for each value.
_TOLD: Mapping[str, Callable[[Sequence[Any]], Sequence[Any]]] = MappingProxyType(
    {
        "email": _domains,
        "last_contact": list,
        **dict.fromkeys(("budget", "previous_purchases", "interactions"), _numbers),
        "attributes": _attributes,
    }
)


def features_of(row: LeadState) -> LeadFeatures:
    """What a model may know of a stored lead, or of a lead as one history row has it."""
    return features_from(*(getattr(row, column) for column in COLUMNS))
