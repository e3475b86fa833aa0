from collections import Counter
from dataclasses import fields
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from scoring.dataset.days import Life, State
from scoring.dataset.one_state import OneState
from scoring.dataset.parts import Part, together
from scoring.dataset.training import part_of
from scoring.ml.frames import to_frame
from scoring.ml.schema import DAY, LeadFeatures

TODAY = date(2026, 6, 1)
WINDOW = 90

some_day = st.integers(-300, 30).map(lambda days: TODAY + timedelta(days=days))
lives = st.builds(
    Life,
    states=st.builds(State, day=some_day, mentioned=st.booleans()).map(lambda state: [state]),
    seen_on=st.none() | some_day,
    confirmed=st.booleans(),
    result=st.sampled_from([None, "won", "lost", "disqualified"]),
    occurred_on=st.none() | some_day,
    recorded_on=some_day,
).map(
    lambda life: life if life.result else Life(life.states, life.seen_on, confirmed=life.confirmed)
)


def features(number: int) -> LeadFeatures:
    return LeadFeatures(interactions=float(number), attributes={"plan": str(number % 3)})


def days(values: list[date | None]) -> np.ndarray:
    return np.array(values, dtype="datetime64[D]")


def by_column(known: list[Life], first: int, at_once: bool = True) -> Part:
    leads = OneState(
        lead=np.arange(first, first + len(known)),
        seen_on=days([life.seen_on for life in known]),
        confirmed=np.array([life.confirmed for life in known], dtype=bool),
        result=np.array([life.result for life in known], dtype=object),
        occurred_on=days([life.occurred_on for life in known]),
        recorded_on=days([life.recorded_on for life in known]),
        state=days([life.states[0].day for life in known]),
    )
    numbers = range(first, first + len(known))
    frame = to_frame([features(n) for n in numbers], [None] * len(known))
    return leads.part(frame.drop(columns=DAY), today=TODAY, window=WINDOW, at_once=at_once)


def by_row(known: list[Life], first: int, at_once: bool = True) -> Part:
    numbered = ((n, life, lambda _, n=n: features(n)) for n, life in enumerate(known, first))
    return part_of(numbered, today=TODAY, window_days=WINDOW, at_once=at_once)


def assert_equal(one: Any, other: Any) -> None:
    """All that a dataclass holds, and dataclasses within it."""
    for each in fields(one):
        a, b = getattr(one, each.name), getattr(other, each.name)
        if isinstance(a, pd.DataFrame):
            # Frames of no rows may know other attributes.
            assert len(a) == len(b)
            if len(a):
                pd.testing.assert_frame_equal(a, b)
        elif isinstance(a, np.ndarray):
            assert a.dtype == b.dtype, each.name
            np.testing.assert_array_equal(a, b, err_msg=each.name)
        elif isinstance(a, int | date | Counter | None):
            assert a == b, each.name
        else:
            assert_equal(a, b)


@given(st.lists(lives, min_size=1, max_size=12), st.booleans())
def test_columns_give_the_rows_that_each_life_gives(known, at_once):
    # A lead that teaches, so that both frames know the attribute.
    known = [Life([State(date(2024, 1, 1))], date(2024, 1, 1)), *known]
    assert_equal(by_column(known, 1, at_once), by_row(known, 1, at_once))


@given(st.lists(lives, min_size=2, max_size=12), st.integers(1, 11))
def test_parts_of_leads_give_what_all_leads_together_give(known, cut):
    known = [Life([State(date(2024, 1, 1))], date(2024, 1, 1)), *known]
    parts = [by_row(known[cut:], 1 + cut), by_row(known[:cut], 1)]
    found, whole = together(parts), by_row(known, 1)
    assert_equal(found.used, whole.used)
    assert (found.leads, found.left_out, found.young_rows, found.matures) == (
        whole.leads,
        whole.left_out,
        whole.young_rows,
        whole.matures,
    )
    # Of the same row the same, wherever it stands.
    ours, theirs = found.seen, whole.seen
    assert sorted(zip(ours.places, ours.used.elapsed, strict=True)) == sorted(
        zip(theirs.places, theirs.used.elapsed, strict=True)
    )
    assert (len(ours.first), ours.undated) == (len(theirs.first), theirs.undated)
