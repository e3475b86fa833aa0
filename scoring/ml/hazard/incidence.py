"""How long a win takes, and which outcome window that suggests."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from scoring.ml.hazard.followups import LOST, WON, Delays

Array = npt.NDArray[np.float64]

# Past the day to which fewer leads than this were watched, the curve is chance.
FEWEST_AT_RISK = 20
# A percentile of fewer wins says little.
FEWEST_WINS = 30
# The window should see so many of all wins: the lower and the upper end of the advice.
SHARES = (0.8, 0.9)
# Wins seen in the last fifth of the curve, above which more must be expected after its end.
LATE_PART, LATE_SHARE = 0.2, 0.1
# Windows that people name.
ROUND_DAYS = (7, 14, 21, 30, 45, 60, 75, 90, 120, 150, 180, 240, 270, 365, 540, 730)


@dataclass(frozen=True)
class Incidence:
    """Share won and share lost by each day since a lead became known.

    days (m,) ascending: those on which something happened. won, lost, open (m,): shares of all
    leads after that day, together 1. at_risk (m,): leads that were still watched.
    """

    days: npt.NDArray[np.int64]
    won: Array
    lost: Array
    open: Array
    at_risk: npt.NDArray[np.int64]


def cumulative_incidence(delays: Delays) -> Incidence:
    """The estimate of Aalen and Johansen (1978) with two ways to end, won and lost.

    An open lead counts until today and says nothing of what comes after. A lost lead can no longer
    be won: leaving it out, or taking it as still open (1 - Kaplan-Meier), would promise more wins
    than there will be (Putter, Fiocco, Geskus 2007).
    """
    size = int(delays.elapsed.max(initial=0)) + 1
    won = np.bincount(delays.elapsed[delays.event == WON], minlength=size)
    lost = np.bincount(delays.elapsed[delays.event == LOST], minlength=size)
    ended = np.bincount(delays.elapsed, minlength=size)
    at_risk = len(delays) - np.concatenate([[0], np.cumsum(ended)[:-1]])
    days = np.flatnonzero(won + lost)
    risk = at_risk[days]
    after = np.cumprod(1 - (won + lost)[days] / risk)
    before = np.concatenate([[1.0], after[:-1]])[: len(days)]
    return Incidence(
        days=days.astype(np.int64),
        won=np.cumsum(before * won[days] / risk),
        lost=np.cumsum(before * lost[days] / risk),
        open=after,
        at_risk=risk.astype(np.int64),
    )


@dataclass(frozen=True)
class WindowAdvice:
    """The outcome window that the data suggest.

    days:    the suggestion; None with a `reason` why there is none.
    shares:  share of all wins to see -> the day by which it is seen.
    wins:    how many wins it rests on. watched: the last day that enough leads reached.
    growing: many wins came late, so more will come after: the days are rather too few.
    """

    days: int | None
    reason: str
    shares: dict[str, int]
    wins: int
    watched: int
    growing: bool

    def to_json(self) -> dict[str, Any]:
        """As it is stored in a report."""
        return asdict(self)


def advise_window(delays: Delays, *, window_days: int) -> WindowAdvice:
    """A window in which 80 to 90 % of those who will win have won; `window_days` if it is one.

    Delays from the day on which each lead became known. Of several such windows, one that people
    name is taken.
    """
    wins = int((delays.event == WON).sum())
    curve = cumulative_incidence(delays)
    reached = curve.at_risk >= FEWEST_AT_RISK
    if wins < FEWEST_WINS or not reached.any():
        reason = f"{wins} dated wins are too few to say how long one takes ({FEWEST_WINS})."
        return WindowAdvice(None, reason, {}, wins, 0, False)
    days, won = curve.days[reached], curve.won[reached]
    early, late = (max(int(days[np.searchsorted(won, part * won[-1])]), 1) for part in SHARES)
    watched = int(days[-1])
    before = won[np.searchsorted(days, (1 - LATE_PART) * watched, side="right") - 1]
    growing = bool(won[-1] - before > LATE_SHARE * won[-1])
    shares = {f"{part:.0%}": day for part, day in zip(SHARES, (early, late), strict=True)}
    chosen = window_days if early <= window_days <= late else _round(early, late)
    reason = f"Of the leads that win, 80 % have won after {early} days and 90 % after {late}."
    if growing:
        reason += (
            f" Leads were watched for {watched} days and many wins came late: look again when "
            "there is more to go by."
        )
    return WindowAdvice(chosen, reason, shares, wins, watched, growing)


def _round(early: int, late: int, known: Sequence[int] = ROUND_DAYS) -> int:
    """A number of days within the two that people name; else the later one."""
    named = [days for days in known if early <= days <= late]
    return named[-1] if named else late
