"""POST /api/what-if: the smallest change, and a change tried."""

from datetime import timedelta
from typing import Any

import pytest

from crm.days import today
from crm.models import Lead
from scoring.ml.explaining.actions import actions_from
from scoring.models import Prediction
from tests.http import ApiClient, fields
from tests.scoring.versions import make_version

pytestmark = pytest.mark.django_db


@pytest.fixture
def api() -> ApiClient:
    make_version(4, is_champion=True, is_active=True, metrics={"baseRate": 0.3})
    return ApiClient("predict")


def ask(api: ApiClient, **asked: Any) -> Any:
    lead = {"id": 1, "interactions": 6, "industry": "Retail", "attributes": {"region": "n"}}
    lead["lastContact"] = (today() - timedelta(days=60)).isoformat()
    return api.send("POST", "/api/what-if", {"lead": lead, **asked})


def test_it_proposes_the_smallest_changes_that_reach_a_score(api):
    answer = ask(api, targetScore=60).json()
    assert answer["score"] < 60
    assert not answer["reached"]
    assert 1 <= len(answer["proposals"]) <= 3
    for proposal in answer["proposals"]:
        assert proposal["reached"]
        assert proposal["score"] >= 60
    first = answer["proposals"][0]["steps"][0]
    assert first["name"] == "Interactions"
    assert first["text"] == f"Interactions from 6 to {first['after']}"
    assert "not a promise" in answer["note"]


def test_what_it_expects_is_what_it_then_says(api):
    (proposal, *_) = ask(api, targetScore=60).json()["proposals"]
    changes = {step["name"]: step["after"] for step in proposal["steps"]}
    assert proposal["changes"] == {"interactions": int(changes["Interactions"])}
    tried = ask(api, changes=proposal["changes"]).json()
    assert list(changes) == ["Interactions"]
    assert tried["after"]["conversionProbability"] == pytest.approx(
        proposal["conversionProbability"], abs=1e-9
    )


def test_it_aims_at_a_grade(api):
    answer = ask(api, targetGrade="A").json()
    assert answer["proposals"]
    assert all(each["reached"] for each in answer["proposals"])


def test_it_says_what_is_there_already(api):
    answer = ask(api, targetScore=1).json()
    assert (answer["reached"], answer["proposals"]) == (True, [])


def test_the_actionable_fields_are_a_setting(api, settings):
    settings.ACTIONABLE_FIELDS = actions_from({"interactions": {"add": [1, 2]}})
    (proposal,) = ask(api, targetScore=100).json()["proposals"]
    assert not proposal["reached"]
    assert [step["text"] for step in proposal["steps"]] == ["Interactions from 6 to 8"]


def test_a_proposal_of_any_kind_can_be_tried(api, settings):
    setting = {"lastContact": "today", "attributes.region": {"set": ["s"]}}
    settings.ACTIONABLE_FIELDS = actions_from(setting)
    answer = ask(api, targetScore=100).json()
    for proposal in answer["proposals"]:
        tried = ask(api, changes=proposal["changes"]).json()
        assert tried["after"]["score"] == proposal["score"]
    told = [name for each in answer["proposals"] for name in each["changes"]]
    assert set(told) <= {"lastContact", "attributes"}
    assert told


def test_it_tries_changes_and_gives_the_parts(api):
    changes = {"interactions": 15, "budget": 100, "attributes": {"plan": "b"}, "industry": None}
    answer = ask(api, changes=changes).json()
    assert "proposals" not in answer
    assert answer["before"]["score"] == answer["score"]
    for part in (answer["before"], answer["after"]):
        points = sum(each["points"] for each in part["reasons"])
        total = part["explanation"]["base"] + points + part["explanation"]["rest"]
        assert total == pytest.approx(100 * part["conversionProbability"], abs=1e-6)
    after = {each["name"]: each["value"] for each in answer["after"]["reasons"]}
    assert after["Interactions"] == "15"
    assert after["Region"] == "n"
    assert after["Industry"] == "not known"


def test_it_stores_nothing(api):
    ask(api, targetScore=60)
    ask(api, changes={"interactions": 15})
    assert not Lead.objects.exists()
    assert not Prediction.objects.exists()


@pytest.mark.parametrize(
    "asked", [{}, {"targetScore": 60, "targetGrade": "A"}, {"targetScore": 60, "changes": {}}]
)
def test_it_wants_one_question(api, asked):
    response = ask(api, **asked)
    assert response.status_code == 400
    assert "one of targetScore" in fields(response)["body"]


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"targetScore": 101}, "targetScore"),
        ({"targetGrade": "E"}, "targetGrade"),
        ({"changes": {"budget": -1}}, "changes.budget"),
        ({"changes": {"shoes": 1}}, "changes.shoes"),
        ({"changes": {"attributes": {"a": [1]}}}, "changes.attributes"),
    ],
)
def test_it_names_what_is_wrong(api, asked, field):
    response = ask(api, **asked)
    assert response.status_code == 400
    assert any(name.startswith(field) for name in fields(response))


def test_it_says_that_a_version_has_no_grades():
    make_version(1, is_champion=True, is_active=True)
    response = ask(ApiClient("predict"), targetGrade="A")
    assert (response.status_code, response.json()["error"]["code"]) == (409, "no_grades")
