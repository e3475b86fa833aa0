"""From what a model says to how often it happens."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.special import expit, logit

Array = npt.NDArray[np.float64]

# No lead is certain, and a certain one that goes the other way would cost an infinite loss.
SMALLEST = 1e-6
KINDS = ("none", "shift", "sigmoid", "isotonic")


@dataclass(frozen=True)
class Calibration:
    """A rising map of probabilities onto probabilities; never 0 or 1.

    sigmoid: expit(slope * logit(p) + intercept) (Platt 1999, on the log-odds); shift: slope 1.
    isotonic: straight lines between (x, y) (Zadrozny, Elkan 2002).
    """

    kind: str = "none"
    slope: float = 1.0
    intercept: float = 0.0
    x: tuple[float, ...] = ()
    y: tuple[float, ...] = ()

    def apply(self, raw: Array) -> Array:
        """Calibrated probabilities (n,) within [1e-6, 1 - 1e-6]."""
        mapped = raw
        if self.kind in ("shift", "sigmoid"):
            mapped = expit(self.slope * log_odds(raw) + self.intercept)
        elif self.kind == "isotonic":
            mapped = np.interp(raw, self.x, self.y)
        return inside(mapped)

    def to_dict(self) -> dict[str, Any]:
        """JSON; numbers survive exactly."""
        return {**asdict(self), "x": list(self.x), "y": list(self.y)}

    @classmethod
    def from_dict(cls, stored: Mapping[str, Any]) -> Calibration:
        """The map that `to_dict` wrote."""
        return cls(**{**stored, "x": tuple(stored["x"]), "y": tuple(stored["y"])})


def log_odds(probability: Array) -> Array:
    """log(p / (1 - p)), finite for all p."""
    return np.asarray(logit(inside(probability)))


def inside(probability: Array) -> Array:
    """Probabilities kept off 0 and 1."""
    return np.clip(probability, SMALLEST, 1 - SMALLEST)
