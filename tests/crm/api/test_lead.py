"""/api/leads/{id}: read, replace, change, erase."""

from __future__ import annotations

from urllib.parse import quote

import pytest

from crm.models import Lead
from scoring.models import LeadScore, Prediction
from tests.crm.factories import stored
from tests.http import ApiClient, fields
from tests.scoring.versions import make_version

pytestmark = pytest.mark.django_db


@pytest.fixture
def api() -> ApiClient:
    return ApiClient("leads", "outcomes", "predict")


def test_it_reads_a_lead_with_its_outcome_and_score(api: ApiClient) -> None:
    body = {"name": "Ada", "seenOn": "2025-03-01", "attributes": {"campaign": "spring"}}
    assert api.send("PUT", "/api/leads/7", body).status_code == 201
    outcome = {"id": 7, "result": "won", "occurredOn": "2025-04-01", "value": 900.5}
    api.send("POST", "/api/outcomes", {"outcomes": [outcome]})
    lead = stored("7")
    version = make_version(3, metrics={"baseRate": 0.2})
    LeadScore.objects.create(
        lead=lead, version=version, probability=0.825, score=82, revision=1, day="2025-03-02"
    )
    answer = api.get("/api/leads/7").json()
    recorded, created, updated = (
        answer["outcome"].pop("recordedAt"),
        answer.pop("createdAt"),
        answer.pop("updatedAt"),
    )
    assert all(moment.endswith("Z") for moment in (recorded, created, updated))
    assert answer == {
        "id": "7",
        "name": "Ada",
        **dict.fromkeys(("company", "industry", "size", "email", "position", "lastContact")),
        **dict.fromkeys(("budget", "previousPurchases", "interactions", "owner")),
        "attributes": {"campaign": "spring"},
        "seenOn": "2025-03-01",
        "status": "won",
        "outcome": {"result": "won", "occurredOn": "2025-04-01", "value": 900.5},
        "source": "api",
        "score": 82,
        "grade": "A",
        "conversionProbability": 0.825,
        "modelVersion": 3,
        "scoredOn": "2025-03-02",
        "expectedValue": None,
        "revision": 1,
    }


def test_put_replaces_all_that_was_known(api: ApiClient) -> None:
    api.send("PUT", "/api/leads/7", {"name": "Ada", "budget": 5, "attributes": {"a": 1}})
    response = api.send("PUT", "/api/leads/7", {"id": 7, "name": "Eva"})
    assert response.status_code == 200
    answer = response.json()
    assert (answer["name"], answer["budget"], answer["attributes"]) == ("Eva", None, {})


def test_patch_changes_what_is_given(api: ApiClient) -> None:
    api.send("PUT", "/api/leads/7", {"name": "Ada", "budget": 5})
    answer = api.send("PATCH", "/api/leads/7", {"budget": None, "size": "small"}).json()
    assert (answer["name"], answer["budget"], answer["size"]) == ("Ada", None, "small")


def test_delete_erases_the_lead_and_its_history(api: ApiClient) -> None:
    make_version(is_champion=True)
    api.send("POST", "/api/predict", {"leads": [{"id": 7, "name": "Ada", "interactions": 3}]})
    response = api.send("DELETE", "/api/leads/7")
    assert (response.status_code, response.content) == (204, b"")
    assert not Lead.objects.exists()
    assert not Lead.history.exists()
    prediction = Prediction.objects.get()
    assert (prediction.lead, prediction.features) == (None, None)
    assert prediction.erased_on is not None


@pytest.mark.parametrize("method", ["GET", "PATCH", "DELETE"])
def test_a_lead_that_is_not_there_is_404(api: ApiClient, method: str) -> None:
    response = api.send(method, "/api/leads/7", {})
    assert response.status_code == 404
    assert response.json()["error"]["code"] == "not_found"
    assert not Lead.objects.exists()


@pytest.mark.parametrize(
    "external_id", ["a/b", "a/", "/", "a//b", "ü ä", "a%2Fb", "a?b#c", "1&2", "x\ny", "a" * 200]
)
def test_any_id_can_stand_in_a_path(api: ApiClient, external_id: str) -> None:
    path = f"/api/leads/{quote(external_id, safe='')}"
    assert api.send("PUT", path, {"name": "Ada"}).status_code == 201
    assert api.get(path).json()["id"] == external_id
    assert api.send("DELETE", path).status_code == 204


def test_an_id_with_a_nul_character_is_nowhere(api: ApiClient) -> None:
    for method in ("GET", "PUT", "PATCH", "DELETE"):
        assert api.send(method, "/api/leads/a%00b", {}).status_code == 404


@pytest.mark.parametrize("external_id", ["a" * 201, "%20"])
def test_an_id_that_cannot_be_is_refused(api: ApiClient, external_id: str) -> None:
    response = api.send("PUT", f"/api/leads/{external_id}", {})
    assert response.status_code == 400
    assert list(fields(response)) == ["id"]
    assert api.get(f"/api/leads/{external_id}").status_code == 404


@pytest.mark.parametrize("method", ["PUT", "PATCH"])
def test_another_id_in_the_body_is_refused(api: ApiClient, method: str) -> None:
    api.send("PUT", "/api/leads/7", {})
    response = api.send(method, "/api/leads/7", {"id": 8})
    assert (response.status_code, list(fields(response))) == (400, ["id"])


def test_it_names_what_is_wrong(api: ApiClient) -> None:
    response = api.send("PUT", "/api/leads/7", {"budget": -1, "colour": 1, "owner": 3})
    assert set(fields(response)) == {"budget", "colour", "owner"}
    response = api.send("PUT", "/api/leads/7", {"owner": "nobody"})
    assert fields(response) == {"owner": "There is no such user."}
