"""Do the intervals hold? By bins of what was said, against what came, with the error of chance."""

from __future__ import annotations

from typing import Any

import numpy as np

from scoring.ml.certainty.familiarity import Familiarity
from scoring.ml.certainty.spread import LEVEL, Spread
from scoring.ml.judging.intervals import wilson
from scoring.ml.judging.judged_rows import JudgedRows

MOST_BINS, LEADS_A_BIN = 10, 40
FEWEST_LEADS = 20.0


def interval_reliability(
    rows: JudgedRows, spread: Spread, familiarity: Familiarity
) -> dict[str, Any]:
    """{"level", "meanWidth", "bins"}; of at most ten bins of about equal size, by what was
    said.

    A bin is {"leads" (by weight), "predicted", "low", "high" (means of the interval's ends),
    "observed", "observedLow", "observedHigh" (95 %, Wilson), "holds": whether the two ranges meet}.
    """
    judged = rows.judged
    distance = familiarity.distances_of(rows.features)
    low, high = spread.interval(judged.probability, distance)
    count = int(np.clip(judged.weight.sum() // LEADS_A_BIN, 1, MOST_BINS))
    edges = np.quantile(judged.probability, np.linspace(0, 1, count + 1)[1:-1])
    place = np.searchsorted(np.unique(edges), judged.probability, side="left")
    bins = []
    for number in np.unique(place):
        here = place == number
        weight = judged.weight[here]
        leads = float(weight.sum())
        if leads < FEWEST_LEADS:
            continue
        said, least, most, came = (
            float(np.average(values[here], weights=weight))
            for values in (judged.probability, low, high, judged.label)
        )
        came_low, came_high = wilson(came, leads)
        bins.append(
            {
                "leads": leads,
                "predicted": said,
                "low": least,
                "high": most,
                "observed": came,
                "observedLow": came_low,
                "observedHigh": came_high,
                "holds": came_low <= most and came_high >= least,
            }
        )
    width = float(np.average(high - low, weights=judged.weight))
    return {"level": LEVEL, "meanWidth": width, "bins": bins}
