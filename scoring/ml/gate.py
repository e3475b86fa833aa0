"""Whether a new model may take over: better than no model, and not worse than the present one."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from scoring.ml.bootstrap import Interval, mean_interval
from scoring.ml.judged import Judged, log_loss

# How much of the base-rate loss a new model may at worst lose against the champion.
TOLERANCE = 0.02


@dataclass(frozen=True)
class Rival:
    """The present champion on the same rows.

    how: "artifact" (it was trained before these rows) or "recipe" (its recipe, fitted again).
    """

    probability: npt.NDArray[np.float64]
    how: str


@dataclass(frozen=True)
class GateDecision:
    """Whether to promote, and why in a sentence.

    gain: log loss of the constant training rate less that of the model, per lead.
    against_champion: log loss of the model less the champion's; None without a champion.
    """

    promote: bool
    reason: str
    gain: Interval
    against_champion: Interval | None = None
    champion_judged_by: str | None = None


def decide(judged: Judged, rival: Rival | None, *, where: str, seed: int) -> GateDecision:
    """Pass or hold, by paired bootstrap over leads; `where` names the rows, as "the newest ...".

    Pass: the gain's lower bound is above 0, and the upper bound of the loss against the champion
    is at most 2 % of the base-rate loss.
    """
    base_loss = float(np.average(judged.base_loss, weights=judged.weight))
    gain = _interval(judged, judged.base_loss - judged.loss, seed)
    if gain.low <= 0:
        better = "is no better than" if gain.value <= 0 else "is not surely better than"
        reason = (
            f"Held back: on {where} the model {better} always naming the share won so far "
            f"(its error is {_percent(gain, base_loss)} lower; to pass, the whole range must lie "
            "above 0 %)."
        )
        against = None if rival is None else _loss_against(judged, rival, seed)
        return GateDecision(False, reason, gain, against, rival.how if rival else None)
    praise = (
        f"on {where} its error is {_percent(gain, base_loss)} lower than that of always naming "
        "the share won so far"
    )
    if rival is None:
        return GateDecision(True, f"Passed: {praise}. There is no champion yet.", gain)
    against = _loss_against(judged, rival, seed)
    passes = against.high <= TOLERANCE * base_loss
    verdict = "Passed" if passes else "Held back"
    reason = f"{verdict}: {praise}. {_beside_champion(against, base_loss, rival.how)}"
    return GateDecision(passes, reason, gain, against, rival.how)


def _beside_champion(against: Interval, base_loss: float, how: str) -> str:
    worse = (
        "Beside the champion its error is the same."
        if not (against.value or against.low or against.high)
        else f"Its error is {_percent(against, base_loss)} higher than the champion's "
        "(a minus means lower)."
    )
    judged = {
        "artifact": "The champion itself was judged: it had not learned from these leads.",
        "recipe": (
            "The champion has already learned from these leads, so its recipe was fitted again "
            "on the older ones to stand in for it."
        ),
    }[how]
    return f"{worse} At worst {TOLERANCE:.0%} is allowed. {judged}"


def _loss_against(judged: Judged, rival: Rival, seed: int) -> Interval:
    return _interval(judged, judged.loss - log_loss(rival.probability, judged.label), seed)


def _interval(judged: Judged, values: npt.NDArray[np.float64], seed: int) -> Interval:
    return mean_interval(values, judged.weight, judged.lead, seed=seed)


def _percent(interval: Interval, of: float) -> str:
    value, low, high = (100 * each / of for each in (interval.value, interval.low, interval.high))
    return f"{value:.1f} % ({low:.1f} to {high:.1f} %)"
