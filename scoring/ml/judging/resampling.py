"""The figures that judge a model, and what they would have been of other leads."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt
from joblib import Parallel, delayed
from scipy.special import expit

from scoring.ml.judging.bootstrap import RESAMPLES, Units, resamples
from scoring.ml.judging.figures import Ranked, summands, summed
from scoring.ml.judging.judged import Judged
from scoring.ml.serving.calibration import log_odds

Array = npt.NDArray[np.float64]
Figures = dict[str, float]

# Below this threads wait for each other longer than they work.
WORTH_THREADS = 20_000
# Along the ranking of very many rows; more steps move no bound by what one could see.
STEPS = 500


def resampled_figures(judged: Judged, *, seed: int) -> tuple[Figures, list[Figures]]:
    """The figures of these rows, and what they were in each of RESAMPLES; NaN where undefined."""
    parts = summands(judged)
    ranked = Ranked(judged.probability, judged.label, judged.weight)

    def figures(weight: Array) -> Figures:
        return {**ranked.figures(weight), **summed(parts @ weight)}

    value = figures(judged.weight)
    units = Units.of(judged.lead, seed=seed)
    draws = resamples(units.count, times=RESAMPLES, seed=seed)
    if units.blocks:
        return value, _by_blocks(judged, parts, ranked, value, units, draws)
    # Threads of this process, whatever other fits are sent to.
    threads = -1 if len(judged.label) >= WORTH_THREADS else 1
    again = Parallel(n_jobs=threads, require="sharedmem")(
        delayed(figures)(judged.weight * drawn[units.place]) for drawn in draws
    )
    return value, again


def _by_blocks(
    judged: Judged,
    parts: Array,
    ranked: Ranked,
    value: Figures,
    units: Units,
    draws: Iterable[Array],
) -> list[Figures]:
    """The figures of each draw of blocks, from the blocks' sums.

    What is ranked is summed in steps along the ranking. Rows of a step count as tied; by as much
    as that moves the figures of all rows, those of the draws are moved back.
    """
    drawn = np.stack(list(draws))
    sums = drawn @ np.stack([units.sums(judged.weight * part) for part in parts], axis=1)
    steps, weights = _in_steps(judged, ranked, units)
    of_all = steps.figures(weights.sum(axis=0))
    return [
        {
            **{name: value[name] + each - of_all[name] for name, each in found.items()},
            **summed(its_sums),
        }
        for found, its_sums in zip(map(steps.figures, drawn @ weights), sums, strict=True)
    ]


def _in_steps(judged: Judged, ranked: Ranked, units: Units) -> tuple[Ranked, Array]:
    """At most STEPS of about equal weight, each as a lost and a won row (2 s), and their weights in
    each block (blocks, 2 s). Ties stay together."""
    order, ends = ranked.ranking.order, ranked.ranking.ends
    seen = ranked.ranking.climb(judged.weight).seen
    middle = (seen[1:] + seen[:-1]) / (2 * seen[-1])
    _, of_tie = np.unique((middle * STEPS).astype(np.intp), return_inverse=True)
    step = np.empty(len(order), dtype=np.intp)
    step[order] = np.repeat(of_tie, np.diff(ends, prepend=-1))
    odds = np.bincount(step, log_odds(judged.probability)) / np.bincount(step)
    rows = 2 * len(odds)
    cell = units.place * rows + 2 * step + judged.label
    weights: Array = np.bincount(cell, judged.weight, units.count * rows).astype(np.float64)
    weights = weights.reshape(units.count, rows)
    label = np.tile(np.array([0, 1], dtype=np.int8), len(odds))
    return Ranked(np.repeat(expit(odds), 2), label, weights.sum(axis=0)), weights
