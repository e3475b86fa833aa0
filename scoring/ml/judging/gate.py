"""Whether a new model may take over: better than no model, and not worse than the present one."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from scoring.ml.judging.bootstrap import Interval, mean_interval
from scoring.ml.judging.judged import Judged, log_loss, together

# How much of the base-rate loss a new model may at worst lose against the champion.
TOLERANCE = 0.02
NO_MODEL = "always naming the share won so far"


@dataclass(frozen=True)
class Rival:
    """The present champion on the same rows.

    how: "artifact" (it was trained before these rows), "recipe" (its recipe, fitted again), "other
    window" (likewise, because it says who wins within other days) or
    "artifact that saw them" (it has learned from these rows and cannot be fitted again).
    """

    probability: npt.NDArray[np.float64]
    how: str


@dataclass(frozen=True)
class GateDecision:
    """Whether to promote, and why in a sentence.

    gain: log loss of the constant training rate less that of the model, per lead.
    with_backtest: the same over the backtest's later rows too, where `gain` alone leaves it open.
    against_champion: log loss of the model less the champion's; None without a champion.
    """

    promote: bool
    reason: str
    gain: Interval
    against_champion: Interval | None = None
    champion_judged_by: str | None = None
    with_backtest: Interval | None = None

    @property
    def beats_base_rate(self) -> bool:
        """Whether the model is surely better than the constant training rate."""
        return self.gain.low > 0 or (self.with_backtest is not None and self.with_backtest.low > 0)


def decide(
    judged: Judged,
    rival: Rival | None,
    *,
    backtest: Judged | None = None,
    where: str,
    seed: int,
) -> GateDecision:
    """Pass or hold, by paired bootstrap over leads; `where` names the rows, as "the newest ...".

    Pass: the gain's lower bound is above 0, and the upper bound of the loss against the champion
    is at most 2 % of the base-rate loss. Of a few leads no bound is above 0: where the model did
    better on them, though not surely, those of the `backtest` before them count beside them.
    """
    base_loss = float(np.average(judged.base_loss, weights=judged.weight))
    gain = _gain(judged, seed)
    overall = None
    if backtest is not None and gain.low <= 0 < gain.value:
        overall = _gain(together([backtest, judged]), seed)
    found = GateDecision(False, "", gain, with_backtest=overall)
    against = None if rival is None else _loss_against(judged, rival, seed)
    how = None if rival is None else rival.how
    error = f"on {where} its error is {_beside(gain, base_loss)} that of {NO_MODEL}"
    if overall is not None:
        both = _beside(overall, base_loss)
        error += f"; with the backtest's later leads beside them it is {both} that"
    found = replace(found, against_champion=against, champion_judged_by=how)
    if not found.beats_base_rate:
        sure = "is no better" if gain.value <= 0 else "is not surely better"
        return replace(found, reason=f"Held back: the model {sure} than no model: {error}.")
    if rival is None or against is None:
        reason = f"Passed: {error}. No model was chosen before it."
        return replace(found, promote=True, reason=reason)
    passes = against.high <= TOLERANCE * base_loss
    verdict = "Passed" if passes else "Held back"
    beside = _beside_champion(against, base_loss, rival.how)
    return replace(found, promote=passes, reason=f"{verdict}: {error}. {beside}")


def _beside_champion(against: Interval, base_loss: float, how: str) -> str:
    better = Interval(-against.value, -against.high, -against.low)
    judged = {
        "artifact": "The champion itself was judged: it had not learned from these leads.",
        "recipe": (
            "The champion has already learned from these leads, so its recipe was fitted again "
            "on the older ones to stand in for it."
        ),
        "other window": (
            "The champion was made for another outcome window, so its recipe was fitted again "
            "for this one."
        ),
        "artifact that saw them": (
            "The champion has already learned from these leads, which favours it; its recipe is "
            "none that can be fitted again."
        ),
    }[how]
    return (
        f"It is {_beside(better, base_loss)} the champion's; at worst {TOLERANCE:.0%} higher is "
        f"allowed. {judged}"
    )


def _loss_against(judged: Judged, rival: Rival, seed: int) -> Interval:
    return _interval(judged, judged.loss - log_loss(rival.probability, judged.label), seed)


def _gain(judged: Judged, seed: int) -> Interval:
    return _interval(judged, judged.base_loss - judged.loss, seed)


def _interval(judged: Judged, values: npt.NDArray[np.float64], seed: int) -> Interval:
    return mean_interval(values, judged.weight, judged.lead, seed=seed)


def _beside(gain: Interval, of: float) -> str:
    """ "3.1 % lower than (1.0 % to 5.2 % lower)", in percent of `of`."""
    if not (gain.value or gain.low or gain.high):
        return "the same as"
    value, low, high = (100 * each / of for each in (gain.value, gain.low, gain.high))
    span = f"{_way(low)} to {_way(high)}"
    if low * high >= 0:
        near, far = sorted((low, high), key=abs)
        span = f"{abs(near):.1f} to {_way(far)}"
    return f"{_way(value)} (95 % sure: {span}) than"


def _way(percent: float) -> str:
    return f"{abs(percent):.1f} % {'lower' if percent >= 0 else 'higher'}"
