"""From raw output to score points: contributions that add up to what was said of a lead."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from scoring.ml.encoding.features import EncodedField
from scoring.ml.explaining.contributors import contributor
from scoring.ml.serving.calibration import Calibration, log_odds
from scoring.ml.serving.engines import Engine

Array = npt.NDArray[np.float64]
Matrix = npt.NDArray[np.float32]
# Twice the scale of a score: no part of one says more, but for a lead beside the base.
MOST_POINTS = 200.0


@dataclass(frozen=True)
class Parts:
    """`base` + `values` (n, fields) summed = what they are parts of."""

    base: float
    values: Array


@dataclass(frozen=True)
class Explained:
    """What was said of n leads, and the parts it is the sum of.

    points:   parts of 100 * probability. log_odds: parts of log(p / (1 - p)).
    error:    standard errors of the points (n, fields); 0 where they are exact.
    """

    fields: Sequence[EncodedField]
    probability: Array
    points: Parts
    log_odds: Parts
    error: Array


class Explainer:
    """The parts of what one model says. Built once, it serves every lead."""

    def __init__(
        self, fields: Sequence[EncodedField], engine: Engine, calibration: Calibration
    ) -> None:
        self._fields = fields
        self._contributor = contributor(engine, fields)
        self._calibration = calibration

    def explain(self, X: Matrix, probability: Array) -> Explained:
        """The parts of `probability` (n,), which the model gives for X (n, k)."""
        values, error = self._contributor.values(X)
        points = self._carry(values, probability, _points)
        # The slope is the same for all fields of a lead, and so for their errors.
        slope = np.abs(points.values).sum(axis=1) / np.maximum(np.abs(values).sum(axis=1), 1e-300)
        return Explained(
            fields=self._fields,
            probability=probability,
            points=points,
            log_odds=self._carry(values, probability, log_odds),
            error=error * slope[:, None],
        )

    def _carry(self, values: Array, probability: Array, scale: Callable[[Array], Array]) -> Parts:
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

    def _at(self, rise: Array) -> Array:
        """The probability at raw outputs that lie `rise` above the base."""
        raw = self._contributor.link(self._contributor.base + rise)
        return self._calibration.apply(raw)


def _points(probability: Array) -> Array:
    return 100.0 * probability
