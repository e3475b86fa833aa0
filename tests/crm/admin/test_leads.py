from __future__ import annotations

from decimal import Decimal

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from crm.days import today
from crm.models import Lead, Outcome
from crm.services import OutcomeData, lead_upsert, outcome_record
from scoring.models import LeadScore, ModelVersion, Prediction
from tests.crm.admin.pages import LIST, page_of, typed, typed_for
from tests.crm.factories import ACTOR, lead_data, stored


def errors_of(response: object) -> dict[str, list[str]]:
    return dict(response.context["adminform"].form.errors)  # type: ignore[attr-defined]  # a test response


def test_a_lead_is_added_through_the_service(admin_page: Client, boss: User):
    response = admin_page.post(f"{LIST}add/", typed())

    assert response.status_code == 302
    lead = stored()
    assert (lead.source, lead.confirmed, lead.budget) == ("admin", True, Decimal("25000.50"))
    assert lead.attributes == {"campaign": "spring", "employees": 40, "webinar": True}
    history = lead.history.get()
    assert (history.history_user, history.history_change_reason) == (boss, "Admin")


def test_a_new_lead_is_offered_an_id_and_today(admin_page: Client):
    form = admin_page.get(f"{LIST}add/").context["adminform"].form

    assert form.initial["external_id"].startswith("lead-")
    assert form.initial["seen_on"] == today()


def test_an_edit_raises_the_revision_and_says_who_made_it(
    admin_page: Client, boss: User, lead: Lead
):
    response = admin_page.post(page_of(lead), typed_for(lead, name="Ada Lovelace", budget=""))

    assert response.status_code == 302
    assert (stored().name, stored().budget, stored().revision) == ("Ada Lovelace", None, 2)
    assert stored().history.count() == 2
    assert stored().history.first().history_user == boss


def test_saving_without_an_edit_changes_nothing(admin_page: Client, lead: Lead):
    admin_page.post(page_of(lead), typed_for(lead))

    assert (stored().revision, stored().history.count()) == (1, 1)


def test_the_id_of_a_lead_cannot_be_changed(admin_page: Client, lead: Lead):
    admin_page.post(page_of(lead), typed_for(lead, external_id="2", name="Eve"))

    assert stored().name == "Eve"
    assert Lead.objects.count() == 1


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("attributes", '{"a": [1]}', "'a': Must be a text, a number, true, false or null."),
        ("attributes", "[1]", "Must be an object of names and values."),
        ("attributes", "{", "Enter a valid JSON."),
        ("budget", "-1", "Must be from 0 to 1,000,000,000,000."),
        ("last_contact", "2999-01-01", "2999-01-01 lies in the future."),
        ("email", "nobody", "Enter a valid email address."),
    ],
)
def test_what_cannot_be_is_said_beside_the_field(
    admin_page: Client, lead: Lead, field: str, value: str, message: str
):
    response = admin_page.post(page_of(lead), typed_for(lead, **{field: value}))

    assert errors_of(response) == {field: [message]}
    assert stored().revision == 1


def test_a_refusal_of_the_service_is_a_message_and_no_error_page(admin_page: Client, won: Lead):
    Outcome.objects.update(occurred_on="2025-03-10")
    typed_before_it_was_won = typed(seen_on="2025-03-11", **{"outcome-0-lead": str(won.pk)})

    response = admin_page.post(page_of(won), typed_before_it_was_won, follow=True)

    assert "Its outcome is from 2025-03-10, before that." in response.content.decode()
    assert stored().seen_on == won.seen_on


def test_an_outcome_is_recorded_on_the_page_of_its_lead(admin_page: Client, boss: User, lead: Lead):
    admin_page.post(
        page_of(lead),
        typed_for(
            lead,
            **{
                "outcome-0-result": "won",
                "outcome-0-occurred_on": "2025-04-01",
                "outcome-0-value": "900",
            },
        ),
    )

    outcome = stored().outcome
    assert (outcome.result, outcome.value, outcome.recorded_by) == ("won", Decimal(900), boss)
    assert Outcome.history.get().history_user == boss
    assert stored().revision == 1


def test_a_lead_can_be_added_with_its_outcome(admin_page: Client):
    admin_page.post(f"{LIST}add/", typed(**{"outcome-0-result": "lost"}))

    assert stored().outcome.result == "lost"


def test_an_outcome_before_a_lead_that_is_being_added_is_refused(admin_page: Client):
    response = admin_page.post(
        f"{LIST}add/",
        typed(**{"outcome-0-result": "lost", "outcome-0-occurred_on": "2025-03-09"}),
    )

    assert "The lead is known only since 2025-03-10." in response.content.decode()
    assert not Lead.objects.exists()


def test_an_outcome_taken_away_opens_the_lead_again(admin_page: Client, boss: User, won: Lead):
    admin_page.post(page_of(won), typed_for(won, **{"outcome-0-DELETE": "on"}))

    assert list(Lead.objects.open()) == [won]
    assert Outcome.history.first().history_user == boss


def test_the_outlook_beside_a_refused_form_is_that_of_the_stored_lead(
    admin_page: Client, lead: Lead, monkeypatch: pytest.MonkeyPatch
):
    def shown(lead: Lead) -> str:
        return f"with {lead.interactions} interactions"

    monkeypatch.setattr("crm.admin.leads.outlook_html", shown)
    typed_wrong = typed_for(lead, interactions="9", attributes="no JSON")
    page = admin_page.post(page_of(lead), typed_wrong).content.decode()

    assert f"with {stored().interactions} interactions" in page


