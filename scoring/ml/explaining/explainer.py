"""From raw output to score points: contributions that add up to what was said of a lead."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from scoring.ml.encoding.features import EncodedField
from scoring.ml.explaining.carrying import Carrier, Parts
from scoring.ml.explaining.contributors import contributor
from scoring.ml.serving.calibration import Calibration, log_odds
from scoring.ml.serving.engines import Engine

Array = npt.NDArray[np.float64]
Matrix = npt.NDArray[np.float32]


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
        self._carrier = Carrier(contributor(engine, fields), calibration)

    def explain(self, X: Matrix, probability: Array) -> Explained:
        """The parts of `probability` (n,), which the model gives for X (n, k)."""
        points, error, values = self._carrier.points(X, probability)
        return Explained(
            fields=self._fields,
            probability=probability,
            points=points,
            log_odds=self._carrier.carry(values, probability, log_odds),
            error=error,
        )
