"""What travels: the types of the API's fields. They check requests and describe the schema."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from functools import lru_cache
from typing import Annotated, Any, ClassVar

from django.core.exceptions import ValidationError
from django.utils import timezone
from msgspec import UNSET, Meta, Struct, UnsetType

from crm.models import EXTERNAL_ID_LENGTH, MAX_BUDGET, MAX_COUNT, TEXT_LENGTH, not_after_tomorrow
from crm.services.cleaning import (
    ATTRIBUTE_KEY_LENGTH,
    ATTRIBUTE_TEXT_LENGTH,
    EMAIL_LENGTH,
    MAX_ATTRIBUTES,
    MAX_NUMBER,
    clean_email,
)

MAX_ITEMS = 1_000
# Beyond this, numbers of JavaScript (and of most JSON readers) skip integers.
MAX_INTEGER = 2**53

ExternalId = (
    Annotated[int, Meta(ge=-MAX_INTEGER, le=MAX_INTEGER)]
    | Annotated[str, Meta(min_length=1, max_length=EXTERNAL_ID_LENGTH, pattern=r"\S")]
)
EXTERNAL_ID_RULE = (
    f"Must be a whole number within ±2^53, or a text of 1 to {EXTERNAL_ID_LENGTH} characters, "
    "not blank."
)
# Of a row in the database: far below where its integers end.
RowNumber = Annotated[int, Meta(ge=0, le=MAX_INTEGER)]
Text = Annotated[str, Meta(max_length=TEXT_LENGTH)]
Money = Annotated[float, Meta(ge=0, le=float(MAX_BUDGET))]
Count = Annotated[int, Meta(ge=0, le=MAX_COUNT)]
AttributeName = Annotated[str, Meta(min_length=1, max_length=ATTRIBUTE_KEY_LENGTH, pattern=r"\S")]
AttributeValue = (
    Annotated[str, Meta(max_length=ATTRIBUTE_TEXT_LENGTH)]
    | Annotated[int, Meta(ge=-MAX_INTEGER, le=MAX_INTEGER)]
    | Annotated[float, Meta(ge=-MAX_NUMBER, le=MAX_NUMBER)]
    | bool
    | None
)
Attributes = Annotated[dict[AttributeName, AttributeValue], Meta(max_length=MAX_ATTRIBUTES)]

_MOMENT = re.compile(
    r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)", flags=re.ASCII
)
DAY_LENGTH = 10
_DAY = re.compile(r"\d{4}-\d\d-\d\d", flags=re.ASCII)


class Day:
    """A day as it was written (a date, or a moment with its offset), and the team's local day.

    No dataclass: msgspec would read an object with these fields.
    """

    __slots__ = ("day", "text")

    def __init__(self, text: str, day: date) -> None:
        self.text = text
        self.day = day


class Email(str):
    """An e-mail address, or an empty text for "not known"."""

    __slots__ = ()


class LeadFields(Struct, kw_only=True, rename="camel", forbid_unknown_fields=True):
    """What somebody says of a lead. Not given is not said; null is "not known"."""

    UNKNOWN_FIELD: ClassVar[str] = "Unknown field. Your own columns go under `attributes`."

    name: Text | UnsetType | None = UNSET
    company: Text | UnsetType | None = UNSET
    industry: Text | UnsetType | None = UNSET
    size: Text | UnsetType | None = UNSET
    email: Email | UnsetType | None = UNSET
    position: Text | UnsetType | None = UNSET
    last_contact: Day | UnsetType | None = UNSET
    budget: Money | UnsetType | None = UNSET
    previous_purchases: Count | UnsetType | None = UNSET
    interactions: Count | UnsetType | None = UNSET
    attributes: Attributes | UnsetType | None = UNSET


def read_custom(kind: type, value: Any) -> Any:
    """msgspec's hook for our own types. Raises ValueError with a sentence for the client."""
    return _READERS[kind](value)


def _read_email(value: Any) -> Email:
    try:
        return Email(clean_email(value))
    except ValidationError as error:
        raise ValueError(error.messages[0]) from None


def read_day(value: Any) -> Day:
    """A date or a moment -> the local day (`TIME_ZONE`). At most a day ahead."""
    text = value if isinstance(value, str) else ""
    try:
        return _plain_day(text) if len(text) == DAY_LENGTH else _not_ahead(_moment(text))
    except ValidationError:
        raise ValueError("Must not lie in the future.") from None
    except (ValueError, OverflowError):
        raise ValueError(
            "Must be a date such as 2026-01-31, or a date-time with its offset."
        ) from None


# A thousand leads were contacted on a few hundred days. What is no day of the future stays none.
@lru_cache(maxsize=4_096)
def _plain_day(text: str) -> Day:
    if not _DAY.fullmatch(text):
        raise ValueError
    return _not_ahead(Day(text, date.fromisoformat(text)))


def _not_ahead(found: Day) -> Day:
    not_after_tomorrow(found.day)
    return found


def _moment(text: str) -> Day:
    if not _MOMENT.fullmatch(text):
        raise ValueError
    return Day(text, timezone.localdate(datetime.fromisoformat(text.upper())))


def describe_custom(kind: type) -> dict[str, Any]:
    """The JSON schema of our own types."""
    return dict(_SCHEMAS[kind])


_READERS: Mapping[type, Callable[[Any], Any]] = {Day: read_day, Email: _read_email}
_SCHEMAS: Mapping[type, dict[str, Any]] = {
    Day: {
        "anyOf": [{"type": "string", "format": "date"}, {"type": "string", "format": "date-time"}],
        "description": "Not in the future; a date-time has its offset.",
    },
    Email: {"type": "string", "format": "email", "maxLength": EMAIL_LENGTH},
}
