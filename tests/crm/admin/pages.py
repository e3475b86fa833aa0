"""What a browser would send from the pages of a lead."""

from __future__ import annotations

import json
from typing import Any

from crm.models import Lead

LIST = "/admin/crm/lead/"


def page_of(lead: Lead, view: str = "change") -> str:
    return f"{LIST}{lead.pk}/{view}/"


def typed(**changes: Any) -> dict[str, Any]:
    """The form of a lead with an outcome inline that nobody touched."""
    form = {
        "external_id": "1",
        "name": "Ada Byron",
        "company": "Engine Ltd",
        "industry": "Technology",
        "size": "medium",
        "email": "ada@engine.example",
        "position": "CTO",
        "last_contact": "2025-03-10",
        "budget": "25000.50",
        "previous_purchases": "2",
        "interactions": "8",
        "attributes": json.dumps({"campaign": "spring", "employees": 40, "webinar": True}),
        "owner": "",
        "seen_on": "2025-03-10",
        "outcome-TOTAL_FORMS": "1",
        "outcome-INITIAL_FORMS": "0",
        "outcome-MIN_NUM_FORMS": "0",
        "outcome-MAX_NUM_FORMS": "1",
        "outcome-0-id": "",
        "outcome-0-lead": "",
        "outcome-0-result": "",
        "outcome-0-occurred_on": "",
        "outcome-0-value": "",
    }
    return form | changes


def typed_for(lead: Lead, **changes: Any) -> dict[str, Any]:
    """The same on the page of a stored lead with its stored outcome."""
    outcome = getattr(lead, "outcome", None)
    known = {"outcome-0-lead": str(lead.pk)}
    if outcome:
        known |= {
            "outcome-INITIAL_FORMS": "1",
            "outcome-0-id": str(outcome.pk),
            "outcome-0-result": outcome.result,
        }
    return typed(**known, **changes)
