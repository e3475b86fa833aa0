"""How good a model was on later rows, each figure with the range that chance leaves it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from scoring.ml.judging.bootstrap import BOUNDS
from scoring.ml.judging.judged import Judged
from scoring.ml.judging.ranking import Ranking
from scoring.ml.judging.resampling import resampled_figures

Array = npt.NDArray[np.float64]

METRICS = (
    "logLoss",
    "logLossGain",
    "brier",
    "calibrationSlope",
    "rocAuc",
    "prAuc",
    "liftAt10",
    "accuracy",
    "precision",
    "recall",
    "f1Score",
)


def measure(judged: Judged, *, threshold: float, measured_on: str, seed: int) -> dict[str, Any]:
    """All METRICS as {"value", "low", "high"}, None where undefined; JSON without NaN.

    Also: threshold (of `accuracy` and so on, for the served model), baseRate (won among the rows
    judged), logLossBase (of the constant that the rows learned from give), measured_on ("newest
    slice", "held-out groups" or "backtest") and rows.
    """
    values, again = resampled_figures(judged, seed=seed)
    weight = judged.weight / judged.weight.sum()
    return {
        **{name: _interval(values[name], [each[name] for each in again]) for name in METRICS},
        "threshold": threshold,
        "baseRate": float(weight @ judged.label),
        "logLossBase": float(weight @ judged.base_loss),
        "measured_on": measured_on,
        "rows": len(judged.label),
    }


def best_threshold(probability: Array, label: npt.NDArray[np.int8], weight: Array) -> float:
    """The probability from which calling a lead won gives the highest F1."""
    ranking = Ranking.of(probability, label)
    climb = ranking.climb(weight)
    f1 = 2 * climb.won[1:] / (climb.seen[1:] + climb.won[-1])
    return float(probability[ranking.order][ranking.ends[int(np.argmax(f1))]])


def _interval(value: float, again: list[float]) -> Mapping[str, float | None]:
    defined = [each for each in again if math.isfinite(each)]
    if not math.isfinite(value) or not defined:
        return {"value": None, "low": None, "high": None}
    low, high = np.quantile(defined, BOUNDS)
    return {"value": value, "low": float(low), "high": float(high)}
