"""The pictures behind the figures, as points that a chart can draw."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from scoring.ml.judging.intervals import wilson
from scoring.ml.judging.judged import Judged
from scoring.ml.judging.ranking import Climb, Ranking

Array = npt.NDArray[np.float64]

POINTS = 101
FINE_POINTS = 201
PARTS = 10


def draw(judged: Judged) -> dict[str, Any]:
    """JSON points: roc and pr {x, y}, reliability by decile, lift {share, won, lift}, above.

    above: how many leads had at least a probability, how many wins that promised and how many
    came: {probability, leads, expected, won}, from the likeliest down. And confusion: leads by
    what came and whether the model chose them. All leads are counted by weight.
    """
    ranking = Ranking.of(judged.probability, judged.label)
    climb = ranking.climb(judged.weight)
    always = {
        "reliability": _reliability(judged),
        "above": _above(judged, ranking, climb),
        "confusion": _confusion(judged),
    }
    if not climb.has_both:
        return {"roc": [], "pr": [], "lift": [], **always}
    recall = climb.recall()
    return {
        "roc": _points(climb.false_alarms(), recall),
        "pr": _points(recall[1:], climb.precision()[1:]),
        "lift": _lift(climb),
        **always,
    }


def _points(x: Array, y: Array) -> list[dict[str, float]]:
    """At most POINTS of a curve with both ends."""
    return [{"x": float(x[i]), "y": float(y[i])} for i in _evenly(len(x), POINTS)]


def _evenly(length: int, most: int) -> npt.NDArray[np.intp]:
    """At most so many positions, evenly along the length in rows, with both ends."""
    return np.unique(np.linspace(0, length - 1, most).round().astype(np.intp))


def _above(judged: Judged, ranking: Ranking, climb: Climb) -> list[dict[str, float]]:
    order, ends = ranking.order, ranking.ends
    expected = np.cumsum((judged.weight * judged.probability)[order])[ends]
    least = judged.probability[order][ends]
    return [
        {
            "probability": float(least[at]),
            "leads": float(climb.seen[at + 1]),
            "expected": float(expected[at]),
            "won": float(climb.won[at + 1]),
        }
        for at in _evenly(len(ends), FINE_POINTS)
    ]


def _confusion(judged: Judged) -> dict[str, float]:
    won = judged.label == 1

    def leads(rows: npt.NDArray[np.bool_]) -> float:
        return float(judged.weight[rows].sum())

    return {
        "chosenWon": leads(judged.chosen & won),
        "chosenLost": leads(judged.chosen & ~won),
        "passedWon": leads(~judged.chosen & won),
        "passedLost": leads(~judged.chosen & ~won),
    }


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
        low, high = wilson(observed, leads)
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
