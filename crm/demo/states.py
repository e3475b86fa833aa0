"""What the demo data are before they are rows."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any


@dataclass(frozen=True, slots=True)
class DemoState:
    """A lead as it is from some day on."""

    name: str
    company: str
    industry: str
    size: str
    email: str
    position: str
    seen_on: date
    last_contact: date | None = None
    budget: Decimal | None = None
    previous_purchases: int | None = None
    interactions: int | None = None
    attributes: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class DemoOutcome:
    """What became of it. `value` in the installation's currency, for a win."""

    result: str
    occurred_on: date
    value: Decimal | None = None


@dataclass(frozen=True, slots=True)
class DemoLead:
    """A lead's life: its states by the day they began, ascending, the first as it became known."""

    number: int
    owner: int
    states: tuple[tuple[date, DemoState], ...]
    outcome: DemoOutcome | None
