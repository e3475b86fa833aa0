"""How far a model's probabilities lie from the true ones, which nobody sees.

What is known of the true log-odds is a posterior (`reference`): draws of what they may be. A model
says something else; how far that lies from each draw is its error: bias (shrinking, missing terms)
as well as uncertainty. The interval is as wide as has LEVEL of these errors inside, over leads and
draws, so that it holds its level on the mean over leads, which is what is asked for (Wahba 1983;
Nychka 1988), and whatever else the leads learned from leave open.
"""

from __future__ import annotations

from statistics import NormalDist

import numpy as np
import numpy.typing as npt

from scoring.ml.certainty.familiarity import Familiarity
from scoring.ml.certainty.reference import Reference
from scoring.ml.certainty.spread import LEVEL, Spread
from scoring.ml.serving.calibration import log_odds

Array = npt.NDArray[np.float64]

# Fifths, fourths ... of what the model said: as many as give each so many leads.
MOST_BINS, LEADS_A_BIN = 5, 200
# Leads farther out than this share of those learned from are looked at apart, if they are so many.
DISTANCE_SHARES = (0.5, 0.1)
FEWEST_APART = 100


def fit_spread(probability: Array, reference: Reference, familiarity: Familiarity) -> Spread:
    """The spread of the errors of a model that says `probability` (n,) of the reference's leads."""
    odds = log_odds(probability)
    error = np.abs(reference.odds - odds[:, None])
    count = int(np.clip(len(odds) // LEADS_A_BIN, 1, MOST_BINS))
    edges = np.unique(np.quantile(odds, np.linspace(0, 1, count + 1)[1:-1]))
    place = np.searchsorted(edges, odds, side="left")
    bins = [place == number for number in np.unique(place)]
    knots = np.array([np.median(odds[here]) for here in bins])
    # That of a normal distribution which has LEVEL of the errors inside.
    within = np.array([np.quantile(error[here], LEVEL) for here in bins])
    variance = (within / NormalDist().inv_cdf((1 + LEVEL) / 2)) ** 2
    distance = familiarity.distances_of(reference.frame)
    squared = (error**2).mean(axis=1)
    at, factor = _by_distance(squared / np.interp(odds, knots, variance), distance, familiarity)
    return Spread(tuple(knots.tolist()), tuple(variance.tolist()), at, factor)


def _by_distance(
    relative: Array, distance: Array, familiarity: Familiarity
) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Factor of the variance for the usual, the less usual and the unusual; it never falls.

    relative (n,): squared errors beside those of the leads of whom about the same is said.
    """
    shares = np.array(familiarity.shares)
    limits = [familiarity.distances[int(np.searchsorted(-shares, -s))] for s in DISTANCE_SHARES]
    place = np.searchsorted(limits, distance, side="left")
    groups = [place == number for number in range(len(limits) + 1)]
    filled = [group for group in groups if group.sum() >= FEWEST_APART]
    if not filled:
        return (familiarity.limit,), (1.0,)
    rising = np.maximum.accumulate([relative[group].mean() for group in filled])
    rising = rising / np.average(rising, weights=[group.sum() for group in filled])
    knots = np.maximum.accumulate([np.median(distance[group]) for group in filled]).tolist()
    return (*knots, max(familiarity.limit, knots[-1])), (*rising.tolist(), float(rising[-1]))
