"""A fold as numbers, ready for any model type."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from scoring.ml.encoding.features import EncodedField, LeadEncoder
from scoring.ml.examples import Examples
from scoring.ml.model_types import Settings
from scoring.ml.serving.calibration import inside
from scoring.ml.splitting.splits import Fold
from scoring.ml.training.calibrating import Evidence
from scoring.ml.training.families import fit_estimator

Array = npt.NDArray[np.float64]
Matrix = npt.NDArray[np.float32]


@dataclass(frozen=True)
class EncodedFold:
    """A fold as numbers; the encoder learned from its training rows alone."""

    fold: Fold
    encoder: LeadEncoder
    X: Matrix
    train: Examples
    X_judge: Matrix
    judge: Examples

    @property
    def fields(self) -> tuple[EncodedField, ...]:
        """Which matrix columns belong to which field."""
        return self.encoder.fields_

    @property
    def base(self) -> float:
        """The share won among the training rows, by weight."""
        won = np.average(self.train.label, weights=self.train.weight)
        return float(inside(np.asarray(won)))

    def fit(self, model_type: str, settings: Settings, seed: int) -> Any:
        """A fitted estimator."""
        label, weight = self.train.label, self.train.weight
        return fit_estimator(
            model_type,
            settings,
            self.X,
            label,
            weight,
            seed=seed,
            groups=self.encoder.groups_,
        )

    def evidence(self, raw: Array) -> Evidence:
        """What was said of the judged rows, with what came of them."""
        return Evidence(raw, self.judge.label, self.judge.weight)


def encode_fold(examples: Examples, fold: Fold, encoder: LeadEncoder) -> EncodedFold:
    """Fit `encoder` on the fold's training rows and encode both sides."""
    train = replace(examples.take(fold.train), weight=fold.train_weight)
    judge = replace(examples.take(fold.judge), weight=fold.judge_weight)
    X = encoder.fit_transform(train)
    return EncodedFold(fold, encoder, X, train, encoder.transform(judge.features), judge)
