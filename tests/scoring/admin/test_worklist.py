"""Today's calls in the admin: the page, the file, and who may have them."""

from __future__ import annotations

import csv
import io
from datetime import date
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client

from crm.models import Lead
from scoring.models import LeadScore, ModelVersion
from tests.scoring.versions import make_version

pytestmark = pytest.mark.django_db

PAGE = "/admin/scoring/leadscore/worklist/"
LIST = "/admin/scoring/leadscore/"


@pytest.fixture
def version() -> ModelVersion:
    return make_version(1, is_champion=True, metrics={"baseRate": 0.2})


def add(version: ModelVersion, external_id: str, probability: float, **given: Any) -> Lead:
    lead = Lead.objects.create(external_id=external_id, **given)
    LeadScore.objects.create(
        lead=lead,
        version=version,
        probability=probability,
        score=round(100 * probability),
        revision=1,
        day=date(2026, 3, 1),
    )
    return lead


def seller(*codes: str) -> Client:
    user = User.objects.create_user("seller", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=codes))
    client = Client()
    client.force_login(user)
    return client


def text_of(client: Client, query: str = "") -> str:
    return " ".join(client.get(f"{PAGE}{query}").content.decode().split())


def test_it_says_what_so_many_calls_are_worth(admin_client, version):
    ada = add(version, "1", 0.5, name="Ada Byron", budget=30_000)
    add(version, "2", 0.2)
    add(version, "3", 0.1)
    page = text_of(admin_client, "?capacity=2")
    assert "2 calls today: expected 0.7 wins, 21,000 EUR in value" in page
    assert f'href="/admin/crm/lead/{ada.pk}/change/">Ada Byron</a>' in page
    assert "For 1 lead without one (≈) the median budget of the open leads stands in" in page
    assert "3 open leads in all" in page
    assert 'class="grade grade-A">A<' in page


def test_without_budgets_it_says_that_the_likeliest_come_first(admin_client, version):
    add(version, "1", 0.5)
    page = text_of(admin_client)
    assert "1 call today: expected 0.5 wins</p>" in page
    assert "No open lead has a budget, so the likeliest come first." in page


def test_it_can_be_the_list_of_one_owner(admin_client, version):
    add(version, "1", 0.5, name="Hers", owner=User.objects.create_user("ada"))
    add(version, "2", 0.5, name="Nobodys")
    page = text_of(admin_client, "?capacity=5&owner=ada")
    assert "Hers" in page
    assert "Nobodys" not in page


@pytest.mark.parametrize("capacity", ["0", "1001", "x", ""])
def test_a_capacity_that_is_none_is_refused_in_words(admin_client, version, capacity):
    add(version, "1", 0.5, name="Ada Byron")
    response = admin_client.get(f"{PAGE}?capacity={capacity}")
    assert response.status_code == 200
    assert 'class="error"' in response.content.decode()
    assert "Ada Byron" not in response.content.decode()


def test_an_empty_list_says_what_to_do_next(admin_client):
    assert "There are no open leads here." in text_of(admin_client)
    Lead.objects.create(external_id="1")
    assert "no model has been trained" in text_of(admin_client)
    make_version(1)
    assert "run <code>manage.py score</code>" in text_of(admin_client)


def test_the_file_holds_the_list_and_no_formula(admin_client, version):
    add(version, "=1+1", 0.5, name="@SUM(A1)", company="Engine, Ltd", budget=1000)
    add(version, "2", 0.25)
    response = admin_client.get(f"{PAGE}?capacity=5&format=csv")
    assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert "attachment" in response.headers["Content-Disposition"]
    first, second = csv.DictReader(io.StringIO(response.content.decode("utf-8-sig")))
    assert (first["id"], first["name"], first["company"]) == ("'=1+1", "'@SUM(A1)", "Engine, Ltd")
    assert (first["grade"], first["probability"], first["expected_value"]) == ("A", "0.5", "500.0")
    assert (first["value_stands_in"], second["value_stands_in"]) == ("no", "yes")


def test_only_who_may_export_leads_gets_the_file(version):
    add(version, "1", 0.5)
    client = seller("view_lead", "view_leadscore")
    assert "Download CSV" not in text_of(client)
    assert client.get(f"{PAGE}?capacity=5&format=csv").status_code == 403
    user = User.objects.get(username="seller")
    user.user_permissions.add(Permission.objects.get(codename="export_lead"))
    assert "Download CSV" in text_of(client)
    assert client.get(f"{PAGE}?capacity=5&format=csv").status_code == 200


@pytest.mark.parametrize("code", ["view_lead", "view_leadscore"])
def test_who_may_not_see_leads_and_scores_sees_no_list(version, code):
    client = seller(code)
    assert client.get(PAGE).status_code == 403
    assert PAGE not in client.get("/admin/").content.decode()


def test_the_sidebar_and_the_scores_lead_to_it(admin_client, version):
    add(version, "1", 0.5)
    assert PAGE in admin_client.get("/admin/").content.decode()
    assert admin_client.get(LIST).content.decode().count(PAGE) == 2


def test_it_takes_as_many_queries_however_long_it_is(
    admin_client, version, django_assert_max_num_queries
):
    for number in range(30):
        add(version, str(number), 0.5, budget=100)
    admin_client.get(PAGE)
    with django_assert_max_num_queries(12):
        admin_client.get(PAGE)
