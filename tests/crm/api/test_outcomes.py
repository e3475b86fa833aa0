"""POST /api/outcomes: what became of leads."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from crm.models import Lead, Outcome
from tests.http import ApiClient, fields

pytestmark = pytest.mark.django_db


@pytest.fixture
def api() -> ApiClient:
    Lead.objects.create(external_id="1", seen_on=date(2025, 1, 10), confirmed=False)
    Lead.objects.create(external_id="b")
    return ApiClient("outcomes")


def record(api: ApiClient, *outcomes: object) -> Any:
    return api.send("POST", "/api/outcomes", {"outcomes": list(outcomes)})


def test_it_records_one_or_many(api: ApiClient) -> None:
    won = {"id": 1, "result": "won", "occurredOn": "2025-02-01", "value": 900.5}
    response = record(api, won, {"id": "b", "result": "disqualified"})
    assert response.status_code == 200
    assert response.json() == {"created": [1, "b"], "updated": [], "unchanged": []}
    outcome = Outcome.objects.get(lead__external_id="1")
    assert (outcome.result, outcome.occurred_on, outcome.value, outcome.source) == (
        ("won", date(2025, 2, 1), Decimal("900.50"), "api")
    )
    assert outcome.lead.confirmed


def test_the_same_again_changes_nothing_and_another_one_replaces_it(api: ApiClient) -> None:
    record(api, {"id": 1, "result": "won"})
    assert record(api, {"id": 1, "result": "won"}).json()["unchanged"] == [1]
    assert record(api, {"id": 1, "result": "lost"}).json()["updated"] == [1]
    assert [row.result for row in Outcome.history.all()] == ["lost", "won"]


def test_a_lead_that_nobody_knows_is_404_and_named(api: ApiClient) -> None:
    response = record(api, {"id": 1, "result": "won"}, {"id": 2, "result": "won"})
    assert response.status_code == 404
    assert list(fields(response)) == ["outcomes.1.id"]
    assert not Outcome.objects.exists()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"result": "Won"}, "result"),
        ({"result": None}, "result"),
        ({"occurredOn": "2025-01-09"}, "occurredOn"),
        ({"occurredOn": "2999-01-01"}, "occurredOn"),
        ({"value": -1}, "value"),
        ({"value": "900"}, "value"),
        ({"name": "Ada"}, "name"),
        ({"id": True}, "id"),
    ],
)
def test_it_names_what_is_wrong(api: ApiClient, changes: dict[str, object], field: str) -> None:
    response = record(api, {"id": 1, "result": "won"} | changes)
    assert response.status_code == 400
    assert list(fields(response)) == [f"outcomes.0.{field}"]
    assert not Outcome.objects.exists()


def test_the_same_lead_twice_is_refused(api: ApiClient) -> None:
    response = record(api, {"id": 1, "result": "won"}, {"id": "1", "result": "lost"})
    assert list(fields(response)) == ["outcomes.1.id"]


def test_an_outcome_that_was_a_mistake_can_be_taken_back(api: ApiClient) -> None:
    record(api, {"id": "1", "result": "lost"})
    assert api.delete("/api/leads/1/outcome").status_code == 204
    assert list(Lead.objects.open().values_list("external_id", flat=True)) == ["b", "1"]
    assert [row.result for row in Outcome.history.all()] == ["lost", "lost"]
    assert api.delete("/api/leads/1/outcome").status_code == 204


def test_there_is_no_outcome_of_a_lead_that_nobody_knows(api: ApiClient) -> None:
    assert api.delete("/api/leads/none/outcome").status_code == 404
