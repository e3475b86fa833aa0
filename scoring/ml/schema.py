"""What a model may know of a lead: its fields, one lead as an object, and back to JSON."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from types import MappingProxyType
from typing import Any

import msgspec

Attribute = str | float | bool | None

# Columns of a frame that hold a team's own attribute start with this; "." never starts a field.
ATTRIBUTE_PREFIX = "attributes."
DAY = "day"

# Field -> the name a salesperson knows.
FIELD_NAMES: Mapping[str, str] = MappingProxyType(
    {
        "company": "Company",
        "industry": "Industry",
        "size": "Company Size",
        "email_domain": "Email Domain",
        "position": "Position",
        "last_contact": "Last Contact Recency",
        "budget": "Budget",
        "previous_purchases": "Previous Purchases",
        "interactions": "Interactions",
    }
)


class LeadFeatures(msgspec.Struct, frozen=True, omit_defaults=True):
    """A lead as a model sees it. None is "not known". No name, no full address: they stay out.

    `budget` is in the installation's currency, counts are counts, dates are calendar days. As JSON
    (`msgspec.json.encode`) it has the known fields only; `from_json` gives an equal object.
    """

    company: str | None = None
    industry: str | None = None
    size: str | None = None
    email_domain: str | None = None
    position: str | None = None
    last_contact: date | None = None
    budget: float | None = None
    previous_purchases: float | None = None
    interactions: float | None = None
    attributes: Mapping[str, Attribute] = {}

    def to_json(self) -> dict[str, Any]:
        """What its JSON holds."""
        known: dict[str, Any] = msgspec.to_builtins(self)
        return known

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> LeadFeatures:
        """The object that was written as JSON."""
        known = dict(stored)
        if "last_contact" in known:
            known["last_contact"] = date.fromisoformat(known["last_contact"])
        return cls(**known)


NUMBERS = frozenset({"budget", "previous_purchases", "interactions"})
DATES = frozenset({"last_contact"})
SCALAR_FIELDS = LeadFeatures.__struct_fields__[:-1]


def value_of(lead: LeadFeatures, column: str) -> object:
    """A lead's raw value in a frame column."""
    if column.startswith(ATTRIBUTE_PREFIX):
        return lead.attributes.get(column.removeprefix(ATTRIBUTE_PREFIX))
    found: object = getattr(lead, column)
    return found


def display_names(columns: Sequence[str]) -> list[str]:
    """Frame columns as a salesperson would name them, each name once.

    A field has its own name; "attributes.day_of_week" is "Day Of Week", and if that is taken it
    keeps its key beside it.
    """
    names: list[str] = []
    for column in columns:
        key = column.removeprefix(ATTRIBUTE_PREFIX)
        words = re.split(r"[\s_.\-]+", key.strip())
        spelt = " ".join(word.capitalize() if word.islower() else word for word in words).strip()
        name = FIELD_NAMES.get(column, spelt)
        names.append(name if name and name not in names else f"{name} ({column})".strip())
    return names


def frame_column(name: str) -> str:
    """The frame column that a person means: a field, or an attribute with or without prefix."""
    is_column = name in SCALAR_FIELDS or name.startswith(ATTRIBUTE_PREFIX)
    return name if is_column else ATTRIBUTE_PREFIX + name
