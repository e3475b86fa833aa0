"""The list of leads: filtered, searched, ordered, and paged so that no page skips or repeats."""

from __future__ import annotations

import base64
from datetime import date, datetime
from typing import Annotated, Any

import msgspec
from django.db.models import DecimalField, F, FloatField, IntegerField, Q, Value
from django.db.models.functions import Cast, Coalesce

from crm.api.output import for_output
from crm.api.wire import LeadsQuery
from crm.models import Lead, LeadQuerySet
from crm.services.lead_filter import CRITERIA, leads_filter
from leadscoring.api.wire import RowNumber
from leadscoring.errors import invalid
from scoring.grades import grade_condition
from scoring.segments import UnknownSegment, segment_filter

SmallNumber = Annotated[int, msgspec.Meta(ge=-1, le=100)]
_NEVER = date.min
_UNKNOWN = Value(-1)
_EXPECTED = Cast(F("current_score__probability") * Cast("budget", FloatField()), FloatField())

# Sort key -> an expression that is never null (unknown comes lowest), and the type of its values.
_SORTS: dict[str, tuple[Any, Any]] = {
    "id": (F("pk"), RowNumber),
    "updatedAt": (F("updated_at"), datetime),
    "score": (Coalesce("current_score__score", _UNKNOWN, output_field=IntegerField()), SmallNumber),
    "lastContact": (Coalesce("last_contact", Value(_NEVER)), date),
    "seenOn": (Coalesce("seen_on", Value(_NEVER)), date),
    "budget": (Coalesce("budget", _UNKNOWN, output_field=DecimalField()), float),
    "expectedValue": (Coalesce(_EXPECTED, _UNKNOWN, output_field=FloatField()), float),
}


def page(query: LeadsQuery) -> tuple[list[Lead], str | None]:
    """A page of leads, and the cursor of the next one; None after the last.

    Raises Problem 400 for a cursor that is not ours.
    """
    expression, kind = _SORTS[query.ordering.removeprefix("-")]
    rows = matching(query).annotate(sort_key=expression)
    if query.cursor is not None:
        rows = rows.filter(_beyond(query.cursor, query.ordering, kind))
    sign = "-" if query.ordering.startswith("-") else ""
    # The keys alone first: to sort whole rows, of which a page is few, takes five times as long.
    keys = list(
        rows.order_by(f"{sign}sort_key", f"{sign}pk").values_list("pk", "sort_key")[
            : query.limit + 1
        ]
    )
    shown = keys[: query.limit]
    found = for_output(trend="trend" in query.included).in_bulk([pk for pk, _ in shown])
    leads = [found[pk] for pk, _ in shown if pk in found]
    return leads, _cursor(*shown[-1], query.ordering) if len(keys) > len(shown) else None


def matching(query: LeadsQuery) -> LeadQuerySet:
    """All leads that the filters let through, in no order.

    Raises Problem 400 for a segment that there is not.
    """
    rows = Lead.objects.order_by()
    rows = leads_filter(rows, {name: getattr(query, name) for name in CRITERIA})
    if query.grade is not None:
        rows = rows.filter(grade_condition(query.grade, prefix="current_score__"))
    if query.segment is not None:
        try:
            rows = segment_filter(rows, name=query.segment, version=query.segment_version)
        except UnknownSegment as problem:
            raise invalid({"segment": str(problem)}) from None
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


def _cursor(pk: int, key: Any, ordering: str) -> str:
    value = key if isinstance(key, int | date) else float(key)
    return base64.urlsafe_b64encode(msgspec.json.encode([ordering, value, pk])).decode()
