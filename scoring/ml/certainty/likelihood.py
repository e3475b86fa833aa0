"""What the labels say of effects, as a normal likelihood: exactly, with one drawn variable a lead,
or nearly.

Exactly: given a variable from a Polya-Gamma distribution for each lead, the likelihood of a
logistic regression is normal (Polson, Scott, Windle 2013). Nearly: Laplace's approximation, for
many leads; where cells have few it takes variances for too little (Breslow, Lin 1995). It starts
from exact draws, as it leads astray far from where the effects are likely.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from scipy.special import expit

from scoring.ml.certainty.effects import Block
from scoring.ml.certainty.sums import ManyProducts, added, moments, products

Array = npt.NDArray[np.float64]

# Leads x pairs of blocks up to which it is exact.
MOST_PRODUCTS = 6_000_000
# Beyond, it is exact for so many draws, then normal around the mean log-odds of their last half.
FIRST_DRAWS = 12
# More terms of the sum are as good as their mean.
TERMS = (np.arange(1, 9)[:, None] - 0.5) ** 2


class Likelihood:
    """Of the blocks' effects on the log-odds beyond `base`, for labels (n,)."""

    def __init__(
        self, blocks: Sequence[Block], base: float, label: Array, rng: np.random.Generator
    ) -> None:
        self._blocks, self._base, self._label, self._rng = blocks, base, label, rng
        pairs = len(blocks) * (len(blocks) + 1) / 2
        self._many = ManyProducts(blocks) if len(label) * pairs <= MOST_PRODUCTS else None
        self._drawn, self._middle = 0, np.zeros(len(label))
        self._normal: tuple[Array, Array] | None = None

    def at(self, effects: Array) -> tuple[Array, Array]:
        """Precision (d, d) and precision times mean (d,), where the effects are (d,)."""
        if self._normal is not None:
            return self._normal
        odds = self._base + added(self._blocks, effects)
        weight = polya_gamma(odds, self._rng)
        drawn = self._sums(weight, self._label - 0.5)
        self._drawn += 1
        if self._many is None and self._drawn > FIRST_DRAWS // 2:
            self._middle += odds / (FIRST_DRAWS // 2)
            if self._drawn == FIRST_DRAWS:
                p = expit(self._middle)
                weight = p * (1 - p)
                self._normal = self._sums(weight, self._label - p + self._middle * weight)
        return drawn

    def _sums(self, weight: Array, pull: Array) -> tuple[Array, Array]:
        blocks = self._blocks
        matrix = products(blocks, weight) if self._many is None else self._many.of(weight)
        return matrix, moments(blocks, pull - self._base * weight)


def polya_gamma(odds: Array, rng: np.random.Generator) -> Array:
    """A draw from PG(1, odds) for each: a sum of gammas, and of its small terms the mean."""
    below = TERMS + (odds / (2 * np.pi)) ** 2
    far = np.maximum(np.abs(odds), 1e-6)
    drawn = (rng.standard_exponential(below.shape) - 1) / below
    return np.asarray(np.tanh(far / 2) / (2 * far) + drawn.sum(axis=0) / (2 * np.pi**2))
