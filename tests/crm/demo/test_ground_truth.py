from __future__ import annotations

import math
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from crm.demo import ground_truth
from crm.demo.ground_truth import log_odds, probability
from crm.demo.states import DemoState

DAY = date(2025, 5, 1)
PLAIN = DemoState(
    name="Ada",
    company="Engine",
    industry="Manufacturing",
    size="",
    email="ada@engine.example",
    position="",
    seen_on=DAY,
    last_contact=DAY,
    budget=Decimal(ground_truth.TYPICAL_BUDGET),
    previous_purchases=0,
    interactions=0,
    attributes={},
)


def test_a_plain_lead_has_the_intercept_and_what_is_unknown_of_it():
    assert log_odds(PLAIN) == pytest.approx(ground_truth.INTERCEPT - 0.2 - 0.3)


@pytest.mark.parametrize(
    ("change", "worth"),
    [
        ({"industry": "Software"}, 0.6),
        ({"industry": "Something else"}, 0.0),
        ({"size": "large"}, 0.7),
        ({"position": "CEO"}, 1.0),
        ({"email": "ada@example.com"}, -0.6),
        ({"email": ""}, -0.3),
        ({"budget": Decimal(25_000 * 8)}, 0.35 * math.log(8)),
        ({"budget": Decimal(0)}, -0.35 * math.log(25_000)),
        ({"budget": None}, -0.3),
        ({"previous_purchases": 9}, 3 * 0.45),
        ({"interactions": 5}, 5 * 0.18),
        ({"interactions": 50}, 10 * 0.18),
        ({"last_contact": date(2025, 4, 21)}, -0.15),
        ({"last_contact": None}, -0.4),
        ({"attributes": {"landing_page": "/demo/crm"}}, 0.8),
        ({"attributes": {"campaign": "partner"}}, 0.5),
        ({"attributes": {"webinar_attended": True}}, 0.8),
        ({"attributes": {"webinar_attended": False, "country": "DE"}}, 0.0),
        ({"attributes": {"trial_started_on": "2025-04-30"}}, 0.9),
    ],
)
def test_each_field_adds_its_share(change: dict[str, Any], worth: float):
    assert log_odds(replace(PLAIN, **change)) - log_odds(PLAIN) == pytest.approx(worth)


def test_probability_is_the_logistic_of_the_log_odds():
    assert probability(PLAIN) == pytest.approx(1 / (1 + math.exp(-log_odds(PLAIN))))
