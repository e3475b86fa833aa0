"""What each field adds to a weighted sum: its terms, measured from the mean training row."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from scoring.ml.encoding.features import EncodedField
from scoring.ml.serving.engines import LinearEngine
from scoring.ml.serving.layers import fill_in

Array = npt.NDArray[np.float64]
Matrix = npt.NDArray[np.float32]


class LinearShapley:
    """The closed form: a sum's Shapley values are its terms (Lundberg, Lee 2017)."""

    def __init__(self, engine: LinearEngine, fields: Sequence[EncodedField]) -> None:
        self._engine = engine
        self._starts = [field.columns.start for field in fields]
        self.base = float(engine.bias[0])

    def contributions(self, X: Matrix) -> Array:
        """(n, fields) for X (n, k): with `base` they add up to the log-odds."""
        engine = self._engine
        terms = (fill_in(X, engine.fill) - engine.mean) / engine.scale * engine.weights
        return np.asarray(np.add.reduceat(terms, self._starts, axis=1))
