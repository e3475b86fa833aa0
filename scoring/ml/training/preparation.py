"""Fill in and put to one scale: what models that add up numbers need, trees do not."""

from __future__ import annotations

import warnings
from typing import Self

import numpy as np
import numpy.typing as npt
from sklearn.base import BaseEstimator, TransformerMixin

from scoring.ml.serving.layers import fill_in


class Preparation(TransformerMixin, BaseEstimator):  # type: ignore[misc]  # sklearn has no types
    """Missing numbers become the training median, then each column gets mean 0 and deviation 1.

    Fitted: `fill_`, `mean_`, `scale_`, each float64 (k,). A column that never had a value is 0.
    """

    def fit(self, X: npt.NDArray[np.floating], y: object = None) -> Self:
        """Learn from a matrix (n, k) with NaN for missing."""
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", "All-NaN slice", RuntimeWarning)
            self.fill_ = np.nan_to_num(np.nanmedian(X, axis=0).astype(np.float64))
        filled = fill_in(X, self.fill_)
        self.mean_ = filled.mean(axis=0)
        deviation = filled.std(axis=0)
        self.scale_ = np.where(deviation > 1e-9 * (1 + np.abs(self.mean_)), deviation, 1.0)
        return self

    def transform(self, X: npt.NDArray[np.floating]) -> npt.NDArray[np.float64]:
        """The prepared matrix (n, k) without NaN."""
        return np.asarray((fill_in(X, self.fill_) - self.mean_) / self.scale_)
