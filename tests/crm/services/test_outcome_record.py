from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth.models import User

from crm.errors import InvalidLead, LeadNotFound
from crm.models import Lead, Outcome
from crm.services import (
    Actor,
    OutcomeData,
    lead_upsert,
    leads_mention,
    outcome_record,
    outcome_withdraw,
    outcomes_record,
)
from tests.crm.factories import ACTOR, DAY, lead_data, stored

pytestmark = pytest.mark.django_db
LATER = DAY + timedelta(days=30)


@pytest.fixture(autouse=True)
def _lead(db: None) -> None:
    lead_upsert(lead=lead_data(), source="api", actor=ACTOR)


def record(result: str, actor: Actor = ACTOR, **given: Any) -> Outcome:
    outcome = OutcomeData(external_id="1", result=result, **given)
    return outcome_record(outcome=outcome, source="api", actor=actor)


def test_it_says_who_recorded_what():
    user = User.objects.create_user("eve")

    record("won", Actor(user=user, label="the admin"), occurred_on=LATER, value=900)

    outcome = stored().outcome
    assert (outcome.result, outcome.occurred_on, outcome.value) == ("won", LATER, Decimal(900))
    assert (outcome.recorded_by, outcome.source) == (user, "api")
    history = Outcome.history.get()
    assert (history.history_user, history.history_change_reason) == (user, "the admin")


def test_the_same_again_changes_nothing():
    record("won", occurred_on=LATER, value=900)

    record("won")
    record("won", occurred_on=LATER)

    assert Outcome.history.count() == 1
    assert stored().outcome.occurred_on == LATER


def test_another_one_replaces_it_and_the_history_keeps_both():
    first = record("lost", occurred_on=LATER)

    record("won", occurred_on=LATER, value=7)

    outcome = stored().outcome
    assert (outcome.pk, outcome.result, outcome.value) == (first.pk, "won", Decimal(7))
    assert outcome.recorded_at == first.recorded_at
    assert [each.result for each in Outcome.history.all()] == ["won", "lost"]


def test_the_day_of_one_result_is_not_the_day_of_another():
    record("lost", occurred_on=LATER, value=1)

    record("won")

    assert (stored().outcome.occurred_on, stored().outcome.value) == (None, None)


def test_it_neither_changes_nor_ages_the_lead():
    record("won")

    assert (stored().revision, stored().history.count()) == (1, 1)


def test_it_confirms_a_lead_without_a_new_state():
    leads_mention(leads=[lead_data("2")], actor=ACTOR)

    outcome_record(outcome=OutcomeData(external_id="2", result="lost"), source="api", actor=ACTOR)

    assert stored("2").confirmed
    assert (stored("2").revision, stored("2").history.count()) == (1, 1)


def test_an_outcome_before_its_lead_is_refused():
    with pytest.raises(InvalidLead) as caught:
        record("won", occurred_on=DAY - timedelta(days=1))

    assert caught.value.fields == {"occurred_on": "The lead is known only since 2025-03-10."}
    assert record("won", occurred_on=DAY).occurred_on == DAY


def test_errors_of_many_are_named_together():
    with pytest.raises(InvalidLead) as caught:
        outcomes_record(
            outcomes=[
                OutcomeData(external_id="1", result="won", occurred_on=date(2020, 1, 1)),
                OutcomeData(external_id="nobody", result="won"),
            ],
            source="api",
            actor=ACTOR,
        )

    assert list(caught.value.fields) == ["outcomes.0.occurred_on", "outcomes.1.external_id"]
    assert not Outcome.objects.exists()


def test_an_unknown_lead_is_not_found():
    with pytest.raises(LeadNotFound) as caught:
        outcome_record(
            outcome=OutcomeData(external_id="nobody", result="won"), source="api", actor=ACTOR
        )

    assert caught.value.fields == {"external_id": "There is no lead with this id."}


def test_one_recorded_by_mistake_can_be_taken_back():
    user = User.objects.create_user("eve")
    record("won")

    outcome_withdraw(external_id="1", actor=Actor(user=user, label="the admin"))

    assert list(Lead.objects.open()) == [stored()]
    removed = Outcome.history.first()
    assert (removed.history_type, removed.history_user) == ("-", user)
    assert removed.history_change_reason == "the admin"


def test_taking_back_nothing_is_no_error_but_an_unknown_lead_is():
    outcome_withdraw(external_id="1", actor=ACTOR)

    with pytest.raises(LeadNotFound):
        outcome_withdraw(external_id="nobody", actor=ACTOR)
