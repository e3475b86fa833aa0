"""A lead's value and its points as a salesperson reads them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from scoring.ml.encoding.features import EncodedField
from scoring.ml.values import EPOCH, Placeholders, day_of, fold, is_filled, number_of

UNKNOWN = "not known"
# The field's name says what it measures; a sentence says the thing itself.
_SENTENCE_NAMES = {"last_contact": "Last contact"}


def readable(
    value: object,
    field: EncodedField,
    day: date | None,
    placeholders: Placeholders = frozenset(),
    units: Mapping[str, str] | None = None,
) -> str:
    """ "3 days ago", "25,000 EUR", "yes", "Technology" or "not known".

    units: frame column -> what its numbers are counted in.
    """
    if not is_filled(value, placeholders):
        return UNKNOWN
    if field.kind == "date":
        return _age(value, day, placeholders)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if field.kind == "number" or isinstance(value, int | float):
        number = number_of(value, placeholders)
        if number != number:
            return UNKNOWN
        unit = (units or {}).get(field.column)
        return f"{number:,.10g}" + (f" {unit}" if unit else "")
    return str(value).strip()


def sentence(field: EncodedField, value: str, points: float) -> str:
    """ "Last contact 3 days ago: +11"."""
    return f"{label(field)} {value}: {signed(points)}"


def label(field: EncodedField) -> str:
    """A field's name at the start of a sentence: "Company size"."""
    if field.column in _SENTENCE_NAMES:
        return _SENTENCE_NAMES[field.column]
    first, *rest = field.name.split(" ")
    return " ".join([first, *(word.lower() if word.istitle() else word for word in rest)])


def signed(points: float) -> str:
    """Points with their sign, in whole numbers; below one with a decimal."""
    text = f"{points:+.0f}" if abs(points) >= 1 else f"{points:+.1f}"
    return "0" if not float(text) else text


def folded(placeholders: frozenset[str]) -> Placeholders:
    """Placeholders as values are compared with them."""
    return frozenset(fold(text) for text in placeholders) | {""}


def _age(value: object, day: date | None, placeholders: Placeholders) -> str:
    when = day_of(value, placeholders)
    if when is None:
        return UNKNOWN
    if day is None:
        return date.fromordinal(when + EPOCH).isoformat()
    days = day.toordinal() - EPOCH - when
    named = {0: "today", 1: "yesterday", -1: "tomorrow"}
    return named.get(days, f"{days:,} days ago" if days > 0 else f"in {-days:,} days")
