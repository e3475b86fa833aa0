"""Shapley values of a small net over fields, against the background rows that it keeps.

What a hidden unit gets is a sum over the fields, so that one product of matrices gives it for
every coalition of a lead's own fields with a background row's others.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from scoring.ml.encoding.features import EncodedField
from scoring.ml.explaining.coalitions import (
    EXACT_PLAYERS,
    Coalitions,
    all_coalitions,
    sample_coalitions,
)
from scoring.ml.serving.engines import NetworkEngine
from scoring.ml.serving.layers import fill_in

Array = npt.NDArray[np.float64]
Matrix = npt.NDArray[np.float32]
CHUNK_ROWS = 16
# Samples for each background row: how far they differ tells the error.
SAMPLES = 2


class NetworkShapley:
    """What each field adds to the log-odds of a net."""

    def __init__(self, engine: NetworkEngine, fields: Sequence[EncodedField]) -> None:
        self._engine = engine
        self._fields = fields
        background = self._parts(_background(engine))
        self._usual = background[0]
        # (fields,): whether the background rows are all the same to the net.
        self._one_usual = (background == self._usual).all(axis=(0, 2))
        plans = [_plans(len(fields), row) for row in range(len(background))]
        self._members = np.concatenate([each.members for row in plans for each in row])
        # Of each coalition, what the units get from the fields of the background row.
        self._others = engine.hidden_bias + np.concatenate(
            [
                (1 - each.members) @ parts
                for row, parts in zip(plans, background, strict=True)
                for each in row
            ]
        )
        self._weights = np.array([[each.weights for each in row] for row in plans])
        at_background = engine.hidden_bias + background.sum(axis=1)
        self.base = float(self._output(at_background).mean())

    def contributions(self, X: Matrix) -> tuple[Array, Array]:
        """(n, fields) for X (n, k): with `base` they add up to the log-odds.

        The second array is the standard error of each; 0 where the values are exact.
        """
        parts = [
            self._contributions(X[start : start + CHUNK_ROWS])
            for start in range(0, len(X), CHUNK_ROWS)
        ]
        values = np.concatenate([value for value, _ in parts])
        return values, np.concatenate([error for _, error in parts])

    def _contributions(self, X: Matrix) -> tuple[Array, Array]:
        n, f = len(X), len(self._fields)
        parts = self._parts(X)
        own = parts.transpose(1, 0, 2).reshape(f, -1)
        units = (self._members @ own).reshape(len(self._members), n, -1)
        units += self._others[:, None]
        rows, samples, _, coalitions = self._weights.shape
        answers = self._output(units).reshape(rows, samples, coalitions, n)
        found = self._weights @ answers
        # Exactly nothing, whatever rounding makes of it: no row differs from this lead there.
        ignored = (parts == self._usual).all(axis=2) & self._one_usual
        value = np.where(ignored, 0.0, found.mean(axis=(0, 1)).T)
        if samples == 1:
            return value, np.zeros_like(value)
        variance = found.var(axis=1, ddof=1).sum(axis=0).T / samples
        return value, np.sqrt(variance) / rows

    def _parts(self, X: Matrix) -> Array:
        """What each field of each row gives to the hidden units (n, fields, h)."""
        engine = self._engine
        prepared = (fill_in(X, engine.fill) - engine.mean) / engine.scale
        return np.stack(
            [prepared[:, each.columns] @ engine.hidden[each.columns] for each in self._fields],
            axis=1,
        )

    def _output(self, units: Array) -> Array:
        """Log-odds (...) of what the hidden units get (..., h); changes `units`."""
        np.maximum(units, 0.0, out=units)
        return np.asarray(units @ self._engine.output[:, 0] + self._engine.output_bias[0])


def _plans(fields: int, row: int) -> list[Coalitions]:
    """The coalitions against one background row: all, or for each row other orders."""
    if fields <= EXACT_PLAYERS:
        return [all_coalitions(fields)]
    return [sample_coalitions(fields, seed=SAMPLES * row + number) for number in range(SAMPLES)]


def _background(engine: NetworkEngine) -> Matrix:
    """The rows kept; in an old artifact the mean training row."""
    if len(engine.background):
        return engine.background
    return engine.mean[None].astype(np.float32)
