"""Learn by when leads are won: a discrete-time hazard with two ways to end, won and lost.

Person-period data (Allison 1982; Tutz, Schmid 2016): each lead is one row for each interval that
it entered. Of those, a logistic regression with a level for each interval and the model's log-odds
as covariate gives the chance of a win in it; of those not won in it, another that of a loss.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import expit

from scoring.ml.hazard.curve import ConversionCurve
from scoring.ml.hazard.followups import LOST, WON, Delays
from scoring.ml.serving.calibration import SMALLEST, log_odds

Array = npt.NDArray[np.float64]

ANSWERED_DAYS = (30, 60, 90, 180)
# Where intervals end, besides at the days that are answered and at the window.
ENDS = (7, 14, 30, 45, 60, 90, 120, 150, 180)
# A day that fewer leads were watched to is not answered.
FEWEST_WATCHED = 30.0
FEWEST_WINS = 20.0
# How sure we are beforehand that an interval has the mean hazard, in leads.
LEVEL_PRIOR = 1.0
SLOPE_PRIOR = 1e-3
NEWTON_STEPS = 50
BISECTIONS = 60
LARGEST_SHIFT = 60.0
# Log-odds at which the table has a row.
ANCHOR_ODDS = tuple(np.linspace(-10.0, 10.0, 41).tolist())


class NoHazard(Exception):
    """The data do not say when leads are won; the message says why."""


@dataclass(frozen=True)
class Hazard:
    """Levels (k,) of the k intervals and the slope by the lead's log-odds."""

    levels: Array
    slope: float


@dataclass(frozen=True)
class Intervals:
    """ends (k,): the last day of each interval; the first begins on day 0."""

    ends: npt.NDArray[np.int64]

    def place(self, elapsed: npt.NDArray[np.int32]) -> npt.NDArray[np.intp]:
        """In which interval a day lies (n,); k for later ones."""
        return np.searchsorted(self.ends, elapsed, side="left")

    def seen(self, watched: npt.NDArray[np.int32]) -> npt.NDArray[np.intp]:
        """How many whole intervals could be seen (n,)."""
        return np.searchsorted(self.ends, watched, side="right")


def fit_curve(
    delays: Delays, probability: Array, weight: Array, *, window_days: int
) -> ConversionCurve:
    """The curve of a model that gives `probability` (n,) to the leads of `delays` (n,).

    An interval counts for a lead only if the lead's day lies its whole length back, whatever came
    of the lead: otherwise quick ends would be counted without their open peers.

    For each probability p the level of winning is shifted until the probability by the window's
    day is p: so the curve is anchored there and rises from there on.

    Raises NoHazard.
    """
    intervals = _intervals(delays, weight, window_days)
    odds = log_odds(probability)
    won, lost = _fit_both(delays, odds, weight, intervals)
    ends = intervals.ends.tolist()
    days = tuple(sorted({*(day for day in ANSWERED_DAYS if day in ends), window_days}))
    anchors = expit(np.array(ANCHOR_ODDS)).clip(SMALLEST, 1 - SMALLEST)
    at = [ends.index(day) for day in days]
    rows = [_anchored(won, lost, each, ends.index(window_days))[at] for each in anchors.tolist()]
    never, always = np.zeros(len(days)), _certain(rows[-1], days.index(window_days))
    table = [never, *rows, always]
    return ConversionCurve(
        window=window_days,
        days=days,
        anchors=(0.0, *anchors.tolist(), 1.0),
        table=tuple(tuple(row.tolist()) for row in table),
    )


def _intervals(delays: Delays, weight: Array, window_days: int) -> Intervals:
    """Those to whose end enough leads were watched; the window's among them."""
    if not len(delays):
        raise NoHazard("No outcome has a day, so nobody knows how long a win takes.")
    ends = np.array(sorted({*ENDS, *ANSWERED_DAYS, window_days}), dtype=np.int64)
    watched = np.array([float(weight[delays.watched >= end].sum()) for end in ends])
    # The window's own day is always answered, with few leads too.
    ends = ends[(watched >= FEWEST_WATCHED) | (ends == window_days)]
    wins = (delays.event == WON) & (delays.elapsed <= ends[-1])
    if (weight * wins).sum() < FEWEST_WINS:
        raise NoHazard(
            f"Fewer than {FEWEST_WINS:.0f} wins have a day: too few to tell how long one takes."
        )
    return Intervals(ends)


