"""How far the true probability of a lead may lie from what the model says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from statistics import NormalDist
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.special import expit

from scoring.ml.serving.calibration import log_odds

Array = npt.NDArray[np.float64]

# The true probability should lie in this share of the intervals.
LEVEL = 0.9
SMALLEST = 1e-9


@dataclass(frozen=True)
class Spread:
    """The variance of (true log-odds - the model's) by what it says and by how usual the lead is:
    that of a normal distribution with LEVEL of these errors inside.

    odds (a,), variance (a,): straight lines between; constant beyond the ends.
    distance (b,), factor (b,): the variance is multiplied by it; it rises, and beyond the last
    distance it goes on rising by the distance.
    """

    odds: tuple[float, ...]
    variance: tuple[float, ...]
    distance: tuple[float, ...]
    factor: tuple[float, ...]

    def interval(
        self, probability: Array, distance: Array, level: float = LEVEL
    ) -> tuple[Array, Array]:
        """Lower and upper end (n,): around `probability` (n,), inside 0 and 1."""
        odds = log_odds(probability)
        half = NormalDist().inv_cdf((1 + level) / 2) * self.deviation(odds, distance)
        low = np.clip(expit(odds - half), SMALLEST, probability)
        high = np.clip(expit(odds + half), probability, 1 - SMALLEST)
        return low, high

    def deviation(self, odds: Array, distance: Array) -> Array:
        """Standard deviation of the error in log-odds (n,)."""
        factor = np.interp(distance, self.distance, self.factor)
        beyond = np.maximum(distance - self.distance[-1], 0.0) / max(self.distance[-1], 1.0)
        factor = factor * (1.0 + beyond)
        return np.asarray(np.sqrt(np.interp(odds, self.odds, self.variance) * factor))

    def to_dict(self) -> dict[str, Any]:
        """JSON; numbers survive exactly."""
        return {name: list(values) for name, values in asdict(self).items()}

    @classmethod
    def from_dict(cls, stored: Mapping[str, Any]) -> Spread:
        """What `to_dict` wrote."""
        return cls(**{name: tuple(values) for name, values in stored.items()})
