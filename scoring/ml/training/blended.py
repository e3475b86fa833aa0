"""A fitted blend, before it becomes an engine."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from scoring.ml.model_types import Settings
from scoring.ml.serving.calibration import Calibration

Array = npt.NDArray[np.float64]
Matrix = npt.NDArray[np.float32]


class BlendEstimator:
    """The weighted mean of fitted estimators, each through its own calibration.

    settings: {"members": [{"model_type", "weight", "settings", "calibration"}]}; `estimators`
    are the members' in that order.
    """

    def __init__(self, settings: Settings, estimators: Sequence[Any]) -> None:
        self.members = [
            (member, Calibration.from_dict(member["calibration"]), estimator)
            for member, estimator in zip(settings["members"], estimators, strict=True)
        ]

    def predict_proba(self, X: Matrix) -> Array:
        """Probabilities of both classes (n, 2)."""
        won = np.zeros(len(X))
        for member, calibration, estimator in self.members:
            won += member["weight"] * calibration.apply(estimator.predict_proba(X)[:, 1])
        return np.column_stack([1 - won, won])
