"""How good a model was on later rows, each figure with the range that chance leaves it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
from joblib import Parallel, delayed

from scoring.ml.judging.bootstrap import BOUNDS, RESAMPLES, resamples
from scoring.ml.judging.judged import Judged
from scoring.ml.judging.ranking import Ranking
from scoring.ml.serving.calibration import log_odds
from scoring.ml.training.calibrating import fit_line

Array = npt.NDArray[np.float64]

# Below this threads wait for each other longer than they work.
WORTH_THREADS = 20_000

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
    ruler = _Ruler(judged)
    values = ruler.figures(judged.weight)
    _, position = np.unique(judged.lead, return_inverse=True)
    drawn = resamples(int(position.max()) + 1, times=RESAMPLES, seed=seed)
    # Threads of this process, whatever other fits are sent to.
    threads = -1 if len(judged.label) >= WORTH_THREADS else 1
    again = Parallel(n_jobs=threads, require="sharedmem")(
        delayed(ruler.figures)(judged.weight * counts[position]) for counts in drawn
    )
    weight = judged.weight / judged.weight.sum()
    return {
        **{name: _interval(values[name], [each[name] for each in again]) for name in METRICS},
        "threshold": threshold,
        "baseRate": float(weight @ judged.label),
        "logLossBase": float(weight @ judged.base_loss),
        "measured_on": measured_on,
        "rows": len(judged.label),
    }


class _Ruler:
    """What does not change from resample to resample."""

    def __init__(self, judged: Judged) -> None:
        self._label = judged.label.astype(np.float64)
        self._loss = judged.loss
        self._gain = judged.base_loss - judged.loss
        self._brier = (judged.probability - self._label) ** 2
        self._odds = log_odds(judged.probability)
        self._ranking = Ranking.of(judged.probability, judged.label)
        self._chosen = judged.chosen.astype(np.float64)
        self._judged = judged
        # Resamples end near where all rows do.
        self._line = fit_line(self._odds, judged.label, judged.weight)

    def figures(self, weight: Array) -> dict[str, float]:
        """METRICS with these weights; NaN where undefined."""
        total = weight.sum()
        if not total:
            return dict.fromkeys(METRICS, math.nan)
        return {
            "logLoss": float(weight @ self._loss / total),
            "logLossGain": float(weight @ self._gain / total),
            "brier": float(weight @ self._brier / total),
            **self._ranked(weight),
            **self._decided(weight, float(total)),
        }

    def _ranked(self, weight: Array) -> dict[str, float]:
        climb = self._ranking.climb(weight)
        if not climb.has_both:
            return dict.fromkeys(("calibrationSlope", "rocAuc", "prAuc", "liftAt10"), math.nan)
        slope = math.nan
        if len(self._ranking.ends) > 1:
            slope = fit_line(self._odds, self._judged.label, weight, start=self._line)[0]
        return {
            "calibrationSlope": slope,
            "rocAuc": climb.roc_auc(),
            "prAuc": climb.pr_auc(),
            "liftAt10": climb.lift(0.1),
        }

    def _decided(self, weight: Array, total: float) -> dict[str, float]:
        hit = float(weight @ (self._chosen * self._label))
        chosen = float(weight @ self._chosen)
        won = float(weight @ self._label)
        return {
            "accuracy": (total - chosen - won + 2 * hit) / total,
            "precision": hit / chosen if chosen else 0.0,
            "recall": hit / won if won else 0.0,
            "f1Score": 2 * hit / (chosen + won) if chosen + won else 0.0,
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
