"""Fit the map from what a model says to how often it happens, on rows it did not learn from."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import expit
from sklearn.isotonic import IsotonicRegression

from scoring.ml.serving.calibration import KINDS, SMALLEST, Calibration, log_odds

Array = npt.NDArray[np.float64]

# A staircase needs plenty of rows; with fewer it learns their noise.
FEWEST_FOR_STAIRCASE = 1000.0
# A map may flatten what a model says, but never turn its order round.
LEAST_SLOPE = 0.05
# How sure we are beforehand that a model means what it says, in units of 1 / variance.
SLOPE_PRIOR = 4.0
NEWTON_STEPS = 30


@dataclass(frozen=True)
class Evidence:
    """Raw probabilities of rows that the model did not learn from, and what came; arrays (n,)."""

    raw: Array
    label: npt.NDArray[np.int8]
    weight: Array

    @property
    def rarer(self) -> float:
        """The weight of the rarer class."""
        won = float(self.weight @ self.label)
        return min(won, float(self.weight.sum()) - won)


def fit_calibration(kind: str, evidence: Evidence) -> Calibration:
    """The map of this kind that fits best."""
    raw, label, weight = evidence.raw, evidence.label, evidence.weight
    odds = log_odds(raw)
    if kind == "shift":
        return Calibration(kind, intercept=fit_shift(odds, label, weight))
    if kind == "sigmoid":
        slope, intercept = fit_line(odds, label, weight, slope_prior=SLOPE_PRIOR)
        if slope < LEAST_SLOPE:
            flat = LEAST_SLOPE * odds
            slope, intercept = LEAST_SLOPE, fit_shift(flat, label, weight)
        return Calibration(kind, slope=slope, intercept=intercept)
    if kind == "isotonic":
        staircase = IsotonicRegression(y_min=SMALLEST, y_max=1 - SMALLEST)
        staircase.fit(raw, label, sample_weight=weight)
        x, y = staircase.X_thresholds_, staircase.y_thresholds_
        return Calibration(kind, x=tuple(x.tolist()), y=tuple(y.tolist()))
    return Calibration()


def kinds_for(evidence: Evidence) -> tuple[str, ...]:
    """The kinds worth a try with so much data, the simplest first."""
    return KINDS if evidence.rarer >= FEWEST_FOR_STAIRCASE else KINDS[:-1]


def fit_line(
    odds: Array,
    label: npt.NDArray[np.int8],
    weight: Array,
    *,
    slope_prior: float = 0.0,
    start: tuple[float, float] = (1.0, 0.0),
) -> tuple[float, float]:
    """Slope and intercept of a logistic regression on one number, by Newton's method.

    slope_prior draws the slope towards 1; start is where to begin. A slope of 1 with an intercept
    of 0 means that `odds` are right as they are (Cox 1958).
    """
    middle = float(np.average(odds, weights=weight))
    spread = float(np.sqrt(np.average((odds - middle) ** 2, weights=weight))) or 1.0
    z = (odds - middle) / spread
    prior, expected = slope_prior / spread**2, spread
    slope, intercept = start[0] * spread, start[1] + start[0] * middle
    for _ in range(NEWTON_STEPS):
        p = expit(slope * z + intercept)
        error, variance = weight * (p - label), weight * p * (1 - p)
        gradient = np.array([error @ z + prior * (slope - expected), error.sum()])
        cross = variance @ z
        # A little on the diagonal: all rows may have said the same.
        hessian = np.array(
            [[variance @ z**2 + prior + 1e-9, cross], [cross, variance.sum() + 1e-9]]
        )
        step = np.clip(np.linalg.solve(hessian, gradient), -2.0, 2.0)
        slope, intercept = slope - float(step[0]), intercept - float(step[1])
        if np.abs(step).max() < 1e-7:
            break
    return slope / spread, intercept - slope / spread * middle


def fit_shift(odds: Array, label: npt.NDArray[np.int8], weight: Array) -> float:
    """The intercept that makes the mean probability the share that was won."""
    shift = 0.0
    for _ in range(NEWTON_STEPS):
        p = expit(odds + shift)
        step = float(weight @ (p - label)) / (float(weight @ (p * (1 - p))) + 1e-9)
        shift -= float(np.clip(step, -2.0, 2.0))
    return shift
