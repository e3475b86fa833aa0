"""Columns that tell the calendar, not the lead: a month's name, the interest rate of the day.

What such a column seems to do to a lead's chances cannot be told from what its time did, and the
next period will not be one of those it names. Two things make one: within a period nearly all
leads have the same value, and values do not come back in later periods. A weekday comes back
every week, a campaign that only some leads of its month came by leaves others to compare with:
both stay.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from scoring.ml.encoding.drafts import Uninformative
from scoring.ml.encoding.fitting import kind_of
from scoring.ml.examples import Examples
from scoring.ml.leaks.signs import Sign
from scoring.ml.values import (
    Placeholders,
    days_since_1970,
    read_days,
    read_filled,
    read_numbers,
    read_words,
    word_of,
)

Codes = npt.NDArray[np.intp]
Counts = npt.NDArray[np.float64]

# Periods hold whole weeks, so that weekdays are alike in all; moments are days, if enough happens.
# Each has so many leads, on average, to compare with each other.
ROWS_A_PERIOD, ROWS_A_MOMENT = 30, 10
FEWEST_PERIODS, MOST_PERIODS, MOST_MOMENTS = 4, 60, 500
# A column is suspected if so much of what it tells is told by the moment already: hardly any two
# leads of a moment differ. And so much by the period: that is not so of a weekday.
TOLD_BY_MOMENT, TOLD_BY_PERIOD = 0.75, 0.35
# A value has come back if it was common again after so many periods without it,
GAP = 3
# and values come back if so many of the leads have one that did.
SHARE_RETURNING = 0.5
MOST_VALUES, BINS = 40, 10
SHUFFLES = 3


def tells_period(
    column: str, examples: Examples, placeholders: Placeholders, *, seed: int
) -> Sign | None:
    """The column says little more than when its row is from; rows without a value do not count."""
    periods = _slices(examples, days=7, rows=ROWS_A_PERIOD, most=MOST_PERIODS)
    moments = _slices(examples, days=1, rows=ROWS_A_MOMENT, most=MOST_MOMENTS)
    if periods is None or moments is None:
        return None
    filled = read_filled(examples.features[column], placeholders)
    rows = filled & (periods >= 0)
    codes, period, moment = (
        _codes(column, examples, placeholders)[rows],
        periods[rows],
        moments[rows],
    )
    if len(codes) < FEWEST_PERIODS * ROWS_A_PERIOD or (codes == codes[0]).all():
        return None
    by_moment = _share_told(codes, moment, seed)
    if by_moment < TOLD_BY_MOMENT:
        return None
    by_period = _share_told(codes, period, seed)
    returning = _share_returning(codes, period)
    if by_period < TOLD_BY_PERIOD or returning > SHARE_RETURNING:
        return None
    return Sign(
        f"tells the period rather than the lead: {by_moment:.0%} of what it says is known from "
        "the date alone, and its values do not come back",
        {
            "told_by_day": round(by_moment, 4),
            "told_by_period": round(by_period, 4),
            "returning": round(returning, 4),
        },
    )


def _slices(examples: Examples, *, days: int, rows: int, most: int) -> Codes | None:
    """The number of each row's slice of time (n,), -1 without a day; None if there are too few.

    Slices are equally long, a multiple of `days`, with at least `rows` rows on average.
    """
    day = days_since_1970(examples.day.astype("datetime64[D]"))
    dated = ~np.isnan(day)
    if dated.sum() < len(day) / 2:
        return None
    first, last = day[dated].min(), day[dated].max()
    count = min(most, int(dated.sum()) // rows, int(last - first + 1) // days)
    if count < FEWEST_PERIODS:
        return None
    length = days * np.ceil((last - first + 1) / count / days)
    return np.where(dated, (day - first) // length, -1).astype(np.intp)


def _codes(column: str, examples: Examples, placeholders: Placeholders) -> Codes:
    """A number for each row's value (n,): its word, or its bin; of a date, of its age."""
    values = examples.features[column]
    try:
        kind = kind_of(values, placeholders)
    except Uninformative:
        return np.zeros(len(values), dtype=np.intp)
    if kind == "category":
        codes, words, _ = read_words(values, lambda value: word_of(value, placeholders))
        counts = np.bincount(codes + 1, minlength=len(words) + 1)[1:]
        kept = np.argsort(-counts, kind="stable")[:MOST_VALUES]
        table = np.full(len(words) + 1, len(kept), dtype=np.intp)
        table[kept] = np.arange(len(kept))
        return table[codes]
    numbers = read_numbers(values, placeholders)
    if kind == "date":
        day = days_since_1970(examples.day.astype("datetime64[D]"))
        numbers = day - read_days(values, placeholders)
    present = numbers[~np.isnan(numbers)]
    if len(np.unique(present)) <= BINS:
        return np.searchsorted(np.unique(present), numbers).astype(np.intp)
    cuts = np.unique(np.quantile(present, np.linspace(0, 1, BINS + 1)[1:-1]))
    return np.searchsorted(cuts, numbers, side="right").astype(np.intp)


def _share_told(codes: Codes, period: Codes, seed: int) -> float:
    """How much of a column's entropy the period tells, 0 to 1, beyond what chance would."""
    table = _table(codes, period)
    entropy = _entropy(table.sum(axis=0))
    rng = np.random.default_rng(seed)
    by_chance = np.mean([_told(_table(rng.permutation(codes), period)) for _ in range(SHUFFLES)])
    left = entropy - by_chance
    return float((_told(table) - by_chance) / left) if left > 1e-9 else 0.0


def _table(codes: Codes, period: Codes) -> Counts:
    """How many rows of each period have each value: (periods, values)."""
    periods, values = int(period.max()) + 1, int(codes.max()) + 1
    counts = np.bincount(period * values + codes, minlength=periods * values)
    return counts.reshape(periods, values).astype(np.float64)


def _told(table: Counts) -> float:
    """Mutual information of value and period, in nats (Shannon 1948)."""
    return _entropy(table.sum(axis=0)) + _entropy(table.sum(axis=1)) - _entropy(table.ravel())


def _entropy(counts: Counts) -> float:
    share = counts[counts > 0] / counts.sum()
    return float(-(share * np.log(share)).sum())


def _share_returning(codes: Codes, period: Codes) -> float:
    """The share of rows whose value was common, then gone for GAP periods or more, then back."""
    table = _table(codes, period)
    rows = table.sum(axis=1, keepdims=True)
    within = np.divide(table, rows, out=np.zeros_like(table), where=rows > 0)
    common = within >= 0.5 * within.max(axis=0, keepdims=True)
    back = np.array([_comes_back(np.flatnonzero(each)) for each in common.T])
    return float(table.sum(axis=0) @ back / table.sum())


def _comes_back(periods: Codes) -> bool:
    return bool(len(periods) > 1 and (np.diff(periods) > GAP).any())
