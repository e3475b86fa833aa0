"""A small CRM whose leads are won by a rule that a model can find."""

from datetime import UTC, date, datetime, timedelta

import numpy as np
import time_machine

from crm.models import Lead, Outcome
from crm.services import Actor, LeadData, OutcomeData, leads_upsert, outcomes_record

SOMEONE = Actor(user=None, label="test")
FIRST_DAY = date(2025, 1, 1)
# The day on which every lead of a crowd has long been decided.
TODAY = date(2026, 6, 1)


def add_crowd(
    count: int, *, name: str = "lead", first_day: date = FIRST_DAY, seed: int = 0
) -> None:
    """`count` leads, one a day, won or lost ten days later; many interactions make a win likely."""
    rng = np.random.default_rng(seed)
    interactions = rng.integers(0, 20, count)
    won = interactions + rng.normal(0, 4, count) > 10
    days = [first_day + timedelta(days=number) for number in range(count)]
    with time_machine.travel(datetime(2026, 6, 1, 12, tzinfo=UTC), tick=False):
        leads = [
            LeadData(
                external_id=f"{name}-{number}",
                interactions=int(interactions[number]),
                industry=["Retail", "Banking", "Energy"][number % 3],
                seen_on=day,
            )
            for number, day in enumerate(days)
        ]
        leads_upsert(leads=leads, source=Lead.Source.IMPORT, actor=SOMEONE)
        outcomes = [
            OutcomeData(
                external_id=f"{name}-{number}",
                result=Outcome.Result.WON if won[number] else Outcome.Result.LOST,
                occurred_on=day + timedelta(days=10),
            )
            for number, day in enumerate(days)
        ]
        outcomes_record(outcomes=outcomes, source=Lead.Source.IMPORT, actor=SOMEONE)
