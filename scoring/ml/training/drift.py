"""Where the share won stands now, if it drifts.

What a model says of all leads it learned from is right on the mean of all time. Where leads are won
more and more often, or less, that is wrong today. So the leads are taken in blocks by time, and the
log-odds may be off by another amount, the level, in each. Levels are taken to walk at random (the
local level model: Harvey 1989), by steps whose variance makes what came most likely.
A Kalman filter with Laplace's approximation (Fahrmeir 1992) says where they have come to. Steps of
0, no drift, have the benefit of the doubt.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import numpy.typing as npt
from scipy.special import expit

Array = npt.NDArray[np.float64]

# So many leads, by weight, are a block; what is left over are the oldest.
BLOCK = 200.0
# Variances of a step from block to block, in log-odds; what one costs, in log-likelihood (Akaike).
STEPS = np.array([0.0, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3])
COST = 1.0
# Variance of the level before the first block.
FIRST = 0.1
NEWTON_STEPS = 6


def drift(
    odds: Array, label: npt.NDArray[np.int8], weight: Array, day: npt.NDArray[np.datetime64]
) -> float:
    """What to add to log-odds (n,) so that they are right for the newest leads; 0 without a drift.

    label, weight, day: (n,) what came of the leads, their weights and days, NaT where nobody knows.
    """
    order = newest_last(day)
    odds, label, weight = odds[order], label[order], weight[order]
    newer = np.cumsum(weight[::-1])[::-1] - weight
    starts = np.flatnonzero(np.diff(np.floor(newer / BLOCK + 1e-9), prepend=np.inf))
    level, unsure = np.zeros(len(STEPS)), np.full(len(STEPS), FIRST)
    likely = np.where(STEPS > 0, -COST, 0.0)
    for start, end in pairwise([*starts, len(order)]):
        rows = slice(start, end)
        if weight[rows].sum() > BLOCK / 2:
            level, unsure, told = _seen(
                level, unsure + STEPS, odds[rows], label[rows], weight[rows]
            )
            likely += told
    best = int(np.argmax(likely))
    return float(level[best]) if STEPS[best] else 0.0


def newest_last(day: npt.NDArray[np.datetime64]) -> npt.NDArray[np.intp]:
    """Positions of the rows with a day, in its order; those of one day in a random one.

    For tables are often sorted by what came of the leads.
    """
    rows = np.random.default_rng(0).permutation(np.flatnonzero(~np.isnat(day)))
    return np.asarray(rows[np.argsort(day[rows], kind="stable")])


def _seen(
    level: Array, unsure: Array, odds: Array, label: npt.NDArray[np.int8], weight: Array
) -> tuple[Array, Array, Array]:
    """The level after a block, its variance, and how likely the block was (log); for each of STEPS.

    level, unsure: (s,) what was expected of it, mean and variance.
    """
    expected = level
    for _ in range(NEWTON_STEPS):
        p = expit(odds + level[:, np.newaxis])
        error = (label - p) @ weight - (level - expected) / unsure
        known = (p * (1 - p)) @ weight + 1 / unsure
        level = level + np.clip(error / known, -1.0, 1.0)
    said = odds + level[:, np.newaxis]
    # log p = said - log(1 + e^said), and log(1 - p) lacks the first term.
    fit = (label * said - np.logaddexp(0.0, said)) @ weight
    likely = fit - 0.5 * (level - expected) ** 2 / unsure - 0.5 * np.log(unsure * known)
    return level, 1 / known, likely
