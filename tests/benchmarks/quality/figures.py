"""The figures of all contenders on the same rows, with intervals, and paired against the best."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from scoring.ml.judging.bootstrap import BOUNDS, resamples
from scoring.ml.judging.judged import log_loss
from scoring.ml.judging.ranking import Ranking
from scoring.ml.serving.calibration import inside, log_odds
from scoring.ml.training.calibrating import fit_line

TIMES = 200
NAMES = ("logLoss", "rocAuc", "brier", "calibrationSlope")


def figures(
    label: Sequence[np.ndarray], group: Sequence[np.ndarray], said: Mapping[str, Sequence[Any]]
) -> dict[str, dict[str, Any]]:
    """Contender -> NAMES as {"value", "low", "high"}, and "behindBest": its log loss less the
    least one's. Each list has a part of the rows each; areas under the curve are of parts, as
    parts have models of their own.
    """
    groups = np.unique(np.concatenate(group), return_inverse=True)[1]
    draws = [drawn[groups] for drawn in resamples(int(groups.max()) + 1, times=TIMES, seed=0)]
    rulers = {name: _Ruler(label, parts) for name, parts in said.items()}
    everyone = np.ones(len(groups))
    values = {name: ruler.figures(everyone) for name, ruler in rulers.items()}
    again = {
        name: np.array([ruler.figures(weight) for weight in draws])
        for name, ruler in rulers.items()
    }
    best = min(values, key=lambda name: values[name][0])
    found: dict[str, dict[str, Any]] = {}
    for name in said:
        low, high = np.nanquantile(again[name], BOUNDS, axis=0)
        found[name] = {
            each: _interval(values[name][at], low[at], high[at]) for at, each in enumerate(NAMES)
        }
        behind = again[name][:, 0] - again[best][:, 0]
        found[name]["behindBest"] = _interval(
            values[name][0] - values[best][0], *np.quantile(behind, BOUNDS)
        )
    return found


def _interval(value: float, low: float, high: float) -> dict[str, float]:
    return {"value": float(value), "low": float(low), "high": float(high)}


class _Ruler:
    def __init__(self, label: Sequence[np.ndarray], said: Sequence[np.ndarray]) -> None:
        self.label = np.concatenate(label)
        probability = inside(np.concatenate(said))
        self.loss = log_loss(probability, self.label)
        self.brier = (probability - self.label) ** 2
        self.odds = log_odds(probability)
        self.rankings = [Ranking.of(*part) for part in zip(said, label, strict=True)]
        self.ends = np.cumsum([len(part) for part in label])[:-1]

    def figures(self, weight: np.ndarray) -> list[float]:
        """NAMES with these weights (n,)."""
        climbs = [
            (ranking.climb(part), part.sum())
            for ranking, part in zip(self.rankings, np.split(weight, self.ends), strict=True)
        ]
        known = [(climb.roc_auc(), rows) for climb, rows in climbs if climb.has_both]
        slope = np.nan
        if self.odds.std() > 1e-6:
            slope = fit_line(self.odds, self.label, weight)[0]
        return [
            float(np.average(self.loss, weights=weight)),
            float(np.average([auc for auc, _ in known], weights=[rows for _, rows in known])),
            float(np.average(self.brier, weights=weight)),
            slope,
        ]
