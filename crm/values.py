"""What comes to the services from outside: plain values, not yet checked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from itertools import repeat
from typing import Any, Final

import msgspec
from django.contrib.auth.models import User
from msgspec.structs import astuple

AttributeValue = str | int | float | bool | None


class Unset(Enum):
    """The type of UNSET: this field was not given, whereas None says "not known"."""

    UNSET = "not given"

    def __repr__(self) -> str:
        return "UNSET"


UNSET: Final = Unset.UNSET


@dataclass(frozen=True, slots=True)
class Actor:
    """Who does it: a person or nobody (None), and by which way, e.g. "API key frontend"."""

    user: User | None
    label: str


class LeadData(msgspec.Struct, frozen=True):
    """What somebody says of a lead. Money in the installation's currency, days are local days."""

    external_id: str
    name: str | Unset | None = UNSET
    company: str | Unset | None = UNSET
    industry: str | Unset | None = UNSET
    size: str | Unset | None = UNSET
    email: str | Unset | None = UNSET
    position: str | Unset | None = UNSET
    last_contact: date | Unset | None = UNSET
    budget: Decimal | float | Unset | None = UNSET
    previous_purchases: int | Unset | None = UNSET
    interactions: int | Unset | None = UNSET
    attributes: Mapping[str, AttributeValue] | Unset | None = UNSET
    owner: User | Unset | None = UNSET
    seen_on: date | Unset | None = UNSET


@dataclass(frozen=True, slots=True)
class LeadColumns:
    """Leads field by field, which takes far less time for many than an object for each.

    fields: of `LeadData`, those that were given for any lead; (n,) each, None for "not known".
    """

    external_ids: Sequence[str]
    fields: Mapping[str, Sequence[Any]]

    def __len__(self) -> int:
        return len(self.external_ids)

    @classmethod
    def of(cls, leads: Sequence[LeadData]) -> LeadColumns:
        """The same leads; what is not given is "not known"."""
        columns = zip(*map(astuple, leads), strict=True)
        fields = {
            name: [None if value is UNSET else value for value in column]
            for name, column in zip(LeadData.__struct_fields__, columns, strict=False)
        }
        fields.pop("external_id", None)
        return cls([lead.external_id for lead in leads], fields)

    def part(self, start: int, stop: int) -> LeadColumns:
        """These leads of them."""
        if start == 0 and stop >= len(self):
            return self
        fields = {name: values[start:stop] for name, values in self.fields.items()}
        return LeadColumns(self.external_ids[start:stop], fields)

    def leads(self) -> list[LeadData]:
        """An object for each lead."""
        nothing = repeat(UNSET)
        rest = (self.fields.get(name, nothing) for name in LeadData.__struct_fields__[1:])
        return list(map(LeadData, self.external_ids, *rest))


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeData:
    """What somebody says became of a lead.

    A day or a value that is not given stays as it is while the result stays the same; with
    another result it is not known.
    """

    external_id: str
    result: str
    occurred_on: date | Unset | None = UNSET
    value: Decimal | float | Unset | None = UNSET
