"""POST /api/predict: the contract, to the letter, and what it refuses."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine

from crm.days import today
from crm.models import Lead
from crm.services import LeadData
from leadscoring.api.wire import read_day
from scoring.api.predict import to_leads
from scoring.api.wire import PredictLead
from scoring.models import ModelVersion, Prediction
from tests.http import ApiClient, fields
from tests.scoring.versions import make_version

pytestmark = pytest.mark.django_db

LEAD = {
    "id": 1,
    "name": "John Doe",
    "company": "ABC Corp",
    "industry": "Technology",
    "size": "medium",
    "lastContact": "2023-06-15",
    "budget": 25000,
    "previousPurchases": 2,
    "interactions": 8,
}

SEEN = {
    "company": "ABC Corp",
    "industry": "Technology",
    "size": "medium",
    "budget": 25000.0,
    "previous_purchases": 2.0,
    "interactions": 8.0,
}


def measured(value: float) -> dict[str, float]:
    return {"value": value, "low": value - 0.1, "high": value + 0.1}


@pytest.fixture
def version() -> ModelVersion:
    return make_version(
        7,
        model_type="random-forest",
        is_champion=True,
        is_active=True,
        metrics={
            "accuracy": measured(0.85),
            "precision": measured(0.83),
            "recall": measured(0.79),
            "f1Score": measured(0.81),
        },
        feature_importance=[{"name": "Interactions", "value": 1.0}],
        segments=[
            {
                "x": 35.0,
                "y": 28.0,
                "z": 20.0,
                "name": "Low Value, High Volume",
                "leads": 40,
                "conversion_rate": 0.1,
            }
        ],
    )


@pytest.fixture
def api() -> ApiClient:
    return ApiClient("predict")


def predict(api: ApiClient, *leads: object, **rest: object):
    return api.send("POST", "/api/predict", {"leads": list(leads), **rest})


def test_it_answers_exactly_what_the_contract_shows(api: ApiClient, version: ModelVersion) -> None:
    response = predict(api, LEAD, modelType="random-forest")
    assert response.status_code == 200
    answer = response.json()
    probability = answer["predictions"][0]["conversionProbability"]
    assert 0 < probability < 1
    assert answer == {
        "predictions": [
            {
                "id": 1,
                "name": "John Doe",
                "company": "ABC Corp",
                "industry": "Technology",
                "size": "medium",
                "conversionProbability": probability,
                "score": round(100 * probability),
                "lastContact": "2023-06-15",
            }
        ],
        "featureImportance": [{"name": "Interactions", "value": 1.0}],
        "modelMetrics": {"accuracy": 0.85, "precision": 0.83, "recall": 0.79, "f1Score": 0.81},
        "clusterAnalysis": [{"x": 35.0, "y": 28.0, "z": 20.0, "name": "Low Value, High Volume"}],
    }


def test_it_adds_what_is_asked_for(api: ApiClient, version: ModelVersion) -> None:
    answer = predict(api, LEAD, include=["model", "segments", "intervals"]).json()
    assert answer["modelVersion"] == 7
    assert answer["modelType"] == "random-forest"
    assert answer["clusterAnalysis"][0]["leads"] == 40
    assert answer["clusterAnalysis"][0]["conversionRate"] == 0.1
    assert answer["metricIntervals"]["recall"] == pytest.approx({"low": 0.69, "high": 0.89})


def test_it_needs_only_an_id(api: ApiClient, version: ModelVersion) -> None:
    lead = predict(api, {"id": "a/b"}).json()["predictions"][0]
    assert lead["id"] == "a/b"
    assert [lead[name] for name in ("name", "company", "industry", "size", "lastContact")] == (
        [None] * 5
    )


def test_null_and_missing_are_the_same(api: ApiClient, version: ModelVersion) -> None:
    nulls = dict.fromkeys(LEAD) | {"id": 1, "attributes": None, "email": None, "position": None}
    first = predict(api, nulls).json()["predictions"][0]
    second = predict(api, {"id": 2}).json()["predictions"][0]
    assert first["conversionProbability"] == second["conversionProbability"]


def test_it_answers_in_the_order_of_the_request(api: ApiClient, version: ModelVersion) -> None:
    ids = [9, "x", 3, "-1", 0, 2**53]
    answer = predict(api, *[{"id": each, "interactions": 3} for each in ids]).json()
    assert [lead["id"] for lead in answer["predictions"]] == ids


def test_a_thousand_leads_are_as_good_as_one(api: ApiClient, version: ModelVersion) -> None:
    many = predict(api, *[LEAD | {"id": number} for number in range(1000)], store=False).json()
    one = predict(api, LEAD, store=False).json()["predictions"][0]["conversionProbability"]
    assert len(many["predictions"]) == 1000
    assert {lead["conversionProbability"] for lead in many["predictions"]} == {one}


def test_whole_numbers_may_be_written_with_a_point(api: ApiClient, version: ModelVersion) -> None:
    body = b'{"leads": [{"id": 1.0, "previousPurchases": 8.0, "budget": 1e3}]}'
    response = api.post("/api/predict", body, content_type="application/json")
    assert response.status_code == 200
    assert response.json()["predictions"][0]["id"] == 1


def test_its_own_answer_can_be_sent_back(api: ApiClient, version: ModelVersion) -> None:
    answer = predict(api, LEAD).json()["predictions"][0]
    again = predict(api, answer)
    assert again.status_code == 200


def test_it_notes_leads_that_nobody_knew(api: ApiClient, version: ModelVersion) -> None:
    predict(api, LEAD | {"email": "john@abc.example"})
    lead = Lead.objects.get()
    assert (lead.external_id, lead.name, lead.source, lead.confirmed, lead.seen_on) == (
        ("1", "John Doe", "api", False, today())
    )
    assert lead.history.get().history_change_reason == "API key tests"


def test_it_never_overwrites_a_lead(api: ApiClient, version: ModelVersion) -> None:
    predict(api, LEAD)
    predict(api, LEAD | {"name": "Somebody Else", "budget": 1})
    lead = Lead.objects.get()
    assert (lead.name, lead.budget) == ("John Doe", Decimal(25000))


def test_a_stored_value_never_stands_in(api: ApiClient, version: ModelVersion) -> None:
    predict(api, LEAD | {"interactions": 19})
    known = predict(api, {"id": 1}).json()["predictions"][0]
    unknown = predict(api, {"id": 2}).json()["predictions"][0]
    assert known["conversionProbability"] == unknown["conversionProbability"]


def test_without_store_it_leaves_no_trace(api: ApiClient, version: ModelVersion) -> None:
    assert predict(api, LEAD, store=False).status_code == 200
    assert not Lead.objects.exists()
    assert not Prediction.objects.exists()


def test_metrics_that_were_not_measured_are_null(api: ApiClient) -> None:
    make_version(is_champion=True, metrics={"accuracy": {"value": None, "low": None, "high": None}})
    answer = predict(api, LEAD, include=["intervals"]).json()
    assert set(answer["modelMetrics"].values()) == {None}
    assert answer["metricIntervals"]["f1Score"] == {"low": None, "high": None}


def test_without_a_model_of_that_type_it_says_how_to_train_one(api: ApiClient) -> None:
    response = predict(api, LEAD, modelType="random-forest")
    assert response.status_code == 409
    assert response.json()["error"]["code"] == "no_trained_model"
    assert "manage.py retrain" in response.json()["error"]["message"]
    assert not Lead.objects.exists()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"id": True}, "id"),
        ({"id": None}, "id"),
        ({"id": 1.5}, "id"),
        ({"id": 2**53 + 2}, "id"),
        ({"id": -(2**60)}, "id"),
        ({"id": ""}, "id"),
        ({"id": "  "}, "id"),
        ({"id": "x" * 201}, "id"),
        ({"id": [1]}, "id"),
        ({"name": 5}, "name"),
        ({"name": "x" * 201}, "name"),
        ({"email": "nobody"}, "email"),
        ({"lastContact": "15.06.2023"}, "lastContact"),
        ({"lastContact": "2023-6-15"}, "lastContact"),
        ({"lastContact": "20230615"}, "lastContact"),
        ({"lastContact": "2023-W24-4"}, "lastContact"),
        ({"lastContact": "2023-06-15T10:00:00"}, "lastContact"),
        ({"lastContact": "0001-01-01T00:00:00+14:00"}, "lastContact"),
        ({"lastContact": ""}, "lastContact"),
        ({"lastContact": 20230615}, "lastContact"),
        ({"lastContact": (date.today() + timedelta(days=3)).isoformat()}, "lastContact"),
        ({"budget": -1}, "budget"),
        ({"budget": 1e12 + 1}, "budget"),
        ({"budget": 1e39}, "budget"),
        ({"budget": True}, "budget"),
        ({"budget": "25000"}, "budget"),
        ({"previousPurchases": 1.5}, "previousPurchases"),
        ({"previousPurchases": -1}, "previousPurchases"),
        ({"interactions": 10**6 + 1}, "interactions"),
        ({"interactions": False}, "interactions"),
        ({"attributes": []}, "attributes"),
        ({"attributes": {"a": []}}, "attributes"),
        ({"attributes": {"a": 1e39}}, "attributes"),
        ({"attributes": {"": 1}}, "attributes"),
        ({"attributes": {"a" * 101: 1}}, "attributes"),
        ({"attributes": {"a": "x" * 1001}}, "attributes"),
    ],
)
def test_it_refuses_what_a_field_cannot_be_and_names_it(
    api: ApiClient, version: ModelVersion, changes: dict[str, object], field: str
) -> None:
    response = predict(api, LEAD | {"id": 2}, LEAD | changes)
    assert response.status_code == 400
    assert list(fields(response)) == [f"leads.1.{field}"]
    assert not Lead.objects.exists()


def test_it_names_an_unknown_field_and_points_to_attributes(
    api: ApiClient, version: ModelVersion
) -> None:
    response = predict(api, LEAD | {"campaign": "spring"})
    assert fields(response) == {
        "leads.0.campaign": "Unknown field. Your own columns go under `attributes`."
    }


@pytest.mark.parametrize("field", ["explained", "model_type", "Leads"])
def test_it_names_an_unknown_field_of_the_request(api: ApiClient, field: str) -> None:
    assert fields(predict(api, LEAD, **{field: True})) == {field: "Unknown field."}


def test_it_tells_all_that_is_wrong_at_once(api: ApiClient, version: ModelVersion) -> None:
    response = predict(
        api,
        {"name": 5, "budget": "a lot"},
        "a lead",
        {"id": 3, "interactions": -1, "colour": "red"},
        store="yes",
        include=["everything"],
        modelType="oracle",
    )
    assert set(fields(response)) == {
        "leads.0.id",
        "leads.0.name",
        "leads.0.budget",
        "leads.1",
        "leads.2.interactions",
        "leads.2.colour",
        "store",
        "include.0",
        "modelType",
    }
    assert fields(response)["modelType"].startswith("Must be one of: auto, ")


def test_it_repeats_nothing_that_was_sent(api: ApiClient, version: ModelVersion) -> None:
    response = predict(
        api, LEAD | {"name": 5, "email": "ada@", "size": "x" * 300}, modelType="ada@"
    )
    assert "ada@" not in response.content.decode()
    assert "xxx" not in response.content.decode()


@pytest.mark.parametrize("pair", [(1, 1), (1, "1"), ("a", "a")])
def test_it_refuses_the_same_id_twice(
    api: ApiClient, version: ModelVersion, pair: tuple[object, object]
) -> None:
    response = predict(api, {"id": pair[0]}, {"id": 5}, {"id": pair[1]})
    assert response.status_code == 400
    assert fields(response) == {"leads.2.id": "The same id as leads.0."}


@pytest.mark.parametrize("count", [0, 1001])
def test_it_takes_one_to_a_thousand_leads(api: ApiClient, count: int) -> None:
    response = predict(api, *[{"id": number} for number in range(count)])
    assert response.status_code == 400
    assert list(fields(response)) == ["leads"]


def test_an_answer_to_a_thousand_errors_stays_readable(api: ApiClient) -> None:
    response = predict(api, *[{"budget": -1}] * 1000)
    assert len(fields(response)) == 100
    assert response.json()["error"]["message"].startswith("100 fields or more")


@time_machine.travel("2026-03-10T23:30:00Z", tick=False)
def test_last_contact_is_a_day_where_the_team_sits(
    api: ApiClient, version: ModelVersion, settings
) -> None:
    settings.TIME_ZONE = "Europe/Berlin"
    moment = "2026-03-10T23:15:00.5Z"
    lead = predict(api, LEAD | {"lastContact": moment}).json()["predictions"][0]
    assert lead["lastContact"] == moment
    prediction = Prediction.objects.get()
    assert prediction.features == {**SEEN, "last_contact": "2026-03-11"}
    assert prediction.day == date(2026, 3, 11)


def test_day_one_is_an_odd_day_but_a_day(api: ApiClient, version: ModelVersion) -> None:
    assert predict(api, LEAD | {"lastContact": "0001-01-01"}).status_code == 200


def test_each_field_of_a_request_reaches_the_services() -> None:
    texts = ("name", "company", "industry", "size", "email", "position")
    said: dict[str, Any] = {name: f"a {name}" for name in texts}
    said |= {"budget": 1.5, "previous_purchases": 2, "interactions": 3, "attributes": {"a": "b"}}
    lead = PredictLead(id=7, last_contact=read_day("2026-01-31"), **said)

    assert to_leads([lead, PredictLead(id="8")]) == [
        LeadData(external_id="7", last_contact=date(2026, 1, 31), **said),
        LeadData(external_id="8", **dict.fromkeys((*said, "last_contact"))),
    ]
