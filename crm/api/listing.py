"""The list of leads: filtered, searched, ordered, and paged so that no page skips or repeats."""

from __future__ import annotations

import base64
from collections.abc import Callable
from datetime import date, datetime
from typing import Annotated, Any

import msgspec
from django.db.models import DecimalField, F, IntegerField, Q, Value
from django.db.models.functions import Coalesce

from crm.api.output import for_output
from crm.api.wire import LeadsQuery
from crm.models import Lead, LeadQuerySet
from leadscoring.api.wire import RowNumber
from leadscoring.errors import invalid

SmallNumber = Annotated[int, msgspec.Meta(ge=-1, le=100)]
_NEVER = date.min
_UNKNOWN = Value(-1)

# Sort key -> an expression that is never null (unknown comes lowest), and the type of its values.
_SORTS: dict[str, tuple[Any, Any]] = {
    "id": (F("pk"), RowNumber),
    "updatedAt": (F("updated_at"), datetime),
    "score": (Coalesce("current_score__score", _UNKNOWN, output_field=IntegerField()), SmallNumber),
    "lastContact": (Coalesce("last_contact", Value(_NEVER)), date),
    "seenOn": (Coalesce("seen_on", Value(_NEVER)), date),
    "budget": (Coalesce("budget", _UNKNOWN, output_field=DecimalField()), float),
}
_FILTERS: dict[str, Callable[[Any], Q]] = {
    "status": lambda value: Q(outcome=None) if value == "open" else Q(outcome__result=value),
    "industry": lambda value: Q(industry__iexact=value),
    "size": lambda value: Q(size__iexact=value),
    "owner": lambda value: Q(owner__username=value),
    "source": lambda value: Q(source=value),
    "min_score": lambda value: Q(current_score__score__gte=value),
    "max_score": lambda value: Q(current_score__score__lte=value),
    "updated_since": lambda value: Q(updated_at__gte=value),
    "search": lambda value: (
        Q(external_id__icontains=value)
        | Q(name__icontains=value)
        | Q(company__icontains=value)
        | Q(email__icontains=value)
    ),
}


def page(query: LeadsQuery) -> tuple[list[Lead], str | None]:
    """A page of leads, and the cursor of the next one; None after the last.

    Raises Problem 400 for a cursor that is not ours.
    """
    rows = _filtered(for_output(), query)
    name = query.ordering.removeprefix("-")
    expression, kind = _SORTS[name]
    rows = rows.annotate(sort_key=expression)
    if query.cursor is not None:
        rows = rows.filter(_beyond(query.cursor, query.ordering, kind))
    sign = "-" if query.ordering.startswith("-") else ""
    found = list(rows.order_by(f"{sign}sort_key", f"{sign}pk")[: query.limit + 1])
    leads = found[: query.limit]
    return leads, _cursor(leads[-1], query.ordering) if len(found) > len(leads) else None


def _filtered(rows: LeadQuerySet, query: LeadsQuery) -> LeadQuerySet:
    for name, condition in _FILTERS.items():
        value = getattr(query, name)
        if value is not None:
            rows = rows.filter(condition(value))
    return rows


def _beyond(cursor: str, ordering: str, kind: Any) -> Q:
    """What comes after the lead at which the page before ended."""
    try:
        of, key, row = msgspec.json.decode(base64.urlsafe_b64decode(cursor), type=list[Any])
        value, pk = msgspec.convert(key, kind), msgspec.convert(row, RowNumber)
    except (ValueError, msgspec.MsgspecError):
        raise invalid({"cursor": "Not a cursor of this list."}) from None
    if of != ordering:
        raise invalid({"cursor": "A cursor of another ordering."})
    side = "lt" if ordering.startswith("-") else "gt"
    return Q(**{f"sort_key__{side}": value}) | Q(sort_key=value, **{f"pk__{side}": pk})


def _cursor(lead: Lead, ordering: str) -> str:
    key = lead.sort_key  # type: ignore[attr-defined]  # the annotation
    value = key if isinstance(key, int | date) else float(key)
    return base64.urlsafe_b64encode(msgspec.json.encode([ordering, value, lead.pk])).decode()
