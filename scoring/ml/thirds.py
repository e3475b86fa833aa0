"""Thirds of value and volume: the words in a segment's name, and which leads they mean."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

ACTIVITY = ("interactions", "previous_purchases")
UNKNOWN = 50.0
# A word holds for percentiles from the limit before it up to, not including, its own.
THIRDS = ((100 / 3, "Low"), (200 / 3, "Medium"), (np.inf, "High"))
# Counts have few values; of more, so many stand for all.
MOST_STEPS = 50


def percentiles(values: pd.Series) -> pd.Series:
    """Mid-ranks in %, so that the median is 50 whatever the ties; NaN where unknown."""
    known = values.notna().sum()
    return (values.rank() - 0.5) / max(known, 1) * 100


def word(percentile: float) -> str:
    """ "Low", "Medium" or "High"."""
    return next(word for limit, word in THIRDS if percentile < limit)


def where(features: pd.DataFrame, *, value: str, volume: str) -> dict[str, Any]:
    """Which leads are in these thirds (words), as a JSON object that a query can be made of.

    value: `from` (included) and `below` in money, null without a limit, and whether a lead whose
    budget is `unknown` is among them. volume: the same in percentiles, with the `scales` by which
    each count becomes one: rising [count, percentile], each up to the next.
    """
    budget = features["budget"]
    low, high = _limits(value)
    of_budget = percentiles(budget)
    return {
        "value": {
            "from": _least(budget, of_budget, low),
            "below": _least(budget, of_budget, high),
            "unknown": word(UNKNOWN) == value,
        },
        "volume": {
            "from": _finite(_limits(volume)[0]),
            "below": _finite(_limits(volume)[1]),
            "scales": {name: _scale(features[name]) for name in ACTIVITY},
        },
    }


def _limits(wanted: str) -> tuple[float, float]:
    limits = [-np.inf, *(limit for limit, _ in THIRDS)]
    at = [each for _, each in THIRDS].index(wanted)
    return limits[at], limits[at + 1]


def _finite(limit: float) -> float | None:
    """JSON knows no infinity."""
    return float(limit) if np.isfinite(limit) else None


def _least(values: pd.Series, of_values: pd.Series, limit: float) -> float | None:
    """The least value at or above a percentile."""
    least = values[of_values >= limit].min() if np.isfinite(limit) else np.nan
    return None if pd.isna(least) else float(least)


def _scale(values: pd.Series) -> list[list[float]]:
    steps = percentiles(values).groupby(values).first()  # rising; without what is unknown
    if len(steps) > MOST_STEPS:
        steps = steps.iloc[np.linspace(0, len(steps) - 1, MOST_STEPS).round().astype(int)]
    pairs: list[list[float]] = np.column_stack(
        [steps.index.to_numpy(dtype=float), steps.round(4).to_numpy()]
    ).tolist()
    return pairs
