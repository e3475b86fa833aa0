"""Draw leads, what happens to them and what becomes of them. Same seed and today, same leads."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from crm.demo import ground_truth, words
from crm.demo.chance import chance_of
from crm.demo.company import Company
from crm.demo.states import DemoLead, DemoOutcome, DemoState

YEARS = 2
DAYS = 365 * YEARS
LEADS_PER_COMPANY = 3

# Of those that are not won; the others stay open for good.
LOST_SHARE = 0.75
DISQUALIFIED_SHARE = 0.05
# A lognormal delay: median in days, and the spread of its logarithm.
DAYS_TO_WIN = (40.0, 0.6)
DAYS_TO_LOSE = (60.0, 0.7)

MAX_CHANGES = 8
DAYS_BETWEEN_CONTACTS = 18
CHANGES_END_AFTER = 150


def generate(*, leads: int, seed: int, today: date) -> Iterator[DemoLead]:
    """`leads` lives in the order in which they began, over the two years that end `today`."""
    companies = max(leads // LEADS_PER_COMPANY, 1)
    for number in range(1, leads + 1):
        # One source of chance a lead, so that one lead can be drawn again without the others.
        chance = chance_of(seed, "lead", number)
        company = Company.draw(seed, int(companies * chance.random() ** 1.5))
        seen_on = today - timedelta(days=round((1 - number / leads) * DAYS))
        first = _first_state(chance, company, seen_on)
        outcome = _outcome(chance, first, today)
        last_day = outcome.occurred_on - timedelta(days=1) if outcome else today
        # Contacts are drawn from their own source, and only cut off by the outcome: how often a
        # lead is spoken to must not tell what will become of it.
        changes = _changes(chance_of(seed, "contacts", number), first)
        kept = [(day, state) for day, state in changes if day <= last_day]
        yield DemoLead(
            number=number,
            owner=number % (len(words.SALES_TEAM) + 1),
            states=((seen_on, first), *kept),
            outcome=outcome,
        )


def _first_state(chance: Random, company: Company, seen_on: date) -> DemoState:
    first, last = chance.choice(words.FIRST_NAMES), chance.choice(words.LAST_NAMES)
    interactions = min(int(chance.expovariate(1 / 2.5)), 12)
    return DemoState(
        name=f"{first} {last}",
        company=company.name,
        industry=company.industry,
        size=company.size if chance.random() < 0.95 else "",
        email=_email(chance, first, last, company),
        position=chance.choice(tuple(ground_truth.POSITION)),
        seen_on=seen_on,
        last_contact=seen_on - timedelta(days=int(chance.expovariate(1 / 12)))
        if interactions
        else None,
        budget=_budget(chance, company) if chance.random() < 0.55 else None,
        previous_purchases=company.purchases,
        interactions=interactions,
        attributes=_attributes(chance, company, seen_on),
    )


def _email(chance: Random, first: str, last: str, company: Company) -> str:
    kind = chance.random()
    if kind < 0.08:
        return ""
    private = chance.choice(sorted(ground_truth.PRIVATE_MAIL))
    domain = private if kind < 0.28 else f"{company.slug}.example"
    return f"{first}.{last}@{domain}".lower()


def _budget(chance: Random, company: Company) -> Decimal:
    amount = company.typical_budget * math.exp(chance.gauss(0, 0.7))
    return Decimal(max(round(amount / 500) * 500, 500))


def _attributes(chance: Random, company: Company, seen_on: date) -> dict[str, Any]:
    attributes: dict[str, Any] = {
        "landing_page": f"/{chance.choice(tuple(ground_truth.LANDING_KIND))}"
        f"/{chance.choice(words.TOPICS)}",
        "campaign": chance.choice(tuple(ground_truth.CAMPAIGN)),
        "employees": company.employees,
        "country": company.country,
        "webinar_attended": chance.random() < 0.2,
    }
    if chance.random() < 0.15:
        trial = seen_on - timedelta(days=chance.randrange(30))
        attributes["trial_started_on"] = trial.isoformat()
    return attributes


def _outcome(chance: Random, first: DemoState, today: date) -> DemoOutcome | None:
    won = chance.random() < ground_truth.probability(first)
    days = _delay(chance, *(DAYS_TO_WIN if won else DAYS_TO_LOSE))
    fate = chance.random()
    value = _value(chance, first)
    occurred_on = first.seen_on + timedelta(days=days)
    if occurred_on > today:
        return None
    if won:
        return DemoOutcome("won", occurred_on, value)
    if fate < LOST_SHARE:
        return DemoOutcome("lost", occurred_on)
    if fate < LOST_SHARE + DISQUALIFIED_SHARE:
        return DemoOutcome("disqualified", occurred_on)
    return None


def _delay(chance: Random, median: float, spread: float) -> int:
    return max(round(chance.lognormvariate(math.log(median), spread)), 2)


def _value(chance: Random, first: DemoState) -> Decimal:
    expected = float(first.budget or ground_truth.TYPICAL_BUDGET)
    return Decimal(round(expected * chance.lognormvariate(-0.1, 0.3) / 100) * 100)


def _changes(chance: Random, state: DemoState) -> Iterator[tuple[date, DemoState]]:
    """Contacts after the first day: what each adds to what is known."""
    end = state.seen_on + timedelta(days=CHANGES_END_AFTER)
    budget = _later_budget(chance)
    day = state.seen_on
    for _ in range(chance.randint(0, MAX_CHANGES)):
        day += timedelta(days=1 + int(chance.expovariate(1 / DAYS_BETWEEN_CONTACTS)))
        if day > end:
            return
        learned: dict[str, Any] = (
            {"budget": budget} if state.budget is None and chance.random() < 0.3 else {}
        )
        if not state.attributes["webinar_attended"] and chance.random() < 0.05:
            learned["attributes"] = {**state.attributes, "webinar_attended": True}
        state = replace(
            state,
            last_contact=day,
            interactions=(state.interactions or 0) + chance.randint(1, 3),
            **learned,
        )
        yield day, state


def _later_budget(chance: Random) -> Decimal:
    amount = ground_truth.TYPICAL_BUDGET * math.exp(chance.gauss(0, 0.9))
    return Decimal(max(round(amount / 500) * 500, 500))
