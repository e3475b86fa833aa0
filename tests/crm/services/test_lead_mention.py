from __future__ import annotations

from decimal import Decimal

import pytest
from pytest_django import DjangoAssertNumQueries

from crm.days import today
from crm.errors import InvalidLead
from crm.models import Lead
from crm.services import LeadData, lead_upsert, leads_mention
from tests.crm.factories import ACTOR, lead_data, stored

pytestmark = pytest.mark.django_db


def test_an_unknown_lead_is_noted_unconfirmed_and_known_since_today():
    given = LeadData(external_id="1", name="Ada")

    assert leads_mention(leads=[given], actor=ACTOR) == {"1": stored().pk}

    assert (stored().name, stored().confirmed, stored().source) == ("Ada", False, "api")
    assert stored().seen_on == today()
    assert stored().history.get().history_change_reason == "a test"


def test_a_known_lead_is_left_alone():
    lead_upsert(lead=lead_data(), source="api", actor=ACTOR)

    leads = leads_mention(leads=[lead_data(budget=1), lead_data("2")], actor=ACTOR)

    assert leads == {"1": stored().pk, "2": stored("2").pk}
    assert (stored().budget, stored().revision) == (Decimal("25000.50"), 1)


def test_known_leads_cost_one_query(django_assert_num_queries: DjangoAssertNumQueries):
    lead_upsert(lead=lead_data(), source="api", actor=ACTOR)

    with django_assert_num_queries(1):
        leads_mention(leads=[lead_data()], actor=ACTOR)


def test_errors_name_the_row_of_the_request():
    lead_upsert(lead=lead_data(), source="api", actor=ACTOR)

    with pytest.raises(InvalidLead) as caught:
        leads_mention(leads=[lead_data(), lead_data("2", name="\0")], actor=ACTOR)

    assert list(caught.value.fields) == ["leads.1.name"]
    assert Lead.objects.count() == 1
