"""How far a figure could be off by chance: resampling leads, not rows (Efron 1979)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]

RESAMPLES = 400
BOUNDS = (0.025, 0.975)


@dataclass(frozen=True)
class Interval:
    """A figure and the bounds between which it lies with a probability of 95 %."""

    value: float
    low: float
    high: float

    def to_json(self) -> dict[str, float]:
        """As it is stored and sent."""
        return {"value": self.value, "low": self.low, "high": self.high}


def resamples(leads: int, *, times: int, seed: int) -> Iterator[Array]:
    """How often each of `leads` leads was drawn (leads,), `times` times."""
    rng = np.random.default_rng(seed)
    for _ in range(times):
        drawn = rng.integers(leads, size=leads)
        yield np.bincount(drawn, minlength=leads).astype(np.float64)


def resampled_means(
    values: Array, weight: Array, lead: npt.NDArray[np.int64], *, seed: int
) -> tuple[float, Array]:
    """The weighted mean of `values` (n,), and what it was in each resample (RESAMPLES,)."""
    _, position = np.unique(lead, return_inverse=True)
    sums = np.bincount(position, weights=weight * values)
    weights = np.bincount(position, weights=weight)
    means = [
        float(drawn @ sums / (drawn @ weights))
        for drawn in resamples(len(sums), times=RESAMPLES, seed=seed)
    ]
    return float(sums.sum() / weights.sum()), np.array(means)


def mean_interval(
    values: Array, weight: Array, lead: npt.NDArray[np.int64], *, seed: int
) -> Interval:
    """The weighted mean of `values` (n,) with its 95 % interval.

    With the difference of two models' losses as values this is the paired bootstrap.
    """
    value, means = resampled_means(values, weight, lead, seed=seed)
    low, high = np.quantile(means, BOUNDS)
    return Interval(value, float(low), float(high))
