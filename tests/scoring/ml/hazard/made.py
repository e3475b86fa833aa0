"""Leads whose times to a win and to a loss follow a known law."""

import numpy as np

from scoring.ml.hazard.followups import LOST, OPEN, WON, Delays

# A win takes so many days: median and spread of the logarithm. A loss likewise.
TO_WIN, TO_LOSE = (40.0, 0.6), (60.0, 0.7)


def delays(
    n: int,
    *,
    seed: int = 0,
    won: float | np.ndarray = 0.3,
    lost: float = 0.75,
    watched: tuple[int, int] = (0, 700),
) -> Delays:
    """n leads; a share `won` wins, of the others a share `lost` is lost, the rest stays open.

    Each became known some days before today, evenly between the two.
    """
    rng = np.random.default_rng(seed)
    until = rng.integers(*watched, n, endpoint=True)
    wins = rng.random(n) < won
    losses = ~wins & (rng.random(n) < lost)
    days = np.where(wins, _lognormal(rng, n, *TO_WIN), _lognormal(rng, n, *TO_LOSE))
    event = np.where(wins, WON, np.where(losses, LOST, OPEN))
    event = np.where(days > until, OPEN, event)
    elapsed = np.where(event == OPEN, until, days)
    return Delays(elapsed.astype(np.int32), event.astype(np.int8), until.astype(np.int32))


def _lognormal(rng: np.random.Generator, n: int, median: float, spread: float) -> np.ndarray:
    return np.maximum(np.rint(rng.lognormal(np.log(median), spread, n)), 2)
