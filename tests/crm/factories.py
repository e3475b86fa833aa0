"""What most tests of leads start from."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from crm.models import Lead
from crm.services import Actor, LeadData

ACTOR = Actor(user=None, label="a test")
DAY = date(2025, 3, 10)


def lead_data(external_id: str = "1", **given: Any) -> LeadData:
    """A lead with every field known; `given` overrides."""
    values: dict[str, Any] = {
        "name": "Ada Byron",
        "company": "Engine Ltd",
        "industry": "Technology",
        "size": "medium",
        "email": "ada@engine.example",
        "position": "CTO",
        "last_contact": DAY,
        "budget": Decimal("25000.50"),
        "previous_purchases": 2,
        "interactions": 8,
        "attributes": {"campaign": "spring", "employees": 40, "webinar": True},
        "seen_on": DAY,
    }
    return LeadData(external_id=external_id, **(values | given))


def stored(external_id: str = "1") -> Lead:
    """The lead as the database has it."""
    return Lead.objects.get(external_id=external_id)
