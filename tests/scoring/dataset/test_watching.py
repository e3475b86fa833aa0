from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest

from crm.models import Lead
from crm.services import LeadData, OutcomeData, leads_upsert, outcomes_record
from scoring.dataset import training_examples
from scoring.dataset.training import Dataset
from tests.scoring.crowd import SOMEONE
from tests.scoring.dataset.test_training import at

pytestmark = pytest.mark.django_db

TODAY = date(2026, 6, 1)


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


def add(name: str, seen: date | None, **outcome: Any) -> None:
    """A lead that became known on `seen`, changed ten days later, and its outcome if any."""
    first = seen or ago(300)
    for day, interactions in ((first, 1), (first + timedelta(days=10), 5)):
        with at(day):
            lead = LeadData(external_id=name, interactions=interactions, seen_on=seen)
            leads_upsert(leads=[lead], source=Lead.Source.API, actor=SOMEONE)
    if outcome:
        with at(TODAY):
            data = OutcomeData(external_id=name, **outcome)
            outcomes_record(outcomes=[data], source=Lead.Source.API, actor=SOMEONE)


def dataset() -> Dataset:
    return training_examples(TODAY, 90)


def seen(found: Dataset) -> Iterator[tuple[float, int, int, int]]:
    """Each followed row: interactions, days, what ended it, days until today."""
    delays = found.followups.delays
    columns = (delays.elapsed, delays.event, delays.watched)
    return zip(
        found.followups.features["interactions"].tolist(),
        *(column.tolist() for column in columns),
        strict=True,
    )


def test_it_follows_old_and_young_leads_from_each_row_to_their_end_or_today():
    add("old", ago(200), result="won", occurred_on=ago(170))
    add("young", ago(40))
    add("young and lost", ago(50), result="lost", occurred_on=ago(5))
    assert sorted(seen(dataset())) == [
        (1.0, 30, 1, 200),
        (1.0, 40, 0, 40),
        (1.0, 45, 2, 50),
        (5.0, 20, 1, 190),
        (5.0, 30, 0, 30),
        (5.0, 35, 2, 40),
    ]


def test_a_leads_followed_rows_weigh_one_together():
    add("old", ago(95))
    add("young", ago(40))
    assert dataset().followups.weight.tolist() == [0.5] * 4


def test_it_follows_each_lead_once_from_the_day_it_became_known():
    add("won", ago(200), result="won", occurred_on=ago(170))
    add("open", ago(40))
    first = dataset().followups.first
    assert sorted(zip(first.elapsed.tolist(), first.event.tolist(), strict=True)) == [
        (30, 1),
        (40, 0),
    ]


def test_it_leaves_out_what_has_no_day_and_what_never_was_a_lead():
    add("undated", ago(200), result="won")
    add("disqualified", ago(200), result="disqualified", occurred_on=ago(100))
    found = dataset().followups
    assert (len(found.first), len(found.delays), found.undated) == (0, 0, 1)


def test_an_outcome_after_the_day_asked_about_has_not_happened_yet():
    add("won later", ago(200), result="won", occurred_on=ago(10))
    then = training_examples(ago(50), 90).followups
    assert then.first.event.tolist() == [0]
    assert then.first.elapsed.tolist() == [150]


def test_it_thins_by_leads_where_there_are_very_many(monkeypatch):
    monkeypatch.setattr("scoring.dataset.parts.MOST_FOLLOWED", 20)
    for number in range(20):
        add(str(number), ago(150 + number))
    found = dataset()
    assert len(found.followups.first) == 20
    assert len(found.followups.delays) == 20
    assert len(np.unique(found.examples.lead)) == 20


def test_no_leads_are_followed_where_there_are_none():
    assert len(dataset().followups.delays) == 0
