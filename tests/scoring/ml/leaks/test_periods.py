from typing import Any

import numpy as np
import pytest

from scoring.ml.leaks.leakage import find_leaks
from tests.scoring.ml.builders import FIRST_DAY, examples
from tests.scoring.ml.real_data import PLACEHOLDERS, bank

N, DAYS = 3000, 360


@pytest.fixture
def random():
    return np.random.default_rng(5)


@pytest.fixture
def day(random):
    """Days since the first (N,), about eight leads a day."""
    return np.sort(random.integers(0, DAYS, N))


def left_out(random: Any, day: Any, **columns: Any) -> list[str]:
    label = (random.random(N) < 0.2).astype(int)
    budget = np.exp(random.normal(9 + label, 1)).tolist()
    table = examples(
        {"budget": budget, **{name: list(values) for name, values in columns.items()}},
        label=label,
        day=FIRST_DAY + day,
        known_after=30,
    )
    return [leak.column for leak in find_leaks(table) if leak.quarantined]


def test_it_leaves_out_the_name_of_the_month(random, day):
    months = [f"month {number}" for number in day // 30]
    assert left_out(random, day, month=months) == ["attributes.month"]


def test_it_leaves_out_a_figure_of_the_day(random, day):
    rate = 4 + np.cumsum(random.normal(0, 0.02, DAYS))[day] + day / DAYS
    assert left_out(random, day, rate=rate.tolist()) == ["attributes.rate"]


def test_it_leaves_out_a_count_of_leads_that_only_grows(random, day):
    assert left_out(random, day, number=np.arange(N, dtype=float).tolist()) == ["attributes.number"]


def test_it_leaves_out_a_switch_that_was_turned_once_for_nearly_all(random, day):
    after = (day > 200) != (random.random(N) < 0.02)
    assert left_out(random, day, via=np.where(after, "mobile", "landline")) == ["attributes.via"]


def test_it_leaves_out_campaigns_that_each_had_a_month_to_themselves(random, day):
    """What such a campaign did cannot be told from what its month did."""
    campaigns = [f"campaign {number}" for number in day // 30]
    assert left_out(random, day, campaign=campaigns) == ["attributes.campaign"]


def test_weekdays_stay(random, day):
    assert left_out(random, day, weekday=[f"day {number}" for number in day % 7]) == []


def test_a_campaign_of_one_month_stays_that_ran_beside_others(random, day):
    usual = random.choice(["search", "partner", "event"], N)
    spring = (day > 100) & (day <= 130) & (random.random(N) < 0.7)
    assert left_out(random, day, campaign=np.where(spring, "spring", usual)) == []


def test_a_flag_stays_that_some_leads_of_one_month_have(random, day):
    offer = (day > 100) & (day <= 130) & (random.random(N) < 0.5)
    assert left_out(random, day, offer=offer.tolist()) == []


def test_a_season_stays_that_came_back(random):
    day = np.sort(random.integers(0, 730, N))
    season = [f"quarter {number}" for number in day % 365 // 92]
    assert left_out(random, day, season=season) == []


def test_a_column_stays_that_was_introduced_late(random, day):
    source = random.choice(["web", "fair", "call"], N)
    assert left_out(random, day, source=np.where(day > 180, source, "")) == []


def test_a_mix_stays_that_shifts_slowly(random, day):
    online = random.random(N) < 0.2 + 0.6 * day / DAYS
    assert left_out(random, day, source=np.where(online, "online", "shop")) == []


def test_the_age_of_a_contact_is_no_calendar(random, day):
    """The date alone would tell the period; what counts is how long ago it was."""
    contact = [
        (FIRST_DAY + int(each) - int(ago)).item()
        for each, ago in zip(day, random.integers(0, 60, N), strict=True)
    ]
    assert left_out(random, day, last_contact=contact) == []


def test_few_leads_a_day_are_no_reason_to_suspect_honest_columns(random):
    few = 400
    label = (random.random(few) < 0.3).astype(int)
    table = examples(
        {
            "industry": random.choice(["a", "b", "c"], few).tolist(),
            "budget": random.lognormal(9, 1, few).tolist(),
            "interactions": random.poisson(3, few).astype(float).tolist(),
        },
        label=label,
        day=FIRST_DAY + np.sort(random.integers(0, 360, few)),
    )
    assert find_leaks(table) == []


def test_it_says_why_and_keeps_what_is_asked_for(random, day):
    label = (random.random(N) < 0.2).astype(int)
    months = [f"month {number}" for number in day // 30]
    table = examples({"month": months}, label=label, day=FIRST_DAY + day)
    (leak,) = find_leaks(table)
    assert "known from the date alone" in leak.reason
    assert leak.evidence["told_by_day"] > 0.95
    (kept,) = find_leaks(table, keep=["month"])
    assert not kept.quarantined


def test_it_names_what_only_tells_the_period_of_the_banks_calls():
    calls = bank()
    early = calls.take(calls.day <= np.datetime64("2008-08-03"))
    found = find_leaks(early, placeholders=PLACEHOLDERS)
    names = {leak.column.removeprefix("attributes.") for leak in found if leak.quarantined}
    macro = {"emp.var.rate", "cons.price.idx", "cons.conf.idx", "euribor3m", "nr.employed"}
    assert names == {"duration", "month", "contact", *macro}
