"""Which fields a model leans on: how much worse it gets when one is shuffled."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

from scoring.ml.features import EncodedField
from scoring.ml.judged import log_loss

Array = npt.NDArray[np.float64]
Matrix = npt.NDArray[np.float32]

REPEATS = 3
MOST_ROWS = 5_000


def field_importance(
    probabilities: Callable[[Matrix], Array],
    fields: Sequence[EncodedField],
    X: Matrix,
    label: npt.NDArray[np.int8],
    weight: Array,
    *,
    seed: int,
) -> list[dict[str, str | float]]:
    """[{"name", "value"}], values sum to 1, the largest first (permutation; Breiman 2001).

    All matrix columns of a field are shuffled together; the value is the rise in log loss over
    rows that the model did not learn from. Where no field matters all get the same.
    """
    rng = np.random.default_rng(seed)
    if len(X) > MOST_ROWS:
        rows = rng.choice(len(X), MOST_ROWS, replace=False)
        X, label, weight = X[rows], label[rows], weight[rows]
    usual = np.average(log_loss(probabilities(X), label), weights=weight)
    rises = []
    for field in fields:
        shuffled = X.copy()
        losses = []
        for _ in range(REPEATS):
            shuffled[:, field.columns] = X[rng.permutation(len(X)), field.columns]
            losses.append(np.average(log_loss(probabilities(shuffled), label), weights=weight))
        rises.append(max(0.0, float(np.mean(losses) - usual)))
    total = sum(rises)
    shares = [rise / total for rise in rises] if total > 0 else [1 / len(rises)] * len(rises)
    ranked = sorted(zip(fields, shares, strict=True), key=lambda each: -each[1])
    return [{"name": field.name, "value": share} for field, share in ranked]
