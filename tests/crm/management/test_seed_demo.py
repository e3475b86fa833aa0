from __future__ import annotations

from io import StringIO

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command

from crm.days import today
from crm.demo import ground_truth
from crm.demo.generator import generate
from crm.demo.store import external_id
from crm.models import Lead, Outcome
from crm.services import LeadData, lead_upsert
from tests.crm.factories import ACTOR, lead_data, stored

pytestmark = pytest.mark.django_db


def seed_demo(*arguments: str) -> str:
    out = StringIO()
    call_command("seed_demo", *arguments, stdout=out, stderr=StringIO())
    return out.getvalue()


def test_the_rows_are_the_generated_leads():
    seed_demo("--leads", "60")

    for demo in generate(leads=60, seed=0, today=today()):
        lead = stored(external_id(0, demo.number))
        history = list(lead.history.order_by("history_date"))
        assert (lead.source, lead.revision) == ("demo", len(demo.states))
        assert [row.history_type for row in history] == ["+", *"~" * (len(demo.states) - 1)]
        for (day, state), row in zip(demo.states, history, strict=True):
            assert lead.as_of(day) == row
            assert row.interactions == state.interactions
            assert row.attributes == state.attributes
        first, last = demo.states[0][1], demo.states[-1][1]
        assert ground_truth.log_odds(history[0]) == ground_truth.log_odds(first)
        assert (lead.interactions, lead.budget) == (last.interactions, last.budget)


def test_outcomes_are_in_the_history_on_their_day():
    seed_demo("--leads", "60")

    assert Outcome.objects.filter(result="won").exists()
    for outcome in Outcome.objects.all():
        assert outcome.history.get().history_date.date() == outcome.occurred_on


def test_a_second_run_changes_nothing_and_says_so():
    assert "Created 30 demo leads" in seed_demo("--leads", "30")
    lead_upsert(
        lead=LeadData(external_id="demo-0-000001", name="Edited"), source="admin", actor=ACTOR
    )

    assert "nothing was changed" in seed_demo("--leads", "30")

    assert stored("demo-0-000001").name == "Edited"
    assert Lead.objects.count() == 30


def test_another_seed_adds_other_leads():
    seed_demo("--leads", "5")
    seed_demo("--leads", "5", "--seed", "1")

    assert Lead.objects.count() == 10


def test_flush_takes_out_the_demo_and_nothing_else():
    lead_upsert(lead=lead_data("real"), source="admin", actor=ACTOR)
    seed_demo("--leads", "30")

    assert "Erased 30 demo leads" in seed_demo("--flush")

    assert [each.external_id for each in Lead.objects.all()] == ["real"]
    assert (Lead.history.count(), Outcome.history.count()) == (1, 0)
    assert not User.objects.exists()


def test_nobody_can_log_in_as_a_demo_salesperson():
    seed_demo("--leads", "5")

    assert not any(user.is_active or user.has_usable_password() for user in User.objects.all())
    assert User.objects.count() == 3


def test_no_leads_are_too_few():
    with pytest.raises(CommandError, match="at least 1"):
        seed_demo("--leads", "0")
