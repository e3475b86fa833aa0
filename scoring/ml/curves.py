"""The pictures behind the figures, as points that a chart can draw."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from scoring.ml.judged import Judged
from scoring.ml.ranking import Climb, Ranking

Array = npt.NDArray[np.float64]

POINTS = 101
PARTS = 10
# Of a normal distribution, for the interval of a share.
Z = 1.96


def draw(judged: Judged) -> dict[str, list[dict[str, float]]]:
    """JSON points: roc and pr {x, y}, reliability by decile, lift {share, won, lift}."""
    climb = Ranking.of(judged.probability, judged.label).climb(judged.weight)
    if not climb.has_both:
        return {"roc": [], "pr": [], "reliability": _reliability(judged), "lift": []}
    recall = climb.recall()
    return {
        "roc": _points(climb.false_alarms(), recall),
        "pr": _points(recall[1:], climb.precision()[1:]),
        "reliability": _reliability(judged),
        "lift": _lift(climb),
    }


def _points(x: Array, y: Array) -> list[dict[str, float]]:
    """At most POINTS of a curve, evenly along its length in rows, with both ends."""
    picked = np.unique(np.linspace(0, len(x) - 1, POINTS).round().astype(int))
    return [{"x": float(x[i]), "y": float(y[i])} for i in picked]


def _lift(climb: Climb) -> list[dict[str, float]]:
    return [
        {"share": share, "won": climb.lift(share) * share, "lift": climb.lift(share)}
        for share in (part / PARTS for part in range(1, PARTS + 1))
    ]


def _reliability(judged: Judged) -> list[dict[str, Any]]:
    """Tenths of the rows by probability: what was said, what came, and how sure that is.

    The interval is Wilson's (1927); `leads` is the tenth's weight.
    """
    order = np.argsort(judged.probability, kind="stable")
    weight = judged.weight[order]
    part = np.minimum((np.cumsum(weight) - weight / 2) / weight.sum() * PARTS, PARTS - 1)
    points = []
    for number in range(PARTS):
        rows = order[part.astype(int) == number]
        leads = float(judged.weight[rows].sum())
        if not leads:
            continue
        share = judged.weight[rows] / leads
        observed = float(share @ judged.label[rows])
        low, high = _wilson(observed, leads)
        points.append(
            {
                "predicted": float(share @ judged.probability[rows]),
                "observed": observed,
                "low": low,
                "high": high,
                "leads": leads,
            }
        )
    return points


def _wilson(share: float, count: float) -> tuple[float, float]:
    middle = share + Z**2 / (2 * count)
    spread = Z * float(np.sqrt(share * (1 - share) / count + Z**2 / (4 * count**2)))
    scale = 1 + Z**2 / count
    return max(0.0, (middle - spread) / scale), min(1.0, (middle + spread) / scale)
