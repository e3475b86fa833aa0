"""Which leads somebody means: the same conditions for a list and for a job."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.db.models import Q

from crm.models import LeadQuerySet

_CONDITIONS: Mapping[str, Callable[[Any], Q]] = {
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
CRITERIA = tuple(_CONDITIONS)


def leads_filter(rows: LeadQuerySet, criteria: Mapping[str, Any]) -> LeadQuerySet:
    """The leads for which all of `criteria` (names of CRITERIA; None asks nothing) hold."""
    for name, value in criteria.items():
        if value is not None:
            rows = rows.filter(_CONDITIONS[name](value))
    return rows
