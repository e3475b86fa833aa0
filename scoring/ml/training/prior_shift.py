"""The prior-shift watch: whether leads are won more or less often lately than was to be expected.

Features keep their meaning then, but all probabilities are too low or too high (Saerens, Latinne,
Decaestecker 2002). The map from the backtest would take months to follow; this takes WINDOW leads.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import numpy.typing as npt
from scipy.special import expit

from scoring.ml.judging.judged import Judged
from scoring.ml.serving.calibration import Calibration, inside, log_odds
from scoring.ml.training.calibrating import fit_shift
from scoring.ml.training.drift import newest_last

Array = npt.NDArray[np.float64]
Rows = npt.NDArray[np.intp]

# So many of the newest mature leads decide, and set the new level: within 3 points at 30 %.
WINDOW = 200.0
FEWEST = 50.0
# What was won lies so many standard deviations from what was said: one in 2,000 by chance.
CLEAR = 3.5
# A staircase is straight between its steps, which the log-odds are not: it takes a few moves.
MOVES = 5


@dataclass(frozen=True)
class PriorShift:
    """What was expected of the newest leads and what came, as shares; `rows` into the slice.

    since: their first day. leads: how many, by weight.
    """

    rows: Rows
    since: date
    leads: float
    expected: float
    observed: float

    @property
    def is_clear(self) -> bool:
        """Whether chance does not explain the difference."""
        deviation = np.sqrt(self.expected * (1 - self.expected) / self.leads)
        return self.leads >= FEWEST and abs(self.observed - self.expected) > CLEAR * deviation

    def __str__(self) -> str:
        return (
            f"The share won has moved: of the newest {self.leads:,.0f} leads (since "
            f"{self.since.isoformat()}) {self.observed:.1%} were won, where {self.expected:.1%} "
            "were to be expected. All probabilities were shifted to the new level."
        )


def watch(judged: Judged, day: npt.NDArray[np.datetime64]) -> PriorShift:
    """The newest WINDOW leads of a slice that the judged model had not seen; day: (n,)."""
    order = newest_last(day)[::-1]
    newest = np.cumsum(judged.weight[order]) <= WINDOW
    newest[0] = True
    rows = order[newest]
    weight = judged.weight[rows]
    return PriorShift(
        rows=rows,
        since=day[rows].min().astype("datetime64[D]").item(),
        leads=float(weight.sum()),
        expected=float(np.average(judged.probability[rows], weights=weight)),
        observed=float(np.average(judged.label[rows], weights=weight)),
    )


def shifted(
    calibration: Calibration, raw: Array, label: npt.NDArray[np.int8], weight: Array
) -> Calibration:
    """The same map, moved in log-odds so that these rows' mean is the share won among them."""
    for _ in range(MOVES):
        move = fit_shift(log_odds(calibration.apply(raw)), label, weight)
        calibration = moved(calibration, move)
    return calibration


def moved(calibration: Calibration, move: float) -> Calibration:
    """The same map, moved by so much in log-odds."""
    if not move:
        return calibration
    if calibration.kind == "isotonic":
        steps = expit(log_odds(np.array(calibration.y)) + move)
        return replace(calibration, y=tuple(inside(steps).tolist()))
    kind = "shift" if calibration.kind == "none" else calibration.kind
    return replace(calibration, kind=kind, intercept=calibration.intercept + move)
