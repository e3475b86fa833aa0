"""Which fields a model leans on: how much worse it gets when one is shuffled."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

from scoring.ml.encoding.features import EncodedField
from scoring.ml.examples import Examples
from scoring.ml.judging.bootstrap import BOUNDS, RESAMPLES, resamples
from scoring.ml.judging.judged import log_loss

Array = npt.NDArray[np.float64]
Matrix = npt.NDArray[np.float32]

REPEATS = 3
MOST_ROWS = 5_000


def field_importance(
    probabilities: Callable[[Matrix], Array],
    fields: Sequence[EncodedField],
    X: Matrix,
    rows: Examples,
    *,
    seed: int,
) -> list[dict[str, str | float]]:
    """[{"name", "value", "low", "high"}], values sum to 1, the largest first.

    Permutation importance (Breiman 2001): all matrix columns of a field are shuffled together;
    the value is the rise in log loss over `rows`, which the model did not learn from and which
    are (n, k) in `X`, as a share of all rises. low and high bound it with 95 % certainty (leads
    resampled); below 0 the model may be better off without the field. Where no field matters all
    get the same, and anything is possible.
    """
    rng = np.random.default_rng(seed)
    if len(X) > MOST_ROWS:
        some = rng.choice(len(X), MOST_ROWS, replace=False)
        X, rows = X[some], rows.take(some)
    usual = log_loss(probabilities(X), rows.label)
    worse = np.empty((len(X), len(fields)))
    for number, field in enumerate(fields):
        shuffled = X.copy()
        losses = np.zeros(len(X))
        for _ in range(REPEATS):
            shuffled[:, field.columns] = X[rng.permutation(len(X)), field.columns]
            losses += log_loss(probabilities(shuffled), rows.label)
        worse[:, number] = losses / REPEATS - usual
    rises, low, high = _with_bounds(worse, rows, seed)
    rises = np.maximum(rises, 0.0)
    total = float(rises.sum())
    if total > 0:
        shares, low, high = rises / total, low / total, high / total
    else:
        shares, low, high = np.full((3, len(fields)), [[1 / len(fields)], [0.0], [1.0]])
    return [
        {
            "name": fields[at].name,
            "value": float(shares[at]),
            "low": float(low[at]),
            "high": float(high[at]),
        }
        for at in np.argsort(-shares, kind="stable")
    ]


def _with_bounds(worse: Array, rows: Examples, seed: int) -> tuple[Array, Array, Array]:
    """The weighted mean of each column of `worse` (n, fields) and its bounds, by lead."""
    _, lead = np.unique(rows.lead, return_inverse=True)
    weights = np.bincount(lead, rows.weight)
    sums = np.zeros((len(weights), worse.shape[1]))
    np.add.at(sums, lead, worse * rows.weight[:, np.newaxis])
    means = [
        drawn @ sums / (drawn @ weights)
        for drawn in resamples(len(weights), times=RESAMPLES, seed=seed)
    ]
    low, high = np.quantile(means, BOUNDS, axis=0)
    return sums.sum(axis=0) / weights.sum(), low, high
