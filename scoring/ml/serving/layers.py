"""A small neural net, forwards, in numpy."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from scipy.special import expit

Array = npt.NDArray[np.float64]


def forward(X: Array, weights: Sequence[Array], biases: Sequence[Array]) -> Array:
    """Probability (n,) for X (n, k): rectified hidden layers, a logistic output unit."""
    for weight, bias in zip(weights[:-1], biases[:-1], strict=True):
        X = np.maximum(X @ weight + bias, 0.0)
    return np.asarray(expit(X @ weights[-1] + biases[-1])[:, 0])


def fill_in(X: npt.NDArray[np.floating], fill: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """X as float64 with `fill` (k,) where a number is missing."""
    return np.where(np.isnan(X), fill, X)
