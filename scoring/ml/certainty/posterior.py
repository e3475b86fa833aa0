"""Draws from what the leads learned from leave open: effects, and how much each block's vary.

Each block's effects are normal around 0 with a standard deviation of the block's own; these are
half-Cauchy with a scale that all blocks have in common, and it is half-Cauchy itself (Gelman 2006;
Polson, Scott 2012). Nothing of it is set to its likeliest value: with few wins many values are
likely, and the largest of them decide how wide an interval must be.

The draws are Gibbs's, with effects of all blocks drawn at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.linalg import cholesky, solve_triangular

from scoring.ml.certainty.effects import Block
from scoring.ml.certainty.likelihood import Likelihood

Array = npt.NDArray[np.float64]

# Beside the rate of all leads; wider than any table can need.
LEVEL_DEVIATION = 5.0
COMMON_SCALE = 0.5
# Standard deviations are drawn from a grid.
GRID = np.geomspace(0.01, 5.0, 80)
START = 0.2
WARM_UP, KEPT, SWEEPS = 40, 80, 3


@dataclass(frozen=True)
class Draws:
    """effects (s, d), deviations (s, b) of the blocks' effects."""

    effects: Array
    deviations: Array


def draw_posterior(
    blocks: Sequence[Block], base: float, label: Array, rng: np.random.Generator
) -> Draws:
    """KEPT draws of the blocks' effects on the log-odds beyond `base`; the first block is the
    level."""
    sizes = [block.size for block in blocks]
    state = _State(np.zeros(sum(sizes)), np.full(len(sizes), START), START)
    state.deviations[0] = LEVEL_DEVIATION
    likelihood, scales = Likelihood(blocks, base, label, rng), _Scales(sizes, rng)
    effects, deviations = [], []
    for turn in range(WARM_UP + KEPT):
        matrix, vector = likelihood.at(state.effects)
        for _ in range(SWEEPS):
            state.effects = _normal(matrix, vector, state.deviations.repeat(sizes), rng)
            scales.draw(state, matrix, vector)
        if turn >= WARM_UP:
            effects.append(state.effects.copy())
            deviations.append(state.deviations.copy())
    return Draws(np.array(effects), np.array(deviations))


@dataclass
class _State:
    effects: Array
    deviations: Array
    common: float


def _normal(matrix: Array, vector: Array, deviation: Array, rng: np.random.Generator) -> Array:
    precision = matrix.copy()
    precision.flat[:: len(vector) + 1] += deviation**-2.0
    root = cholesky(precision, lower=True, check_finite=False)
    half = solve_triangular(root, vector, lower=True, check_finite=False)
    half = half + rng.standard_normal(len(vector))
    return np.asarray(solve_triangular(root, half, lower=True, trans=1, check_finite=False))


class _Scales:
    """Draws standard deviations twice: given the effects, which is quick where they are many, and
    given effects / deviation, which is where they say little (Yu, Meng 2011)."""

    def __init__(self, sizes: Sequence[int], rng: np.random.Generator) -> None:
        self._sizes, self._rng = np.array(sizes), rng
        self._ends = np.cumsum([0, *sizes])
        # log p(deviation | common), by deviation and common; the grid is even in logarithms.
        ratio = GRID[:, None] / GRID
        self._given_common = np.log(ratio) - np.log1p(ratio**2)
        self._common = np.log(GRID) - np.log1p((GRID / COMMON_SCALE) ** 2)

    def draw(self, state: _State, matrix: Array, vector: Array) -> None:
        place = int(np.searchsorted(GRID, state.common * (1 - 1e-9)))
        prior = self._given_common[:, place]
        squares = np.add.reduceat(state.effects**2, self._ends[:-1])[1:, None]
        fit = -self._sizes[1:, None] * np.log(GRID) - squares / (2 * GRID**2)
        state.deviations[1:] = GRID[self._choose(fit + prior)]
        pulled = vector - matrix @ state.effects
        for block in range(1, len(self._sizes)):
            here = slice(self._ends[block], self._ends[block + 1])
            old = state.deviations[block]
            unit = state.effects[here] / old
            column = matrix[:, here] @ unit
            curve = float(unit @ column[here])
            slope = float(unit @ pulled[here]) + old * curve
            new = GRID[self._choose(GRID * slope - GRID**2 / 2 * curve + prior)]
            pulled -= column * (new - old)
            state.effects[here], state.deviations[block] = unit * new, new
        places = np.searchsorted(GRID, state.deviations[1:] * (1 - 1e-9))
        state.common = float(GRID[self._choose(self._given_common[places].sum(0) + self._common)])

    def _choose(self, logs: Array) -> npt.NDArray[np.intp]:
        """A place of the grid for each row of log-probabilities (..., grid)."""
        up_to = np.exp(logs - logs.max(axis=-1, keepdims=True)).cumsum(axis=-1)
        sought = self._rng.random((*logs.shape[:-1], 1)) * up_to[..., -1:]
        return np.asarray((up_to < sought).sum(axis=-1))
