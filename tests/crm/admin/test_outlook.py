"""How sure a lead's probability is, on the lead's page."""

from __future__ import annotations

from django.test import Client

from crm.models import Lead
from scoring.services.retrain import model_retrain
from tests.crm.admin.pages import page_of, typed_for
from tests.scoring.crowd import TODAY, add_crowd
from tests.scoring.versions import make_version


def page(client: Client, lead: Lead) -> str:
    return client.get(page_of(lead)).content.decode().replace("\u00a0", " ")


def test_it_says_how_sure_the_probability_is_and_by_when_a_win_may_come(
    admin_page: Client, lead: Lead
):
    add_crowd(300)
    model_retrain(model_types=["logistic-regression"], today=TODAY)
    admin_page.post(page_of(lead), typed_for(lead, industry="Retail"))
    shown = page(admin_page, lead)
    assert "90 % sure that it is between" in shown
    assert "Won within 30 days" in shown
    assert "Not enough data like this lead" not in shown
    admin_page.post(page_of(lead), typed_for(lead, industry="Retail", interactions="5000"))
    assert "Not enough data like this lead. Interactions 5,000: no lead like that" in page(
        admin_page, lead
    )


def test_a_version_from_before_gives_the_probability_alone(admin_page: Client, lead: Lead):
    make_version(is_champion=True)
    shown = page(admin_page, lead)
    assert "<div>Today " in shown
    assert "sure that it is" not in shown


def test_before_any_training_too_there_is_a_page(admin_page: Client, lead: Lead):
    assert "sure that it is" not in page(admin_page, lead)
