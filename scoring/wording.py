"""Numbers as people read them, in the language of the page."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from django.conf import settings
from django.utils import formats

UNKNOWN = "–"


def number(value: Decimal | float | None, places: int = 0) -> str:
    """1,234.5; a dash where there is none."""
    if value is None:
        return UNKNOWN
    # Rounded first: number_format cuts digits off.
    return formats.number_format(
        round(float(value), places) + 0.0, decimal_pos=places, force_grouping=True
    )


def short(value: float) -> str:
    """A tick of an axis: as many digits as it needs, thousands as k."""
    if abs(value) >= 10_000:
        return f"{_lean(value / 1000)}k" if abs(value) < 1e7 else f"{_lean(value / 1e6)}M"
    return _lean(value)


def percent(share: float | None, places: int = 1) -> str:
    """12.3 %; a dash where there is none."""
    return UNKNOWN if share is None else f"{number(100 * share, places)}\u00a0%"


def whole_percent(share: float) -> str:
    """A tick of an axis of shares: 12 %, 2.5 %."""
    return f"{_lean(100 * share)}\u00a0%"


def money(amount: Decimal | float | None) -> str:
    """118,000 EUR; a dash where it is not known."""
    return UNKNOWN if amount is None else f"{number(amount)}\u00a0{settings.CURRENCY}"


def share_range(low: float, high: float, places: int = 1) -> str:
    """3.1 to 6.2 %."""
    return f"{number(100 * low, places)} to {percent(high, places)}"


def with_range(interval: Mapping[str, float | None] | None, places: int = 3) -> tuple[str, str]:
    """A metric's value and its range, dashes where it was not measured."""
    if not interval or interval.get("value") is None:
        return UNKNOWN, UNKNOWN
    low, high = number(interval["low"], places), number(interval["high"], places)
    return number(interval["value"], places), f"{low} to {high}"


def _lean(value: float) -> str:
    rounded = round(value, 2)
    places = 0 if rounded == round(rounded) else 1 if rounded == round(rounded, 1) else 2
    return number(rounded, places)
