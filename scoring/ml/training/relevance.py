"""How much each field matters, learned before the weights: those without a say cost little then.

The effects of a field on the log-odds are taken to be normal around 0 with a variance of its own
(automatic relevance determination: MacKay 1992; Neal 1996), found by MacKay's fixed point and
Laplace's approximation. A ridge regression on columns that are stretched by the square root of
that variance then finds the most probable weights.
"""

from __future__ import annotations

from typing import Any, Self

import numpy as np
import numpy.typing as npt
from scipy.linalg import cho_factor, cho_solve
from scipy.special import expit, logit

from scoring.ml.training.preparation import Preparation

Array = npt.NDArray[np.float64]
Groups = npt.NDArray[np.intp]

# So many columns are weighed against each other, those that say most by themselves, by as many rows
# as can be multiplied in a tenth of a second: rows times columns squared.
MOST_COLUMNS = 400
MOST_PRODUCTS = 8e8
STEPS = 15
# From then on probabilities hardly move, and what they say of the curvature stands.
CURVED_STEPS = 5
CLOSE = 0.05
LONGEST_STEP = 1.0
# What is believed beforehand is worth as much as one effect of each group.
PRIOR_EFFECTS = 1.0


class Relevance(Preparation):
    """Prepares a matrix, and stretches each column by how much effects of its group vary.

    spread: the variance of the log-odds, all groups together, that is believed beforehand.
    groups: (k,) the columns with the same number share a variance; None: each has its own. Columns
    that share are the words of a field, 0 or 1: the effect of each is as large, however rare.

    Fitted: those of Preparation, and `stretch_` (k,), 0 for columns that were not weighed at all.
    """

    def __init__(self, spread: float = 0.25, groups: Groups | None = None) -> None:
        self.spread = spread
        self.groups = groups

    def fit(
        self,
        X: npt.NDArray[np.floating],
        y: Any = None,
        sample_weight: Array | None = None,
    ) -> Self:
        """Learn from a matrix (n, k) with NaN for missing, labels y, 0 or 1, and weights (n,)."""
        super().fit(X)
        most = int(MOST_PRODUCTS / min(X.shape[1], MOST_COLUMNS) ** 2)
        rows = np.unique(np.linspace(0, len(X) - 1, min(len(X), most)).astype(np.intp))
        Z, label = super().transform(X[rows]), np.asarray(y, dtype=np.float64)[rows]
        every = np.ones(len(X)) if sample_weight is None else sample_weight
        # A row stands for its neighbours too.
        weight = every[rows] * (every.sum() / every[rows].sum())
        groups = np.arange(X.shape[1]) if self.groups is None else self.groups
        place = np.unique(groups, return_inverse=True)[1]
        # Words lie as far apart, no and yes, as the halves of a number do: however rare they are.
        apart = np.maximum(np.ptp(Z, axis=0), 1e-9)
        unit = np.where(np.bincount(place)[place] > 1, 2.0 / apart, 1.0)
        kept = _most_telling(Z, label, weight, place)
        self.stretch_ = np.zeros(X.shape[1])
        if len(kept):
            variances = _variances(Z[:, kept] * unit[kept], label, weight, place[kept], self.spread)
            self.stretch_[kept] = unit[kept] * np.sqrt(variances)
        return self

    def transform(self, X: npt.NDArray[np.floating]) -> Array:
        """The prepared and stretched matrix (n, k) without NaN."""
        Z = super().transform(X)
        Z *= self.stretch_
        return Z


def _most_telling(Z: Array, label: Array, weight: Array, group: Groups) -> Groups:
    """Positions of the columns of the groups that tell most by themselves, MOST_COLUMNS at most."""
    if Z.shape[1] <= MOST_COLUMNS:
        return np.arange(Z.shape[1])
    told = (Z.T @ (weight * (label - np.average(label, weights=weight)))) ** 2
    sizes = np.bincount(group)
    best_first = np.argsort(-np.bincount(group, told) / np.maximum(sizes, 1), kind="stable")
    taken = best_first[np.cumsum(sizes[best_first]) <= MOST_COLUMNS]
    return np.flatnonzero(np.isin(group, taken))


def _variances(Z: Array, label: Array, weight: Array, group: Groups, spread: float) -> Array:
    """The variance of each column's effect (k,), the same for all columns of a group."""
    place = np.unique(group, return_inverse=True)[1]
    sizes = np.bincount(place)
    before = spread / len(sizes)
    variances = np.full(len(sizes), before)
    base, effects = float(logit(np.average(label, weights=weight))), np.zeros(Z.shape[1])
    for number in range(STEPS):
        p = expit(base + Z @ effects)
        if number < CURVED_STEPS:
            bend = weight * p * (1 - p)
            middle = bend @ Z / bend.sum()
            curvature = (Z.T * bend) @ Z - bend.sum() * np.outer(middle, middle)
        stretch = np.sqrt(variances[place])
        precise = curvature * np.outer(stretch, stretch)
        precise[np.diag_indices_from(precise)] += 1.0
        covariance = cho_solve(cho_factor(precise, lower=True), np.eye(len(place)))
        error = weight * (label - p)
        slope = stretch * ((error - error.sum() * bend / bend.sum()) @ Z) - effects / stretch
        step = np.clip(stretch * (covariance @ slope), -LONGEST_STEP, LONGEST_STEP)
        effects = effects + step
        base += float(error.sum() / bend.sum() - middle @ step)
        unsure = np.bincount(place, np.diag(covariance))
        found = np.bincount(place, effects**2) + PRIOR_EFFECTS * before
        new = found / (np.maximum(sizes - unsure, 0.0) + PRIOR_EFFECTS)
        moved = float(np.abs(np.log(new / variances)).max())
        variances = new
        if max(moved, float(np.abs(step).max())) < CLOSE:
            break
    return variances[place]
