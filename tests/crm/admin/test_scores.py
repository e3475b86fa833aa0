"""The score history on a lead's page."""

from __future__ import annotations

import pytest
from django.test import Client

from crm.models import Lead
from scoring.services.promote import version_promote
from scoring.services.rescore import leads_rescore
from tests.crm.admin.pages import LIST, page_of, typed_for
from tests.scoring.versions import make_version


def test_a_lead_without_scores_says_so(admin_page: Client, lead: Lead):
    assert "Not scored yet." in admin_page.get(page_of(lead)).content.decode()
    assert "Not scored yet." in admin_page.get(f"{LIST}add/").content.decode()


@pytest.fixture
def scored(lead: Lead) -> Lead:
    make_version(1, is_champion=True, is_active=True)
    leads_rescore()
    return lead


def test_each_score_says_what_changed_it(admin_page: Client, scored: Lead):
    admin_page.post(page_of(scored), typed_for(scored, interactions="19"))
    leads_rescore()
    make_version(2, seed=1)
    version_promote(number=2, reason="test")
    leads_rescore()
    page = admin_page.get(page_of(scored)).content.decode()
    assert "Interactions from 8 to 19: +" in page
    assert "Model version 2 sees the lead otherwise: " in page
    assert page.count("data-score-history") == 1


def test_a_seller_sees_it_too(seller_page: Client, scored: Lead):
    assert "data-score-history" in seller_page.get(page_of(scored)).content.decode()


def test_what_people_typed_is_no_html(admin_page: Client, scored: Lead):
    for industry, interactions in (("Retail", "1"), ("<script>alert(1)</script>", "19")):
        typed = typed_for(scored, industry=industry, interactions=interactions)
        admin_page.post(page_of(scored), typed)
        leads_rescore()
    page = admin_page.get(page_of(scored)).content.decode()
    assert "Industry from Retail to &lt;script&gt;" in page
    assert "<script>alert(1)" not in page
