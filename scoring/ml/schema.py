"""What a model may know of a lead: one lead as an object, many as a frame, and back to JSON."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date
from types import MappingProxyType
from typing import Any

import pandas as pd

Attribute = str | float | bool | None
NO_ATTRIBUTES: Mapping[str, Attribute] = MappingProxyType({})

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


@dataclass(frozen=True, slots=True)
class LeadFeatures:
    """A lead as a model sees it. None is "not known". No name, no full address: they stay out.

    `budget` is in the installation's currency, counts are counts, dates are calendar days.
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
    attributes: Mapping[str, Attribute] = field(default_factory=lambda: NO_ATTRIBUTES)

    def to_json(self) -> dict[str, Any]:
        """The known fields, for a JSON column; `from_json` gives an equal object."""
        known = {each.name: getattr(self, each.name) for each in fields(self)}
        known["attributes"] = dict(self.attributes)
        if self.last_contact is not None:
            known["last_contact"] = self.last_contact.isoformat()
        return {name: value for name, value in known.items() if value not in (None, {})}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> LeadFeatures:
        """The object that `to_json` wrote."""
        known = dict(stored)
        if "last_contact" in known:
            known["last_contact"] = date.fromisoformat(known["last_contact"])
        return cls(**known)


SCALAR_FIELDS = tuple(each.name for each in fields(LeadFeatures) if each.name != "attributes")


def to_frame(leads: Sequence[LeadFeatures], days: Sequence[date | None]) -> pd.DataFrame:
    """Leads as a frame of raw values, one row each.

    Columns: SCALAR_FIELDS, one `attributes.<key>` (dtype object) for each key that any lead has,
    and `day` (datetime64), the day that dates are measured from; NaT where nobody knows it.
    """
    columns: dict[str, Any] = {
        name: [getattr(lead, name) for lead in leads] for name in SCALAR_FIELDS
    }
    keys = dict.fromkeys(key for lead in leads for key in lead.attributes)
    for key in keys:
        values = [lead.attributes.get(key) for lead in leads]
        columns[ATTRIBUTE_PREFIX + key] = pd.Series(values, dtype=object)
    frame = pd.DataFrame(columns)
    for name in ("budget", "previous_purchases", "interactions"):
        frame[name] = frame[name].astype("float64")
    for name in ("company", "industry", "size", "email_domain", "position"):
        frame[name] = frame[name].astype(object)
    frame["last_contact"] = pd.to_datetime(frame["last_contact"])
    frame[DAY] = pd.to_datetime(pd.Series(list(days), dtype=object))
    return frame


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
