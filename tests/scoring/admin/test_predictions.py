from datetime import date

import pytest

from crm.models import Lead
from scoring.models import LeadScore, Prediction
from tests.scoring.versions import make_version

pytestmark = pytest.mark.django_db


@pytest.fixture
def prediction() -> Prediction:
    return make_predictions(1)[0]


def make_predictions(count: int) -> list[Prediction]:
    version = make_version(1)
    said = {"version": version, "probability": 0.42, "score": 42, "day": date(2026, 1, 1)}
    leads = [Lead.objects.create(external_id=f"lead-{number}") for number in range(count)]
    LeadScore.objects.bulk_create(LeadScore(lead=lead, revision=1, **said) for lead in leads)
    return Prediction.objects.bulk_create(
        Prediction(lead=lead, features={"industry": "Retail"}, **said) for lead in leads
    )


@pytest.mark.parametrize("name", ["prediction", "leadscore"])
def test_the_lists_take_as_many_queries_for_many_leads(
    admin_client, name, django_assert_max_num_queries
):
    make_predictions(20)
    with django_assert_max_num_queries(7):
        page = admin_client.get(f"/admin/scoring/{name}/")
    assert page.content.count(b"lead-") >= 20


def test_a_prediction_shows_what_it_saw(admin_client, prediction):
    page = admin_client.get(f"/admin/scoring/prediction/{prediction.pk}/change/").content
    assert b"&quot;industry&quot;: &quot;Retail&quot;" in page


def test_a_prediction_of_a_stored_lead_names_the_history_entry(admin_client, prediction):
    Prediction.objects.update(features=None, history_id=77)
    page = admin_client.get(f"/admin/scoring/prediction/{prediction.pk}/change/").content
    assert b"history entry 77" in page


def test_an_erased_prediction_opens(admin_client, prediction):
    Prediction.objects.update(features=None, lead=None)
    page = admin_client.get(f"/admin/scoring/prediction/{prediction.pk}/change/")
    assert b"Erased with the lead" in page.content


def test_a_lead_is_found_by_its_whole_id_only(admin_client, prediction):
    found = admin_client.get("/admin/scoring/prediction/?q=lead-0").content
    assert b"0.42" in found
    assert b"0.42" not in admin_client.get("/admin/scoring/prediction/?q=lead").content


def test_nothing_can_be_written_anew(admin_client, prediction):
    url = f"/admin/scoring/prediction/{prediction.pk}/change/"
    assert admin_client.post(url, {"score": 99}).status_code == 403
    prediction.refresh_from_db()
    assert prediction.score == 42
