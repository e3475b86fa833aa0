"""`explain: true` and GET /api/leads/{id}/explanation: reasons that add up."""

from datetime import timedelta

import pytest

from crm.days import today
from crm.models import Lead
from scoring.models import Prediction
from tests.http import ApiClient
from tests.scoring.versions import make_version

pytestmark = pytest.mark.django_db


def lead(number: int = 1, **changes: object) -> dict[str, object]:
    return {
        "id": number,
        "industry": "Retail",
        "budget": 9000.5,
        "interactions": 19,
        "lastContact": (today() - timedelta(days=3)).isoformat(),
        "attributes": {"region": "n"},
        **changes,
    }


@pytest.fixture
def api() -> ApiClient:
    make_version(3, is_champion=True, is_active=True)
    return ApiClient("predict", "leads")


def test_the_contract_is_untouched_unless_reasons_are_asked_for(api):
    (prediction,) = api.send("POST", "/api/predict", {"leads": [lead()]}).json()["predictions"]
    assert not prediction.keys() & {"reasons", "explanation"}


def test_it_gives_reasons_that_add_up(api):
    asked = {"leads": [lead(1), lead(2, interactions=0), {"id": 3}], "explain": True}
    plain = api.send("POST", "/api/predict", {**asked, "explain": False}).json()["predictions"]
    predictions = api.send("POST", "/api/predict", asked).json()["predictions"]
    for prediction, before in zip(predictions, plain, strict=True):
        assert prediction["conversionProbability"] == before["conversionProbability"]
        parts = prediction["explanation"]
        points = sum(reason["points"] for reason in prediction["reasons"])
        total = parts["base"] + points + parts["rest"]
        assert total == pytest.approx(100 * prediction["conversionProbability"], abs=1e-6)
    assert predictions[0]["reasons"][0]["points"] > 10
    assert predictions[1]["reasons"][0]["points"] < -10


def test_it_says_reasons_in_plain_words(api):
    answer = api.send("POST", "/api/predict", {"leads": [lead()], "explain": True}).json()
    reasons = {each["name"]: each for each in answer["predictions"][0]["reasons"]}
    assert reasons["Interactions"]["value"] == "19"
    assert reasons["Interactions"]["text"].startswith("Interactions 19: +")
    assert reasons["Budget"]["value"] == "9,000.5 EUR"
    assert reasons["Last Contact Recency"]["text"].startswith("Last contact 3 days ago: ")
    assert reasons["Region"]["value"] == "n"


def test_it_says_what_is_not_known(api):
    answer = api.send("POST", "/api/predict", {"leads": [{"id": 1}], "explain": True}).json()
    values = {each["value"] for each in answer["predictions"][0]["reasons"]}
    assert values == {"not known"}


def test_it_refuses_an_explain_that_is_no_truth_value(api):
    response = api.send("POST", "/api/predict", {"leads": [lead()], "explain": "yes"})
    assert response.status_code == 400
    assert "explain" in response.json()["error"]["fields"]


def test_an_answer_with_reasons_may_be_sent_back(api):
    asked = {"leads": [{"id": 1}], "explain": True}
    (prediction,) = api.send("POST", "/api/predict", asked).json()["predictions"]
    assert api.send("POST", "/api/predict", {"leads": [prediction]}).status_code == 200


def test_it_explains_a_stored_lead_in_full(api):
    Lead.objects.create(external_id="a/1", interactions=12, industry="Banking")
    answer = api.send("GET", "/api/leads/a%2F1/explanation").json()
    parts = answer["explanation"]
    points = sum(reason["points"] for reason in answer["reasons"])
    assert len(answer["reasons"]) == 5
    assert parts["rest"] == 0
    assert parts["base"] + points == pytest.approx(100 * answer["conversionProbability"], abs=1e-6)
    assert answer["modelVersion"] == 3
    assert answer["score"] == round(100 * answer["conversionProbability"])
    assert not Prediction.objects.exists()


def test_it_answers_404_for_a_lead_that_nobody_knows(api):
    assert api.send("GET", "/api/leads/nobody/explanation").status_code == 404


def test_it_answers_409_if_no_model_of_that_type_is_there(api):
    Lead.objects.create(external_id="1")
    response = api.send("GET", "/api/leads/1/explanation?modelType=random-forest")
    assert (response.status_code, response.json()["error"]["code"]) == (409, "no_trained_model")
