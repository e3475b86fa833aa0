"""POST /api/leads: create and change, one or many, all or none."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth.models import User

from crm.days import today
from crm.models import Lead
from tests.crm.factories import stored
from tests.http import ApiClient, fields

pytestmark = pytest.mark.django_db

FULL = {
    "id": 7,
    "name": "Ada Byron",
    "company": "Engine Ltd",
    "industry": "Technology",
    "size": "medium",
    "email": "ada@engine.example",
    "position": "CTO",
    "lastContact": "2025-03-10",
    "budget": 25000.5,
    "previousPurchases": 2,
    "interactions": 8,
    "attributes": {"campaign": "spring", "employees": 40, "webinar": True},
    "seenOn": "2025-03-01",
    "owner": "sue",
}


@pytest.fixture
def api() -> ApiClient:
    User.objects.create_user("sue")
    return ApiClient("leads")


def upsert(api: ApiClient, *leads: object) -> Any:
    return api.send("POST", "/api/leads", {"leads": list(leads)})


def test_it_creates_a_lead_with_all_that_is_said(api: ApiClient) -> None:
    response = upsert(api, FULL)
    assert response.status_code == 200
    assert response.json() == {"created": [7], "updated": [], "unchanged": []}
    lead = stored("7")
    assert (lead.name, lead.email, lead.position) == ("Ada Byron", "ada@engine.example", "CTO")
    assert (lead.budget, lead.previous_purchases, lead.interactions) == (Decimal("25000.50"), 2, 8)
    assert (lead.last_contact, lead.seen_on) == (date(2025, 3, 10), date(2025, 3, 1))
    assert lead.attributes == {"campaign": "spring", "employees": 40, "webinar": True}
    assert lead.owner is not None
    assert (lead.owner.username, lead.source, lead.confirmed) == ("sue", "api", True)
    assert lead.history.get().history_change_reason == "API key tests"


def test_without_a_day_a_new_lead_is_known_since_today(api: ApiClient) -> None:
    upsert(api, {"id": "a"})
    assert stored("a").seen_on == today()


def test_it_changes_what_is_given_and_leaves_the_rest(api: ApiClient) -> None:
    upsert(api, FULL)
    response = upsert(api, {"id": "7", "budget": 1, "size": None, "attributes": {"webinar": None}})
    assert response.json() == {"created": [], "updated": ["7"], "unchanged": []}
    lead = stored("7")
    assert (lead.budget, lead.size, lead.name, lead.revision) == (Decimal(1), "", "Ada Byron", 2)
    assert lead.attributes == {"campaign": "spring", "employees": 40}


def test_the_same_again_changes_nothing(api: ApiClient) -> None:
    upsert(api, FULL)
    assert upsert(api, FULL).json() == {"created": [], "updated": [], "unchanged": [7]}
    assert stored("7").history.count() == 1


def test_it_answers_with_the_ids_as_they_came(api: ApiClient) -> None:
    upsert(api, {"id": "2"})
    response = upsert(api, {"id": 1}, {"id": 2}, {"id": "x/y z"})
    assert response.json() == {"created": [1, "x/y z"], "updated": [], "unchanged": [2]}


def test_all_are_saved_or_none(api: ApiClient) -> None:
    response = upsert(api, {"id": 1}, {"id": 2, "budget": -1}, {"id": 3, "owner": "nobody"})
    assert response.status_code == 400
    assert list(fields(response)) == ["leads.1.budget"]
    assert list(fields(upsert(api, {"id": 3, "owner": "nobody"}))) == ["leads.0.owner"]
    assert not Lead.objects.exists()


def test_a_day_before_the_outcome_is_kept_in_order(api: ApiClient) -> None:
    ApiClient().send("POST", "/api/leads", {"leads": [FULL]})
    outcome = {"id": 7, "result": "won", "occurredOn": "2025-03-05"}
    ApiClient().send("POST", "/api/outcomes", {"outcomes": [outcome]})
    response = upsert(api, {"id": 7, "seenOn": "2025-03-06"})
    assert response.status_code == 400
    assert list(fields(response)) == ["leads.0.seenOn"]


def test_the_same_lead_twice_is_refused(api: ApiClient) -> None:
    assert list(fields(upsert(api, {"id": 1}, {"id": "1"}))) == ["leads.1.id"]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"seenOn": (date.today() + timedelta(days=3)).isoformat()}, "seenOn"),
        ({"owner": 5}, "owner"),
        ({"colour": "red"}, "colour"),
        ({"lastContact": "yesterday"}, "lastContact"),
        ({"email": "x"}, "email"),
    ],
)
def test_it_names_what_is_wrong(api: ApiClient, changes: dict[str, object], field: str) -> None:
    response = upsert(api, FULL | changes)
    assert response.status_code == 400
    assert list(fields(response)) == [f"leads.0.{field}"]


def test_what_it_answers_can_be_sent_back(api: ApiClient) -> None:
    upsert(api, FULL)
    lead = api.get("/api/leads").json()["leads"][0]
    response = upsert(api, lead)
    assert response.status_code == 200
    assert response.json()["unchanged"] == ["7"]
