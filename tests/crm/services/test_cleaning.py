from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from crm.days import today
from crm.services import LeadData, OutcomeData, clean_lead, clean_outcome

HALF = "\ud800"


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("name", "x" * 201, "Must have at most 200 characters."),
        ("name", "a\0b", "Must not hold a NUL character."),
        ("name", HALF, "Must not hold half of a surrogate pair."),
        ("name", 7, "Must be a text."),
        ("industry", "a\0b", "Must not hold a NUL character."),
        ("external_id", "x" * 201, "Must have at most 200 characters."),
        ("external_id", " ", "Must not be empty."),
        ("external_id", HALF, "Must not hold half of a surrogate pair."),
        ("email", "not an address", "Must be an e-mail address."),
        ("email", f"{'x' * 250}@a.example", "Must have at most 254 characters."),
        ("budget", -0.01, "Must be from 0 to 1,000,000,000,000."),
        ("budget", 1e39, "Must be from 0 to 1,000,000,000,000."),
        ("budget", float("nan"), "Must be from 0 to 1,000,000,000,000."),
        ("budget", True, "Must be a number."),
        ("budget", "12", "Must be a number."),
        ("interactions", 10**6 + 1, "Must be from 0 to 1,000,000."),
        ("interactions", True, "Must be a whole number."),
        ("previous_purchases", 1.5, "Must be a whole number."),
        ("last_contact", "2025-01-01", "Must be a date."),
        ("attributes", [], "Must be an object of names and values."),
        ("attributes", dict.fromkeys(map(str, range(201))), "Must have at most 200 entries."),
        ("attributes", {"k" * 101: 1}, f"'{'k' * 59}: Must have at most 100 characters."),
        ("attributes", {" ": 1}, "' ': A name must not be empty."),
        ("attributes", {"a\0": 1}, "'a\\x00': Must not hold a NUL character."),
        ("attributes", {HALF: 1}, "'\\ud800': Must not hold half of a surrogate pair."),
        ("attributes", {"a": "x" * 1001}, "'a': Must have at most 1,000 characters."),
        ("attributes", {"a": "\0"}, "'a': Must not hold a NUL character."),
        ("attributes", {"a": HALF}, "'a': Must not hold half of a surrogate pair."),
        ("attributes", {"a": float("inf")}, "'a': Must be a number within ±1e38."),
        ("attributes", {"a": float("nan")}, "'a': Must be a number within ±1e38."),
        ("attributes", {"a": 10**400}, "'a': Must be a number within ±1e38."),
        ("attributes", {"a": [1]}, "'a': Must be a text, a number, true, false or null."),
    ],
)
def test_it_refuses_with_a_sentence(field: str, value: Any, message: str):
    _, errors = clean_lead(LeadData(**{"external_id": "1", field: value}))

    assert errors == {field: message}


def test_a_day_may_lie_ahead_by_one():
    tomorrow, later = today() + timedelta(days=1), today() + timedelta(days=2)

    assert clean_lead(LeadData(external_id="1", last_contact=tomorrow))[1] == {}
    assert clean_lead(LeadData(external_id="1", last_contact=later))[1] == {
        "last_contact": f"{later} lies in the future."
    }


@pytest.mark.parametrize(
    ("field", "given", "kept"),
    [
        ("name", "  Ada ", "Ada"),
        ("external_id", " 1", " 1"),
        ("industry", "TeChNology", "TeChNology"),
        ("name", None, ""),
        ("budget", 10**12, Decimal(10) ** 12),
        ("budget", 0.1, Decimal("0.10")),
        ("last_contact", datetime(2025, 1, 2, 23, tzinfo=UTC), date(2025, 1, 2)),
        ("attributes", None, {}),
        ("attributes", {"a": None, "b": False}, {"a": None, "b": False}),
    ],
)
def test_it_keeps_the_rest_as_it_is_stored(field: str, given: Any, kept: Any):
    values, errors = clean_lead(LeadData(**{"external_id": "1", field: given}))

    assert errors == {}
    assert values[field] == kept


def test_an_outcome_has_one_of_three_results():
    _, errors = clean_outcome(OutcomeData(external_id="1", result="maybe", value=-1))

    assert errors == {
        "result": "Must be one of: won, lost, disqualified.",
        "value": "Must be from 0 to 1,000,000,000,000.",
    }
