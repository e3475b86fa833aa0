"""What is told beside a probability when somebody asks: over HTTP, from a real retrain."""

from typing import Any

import pytest
from django.db.models import F

from crm.models import Lead, Outcome
from crm.services import LeadData, leads_upsert
from scoring import registry
from scoring.models import ModelVersion, Scorecard, ScorecardRule
from scoring.services.corrected_card import scorecard_correct
from scoring.services.retrain import model_retrain
from scoring.services.scorecard import scorecard_publish
from tests.http import ApiClient, fields
from tests.scoring.crowd import SOMEONE, TODAY, add_crowd
from tests.scoring.versions import make_version

pytestmark = pytest.mark.django_db

PARTS = ["interval", "familiarity", "conversionByDay"]
USUAL = {"id": 1, "industry": "Retail", "interactions": 9}
ODD = {"id": 2, "industry": "Space mining", "interactions": 5_000}


@pytest.fixture
def trained() -> ModelVersion:
    add_crowd(300)
    model_retrain(model_types=["logistic-regression"], today=TODAY)
    champion = ModelVersion.objects.champion()
    assert champion is not None
    return champion


@pytest.fixture
def client(db) -> ApiClient:
    return ApiClient("predict", "leads")


def predict(client: ApiClient, *leads: dict[str, Any], include: list[str]) -> Any:
    body = {"leads": list(leads), "include": include, "store": False}
    response = client.send("POST", "/api/predict", body)
    assert response.status_code == 200, response.content
    return response.json()


def test_nothing_more_is_told_than_what_was_asked_for(client, trained):
    bare = predict(client, USUAL, include=[])
    assert not {*PARTS, "unavailable"} & {*bare, *bare["predictions"][0]}
    one = predict(client, USUAL, include=["interval"])["predictions"][0]
    assert {*PARTS} & {*one} == {"interval"}
    assert one["conversionProbability"] == bare["predictions"][0]["conversionProbability"]


def test_an_interval_holds_the_probability_and_is_wider_for_an_odd_lead(client, trained):
    usual, odd = predict(client, USUAL, ODD, include=PARTS)["predictions"]
    for each in (usual, odd):
        interval = each["interval"]
        assert 0 < interval["low"] < each["conversionProbability"] < interval["high"] < 1
        assert interval["level"] == 0.9
    assert odd["conversionProbability"] > usual["conversionProbability"]
    assert usual["familiarity"]["enough"]
    assert not odd["familiarity"]["enough"]


def test_it_says_which_fields_of_a_lead_are_unlike_those_learned_from(client, trained):
    familiarity = predict(client, ODD, include=PARTS)["predictions"][0]["familiarity"]
    assert familiarity["share"] <= 0.01
    assert familiarity["text"] == (
        "Not enough data like this lead. Industry Space mining: no lead like that; "
        "Interactions 5,000: no lead like that."
    )
    assert {each["name"]: each["value"] for each in familiarity["unlike"]} == {
        "Industry": "Space mining",
        "Interactions": "5,000",
    }


def test_the_chance_by_each_day_rises_to_the_probability_at_the_window(client, trained):
    said = predict(client, USUAL, ODD, include=["conversionByDay"])["predictions"]
    for each in said:
        by_day = {point["day"]: point["probability"] for point in each["conversionByDay"]}
        assert list(by_day) == [30, 60, 90, 180]
        assert list(by_day.values()) == sorted(by_day.values())
        assert by_day[trained.outcome_window_days] == each["conversionProbability"]


def test_the_explanation_of_a_stored_lead_tells_them_too(client, trained):
    lead = LeadData(external_id="x", industry="Retail", interactions=9)
    leads_upsert(leads=[lead], source=Lead.Source.API, actor=SOMEONE)
    told = client.send("GET", "/api/leads/x/explanation").json()
    said = predict(client, {**USUAL, "id": "x"}, include=PARTS)["predictions"][0]
    assert {part: told[part] for part in PARTS} == {part: said[part] for part in PARTS}
    assert told["unavailable"] == {}


def test_an_answer_can_be_sent_back_as_it_came(client, trained):
    said = predict(client, USUAL, include=PARTS)["predictions"][0]
    again = predict(client, {**USUAL, **said}, include=PARTS)["predictions"][0]
    assert again["conversionProbability"] == said["conversionProbability"]


