"""What decides in the demo data whether a lead buys: the answer that training has to find.

A lead is won with probability 1 / (1 + exp(-log_odds)), where the log-odds are a sum over its
state on the day it became known. Nothing else decides: neither what happens to the lead later
nor its name, company, country, number of employees or owner. How long it takes is drawn apart.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from types import MappingProxyType

from crm.demo.states import DemoState
from crm.models import Lead

# So that about 18 % of the leads are won in the end.
INTERCEPT = -2.46

# Log-odds by value. What is not in a table adds nothing.
INDUSTRY: Mapping[str, float] = MappingProxyType(
    {
        "Software": 0.6,
        "Finance": 0.4,
        "Healthcare": 0.2,
        "Manufacturing": 0.0,
        "Logistics": 0.0,
        "Retail": -0.3,
        "Education": -0.6,
        "Public sector": -0.8,
    }
)
SIZE: Mapping[str, float] = MappingProxyType(
    {"small": -0.4, "medium": 0.2, "large": 0.5, "enterprise": 0.1, "": -0.2}
)
POSITION: Mapping[str, float] = MappingProxyType(
    {
        "CEO": 0.7,
        "CTO": 0.7,
        "CFO": 0.7,
        "Head of Sales": 0.4,
        "Director of Operations": 0.4,
        "VP Marketing": 0.4,
        "Project Manager": 0.1,
        "IT Manager": 0.1,
        "Engineer": -0.2,
        "Analyst": -0.2,
        "Intern": -1.2,
        "Student": -1.2,
        "": -0.3,
    }
)
CAMPAIGN: Mapping[str, float] = MappingProxyType(
    {"partner": 0.5, "event": 0.2, "search": 0.0, "newsletter": 0.0, "social": -0.4}
)
# The first part of a landing page, "/demo/erp" say; the second, its topic, adds nothing.
LANDING_KIND: Mapping[str, float] = MappingProxyType(
    {"demo": 0.8, "pricing": 0.6, "compare": 0.3, "webinar": 0.0, "guide": -0.2, "blog": -0.5}
)
PRIVATE_MAIL = frozenset({"example.com", "example.net", "example.org"})
PRIVATE_ADDRESS = -0.6
NO_ADDRESS = -0.3
PER_BUDGET_E_FOLD = 0.35  # for each factor e over TYPICAL_BUDGET
TYPICAL_BUDGET = 25_000
UNKNOWN_BUDGET = -0.3
PER_PURCHASE = 0.45  # for each of the first three
PER_INTERACTION = 0.18  # for each of the first ten
PER_DAY_SINCE_CONTACT = -0.015  # for each of the first sixty
NO_CONTACT = -0.4
WEBINAR = 0.8
TRIAL = 0.9


def log_odds(lead: DemoState | Lead) -> float:
    """The true log-odds that the lead is won, ever; of its state as it became known.

    A row of a lead's history will do as well as the lead itself.
    """
    return INTERCEPT + _who(lead) + _how_much(lead) + _how_warm(lead) + _how_it_came(lead)


def probability(lead: DemoState | Lead) -> float:
    """The true probability that the lead is won, ever."""
    return 1 / (1 + math.exp(-log_odds(lead)))


def _who(lead: DemoState | Lead) -> float:
    return (
        INDUSTRY.get(lead.industry, 0.0)
        + SIZE.get(lead.size, 0.0)
        + POSITION.get(lead.position, 0.0)
        + _address(lead.email)
    )


def _address(email: str) -> float:
    if not email:
        return NO_ADDRESS
    return PRIVATE_ADDRESS if email.rpartition("@")[2] in PRIVATE_MAIL else 0.0


def _how_much(lead: DemoState | Lead) -> float:
    purchases = PER_PURCHASE * min(lead.previous_purchases or 0, 3)
    if lead.budget is None:
        return purchases + UNKNOWN_BUDGET
    return purchases + PER_BUDGET_E_FOLD * math.log(max(float(lead.budget), 1.0) / TYPICAL_BUDGET)


def _how_warm(lead: DemoState | Lead) -> float:
    contacts = PER_INTERACTION * min(lead.interactions or 0, 10)
    if lead.last_contact is None or lead.seen_on is None:
        return contacts + NO_CONTACT
    return contacts + PER_DAY_SINCE_CONTACT * min((lead.seen_on - lead.last_contact).days, 60)


def _how_it_came(lead: DemoState | Lead) -> float:
    attributes = lead.attributes
    kind = str(attributes.get("landing_page", "")).strip("/").partition("/")[0]
    return (
        CAMPAIGN.get(attributes.get("campaign", ""), 0.0)
        + LANDING_KIND.get(kind, 0.0)
        + (WEBINAR if attributes.get("webinar_attended") else 0.0)
        + (TRIAL if "trial_started_on" in attributes else 0.0)
    )
