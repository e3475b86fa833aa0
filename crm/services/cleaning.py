"""Every rule that a value must keep before it is stored, with a sentence for whoever broke it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils import timezone

from crm.models import (
    EXTERNAL_ID_LENGTH,
    MAX_BUDGET,
    MAX_COUNT,
    TEXT_LENGTH,
    Outcome,
    not_after_tomorrow,
)
from crm.values import UNSET, LeadData, OutcomeData

EMAIL_LENGTH = 254
MAX_ATTRIBUTES = 200
ATTRIBUTE_KEY_LENGTH = 100
ATTRIBUTE_TEXT_LENGTH = 1_000
# Models compute in single precision, which ends at 3.4e38.
MAX_NUMBER = 1e38
CENT = Decimal("0.01")

Values = dict[str, Any]
Errors = dict[str, str]


def check_text(text: Any, longest: int) -> None:
    """Refuse what no database column of ours can hold."""
    if not isinstance(text, str):
        raise ValidationError("Must be a text.")
    if len(text) > longest:
        raise ValidationError(f"Must have at most {longest:,} characters.")
    if "\0" in text:
        raise ValidationError("Must not hold a NUL character.")
    try:
        text.encode()
    except UnicodeEncodeError:
        raise ValidationError("Must not hold half of a surrogate pair.") from None


def clean_external_id(value: Any) -> str:
    check_text(value, EXTERNAL_ID_LENGTH)
    if not value.strip():
        raise ValidationError("Must not be empty.")
    return str(value)


def clean_text(value: Any, *, longest: int = TEXT_LENGTH) -> str:
    if value is None:
        return ""
    check_text(value, longest)
    return str(value).strip()


def clean_email(value: Any) -> str:
    text = clean_text(value, longest=EMAIL_LENGTH)
    if text:
        try:
            validate_email(text)
        except ValidationError:
            raise ValidationError("Must be an e-mail address.") from None
    return text


def clean_day(value: Any) -> date | None:
    if value is None:
        return None
    if isinstance(value, datetime):
        value = timezone.localtime(value).date() if timezone.is_aware(value) else value.date()
    if not isinstance(value, date):
        raise ValidationError("Must be a date.")
    not_after_tomorrow(value)
    return value


def clean_money(value: Any) -> Decimal | None:
    """To the cent: a third decimal is somebody's arithmetic, not money."""
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        raise ValidationError("Must be a number.")
    # NaN fails every comparison, so it is refused here too.
    if not 0 <= value <= MAX_BUDGET:
        raise ValidationError(f"Must be from 0 to {MAX_BUDGET:,}.")
    amount = value if isinstance(value, Decimal) else Decimal(repr(value))
    return amount.quantize(CENT, ROUND_HALF_EVEN)


def clean_count(value: Any) -> int | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int):
        raise ValidationError("Must be a whole number.")
    if not 0 <= value <= MAX_COUNT:
        raise ValidationError(f"Must be from 0 to {MAX_COUNT:,}.")
    return value


def check_attribute(key: Any, value: Any) -> None:
    check_text(key, ATTRIBUTE_KEY_LENGTH)
    if not key.strip():
        raise ValidationError("A name must not be empty.")
    if isinstance(value, str):
        check_text(value, ATTRIBUTE_TEXT_LENGTH)
    elif isinstance(value, int | float):
        if not abs(value) <= MAX_NUMBER:
            raise ValidationError("Must be a number within ±1e38.")
    elif value is not None:
        raise ValidationError("Must be a text, a number, true, false or null.")


def clean_attributes(value: Any) -> dict[str, Any]:
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        raise ValidationError("Must be an object of names and values.")
    if len(value) > MAX_ATTRIBUTES:
        raise ValidationError(f"Must have at most {MAX_ATTRIBUTES} entries.")
    for key, each in value.items():
        try:
            check_attribute(key, each)
        except ValidationError as error:
            raise ValidationError(f"{ascii(key)[:60]}: {error.message}") from None
    return dict(value)


def clean_result(value: Any) -> str:
    if value not in Outcome.Result.values:
        raise ValidationError(f"Must be one of: {', '.join(Outcome.Result.values)}.")
    return str(value)


def clean_owner(value: Any) -> Any:
    return value


LEAD_RULES: dict[str, Callable[[Any], Any]] = {
    "external_id": clean_external_id,
    **dict.fromkeys(("name", "company", "industry", "size", "position"), clean_text),
    "email": clean_email,
    **dict.fromkeys(("last_contact", "seen_on"), clean_day),
    "budget": clean_money,
    **dict.fromkeys(("previous_purchases", "interactions"), clean_count),
    "attributes": clean_attributes,
    "owner": clean_owner,
}
_OUTCOME: dict[str, Callable[[Any], Any]] = {
    "external_id": clean_external_id,
    "result": clean_result,
    "occurred_on": clean_day,
    "value": clean_money,
}


def _clean(cleaners: dict[str, Callable[[Any], Any]], given: Any) -> tuple[Values, Errors]:
    values: Values = {}
    errors: Errors = {}
    for name, clean in cleaners.items():
        value = getattr(given, name)
        if value is UNSET:
            continue
        try:
            values[name] = clean(value)
        except ValidationError as error:
            errors[name] = " ".join(error.messages)
    return values, errors


def clean_lead(lead: LeadData) -> tuple[Values, Errors]:
    """The given fields as they are stored, and what is wrong, by field. Both may be filled."""
    return _clean(LEAD_RULES, lead)


def clean_outcome(outcome: OutcomeData) -> tuple[Values, Errors]:
    """Like `clean_lead`, for an outcome by itself; not whether it fits its lead."""
    return _clean(_OUTCOME, outcome)
