"""GET /api/worklist: whom to call, as JSON."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from crm.models import Lead
from scoring.models import LeadScore
from tests.http import ApiClient, fields
from tests.scoring.versions import make_version

pytestmark = pytest.mark.django_db

DAY = date(2026, 3, 1)


@pytest.fixture
def api() -> ApiClient:
    return ApiClient("predict", "leads")


def add(external_id: str, probability: float, **given: Any) -> None:
    version = (
        make_version() if not LeadScore.objects.exists() else LeadScore.objects.all()[0].version
    )
    version.metrics = {"baseRate": 0.2}
    version.save()
    lead = Lead.objects.create(external_id=external_id, **given)
    LeadScore.objects.create(
        lead=lead, version=version, probability=probability, score=50, revision=1, day=DAY
    )


def test_it_lists_the_best_calls_and_what_they_promise(api: ApiClient) -> None:
    add("a/1", 0.5, name="Ada", company="Engine", budget=1000, last_contact=DAY)
    add("2", 0.2)
    add("3", 0.1)
    answer = api.get("/api/worklist?capacity=2").json()
    calls = answer.pop("calls")
    assert answer == {
        "capacity": 2,
        "expectedWins": pytest.approx(0.7),
        "expectedValue": pytest.approx(700),
        "currency": "EUR",
        "standInValue": 1000,
        "openLeads": 3,
        "unscored": 0,
    }
    assert calls[0] == {
        "id": "a/1",
        "name": "Ada",
        "company": "Engine",
        "owner": None,
        "grade": "A",
        "score": 50,
        "conversionProbability": 0.5,
        "value": 1000,
        "valueStandsIn": False,
        "expectedValue": 500,
        "lastContact": "2026-03-01",
        "modelVersion": 1,
        "scoredOn": "2026-03-01",
    }
    assert [(each["id"], each["valueStandsIn"]) for each in calls] == [("a/1", False), ("2", True)]


def test_without_budgets_and_leads_there_is_no_value(api: ApiClient) -> None:
    answer = api.get("/api/worklist").json()
    assert (answer["capacity"], answer["calls"]) == (25, [])
    assert (answer["expectedWins"], answer["expectedValue"], answer["standInValue"]) == (
        (0, None, None)
    )


def test_it_can_be_the_list_of_one_owner(api: ApiClient) -> None:
    add("1", 0.5)
    assert api.get("/api/worklist?owner=nobody").json()["openLeads"] == 0


@pytest.mark.parametrize("query", ["capacity=0", "capacity=1001", "capacity=x", "capacity=2.5"])
def test_a_capacity_is_a_whole_number_of_calls(api: ApiClient, query: str) -> None:
    response = api.get(f"/api/worklist?{query}")
    assert response.status_code == 400
    assert list(fields(response)) == ["capacity"]


def test_the_list_does_not_load_models(api: ApiClient, django_assert_num_queries) -> None:
    add("1", 0.5, budget=100)
    api.get("/api/worklist")
    with django_assert_num_queries(7) as queries:  # the key, and six for the list
        api.get("/api/worklist")
    assert "modelartifact" not in str(queries.captured_queries)