def test_an_unknown_name_is_refused_with_the_known_ones(client, trained):
    body = {"leads": [USUAL], "include": ["interval", "horoscope"]}
    response = client.send("POST", "/api/predict", body)
    assert response.status_code == 400
    (message,) = fields(response).values()
    assert all(name in message for name in [*PARTS, "model", "segments", "intervals", "learned"])


def saved_card(*, rules: bool = True) -> None:
    card = Scorecard.objects.create(average_points=10, enabled=rules)
    ScorecardRule.objects.create(
        scorecard=card, column="industry", kind="one-of", value="Retail", points=20
    )
    ScorecardRule.objects.create(
        scorecard=card, column="interactions", kind="at-least", value="3", points=10
    )
    scorecard_publish(scorecard=card, user=None)


def test_a_scorecard_tells_them_as_soon_as_outcomes_corrected_it(client):
    add_crowd(300)
    saved_card()
    for correct in (False, True):
        if correct:
            scorecard_correct(why="Too few.", today=TODAY)
        answer = predict(client, USUAL, ODD, include=PARTS)
        assert "unavailable" not in answer
        usual, odd = answer["predictions"]
        assert usual["familiarity"]["enough"]
        assert {each["name"] for each in odd["familiarity"]["unlike"]} == {
            "Industry",
            "Interactions",
        }
        for each in (usual, odd):
            said = each["conversionProbability"]
            assert 0 < each["interval"]["low"] < said < each["interval"]["high"] < 1
            by_day = {point["day"]: point["probability"] for point in each["conversionByDay"]}
            assert list(by_day.values()) == sorted(by_day.values())
            assert by_day[90] == said
    report = ModelVersion.objects.latest("number").report
    assert report["outlook"]["conversionDays"] == [30, 60, 90, 180]
    assert report["outlook"]["interval"]["bins"]


def test_a_scorecard_without_rules_compares_leads_by_all_their_fields(client):
    add_crowd(300)
    saved_card(rules=False)
    usual, odd = predict(client, USUAL, ODD, include=["familiarity"])["predictions"]
    assert usual["conversionProbability"] == odd["conversionProbability"]
    assert usual["familiarity"]["enough"]
    assert not odd["familiarity"]["enough"]


def test_a_scorecard_that_learned_from_nobody_says_that_it_cannot_tell(client):
    answer = predict(client, USUAL, include=PARTS)
    assert all("learned from no leads" in why for why in answer["unavailable"].values())
    assert set(answer["unavailable"]) == set(PARTS)


def test_a_scorecard_of_a_few_outcomes_says_why_it_cannot_tell_each(client):
    add_crowd(20)
    saved_card()
    answer = predict(client, USUAL, include=PARTS)
    assert "30 leads" in answer["unavailable"]["familiarity"]
    assert "60 leads" in answer["unavailable"]["interval"]
    assert "Fewer than 20 wins" in answer["unavailable"]["conversionByDay"]


def test_a_version_from_before_says_what_it_cannot_tell(client):
    make_version(is_champion=True)
    answer = predict(client, USUAL, include=PARTS)
    assert set(answer["unavailable"]) == set(PARTS)
    assert all(answer["predictions"][0][part] is None for part in PARTS)


def test_without_dates_it_says_why_there_is_no_chance_by_day(client):
    add_crowd(300)
    for leads in (Lead.objects, Lead.history):
        leads.update(seen_on=None, budget=F("id"))

    Outcome.objects.update(occurred_on=None)
    model_retrain(model_types=["logistic-regression"], today=TODAY)
    answer = predict(client, USUAL, include=PARTS)
    assert "No outcome has a day" in answer["unavailable"]["conversionByDay"]
    assert answer["predictions"][0]["conversionByDay"] is None
    assert answer["predictions"][0]["interval"] is not None


def test_it_is_the_same_from_the_stored_artifact(client, trained):
    first = predict(client, USUAL, ODD, include=PARTS)

    registry.forget_loaded()
    assert predict(client, USUAL, ODD, include=PARTS)["predictions"] == first["predictions"]
