"""The figures that judge a model, as functions of the weights that its judged rows get."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from scoring.ml.judging.judged import Judged
from scoring.ml.judging.ranking import Ranking
from scoring.ml.serving.calibration import log_odds
from scoring.ml.training.calibrating import fit_line

Array = npt.NDArray[np.float64]

SUMMED = ("logLoss", "logLossGain", "brier", "accuracy", "precision", "recall", "f1Score")
RANKED = ("calibrationSlope", "rocAuc", "prAuc", "liftAt10")


def summands(judged: Judged) -> Array:
    """What SUMMED are made of, for each row (7, n): `summed` takes their weighted sums."""
    label, chosen = judged.label.astype(np.float64), judged.chosen.astype(np.float64)
    loss = judged.loss
    return np.stack(
        [
            np.ones(len(label)),
            loss,
            judged.base_loss - loss,
            (judged.probability - label) ** 2,
            label,
            chosen,
            chosen * label,
        ]
    )


def summed(sums: Array) -> dict[str, float]:
    """SUMMED from the weighted sums (7,) of `summands`; NaN where there is no weight."""
    total, loss, gain, brier, won, chosen, hit = sums.tolist()
    if not total:
        return dict.fromkeys(SUMMED, math.nan)
    return {
        "logLoss": loss / total,
        "logLossGain": gain / total,
        "brier": brier / total,
        "accuracy": (total - chosen - won + 2 * hit) / total,
        "precision": hit / chosen if chosen else 0.0,
        "recall": hit / won if won else 0.0,
        "f1Score": 2 * hit / (chosen + won) if chosen + won else 0.0,
    }


class Ranked:
    """RANKED of rows with these probabilities and labels (n,), by weight."""

    def __init__(self, probability: Array, label: npt.NDArray[np.int8], weight: Array) -> None:
        self.ranking = Ranking.of(probability, label)
        self._odds, self._label = log_odds(probability), label
        # Other weights end near where these do.
        self._line = fit_line(self._odds, label, weight)

    def figures(self, weight: Array) -> dict[str, float]:
        """With these weights (n,); NaN where undefined."""
        climb = self.ranking.climb(weight)
        if not climb.has_both:
            return dict.fromkeys(RANKED, math.nan)
        slope = math.nan
        if len(self.ranking.ends) > 1:
            slope = fit_line(self._odds, self._label, weight, start=self._line)[0]
        return {
            "calibrationSlope": slope,
            "rocAuc": climb.roc_auc(),
            "prAuc": climb.pr_auc(),
            "liftAt10": climb.lift(0.1),
        }
