from __future__ import annotations

import random
from collections import Counter
from datetime import date, timedelta
from statistics import mean

import pytest

from crm.demo import generator, ground_truth
from crm.demo.generator import DAYS, generate
from crm.demo.states import DemoLead

TODAY = date(2026, 3, 2)
COUNT = 3_000


@pytest.fixture(scope="module")
def leads() -> list[DemoLead]:
    return list(generate(leads=COUNT, seed=7, today=TODAY))


def result(lead: DemoLead) -> str:
    return lead.outcome.result if lead.outcome else "open"


def test_the_same_seed_gives_the_same_leads_and_another_one_others(leads: list[DemoLead]):
    again = list(generate(leads=COUNT, seed=7, today=TODAY))

    assert again == leads
    assert list(generate(leads=COUNT, seed=8, today=TODAY)) != leads


def test_they_come_in_order_over_two_years_that_end_today(leads: list[DemoLead]):
    days = [lead.states[0][0] for lead in leads]

    assert days == sorted(days)
    assert days[0] - (TODAY - timedelta(days=DAYS)) <= timedelta(days=1)
    assert days[-1] == TODAY


def test_some_eighteen_percent_are_won_and_many_are_open(leads: list[DemoLead]):
    mature = [lead for lead in leads if lead.states[0][0] < TODAY - timedelta(days=250)]
    share = {name: count / len(mature) for name, count in Counter(map(result, mature)).items()}

    assert share["won"] == pytest.approx(0.18, abs=0.03)
    assert share["lost"] == pytest.approx(0.82 * 0.75, abs=0.05)
    assert share["open"] > 0.1
    assert 0.01 < share["disqualified"] < 0.08


def test_every_state_lies_before_the_outcome_and_none_in_the_future(leads: list[DemoLead]):
    for lead in leads:
        days = [day for day, _ in lead.states]
        assert days == sorted(set(days))
        assert days[-1] <= TODAY
        if lead.outcome:
            assert days[-1] < lead.outcome.occurred_on <= TODAY


def test_what_happens_to_a_lead_does_not_depend_on_what_becomes_of_it(
    monkeypatch: pytest.MonkeyPatch, leads: list[DemoLead]
):
    monkeypatch.setattr(generator, "_outcome", lambda chance, first, today: None)
    undecided = generate(leads=COUNT, seed=7, today=TODAY)

    for lead, other in zip(leads, undecided, strict=True):
        assert other.states[: len(lead.states)] == lead.states


def test_the_true_probability_is_the_share_that_is_won(leads: list[DemoLead]):
    mature = [lead for lead in leads if lead.states[0][0] < TODAY - timedelta(days=250)]
    by_chance = sorted(mature, key=lambda lead: ground_truth.log_odds(lead.states[0][1]))
    third = len(by_chance) // 3

    for part in (by_chance[:third], by_chance[third : 2 * third], by_chance[2 * third :]):
        promised = mean(ground_truth.probability(lead.states[0][1]) for lead in part)
        assert mean(result(lead) == "won" for lead in part) == pytest.approx(promised, abs=0.05)


def test_addresses_are_reserved_ones(leads: list[DemoLead]):
    domains = {lead.states[0][1].email.rpartition("@")[2] for lead in leads} - {""}

    assert all(
        domain.endswith(".example") or domain in ground_truth.PRIVATE_MAIL for domain in domains
    )
    assert len({lead.states[0][1].attributes["landing_page"] for lead in leads}) == 60


def test_it_leaves_the_global_source_of_chance_alone():
    random.seed(1)
    before = random.getstate()

    list(generate(leads=5, seed=0, today=TODAY))

    assert random.getstate() == before
