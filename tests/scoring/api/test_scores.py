"""GET /api/leads/{id}/scores: a lead's scores with receipts."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine

from crm.days import today
from crm.models import Lead
from scoring.models import ModelArtifact, ModelVersion, Prediction
from scoring.services.promote import version_promote
from scoring.services.rescore import leads_rescore
from tests.http import ApiClient
from tests.scoring.versions import make_version

pytestmark = pytest.mark.django_db


@pytest.fixture
def api() -> ApiClient:
    make_version(1, is_champion=True, is_active=True)
    return ApiClient("predict", "leads")


def predict(api: ApiClient, **lead: object) -> None:
    assert api.send("POST", "/api/predict", {"leads": [{"id": 1, **lead}]}).status_code == 200


def scores(api: ApiClient, query: str = "") -> Any:
    response = api.send("GET", f"/api/leads/1/scores{query}")
    assert response.status_code == 200
    return response.json()


def test_receipts_add_up_over_new_data_and_a_retrain(api):
    predict(api, interactions=3, industry="Retail")
    predict(api, interactions=11, industry="Retail")
    make_version(2, seed=1)
    version_promote(number=2, reason="test")
    predict(api, interactions=12, industry="Banking", budget=500)
    newest, middle, first = scores(api)["scores"]
    assert first["receipt"] is None
    assert [each["name"] for each in middle["receipt"]["data"]] == ["Interactions"]
    assert middle["receipt"]["data"][0]["text"].startswith("Interactions from 3 to 11: +")
    assert middle["receipt"]["model"] == []
    assert len(newest["receipt"]["data"]) == 3
    assert newest["receipt"]["model"]
    for now, before in ((newest, middle), (middle, first)):
        receipt = now["receipt"]
        parts = sum(each["points"] for each in receipt["data"] + receipt["model"])
        difference = 100 * (now["conversionProbability"] - before["conversionProbability"])
        assert parts + receipt["base"] == pytest.approx(difference, abs=1e-6)
        assert receipt["change"] == pytest.approx(difference, abs=1e-6)


def test_a_stored_lead_that_only_grew_older_has_a_receipt_too(api):
    lead = Lead.objects.create(external_id="1", interactions=9, last_contact=today())
    leads_rescore()
    with time_machine.travel(today() + timedelta(days=60)):
        Prediction.objects.filter(lead=lead).update(score=0)
        lead.current_score.delete()
        leads_rescore()
        newest, _ = scores(api)["scores"]
    (change,) = newest["receipt"]["data"]
    assert (change["before"], change["after"]) == ("today", "60 days ago")


def test_it_comes_in_pages(api):
    for interactions in range(5):
        predict(api, interactions=interactions)
    page = scores(api, "?limit=2")
    rest = scores(api, f"?limit=3&before={page['next']}")
    ids = [each["id"] for each in page["scores"] + rest["scores"]]
    assert ids == sorted(Prediction.objects.values_list("pk", flat=True), reverse=True)
    assert page["scores"][-1]["receipt"] is not None
    assert rest["next"] is None


def test_a_model_that_cannot_be_read_costs_the_receipt_but_not_the_history(api):
    predict(api, interactions=3)
    make_version(2, seed=1)
    version_promote(number=2, reason="test")
    predict(api, interactions=4)
    ModelArtifact.objects.filter(version=ModelVersion.objects.get(number=1)).delete()
    assert [each["receipt"] for each in scores(api)["scores"]] == [None, None]


def test_it_answers_404_for_a_lead_that_nobody_knows(api):
    assert api.send("GET", "/api/leads/nobody/scores").status_code == 404
