"""Conditions hold of the same values one by one and in a column, and of nothing unknown."""

from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.ml.encoding.conditions import (
    AT_LEAST,
    AT_MOST,
    BETWEEN,
    CONTAINS,
    KNOWN,
    ONE_OF,
    UNKNOWN,
    WITHIN_DAYS,
    Condition,
    ConditionColumn,
)
from scoring.ml.encoding.features import LeadEncoder
from scoring.ml.frames import to_frame
from scoring.ml.schema import LeadFeatures
from scoring.ml.values import EPOCH

DAY = date(2026, 3, 15)
TODAY = float(DAY.toordinal() - EPOCH)
NONE = frozenset({"", "unknown"})
ALL = (
    Condition(ONE_OF, words=("Technology", "5", "yes")),
    Condition(CONTAINS, words=("chief", "head of")),
    Condition(KNOWN),
    Condition(UNKNOWN),
    Condition(AT_LEAST, low=5),
    Condition(AT_MOST, high=5),
    Condition(BETWEEN, low=-1, high=5),
    Condition(WITHIN_DAYS, high=14),
)


@pytest.mark.parametrize(
    ("condition", "value", "holds"),
    [
        (ALL[0], " technology ", True),
        (ALL[0], "Technologies", False),
        (ALL[0], 5, True),
        (ALL[0], True, True),
        (ALL[0], False, False),
        (ALL[1], "Chief Buyer", True),
        (ALL[1], "Mischief", True),
        (ALL[1], "Buyer", False),
        (ALL[2], "unknown", False),
        (ALL[2], 0, True),
        (ALL[3], "Unknown", True),
        (ALL[3], None, True),
        (ALL[4], 5, True),
        (ALL[4], "5.5", True),
        (ALL[4], 4.99, False),
        (ALL[5], 5, True),
        (ALL[5], None, False),
        (ALL[6], 6, False),
        (ALL[7], date(2026, 3, 1), True),
        (ALL[7], "2026-02-28", False),
        (ALL[7], date(2026, 3, 29), True),
        (ALL[7], None, False),
    ],
)
def test_it_holds_of_what_a_person_would_say_it_holds_of(condition, value, holds):
    assert condition.one(value, TODAY, NONE) is holds


@pytest.mark.parametrize("condition", [each for each in ALL if each.kind != UNKNOWN])
@pytest.mark.parametrize("value", [None, float("nan"), "", "UNKNOWN"])
def test_only_unknown_holds_of_what_is_not_known(condition, value):
    assert not condition.one(value, TODAY, NONE)


def test_a_date_without_a_day_to_measure_from_is_within_no_days():
    assert not Condition(WITHIN_DAYS, high=1e6).one(DAY, float("nan"), NONE)


VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-10, 10).map(float),
    st.sampled_from(["Technology", "5", "unknown", "", "chief of all", "2026-03-10", "2025-01-01"]),
)


@given(st.lists(VALUES, min_size=1, max_size=8), st.sampled_from([DAY, None]))
def test_a_lead_alone_is_read_as_in_a_column(values, day):
    stored = {"placeholders": ["unknown"], "drop": [], "dropped": {}, "twins": {}}
    column = ConditionColumn("attributes.x", NONE, ALL).to_dict()
    encoder = LeadEncoder.from_dict({**stored, "columns": [column]})
    leads = [LeadFeatures(attributes={"x": value}) for value in values]
    days = [day] * len(leads)
    one, many = encoder.encode(leads, days), encoder.transform(to_frame(leads, days))
    np.testing.assert_array_equal(one, many)
    assert set(np.unique(one)) <= {0.0, 1.0}


def test_numbers_and_dates_are_read_alike_too():
    columns = [
        ConditionColumn("budget", NONE, ALL).to_dict(),
        ConditionColumn("last_contact", NONE, ALL).to_dict(),
    ]
    stored = {"placeholders": [], "drop": [], "dropped": {}, "twins": {}, "columns": columns}
    encoder = LeadEncoder.from_dict(stored)
    assert LeadEncoder.from_dict(encoder.to_dict()).to_dict() == encoder.to_dict()
    leads = [
        LeadFeatures(budget=budget, last_contact=when)
        for budget in (None, 0.0, 5.0, 7.0)
        for when in (None, DAY, date(2020, 1, 1))
    ]
    days = [DAY] * len(leads)
    np.testing.assert_array_equal(
        encoder.encode(leads, days), encoder.transform(to_frame(leads, days))
    )
