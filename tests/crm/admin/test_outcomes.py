from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from crm.models import Lead, Outcome
from crm.services import OutcomeData, lead_upsert, outcome_record
from tests.crm.factories import ACTOR, lead_data, stored

LIST = "/admin/crm/outcome/"


def test_an_outcome_is_added_through_the_service(admin_page: Client, boss: User, lead: Lead):
    admin_page.post(f"{LIST}add/", {"lead": lead.pk, "result": "won", "occurred_on": "2025-04-01"})

    outcome = stored().outcome
    assert (outcome.result, outcome.source, outcome.recorded_by) == ("won", "admin", boss)
    assert Outcome.history.get().history_change_reason == "Admin"


def test_an_edit_is_in_the_history_with_who_made_it(admin_page: Client, boss: User, won: Lead):
    admin_page.post(f"{LIST}{won.outcome.pk}/change/", {"result": "lost", "occurred_on": ""})

    assert stored().outcome.result == "lost"
    assert Outcome.history.first().history_user == boss
    shown = admin_page.get(f"{LIST}{won.outcome.pk}/history/").context["page_obj"].object_list
    assert [tuple(each.values()) for each in shown[0].history_delta_changes] == [
        ("Result", "won", "lost")
    ]


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({"result": "maybe"}, "Select a valid choice. maybe is not one of the available choices."),
        (
            {"result": "won", "occurred_on": "2025-03-09"},
            "The lead is known only since 2025-03-10.",
        ),
        (
            {"result": "won", "value": "-1"},
            "Must be from 0 to 1,000,000,000,000.",
        ),
    ],
)
def test_what_cannot_be_is_said(admin_page: Client, won: Lead, typed: dict[str, str], message: str):
    response = admin_page.post(f"{LIST}{won.outcome.pk}/change/", typed)

    assert message in response.content.decode()
    assert Outcome.history.count() == 1


def test_deleting_an_outcome_opens_its_lead_and_keeps_the_history(
    admin_page: Client, boss: User, won: Lead
):
    admin_page.post(f"{LIST}{won.outcome.pk}/delete/", {"post": "yes"})

    assert list(Lead.objects.open()) == [won]
    assert [each.history_type for each in Outcome.history.all()] == ["-", "+"]
    assert Outcome.history.first().history_user == boss


def test_the_list_takes_as_many_queries_for_many_outcomes_as_for_one(
    admin_page: Client, django_assert_num_queries: DjangoAssertNumQueries
):
    for number in range(12):
        lead_upsert(lead=lead_data(str(number)), source="api", actor=ACTOR)
        outcome = OutcomeData(external_id=str(number), result="won")
        outcome_record(outcome=outcome, source="api", actor=ACTOR)

    # Session and user; the count; the outcomes.
    with django_assert_num_queries(4):
        admin_page.get(LIST)
