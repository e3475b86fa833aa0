from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext

from crm.days import today
from crm.errors import InvalidLead
from crm.models import Lead
from crm.services import (
    Actor,
    LeadData,
    OutcomeData,
    lead_upsert,
    leads_mention,
    leads_upsert,
    outcome_record,
)
from tests.crm.factories import ACTOR, DAY, lead_data, stored

pytestmark = pytest.mark.django_db


def upsert(*leads: LeadData, **options: Any) -> Any:
    return leads_upsert(leads=leads, source=Lead.Source.API, actor=ACTOR, **options)


def test_it_creates_what_is_unknown_and_changes_what_is_known():
    upsert(lead_data("a"))

    result = upsert(lead_data("b"), lead_data("a", budget=1))

    assert (result.created, result.updated, result.unchanged) == (["b"], ["a"], [])
    assert list(result.leads) == ["b", "a"]
    assert stored("a").budget == 1


def test_it_keeps_every_field():
    upsert(lead_data())

    lead = stored()
    assert (lead.name, lead.company, lead.email, lead.position) == (
        "Ada Byron",
        "Engine Ltd",
        "ada@engine.example",
        "CTO",
    )
    assert (lead.budget, lead.last_contact, lead.seen_on) == (Decimal("25000.50"), DAY, DAY)
    assert (lead.previous_purchases, lead.interactions) == (2, 8)
    assert lead.attributes == {"campaign": "spring", "employees": 40, "webinar": True}
    assert (lead.source, lead.confirmed, lead.revision) == ("api", True, 1)


def test_a_change_is_in_the_history_with_who_and_why_and_before_and_after():
    user = User.objects.create_user("eve")
    upsert(lead_data(budget=10))
    lead_upsert(lead=lead_data(budget=20), source="admin", actor=Actor(user=user, label="admin"))

    after, before = stored().history.all()
    assert (before.history_type, before.budget, before.history_user) == ("+", 10, None)
    assert before.history_change_reason == "a test"
    assert (after.history_type, after.budget, after.history_user) == ("~", 20, user)
    assert after.history_change_reason == "admin"


def test_the_same_again_writes_nothing():
    upsert(lead_data())

    with CaptureQueriesContext(connection) as queries:
        result = upsert(lead_data())

    assert result.unchanged == ["1"]
    assert (stored().revision, stored().history.count()) == (1, 1)
    assert not [each for each in queries if each["sql"].startswith(("INSERT", "UPDATE"))]


def test_each_real_change_raises_the_revision_by_one():
    upsert(lead_data())
    upsert(lead_data(budget=3, interactions=9))
    upsert(lead_data(budget=4))

    assert stored().revision == 3


def test_a_changed_lead_keeps_when_it_was_created():
    created_at = upsert(lead_data()).leads["1"].created_at

    changed = upsert(lead_data(budget=3)).leads["1"]

    assert changed.created_at == created_at == stored().created_at
    assert stored().updated_at > created_at


def test_fields_that_are_not_given_stay():
    upsert(lead_data())

    upsert(LeadData(external_id="1", budget=5))

    assert (stored().name, stored().budget) == ("Ada Byron", Decimal(5))


def test_none_means_not_known():
    upsert(lead_data())

    upsert(LeadData(external_id="1", name=None, budget=None, last_contact=None, attributes=None))

    lead = stored()
    assert (lead.name, lead.budget, lead.last_contact) == ("", None, None)


def test_replacing_forgets_what_is_not_given_but_not_owner_and_first_day():
    owner = User.objects.create_user("eve")
    upsert(lead_data(owner=owner))

    upsert(LeadData(external_id="1", budget=5, attributes={"campaign": "autumn"}), replace=True)

    lead = stored()
    assert (lead.name, lead.interactions, lead.budget) == ("", None, Decimal(5))
    assert lead.attributes == {"campaign": "autumn"}
    assert (lead.owner, lead.seen_on) == (owner, DAY)


def test_attributes_are_merged_and_none_takes_one_away():
    upsert(lead_data())

    upsert(LeadData(external_id="1", attributes={"campaign": None, "country": "PT"}))

    assert stored().attributes == {"employees": 40, "webinar": True, "country": "PT"}


def test_true_is_not_one():
    upsert(lead_data(attributes={"webinar": True}))

    assert upsert(lead_data(attributes={"webinar": 1})).updated == ["1"]


def test_money_is_kept_to_the_cent():
    upsert(lead_data(budget=0.125), lead_data("2", budget=19.99))

    assert (stored("1").budget, stored("2").budget) == (Decimal("0.12"), Decimal("19.99"))


@pytest.mark.parametrize(("source", "seen_on"), [("api", today()), ("import", None)])
def test_a_lead_is_known_since_today_unless_it_was_imported(source: str, seen_on: date | None):
    lead_upsert(lead=LeadData(external_id="1"), source=source, actor=ACTOR)

    assert stored().seen_on == seen_on


def test_every_error_of_every_row_is_named_and_nothing_is_saved():
    with pytest.raises(InvalidLead) as caught:
        upsert(
            lead_data("a"),
            lead_data("b", budget=-1, email="nobody"),
            lead_data("", interactions=10**6 + 1),
        )

    assert caught.value.fields == {
        "leads.1.budget": "Must be from 0 to 1,000,000,000,000.",
        "leads.1.email": "Must be an e-mail address.",
        "leads.2.external_id": "Must not be empty.",
        "leads.2.interactions": "Must be from 0 to 1,000,000.",
    }
    assert not Lead.objects.exists()


def test_errors_of_a_single_lead_go_by_the_field_alone():
    with pytest.raises(InvalidLead) as caught:
        lead_upsert(lead=lead_data(budget=-1), source="api", actor=ACTOR)

    assert list(caught.value.fields) == ["budget"]


def test_the_same_id_twice_is_refused():
    with pytest.raises(InvalidLead) as caught:
        upsert(lead_data("a"), lead_data("a", budget=1))

    assert caught.value.fields == {"leads.1.external_id": "This id is in the request twice."}


def test_a_lead_cannot_become_known_after_its_outcome():
    upsert(lead_data())
    outcome_record(
        outcome=OutcomeData(external_id="1", result="won", occurred_on=DAY),
        source="api",
        actor=ACTOR,
    )

    with pytest.raises(InvalidLead) as caught:
        upsert(lead_data(seen_on=DAY + timedelta(days=1)))

    assert caught.value.fields == {
        "leads.0.seen_on": "Its outcome is from 2025-03-10, before that."
    }


def test_merged_attributes_are_limited_too():
    upsert(lead_data(attributes=dict.fromkeys(map(str, range(150)), 1)))

    with pytest.raises(InvalidLead) as caught:
        upsert(lead_data(attributes=dict.fromkeys(map(str, range(100, 251)), 1)))

    assert list(caught.value.fields) == ["leads.0.attributes"]


def test_an_upsert_confirms_a_lead_that_only_a_prediction_knew():
    leads_mention(leads=[lead_data()], actor=ACTOR)

    upsert(lead_data())

    assert (stored().confirmed, stored().revision) == (True, 2)


@pytest.mark.parametrize("budget", [7, 8])
def test_statements_grow_far_slower_than_rows(budget: int):
    rows = [lead_data(str(number), budget=budget) for number in range(200)]
    upsert(*(lead_data(str(number), budget=7) for number in range(100)))

    with CaptureQueriesContext(connection) as queries:
        upsert(*rows)

    # SQLite takes 999 values a statement, so some 50 rows; PostgreSQL needs fewer.
    assert len(queries) <= 3 + 2 * (200 // 50 + 2)
