"""/api/models: versions, their figures, and who may promote one."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.test import Client

from scoring.models import ModelVersion
from tests.http import ApiClient, send
from tests.scoring.versions import make_version

pytestmark = pytest.mark.django_db
ACCURACY = {"value": 0.85, "low": 0.8, "high": 0.9}


@pytest.fixture
def api() -> ApiClient:
    return ApiClient("models")


def test_it_lists_versions_newest_first_in_pages(api: ApiClient) -> None:
    for number in (1, 2, 3):
        make_version(number)
    page = api.get("/api/models?limit=2").json()
    assert [model["number"] for model in page["models"]] == [3, 2]
    rest = api.get(f"/api/models?limit=2&before={page['next']}").json()
    assert [model["number"] for model in rest["models"]] == [1]
    assert rest["next"] is None


def test_it_tells_everything_that_was_measured(api: ApiClient) -> None:
    curves = {"roc": [[0, 0], [1, 1]]}
    make_version(
        5,
        model_type="random-forest",
        is_active=True,
        metrics={"accuracy": ACCURACY, "threshold": 0.2},
        curves=curves,
        report={"gate": "why"},
        feature_importance=[{"name": "Budget", "value": 1.0}],
    )
    answer = api.get("/api/models/5").json()
    assert (answer["number"], answer["modelType"], answer["active"], answer["champion"]) == (
        (5, "random-forest", True, False)
    )
    assert answer["metrics"] == {"accuracy": ACCURACY, "threshold": 0.2}
    assert answer["modelMetrics"]["accuracy"] == 0.85
    assert answer["modelMetrics"]["recall"] is None
    assert (answer["curves"], answer["report"]) == (curves, {"gate": "why"})
    assert answer["featureImportance"] == [{"name": "Budget", "value": 1.0}]


def test_it_tells_what_became_of_each_grade_and_how_sure_importance_is(api: ApiClient) -> None:
    above = [{"probability": 0.9, "leads": 10, "expected": 9, "won": 8}]
    importance = [{"name": "Budget", "value": 1.0, "low": 0.8, "high": 1.1}]
    make_version(
        5, metrics={"baseRate": 0.2}, curves={"above": above}, feature_importance=importance
    )
    answer = api.get("/api/models/5").json()
    assert answer["featureImportance"] == importance
    best, *_, worst = answer["grades"]
    assert (best["grade"], best["leads"], best["expected"], best["observed"]) == ("A", 10, 0.9, 0.8)
    assert best["leastProbability"] == pytest.approx(3 / 7)
    assert best["low"] < 0.8 < best["high"]
    assert (worst["grade"], worst["leads"], worst["observed"]) == ("D", 0, None)


def test_a_version_that_is_not_there_is_404(api: ApiClient) -> None:
    assert api.get("/api/models/9").json()["error"]["code"] == "not_found"


def test_a_list_reads_no_artifact(api: ApiClient, django_assert_num_queries) -> None:
    for number in (1, 2, 3):
        make_version(number)
    api.get("/api/models")
    with django_assert_num_queries(2) as queries:  # the key, the versions
        api.get("/api/models")
    assert "modelartifact" not in str(queries.captured_queries)


def test_a_person_promotes_with_a_reason() -> None:
    make_version(1, is_champion=True)
    make_version(2)
    client = Client()
    client.force_login(User.objects.create_superuser("root"))
    response = send(client, "POST", "/api/models/2/promote", {"reason": "Better calibrated"})
    assert response.status_code == 200
    assert response.json()["champion"] is True
    champion = ModelVersion.objects.get(is_champion=True)
    assert champion.promoted_by is not None
    assert (champion.number, champion.promoted_by.username, champion.promotion_reason) == (
        (2, "root", "Better calibrated")
    )


@pytest.mark.parametrize("body", [{}, {"reason": ""}, {"reason": "  "}, {"reason": "x" * 1001}])
def test_a_promotion_needs_a_reason(admin_client: Client, body: dict[str, str]) -> None:
    make_version(1)
    response = send(admin_client, "POST", "/api/models/1/promote", body)
    assert response.status_code == 400
    assert list(response.json()["error"]["fields"]) == ["reason"]


def test_a_version_that_is_not_there_cannot_be_promoted(admin_client: Client) -> None:
    response = send(admin_client, "POST", "/api/models/9/promote", {"reason": "why not"})
    assert response.status_code == 404