def test_deleting_a_lead_erases_it(admin_page: Client, won: Lead):
    version = ModelVersion.objects.create(number=1, model_type="x", outcome_window_days=90)
    said = {"version": version, "probability": 0.5, "score": 50, "day": today()}
    Prediction.objects.create(lead=won, **said)
    LeadScore.objects.create(lead=won, revision=1, **said)
    asked = admin_page.get(page_of(won, "delete"))
    admin_page.post(page_of(won, "delete"), {"post": "yes"})

    assert "Are you sure" in asked.content.decode()
    assert not Lead.objects.exists()
    assert not Lead.history.exists()
    assert not Outcome.history.exists()
    assert Prediction.objects.get().erased_on == today()
    assert {entry.object_repr for entry in LogEntry.objects.all()} == {"(erased)"}


def test_chosen_leads_are_erased_together(admin_page: Client, lead: Lead):
    lead_upsert(lead=lead_data("2"), source="api", actor=ACTOR)
    version = ModelVersion.objects.create(number=1, model_type="x", outcome_window_days=90)
    LeadScore.objects.create(
        lead=lead, version=version, probability=0.5, score=50, day=today(), revision=1
    )
    chosen = {"action": "delete_selected", "_selected_action": [str(lead.pk)]}

    assert "Are you sure" in admin_page.post(LIST, chosen).content.decode()
    admin_page.post(LIST, {**chosen, "post": "yes"})

    assert [each.external_id for each in Lead.history.all()] == ["2"]


def test_who_may_not_delete_cannot(seller_page: Client, lead: Lead):
    assert seller_page.post(page_of(lead, "delete"), {"post": "yes"}).status_code == 403
    assert Lead.objects.exists()


def test_the_history_shows_before_and_after_in_words(admin_page: Client, lead: Lead):
    lead_upsert(
        lead=lead_data(interactions=9, attributes={"campaign": "autumn", "webinar": False}),
        source="api",
        actor=ACTOR,
    )

    response = admin_page.get(page_of(lead, "history"))

    shown, first = response.context["page_obj"].object_list
    assert [tuple(each.values()) for each in shown.history_delta_changes] == [
        ("Attributes", "campaign: spring, webinar: True", "campaign: autumn, webinar: False"),
        ("Interactions", "8", "9"),
    ]
    assert "a test" in response.content.decode()
    assert admin_page.get(f"{page_of(lead, 'history')}{first.pk}/").status_code == 200


def test_the_list_takes_as_many_queries_for_many_leads_as_for_one(
    admin_page: Client, django_assert_num_queries: DjangoAssertNumQueries
):
    version = ModelVersion.objects.create(number=1, model_type="x", outcome_window_days=90)
    for number in range(12):
        lead = lead_upsert(lead=lead_data(str(number)), source="api", actor=ACTOR)
        outcome = OutcomeData(external_id=str(number), result="won")
        outcome_record(outcome=outcome, source="api", actor=ACTOR)
        LeadScore.objects.create(
            lead=lead, version=version, probability=0.5, score=number, revision=1, day=today()
        )

    # Session and user; any lead at all; the values of three filters; the count; the leads.
    with django_assert_num_queries(8):
        admin_page.get(LIST)


def test_leads_are_sorted_by_score_those_without_one_last(admin_page: Client):
    version = ModelVersion.objects.create(number=1, model_type="x", outcome_window_days=90)
    for external_id, score in [("low", 1), ("none", None), ("high", 99)]:
        lead = lead_upsert(lead=lead_data(external_id), source="api", actor=ACTOR)
        if score is not None:
            LeadScore.objects.create(
                lead=lead, version=version, probability=0.5, score=score, revision=1, day=today()
            )

    found = admin_page.get(f"{LIST}?o=-8").context["cl"].result_list

    assert [each.external_id for each in found] == ["high", "low", "none"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=engine", {"1", "2"}),
        ("q=ada%40b.example", {"2"}),
        ("industry=technology", {"1", "2"}),
        ("outcome=open", {"2"}),
        ("outcome=won", {"1"}),
        ("source__exact=api", {"1", "2"}),
        ("source__exact=demo", set()),
        ("size=small", {"2"}),
    ],
)
def test_leads_are_found_by_what_people_know(
    admin_page: Client, won: Lead, query: str, found: set[str]
):
    other = lead_data("2", industry="TECHNOLOGY", size="Small", email="ada@b.example")
    lead_upsert(lead=other, source="api", actor=ACTOR)

    leads = admin_page.get(f"{LIST}?{query}").context["cl"].result_list

    assert {each.external_id for each in leads} == found


def test_money_is_shown_grouped_with_its_currency(admin_page: Client, lead: Lead):
    assert "25,000 EUR" in admin_page.get(LIST).content.decode()


def test_an_empty_list_says_how_to_fill_it(admin_page: Client, lead: Lead):
    assert "no leads yet" not in admin_page.get(LIST).content.decode()
    Lead.objects.all().delete()

    assert "no leads yet" in admin_page.get(LIST).content.decode()


@pytest.mark.parametrize("kind", ["lead", "outcome"])
@pytest.mark.parametrize("key", ["zz", "%00", "1.5", "9" * 30])
def test_a_history_of_what_is_no_key_is_not_found(admin_page: Client, kind: str, key: str):
    assert admin_page.get(f"/admin/crm/{kind}/{key}/history/").status_code == 404
