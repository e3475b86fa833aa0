"""The leads that a segment's name means, as a query."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from django.db.models import Case, FloatField, Q, Value, When
from django.db.models.functions import Cast, Coalesce

from crm.models import LeadQuerySet
from scoring.ml.thirds import ACTIVITY, UNKNOWN
from scoring.models import ModelVersion


class UnknownSegment(Exception):
    """No such segment, or one of a version that did not keep its limits; says what to do."""


def segment_filter(rows: LeadQuerySet, *, name: str, version: int | None) -> LeadQuerySet:
    """The leads in the thirds that name a segment of `version` (None: the champion).

    Unknown values count as the middle, as in training. Raises UnknownSegment.
    """
    where = _where(name, version)
    value, volume = where["value"], where["volume"]
    first, second = (_percentile(each, volume["scales"].get(each, [])) for each in ACTIVITY)
    rows = rows.alias(volume=Coalesce((first + second) / 2, first, second, Value(UNKNOWN)))
    of_value = _within("budget", value)
    if value["unknown"]:
        of_value |= Q(budget=None)
    return rows.filter(of_value, _within("volume", volume))


def _where(name: str, number: int | None) -> dict[str, Any]:
    versions = ModelVersion.objects.only("segments")
    version = versions.champion() if number is None else versions.filter(number=number).first()
    if version is None:
        raise UnknownSegment("No such model version: segments are found in training.")
    found = next((each for each in version.segments if each["name"] == name), None)
    if found is None:
        names = "; ".join(each["name"] for each in version.segments) or "none"
        raise UnknownSegment(f"No segment of this version. There are: {names}.")
    if "where" not in found:
        raise UnknownSegment("This version was trained before segments could be listed: retrain.")
    where: dict[str, Any] = found["where"]
    return where


def _within(name: str, limits: dict[str, float | None]) -> Q:
    condition = Q(**{f"{name}__isnull": False})
    if limits["from"] is not None:
        condition &= Q(**{f"{name}__gte": limits["from"]})
    if limits["below"] is not None:
        condition &= Q(**{f"{name}__lt": limits["below"]})
    return condition


def _percentile(name: str, scale: Sequence[Sequence[float]]) -> Case | Cast:
    """A count's percentile among the leads of the training; null where it is unknown."""
    if not scale:
        return Cast(Value(None), FloatField())  # PostgreSQL adds no nulls of unknown type
    whens = [
        When(**{f"{name}__lt": following[0]}, then=Value(step[1]))
        for step, following in pairwise(scale)
    ]
    return Case(
        When(**{f"{name}__isnull": True}, then=Value(None)),
        *whens,
        default=Value(scale[-1][1]),
        output_field=FloatField(),
    )
