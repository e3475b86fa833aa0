"""From what fields add to a model's raw output to what they add to the probability it serves."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from scoring.ml.serving.calibration import Calibration

Array = npt.NDArray[np.float64]
Matrix = npt.NDArray[np.float32]
Link = Callable[[Array], Array]
# Twice the scale of a score: no part of one says more, but for a lead beside the base.
MOST_POINTS = 200.0


@dataclass(frozen=True)
class Contributor:
    """How an engine's output comes about.

    base: raw output where nothing is known. link: raw output -> probability before calibration.
    values: X (n, k) -> (n, fields), which add up to raw output - base, and their standard errors.
    """

    base: float
    link: Link
    values: Callable[[Matrix], tuple[Array, Array]]


@dataclass(frozen=True)
class Parts:
    """`base` + `values` (n, fields) summed = what they are parts of."""

    base: float
    values: Array


@dataclass(frozen=True)
class Carrier:
    """A model's contributor and its calibration."""

    contributor: Contributor
    calibration: Calibration

    def carry(self, values: Array, probability: Array, scale: Callable[[Array], Array]) -> Parts:
        """Contributions to the raw output f as parts of `scale`(p): value * (p - p0) / (f - f0).

        Beside the base f0 that slope need not exist: there it is the slope over all that the
        lead's fields add and take away, and what is left goes to the fields by size.
        """
        base = scale(self._at(np.zeros(1)))[0]
        total = (scale(probability) - base)[:, None]
        rise = values.sum(axis=1, keepdims=True)
        size = np.abs(values).sum(axis=1, keepdims=True)
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            carried = values * (total / rise)
        wild = ~(np.abs(carried).max(axis=1, keepdims=True, initial=0.0) <= MOST_POINTS)
        if wild.any():
            up, down = (size + rise)[:, 0] / 2, (size - rise)[:, 0] / 2
            span = (scale(self._at(up)) - scale(self._at(-down)))[:, None]
            whole = np.where(size > 0, size, 1.0)
            slope = span / whole
            beside = values * slope + (total - slope * rise) * np.abs(values) / whole
            carried = np.where(wild, beside, carried)
        return Parts(float(base), carried)

    def points(self, X: Matrix, probability: Array) -> tuple[Parts, Array, Array]:
        """Parts of 100 * `probability` (n,), which the model gives for X (n, k).

        Also the standard errors of the points, and the contributions they come from.
        """
        values, error = self.contributor.values(X)
        points = self.carry(values, probability, in_points)
        # The slope is the same for all fields of a lead, and so for their errors.
        slope = np.abs(points.values).sum(axis=1) / np.maximum(np.abs(values).sum(axis=1), 1e-300)
        return points, error * slope[:, None], values

    def _at(self, rise: Array) -> Array:
        """The probability at raw outputs that lie `rise` above the base."""
        return self.calibration.apply(self.contributor.link(self.contributor.base + rise))


def in_points(probability: Array) -> Array:
    """Probabilities as scores, not rounded."""
    return 100.0 * probability
