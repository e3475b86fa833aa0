"""The level of all probabilities today: after a clear shift of the share won, or as it drifts."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.special import expit

from scoring.ml.serving.calibration import Calibration, log_odds
from scoring.ml.training.drift import drift
from scoring.ml.training.families import raw_probabilities
from scoring.ml.training.prior_shift import PriorShift, moved, shifted, watch
from scoring.ml.training.trial import Trial
from scoring.ml.training.workshop import Workshop


@dataclass(frozen=True)
class Level:
    """Sets calibration maps to today's level; leaves them alone where most days are unknown.

    shift: that leads are won more or less often lately than was expected; None if not clearly so.
    """

    workshop: Workshop
    shift: PriorShift | None

    @classmethod
    def found(cls, workshop: Workshop, trial: Trial) -> Level:
        """By what came of the newest leads, beside what was said of them and of all before."""
        if not workshop.split.by_time:
            return cls(workshop, None)
        shift = watch(trial.judged, workshop.newest.judge.day)
        return cls(workshop, shift if shift.is_clear else None)

    @cached_property
    def share(self) -> float | None:
        """The share won today; None if it is that of all time."""
        if self.shift is not None:
            return self.shift.observed
        rows = self.workshop.examples
        odds = log_odds(np.full(len(rows), np.average(rows.label, weights=rows.weight)))
        move = self._drift(odds)
        return float(expit(odds[0] + move)) if move else None

    @property
    def news(self) -> list[str]:
        """What there is to tell of it."""
        if self.shift is not None:
            return [str(self.shift)]
        if self.share is None:
            return []
        return [f"The share won drifts: about {self.share:.1%} by now. All probabilities follow."]

    def set(self, calibration: Calibration, fitted: Any) -> Calibration:
        """The map of an estimator that learned from all rows, moved to today's level."""
        workshop, shift = self.workshop, self.shift
        if shift is None:
            said = calibration.apply(raw_probabilities(fitted, workshop.X))
            return moved(calibration, self._drift(log_odds(said)))
        rows = workshop.split.test.judge[shift.rows]
        raw = raw_probabilities(fitted, workshop.X[rows])
        examples = workshop.examples
        return shifted(calibration, raw, examples.label[rows], examples.weight[rows])

    def _drift(self, odds: npt.NDArray[np.float64]) -> float:
        rows = self.workshop.examples
        dated = ~np.isnat(rows.day)
        if rows.weight[dated].sum() < rows.weight.sum() / 2:
            return 0.0
        return drift(odds, rows.label, rows.weight, rows.day)
