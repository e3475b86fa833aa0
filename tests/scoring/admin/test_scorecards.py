"""The scorecard in the admin: edited, previewed, refused with a reason, kept with who did what."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client

from crm.models import Lead
from scoring.models import ModelVersion, Promotion, Scorecard, ScorecardRule
from tests.http import ApiClient
from tests.scoring.crowd import add_crowd
from tests.scoring.versions import make_version

pytestmark = pytest.mark.django_db

LIST = "/admin/scoring/scorecard/"
ADD = f"{LIST}add/"
PREVIEW = f"{LIST}preview/"
TECH = ("industry", "one-of", "Technology, Software", "15")


def filled_in(*rules: tuple[str, str, str, str], **settings: Any) -> dict[str, Any]:
    data = {
        "enabled": "on",
        "expected_percent": "10",
        "average_points": "20",
        "points_to_double": "20",
        "certainty": "2",
        "rules-TOTAL_FORMS": len(rules),
        "rules-INITIAL_FORMS": 0,
        "rules-MIN_NUM_FORMS": 0,
        "rules-MAX_NUM_FORMS": 100,
        **settings,
    }
    for number, rule in enumerate(rules):
        for name, value in zip(("column", "kind", "value", "points"), rule, strict=True):
            data[f"rules-{number}-{name}"] = value
    return data


def save(client: Client, *rules: tuple[str, str, str, str], **settings: Any) -> Any:
    return client.post(ADD, filled_in(*rules, **settings), follow=True)


def predict(**fields: Any) -> float:
    answer = ApiClient().send("POST", "/api/predict", {"leads": [{"id": 1, **fields}]})
    return float(answer.json()["predictions"][0]["conversionProbability"])


def champion() -> ModelVersion:
    return ModelVersion.objects.get(is_champion=True)


def test_the_page_begins_with_the_newest_card_and_stores_nothing(admin_client):
    page = admin_client.get(ADD).content.decode()
    assert page.count("within-days") >= 9
    assert 'value="50,000"' in page
    assert not Scorecard.objects.exists()
    save(admin_client, TECH, expected_percent="30")
    page = admin_client.get(ADD).content.decode()
    assert 'value="Technology, Software"' in page
    assert 'value="30.0"' in page
    assert 'value="50,000"' not in page


def test_a_saved_card_is_a_version_that_answers_from_then_on(admin_client, admin_user):
    before = predict(industry="Software")
    first = ModelVersion.objects.get()
    page = save(admin_client, TECH, average_points="0").content.decode()
    assert "The scorecard is version 2 (scorecard)." in page
    assert "Nothing is learned yet" in page
    version = ModelVersion.objects.get(is_champion=True)
    assert (version.number, version.model_type, version.is_active) == (2, "scorecard", False)
    assert version.promoted_by == admin_user
    assert "Added: Industry is one of Technology, Software: +15." in version.promotion_reason
    assert Promotion.objects.count() == 2
    retail, software = predict(industry="Retail"), predict(industry="software")
    assert retail == pytest.approx(0.1)
    assert software / (1 - software) == pytest.approx(2**0.75 / 9)
    assert before != software
    # What was said before can still be said: that version is what it was.
    assert ModelVersion.objects.get(pk=first.pk).recipe == first.recipe


def test_each_save_is_kept_with_who_and_what(admin_client):
    save(admin_client, TECH)
    save(admin_client, TECH, ("budget", "at-least", "50,000", "20"), certainty="3")
    newest, first = Scorecard.objects.all()
    assert newest.changes == [
        "How far off it may be, as a factor: 3, was 2.",
        "Added: Budget is at least 50,000: +20.",
    ]
    assert first.changes == ["The first scorecard."]
    assert [each.version and each.version.number for each in (newest, first)] == [2, 1]
    page = admin_client.get(LIST).content.decode()
    assert "Added: Budget is at least 50,000: +20." in page
    assert "admin" in page
    page = admin_client.get(f"{LIST}{first.pk}/change/").content.decode()
    assert "Technology, Software" in page
    assert 'name="_save"' not in page


def test_a_rule_on_an_attribute_of_the_teams_own(admin_client):
    Lead.objects.create(external_id="x", attributes={"demo_booked": True})
    assert "attributes.demo_booked" in admin_client.get(ADD).content.decode()
    save(admin_client, ("attributes.demo_booked", "one-of", "yes", "20"), average_points="0")
    without, booked = predict(), predict(attributes={"demo_booked": True})
    assert booked / (1 - booked) == pytest.approx(2 * without / (1 - without))


@pytest.mark.parametrize(
    ("rule", "message"),
    [
        (("industry", "at-least", "5", "1"), "Industry is text. Choose “is one of”"),
        (("budget", "within-days", "5", "1"), "Budget is a number."),
        (("last_contact", "one-of", "May", "1"), "is a date. Choose “is within so many days”"),
        (("budget", "at-least", "much", "1"), "Enter a number."),
        (("budget", "at-least", "", "1"), "Enter a number."),
        (("budget", "between", "5", "1"), "Enter two numbers, such as 10 to 50."),
        (("budget", "between", "50 to 10", "1"), "must not be above the second"),
        (("last_contact", "within-days", "soon", "1"), "Enter a number of days, such as 14."),
        (("last_contact", "within-days", "-3", "1"), "Enter 0 days or more."),
        (("industry", "one-of", " , ", "1"), "Enter at least one word"),
        (("industry", "known", "x", "1"), "Leave this empty"),
        (("industry", "known", "", ""), "This field is required."),
        (("industry", "known", "", "5000"), "less than or equal to 1000"),
        (("industry", "known", "", "nan"), "Enter a number."),
        (("nothing", "known", "", "5"), "Select a valid choice"),
    ],
)
def test_a_rule_that_cannot_hold_is_refused_with_what_to_do(admin_client, rule, message):
    page = save(admin_client, TECH, rule).content.decode()
    assert message in page
    assert not Scorecard.objects.exists()
    assert not ModelVersion.objects.exists()
    told = admin_client.post(PREVIEW, filled_in(TECH, rule)).content.decode()
    assert "Rule 2" in told
    assert message in told


@pytest.mark.parametrize(
    "settings",
    [
        {"expected_percent": "0"},
        {"expected_percent": "100"},
        {"points_to_double": "0"},
        {"certainty": "1"},
        {"average_points": "inf"},
    ],
)
def test_settings_that_mean_nothing_are_refused(admin_client, settings):
    save(admin_client, TECH, **settings)
    assert not Scorecard.objects.exists()


def test_the_preview_shows_leads_before_anything_is_saved(admin_client):
    predict()
    Lead.objects.create(external_id="a-lead", industry="Software")
    data = filled_in(TECH, average_points="0")
    page = admin_client.post(PREVIEW, data).content.decode()
    assert "a-lead" in page
    assert "10.0\u00a0%" in page  # of which nothing is known
    assert "15.7\u00a0%" in page  # 2 ** .75 times the odds
    assert "newest open leads have" in page
    assert Scorecard.objects.count() == 1
    assert ModelVersion.objects.count() == 1


def test_with_the_rules_switched_off_everybody_gets_the_expected_rate(admin_client):
    page = save(admin_client, TECH, enabled="", expected_percent="25").content.decode()
    assert "version 1 (base-rate)" in page
    assert predict(industry="Software") == pytest.approx(0.25)
    assert predict() == pytest.approx(0.25)
    save(admin_client, TECH)
    assert champion().model_type == "scorecard"


def test_without_any_rule_everybody_gets_the_expected_rate(admin_client):
    save(admin_client, expected_percent="25")
    assert predict(budget=5) == pytest.approx(0.25)


def test_a_model_that_passed_the_gate_goes_on_answering(admin_client):
    make_version(4, is_champion=True)
    page = save(admin_client, TECH).content.decode()
    assert "A model learned from outcomes goes on answering" in page
    assert champion().number == 4
    assert ModelVersion.objects.get(number=5).model_type == "scorecard"


def test_outcomes_that_came_before_the_edit_correct_it_at_once(admin_client):
    add_crowd(30)
    page = save(admin_client, ("interactions", "at-least", "10", "-30")).content.decode()
    assert "is learned from 30 leads" in page
    version = champion()
    assert version.row_counts["leadsUsed"] == 30
    assert version.training_to is not None


def test_only_who_may_add_a_scorecard_edits_and_only_who_may_view_sees(client):
    user = User.objects.create_user("seller", is_staff=True)
    client.force_login(user)
    for path in (LIST, ADD):
        assert client.get(path).status_code == 403
    assert client.post(PREVIEW, filled_in(TECH)).status_code == 403
    user.user_permissions.add(Permission.objects.get(codename="view_scorecard"))
    assert client.get(LIST).status_code == 200
    assert client.get(ADD).status_code == 403
    assert client.post(ADD, filled_in(TECH)).status_code == 403
    assert client.post(PREVIEW, filled_in(TECH)).status_code == 403
    user.user_permissions.add(Permission.objects.get(codename="add_scorecard"))
    assert client.post(ADD, filled_in(TECH), follow=True).status_code == 200
    assert Scorecard.objects.get().saved_by == user


def test_a_saved_card_cannot_be_changed_or_deleted(admin_client):
    save(admin_client, TECH)
    card = Scorecard.objects.get()
    admin_client.post(f"{LIST}{card.pk}/change/", filled_in(TECH, expected_percent="50"))
    admin_client.post(f"{LIST}{card.pk}/delete/", {"post": "yes"})
    card.refresh_from_db()
    assert card.expected_percent == 10
    assert ScorecardRule.objects.count() == 1