def _fit_both(
    delays: Delays, odds: Array, weight: Array, intervals: Intervals
) -> tuple[Hazard, Hazard]:
    """The hazards of a win and of a loss; log-odds are measured from their mean."""
    place = intervals.place(delays.elapsed)
    seen = intervals.seen(delays.watched)
    last = np.minimum(np.where(delays.event == 0, len(intervals.ends), place + 1), seen)
    rows = np.repeat(np.arange(len(delays)), last)
    start = np.repeat(np.cumsum(last) - last, last)
    interval = np.arange(len(rows)) - start
    ends_here = interval == place[rows]
    won = ends_here & (delays.event[rows] == WON)
    lost = ends_here & (delays.event[rows] == LOST)
    covariate, period_weight = odds[rows], weight[rows]
    count = len(intervals.ends)
    open_still = ~won
    return (
        _fit(interval, covariate, won, period_weight, count),
        _fit(
            interval[open_still],
            covariate[open_still],
            lost[open_still],
            period_weight[open_still],
            count,
        ),
    )


def _fit(
    interval: npt.NDArray[np.intp],
    covariate: Array,
    event: npt.NDArray[np.bool_],
    weight: Array,
    count: int,
) -> Hazard:
    """A logistic regression with a level for each interval and one slope, by Newton's method."""
    mean = (weight @ event + 0.5) / (weight.sum() + 1.0)
    levels = np.full(count, float(np.log(mean / (1 - mean))))
    slope = 0.0
    for _ in range(NEWTON_STEPS):
        p = expit(levels[interval] + slope * covariate)
        error, variance = weight * (p - event), weight * p * (1 - p)
        prior = expit(levels)
        gradient = np.append(
            np.bincount(interval, error, count) + LEVEL_PRIOR * (prior - mean),
            error @ covariate + SLOPE_PRIOR * slope,
        )
        hessian = np.zeros((count + 1, count + 1))
        own = np.bincount(interval, variance, count) + LEVEL_PRIOR * prior * (1 - prior)
        hessian[np.arange(count), np.arange(count)] = own + 1e-9
        hessian[:count, count] = np.bincount(interval, variance * covariate, count)
        hessian[count, :count] = hessian[:count, count]
        hessian[count, count] = variance @ covariate**2 + SLOPE_PRIOR
        step = np.clip(np.linalg.solve(hessian, gradient), -2.0, 2.0)
        levels, slope = levels - step[:-1], slope - float(step[-1])
        if np.abs(step).max() < 1e-8:
            break
    return Hazard(levels, slope)


def _anchored(won: Hazard, lost: Hazard, probability: float, window: int) -> Array:
    """Probability of a win by the end of each interval (k,), which is `probability` at `window`."""
    odds = float(log_odds(np.array(probability)))
    lost_here = expit(lost.levels + lost.slope * odds)
    low, high = -LARGEST_SHIFT, LARGEST_SHIFT
    for _ in range(BISECTIONS):
        middle = (low + high) / 2
        if won_by(expit(won.levels + middle), lost_here)[window] < probability:
            low = middle
        else:
            high = middle
    found = won_by(expit(won.levels + (low + high) / 2), lost_here)
    # What halving has left of the difference.
    return np.asarray(np.clip(found * (probability / found[window]), 0.0, 1.0))


def won_by(won: Array, lost: Array) -> Array:
    """Share won by the end of each interval (k,) where a share of those still open is won in it
    (k,), and of the others a share lost (k,)."""
    before = np.concatenate([[1.0], np.cumprod((1 - won) * (1 - lost))[:-1]])
    return np.asarray(np.cumsum(before * won))


def _certain(row: Array, window: int) -> Array:
    """The row of probability 1: the shape of the last one up to the window, then 1."""
    found = np.asarray(np.clip(row / row[window], 0.0, 1.0))
    found[window:] = 1.0
    return found
