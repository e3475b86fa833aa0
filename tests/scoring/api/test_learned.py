"""From the first lead on `auto` answers, and says how much of the answer is learned."""

from __future__ import annotations

from typing import Any

import pytest

from scoring.models import ModelVersion, Prediction
from scoring.services.corrected_card import scorecard_correct
from tests.http import ApiClient
from tests.scoring.crowd import TODAY, add_crowd
from tests.scoring.versions import make_version

pytestmark = pytest.mark.django_db

LEAD = {"id": 1, "interactions": 9, "budget": 60_000, "lastContact": "2026-05-30"}


@pytest.fixture
def api() -> ApiClient:
    return ApiClient()


def predict(api: ApiClient, **options: Any) -> Any:
    response = api.send("POST", "/api/predict", {"leads": [LEAD], **options})
    assert response.status_code == 200
    return response.json()


@pytest.mark.parametrize("options", [{}, {"modelType": "auto"}, {"modelType": None}])
def test_a_fresh_installation_answers_by_the_contract(api, options):
    answer = predict(api, **options)
    assert set(answer) == {"predictions", "featureImportance", "modelMetrics", "clusterAnalysis"}
    assert answer["modelMetrics"] == {
        "accuracy": None,
        "precision": None,
        "recall": None,
        "f1Score": None,
    }
    assert sum(each["value"] for each in answer["featureImportance"]) == pytest.approx(1)
    assert answer["clusterAnalysis"] == []
    version = ModelVersion.objects.get()
    assert (version.model_type, version.is_champion, version.is_active) == (
        "scorecard",
        True,
        False,
    )
    assert "The scorecard answers" in version.promotions.get().reason
    assert Prediction.objects.get().version == version


def test_asking_again_makes_no_other_version(api):
    predict(api)
    predict(api)
    assert ModelVersion.objects.count() == 1


def test_the_answer_says_how_much_is_learned_only_when_asked(api):
    assert "learned" not in predict(api)
    learned = predict(api, include=["learned"])["learned"]
    assert (learned["share"], learned["leads"]) == (0.0, 0)
    assert "Nothing is learned yet" in learned["text"]


def test_it_learns_as_outcomes_arrive_and_each_time_is_a_version(api):
    predict(api)
    shares = []
    for name in ("first", "second"):
        add_crowd(15, name=name, seed=len(name))
        scorecard_correct(why="Too few.", today=TODAY)
        shares.append(predict(api, include=["learned"])["learned"]["share"])
    assert 0 < shares[0] < shares[1] < 1
    detail = api.get("/api/models/3").json()
    assert detail["learned"]["share"] == shares[1]
    assert "is learned from 30 leads" in detail["learned"]["text"]
    assert detail["champion"]
    assert [each["number"] for each in api.get("/api/models").json()["models"]] == [3, 2, 1]
    assert predict(api)["clusterAnalysis"] != []


def test_of_a_trained_model_all_is_learned(api):
    make_version(7, is_champion=True, row_counts={"leadsUsed": 1234})
    learned = predict(api, include=["learned"])["learned"]
    assert (learned["share"], learned["leads"]) == (1.0, 1234)


def test_reasons_receipts_and_what_if_work_on_a_scorecard(api):
    (prediction,) = predict(api, explain=True)["predictions"]
    parts = sum(each["points"] for each in prediction["reasons"])
    whole = prediction["explanation"]["base"] + parts + prediction["explanation"]["rest"]
    assert whole == pytest.approx(100 * prediction["conversionProbability"], abs=1e-6)
    add_crowd(30)
    scorecard_correct(why="Too few.", today=TODAY)
    predict(api)
    now, before = api.get("/api/leads/1/scores").json()["scores"]
    receipt = now["receipt"]
    told = receipt["base"] + sum(each["points"] for each in receipt["data"] + receipt["model"])
    difference = 100 * (now["conversionProbability"] - before["conversionProbability"])
    assert told == pytest.approx(difference, abs=1e-6)
    body = {"lead": LEAD, "targetScore": 99}
    assert api.send("POST", "/api/what-if", body).status_code == 200
    body = {"lead": LEAD, "targetGrade": "A"}
    assert api.send("POST", "/api/what-if", body).status_code == 200
    explained = api.get("/api/leads/1/explanation")
    assert explained.status_code == 200


def test_a_named_type_that_was_not_trained_is_still_409(api):
    predict(api)
    body = {"leads": [LEAD], "modelType": "random-forest"}
    response = api.send("POST", "/api/predict", body)
    assert (response.status_code, response.json()["error"]["code"]) == (409, "no_trained_model")
