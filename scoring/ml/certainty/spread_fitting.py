"""Measure how far a model's probabilities lie from the true ones, which nobody sees.

A label is won or not; how far p is from the truth shows only in many leads together. On rows that
the model had not learned from, the residuals of every tenth, category and gap of every field (and
of every tenth of what the model said) are fitted at once, by weighted least squares. Were the model
right, the fit would explain as much as chance does: one unit for each parameter. What it explains
beyond that is the squared error of the model's probabilities, summed over leads: the excess of
Pearson's chi-squared as the moment estimate of a random effect's variance (McCullagh, Nelder 1989,
section 4.5; le Cessie, van Houwelingen 1995). The errors in log-odds that would give it are taken
as normal around the mean shift of leads of whom about the same was said.

It holds bias as well as uncertainty: what shrinking, missing terms and drift do. What no field of
the lead shows, no such measure can see.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np
import numpy.typing as npt
import pandas as pd
from numpy.polynomial.hermite_e import hermegauss
from scipy import sparse
from scipy.special import expit

from scoring.ml.certainty.familiarity import Familiarity
from scoring.ml.certainty.spread import Spread
from scoring.ml.certainty.tables import row_days
from scoring.ml.examples import Examples
from scoring.ml.judging.judged_rows import JudgedRows
from scoring.ml.schema import DAY
from scoring.ml.serving.calibration import log_odds

Array = npt.NDArray[np.float64]
Codes = npt.NDArray[np.intp]

MOST_LEADS = 40_000
FEWEST_LEADS = 60
# A cell needs so many leads for an effect of its own.
FEWEST_IN_CELL = 20
# Leads farther out than this share of those learned from are looked at apart, if they are so many.
DISTANCE_SHARES = (0.5, 0.1)
FEWEST_APART = 300
LEAST_OF_MEAN = 0.25
# Fifths, fourths ... of what the model said: as many as give each so many leads.
MOST_BINS, LEADS_A_BIN = 5, 300
# Log-odds for which the spread is stored.
KNOTS = tuple(np.linspace(-8.0, 8.0, 33).tolist())
# Points of a normal distribution, with their weights.
POINTS, SHARES = hermegauss(15)
MOST_SOLVED = 5_000
LARGEST_DEVIATION = 4.0
BISECTIONS = 40


@dataclass(frozen=True)
class _Fit:
    """For each lead (n,): what the fit explains of its squared error, and by chance alone."""

    explained: Array
    by_chance: Array
    information: Array

    def variance(self, rows: npt.NDArray[np.bool_]) -> tuple[float, float]:
        """Mean squared error of the log-odds of these rows, and its standard error."""
        information = float(self.information[rows].sum())
        chance = float(self.by_chance[rows].sum())
        excess = float(self.explained[rows].sum()) - chance
        return excess / information, float(np.sqrt(2 * chance)) / information


def fit_spread(rows: JudgedRows, familiarity: Familiarity, taught: Examples) -> Spread | None:
    """The spread of a model's errors; None with too few leads to tell.

    One row of each lead counts, as rows of a lead share their outcome: its first day's, which every
    lead has. `taught`: all training rows, to know it by; where no days are known, any row.
    """
    chosen = _first_rows(rows, taught)
    if len(chosen) < FEWEST_LEADS:
        return None
    frame = rows.features.iloc[chosen].reset_index(drop=True)
    probability, label = rows.judged.probability[chosen], rows.judged.label[chosen]
    odds = log_odds(probability)
    fit = _fit(_cells(frame, odds, familiarity), probability, label)
    mean, error = fit.variance(np.full(len(chosen), True))
    # Of less than chance alone may give nobody can be sure.
    mean = max(mean, error)
    moved = _Shift.fit(odds, label)
    # Adding up fields misses some of what normal errors would do to probabilities, so the one that
    # is read as log-odds at face value is the least.
    variance = max(_solve(mean, odds, moved.at(odds)) ** 2, mean)
    knots = np.array(KNOTS)
    distance, factor = _by_distance(fit, familiarity, familiarity.distances_of(frame), mean)
    return Spread(
        odds=KNOTS,
        variance=tuple((variance + moved.at(knots) ** 2).tolist()),
        distance=distance,
        factor=factor,
    )


def _first_rows(rows: JudgedRows, taught: Examples) -> npt.NDArray[np.intp]:
    """Positions of one row of each lead, at most MOST_LEADS."""
    order = np.lexsort((taught.day, taught.lead))
    leads, place = np.unique(taught.lead[order], return_index=True)
    first_day = taught.day[order][place]
    found = np.searchsorted(leads, rows.judged.lead).clip(0, max(len(leads) - 1, 0))
    days = rows.features[DAY].to_numpy().astype("datetime64[D]")
    usable = np.isnat(days)
    if len(leads):
        usable |= (leads[found] == rows.judged.lead) & (first_day[found] == days)
    candidates = np.flatnonzero(usable)
    chosen = candidates[np.unique(rows.judged.lead[candidates], return_index=True)[1]]
    return np.sort(chosen)[:: max(1, -(-len(chosen) // MOST_LEADS))]


@dataclass(frozen=True)
class _Shift:
    """By how much log-odds are off on the mean, for leads of whom about the same was said.

    Drawn towards 0 as far as chance alone may have moved it (positive-part James-Stein).
    """

    odds: Array
    by: Array

    @classmethod
    def fit(cls, odds: Array, label: npt.NDArray[np.int8]) -> Self:
        bins = _bins(odds, max(1, min(MOST_BINS, len(odds) // LEADS_A_BIN)))
        middle, shift = [], []
        for number in np.unique(bins):
            here = bins == number
            said = float(expit(odds[here]).mean())
            # One lead more, won as often as said: no share is 0 or 1.
            came = (float(label[here].sum()) + said) / (float(here.sum()) + 1.0)
            found = float(log_odds(np.array(came)) - log_odds(np.array(said)))
            chance = 1.0 / (float(here.sum()) * said * (1 - said))
            trust = max(0.0, 1.0 - chance / found**2) if found else 0.0
            middle.append(float(np.median(odds[here])))
            shift.append(found * np.sqrt(trust))
        return cls(np.array(middle), np.array(shift))

    def at(self, odds: Array) -> Array:
        """The shift (n,) where `odds` (n,) was said."""
        return np.interp(odds, self.odds, self.by)


def _solve(mean: float, odds: Array, shift: Array) -> float:
    """The deviation of normal errors around `shift` that moves probabilities by `mean` squared.

    Squares are measured in units of the slope of p, so for small errors it is the square root.
    """
    some = slice(None, None, max(1, len(odds) // MOST_SOLVED))
    odds, shift = odds[some], shift[some]
    p = expit(odds)
    information = p * (1 - p)

    def moved(deviation: float) -> float:
        there = expit((odds + shift)[:, None] + deviation * POINTS)
        squares = (there - p[:, None]) ** 2 @ (SHARES / SHARES.sum())
        return float((squares / information).sum() / information.sum())

    low, high = 0.0, LARGEST_DEVIATION
    for _ in range(BISECTIONS):
        middle = (low + high) / 2
        low, high = (middle, high) if moved(middle) < mean else (low, middle)
    return high


def _cells(frame: pd.DataFrame, odds: Array, familiarity: Familiarity) -> list[Codes]:
    days, absent = row_days(frame), pd.Series(np.full(len(frame), None, dtype=object))
    cells = [
        table.cells(frame.get(table.column, absent), days, familiarity.placeholders)
        for table in familiarity.tables
    ]
    return [*cells, _bins(odds, 10)]


def _fit(cells: list[Codes], probability: Array, label: npt.NDArray[np.int8]) -> _Fit:
    information = probability * (1 - probability)
    root = np.sqrt(information)
    design = _dummies(cells).multiply(root[:, None]).tocsr()
    gram = (design.T @ design).toarray()
    inverse = np.linalg.pinv(gram, rcond=1e-9, hermitian=True)
    residual = (label - probability) / root
    fitted = design @ (inverse @ (design.T @ residual))
    leverage = np.asarray(design.multiply(design @ inverse).sum(axis=1)).ravel()
    return _Fit(fitted**2, leverage, information)


def _dummies(cells: list[Codes]) -> sparse.csr_matrix:
    """A column of 0/1 for each cell with enough leads, and one of ones: (n, d)."""
    n = len(cells[0])
    columns = [sparse.csr_matrix(np.ones((n, 1)))]
    for codes in cells:
        sizes = np.bincount(codes)
        kept = np.flatnonzero((sizes >= FEWEST_IN_CELL) & (sizes < n))
        place = np.full(len(sizes), -1, dtype=np.intp)
        place[kept] = np.arange(len(kept))
        rows = np.flatnonzero(place[codes] >= 0)
        ones = (np.ones(len(rows)), (rows, place[codes[rows]]))
        columns.append(sparse.csr_matrix(ones, shape=(n, len(kept))))
    return sparse.hstack(columns).tocsr()


def _by_distance(
    fit: _Fit, familiarity: Familiarity, distance: Array, mean: float
) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Factor of the variance for the usual, the less usual and the unusual; it never falls."""
    shares = np.array(familiarity.shares)
    limits = [familiarity.distances[int(np.searchsorted(-shares, -s))] for s in DISTANCE_SHARES]
    place = np.searchsorted(limits, distance, side="left")
    groups = [place == number for number in range(len(limits) + 1)]
    filled = [group for group in groups if group.sum() >= FEWEST_APART]
    if not filled:
        return (familiarity.limit,), (1.0,)
    found = _drawn_together([fit.variance(group) for group in filled], mean)
    sizes = np.array([fit.information[group].sum() for group in filled])
    rising = np.maximum.accumulate(found)
    rising *= 1.0 / np.average(rising, weights=sizes)
    knots = [float(np.median(distance[group])) for group in filled]
    return (*knots, max(familiarity.limit, knots[-1])), (*rising.tolist(), float(rising[-1]))


def _drawn_together(found: list[tuple[float, float]], mean: float) -> list[float]:
    """Variances of groups, drawn towards the mean as far as they may differ by chance alone."""
    values, errors = np.array(found).T
    between = max(float(np.mean((values - mean) ** 2 - errors**2)), 0.0)
    trust = between / (between + errors**2)
    drawn = mean + trust * (values - mean)
    return [float(each) for each in np.maximum(drawn, LEAST_OF_MEAN * mean)]


def _bins(values: Array, count: int) -> Codes:
    """Number of the bin of about equal size (n,)."""
    edges = np.unique(np.quantile(values, np.linspace(0, 1, count + 1)[1:-1]))
    return np.searchsorted(edges, values, side="left")
