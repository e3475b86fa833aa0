"""Many leads, column by column, by the rules of `clean_lead`.

A whole column passes at once where that shows that every value would: a joined text has no NUL if
no part has one, and if the latest day may be, all may. Where it does not show, each value goes
through the rule by itself, which also finds the sentence.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any

import numpy as np
from django.core.exceptions import ValidationError

from crm.models import EXTERNAL_ID_LENGTH, MAX_BUDGET, MAX_COUNT, TEXT_LENGTH, not_after_tomorrow
from crm.services.cleaning import LEAD_RULES, Errors, check_text
from crm.values import LeadColumns

Column = list[Any]


@dataclass(frozen=True)
class CleanedColumns:
    """Each field's values as they are stored, money as a float, one for each lead.

    errors: number of the lead -> what is wrong with it, by field; a wrong value is None.
    """

    columns: Mapping[str, Column]
    errors: Mapping[int, Errors]


def clean_columns(leads: LeadColumns) -> CleanedColumns:
    """What `clean_lead` makes of each lead; a field that is not given counts as None."""
    columns: dict[str, Column] = {}
    errors: dict[int, Errors] = {}
    for name, rule in LEAD_RULES.items():
        given = leads.external_ids if name == "external_id" else leads.fields.get(name)
        columns[name] = (
            [rule(None)] * len(leads) if given is None else clean_column(name, list(given), errors)
        )
    return CleanedColumns(columns, dict(sorted(errors.items())))


def clean_column(name: str, values: Column, errors: dict[int, Errors]) -> Column:
    """The values of one field (n,), None for "not known"; adds to `errors` by place."""
    known = [value for value in values if value is not None] if None in values else values
    together = _TOGETHER.get(name)
    if not known and name != "external_id":
        return [LEAD_RULES[name](None)] * len(values)
    if together and known:
        try:
            cleaned = together(known)
        except (ValidationError, TypeError, OverflowError):
            cleaned = None
        if cleaned is not None:
            return _filled_up(name, values, cleaned)
    return [_one(name, number, value, errors) for number, value in enumerate(values)]


def _one(name: str, number: int, value: Any, errors: dict[int, Errors]) -> Any:
    try:
        found = LEAD_RULES[name](value)
    except ValidationError as error:
        errors.setdefault(number, {})[name] = " ".join(error.messages)
        return None
    return float(found) if name == "budget" and found is not None else found


def _filled_up(name: str, values: Column, cleaned: Column) -> Column:
    """The cleaned known values in their places, and what "not known" becomes in the others."""
    if len(cleaned) == len(values):
        return cleaned
    nothing, rest = LEAD_RULES[name](None), iter(cleaned)
    return [nothing if value is None else next(rest) for value in values]


def _texts(known: Column, *, longest: int = TEXT_LENGTH) -> Column | None:
    together = "".join(known)
    check_text(together, len(together))
    return list(map(str.strip, known)) if max(map(len, known)) <= longest else None


def _ids(known: Column) -> Column | None:
    stripped = _texts(known, longest=EXTERNAL_ID_LENGTH)
    return known if stripped and all(stripped) and set(map(type, known)) == {str} else None


def _days(known: Column) -> Column | None:
    if set(map(type, known)) != {date}:
        return None
    not_after_tomorrow(max(known))
    return known


def _counts(known: Column) -> Column | None:
    plain = set(map(type, known)) == {int} and min(known) >= 0 and max(known) <= MAX_COUNT
    return known if plain else None


def _money(known: Column) -> Column | None:
    """Amounts that have no more than cents are what rounding them to cents would give."""
    if not set(map(type, known)) <= {int, float}:
        return None
    amounts = np.array(known, dtype=np.float64)
    if not ((amounts >= 0) & (amounts <= float(MAX_BUDGET))).all():
        return None
    whole_cents = np.rint(amounts * 100) / 100 == amounts
    cleaned: Column = amounts.tolist()
    for place in np.flatnonzero(~whole_cents).tolist():
        cleaned[place] = float(LEAD_RULES["budget"](known[place]))
    return cleaned


_TOGETHER: Mapping[str, Callable[[Column], Column | None]] = MappingProxyType(
    {
        "external_id": _ids,
        **dict.fromkeys(("name", "company", "industry", "size", "position"), _texts),
        **dict.fromkeys(("last_contact", "seen_on"), _days),
        "budget": _money,
        **dict.fromkeys(("previous_purchases", "interactions"), _counts),
    }
)
