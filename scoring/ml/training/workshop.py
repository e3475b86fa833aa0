"""What all models of one training share."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from scoring.ml.encoding.features import LeadEncoder
from scoring.ml.examples import Examples
from scoring.ml.model_types import BLEND
from scoring.ml.splitting.splits import Split
from scoring.ml.training.backtest import Candidate
from scoring.ml.training.blended import BlendEstimator
from scoring.ml.training.encoded import EncodedFold
from scoring.ml.training.families import fit_estimator

Matrix = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Workshop:
    """All rows, how they are split, and both as numbers.

    folds: the backtest. newest: the newest slice with all that may teach before it.
    encoder: fitted on all rows, with `X` what it made of them.
    fitted: estimators of single types that have learned from all rows, by type.
    """

    examples: Examples
    split: Split
    folds: Sequence[EncodedFold]
    newest: EncodedFold
    encoder: LeadEncoder
    X: Matrix
    seed: int
    tell: Callable[[str, float], None]
    fitted: dict[str, Any] = field(default_factory=dict)

    @property
    def slice_name(self) -> str:
        """What the rows are that the finalist is judged on."""
        return "newest slice" if self.split.by_time else "held-out groups"

    def fit_on_all(self, candidate: Candidate) -> Any:
        """The estimator, having learned from all rows; a blend takes what its members learned."""
        if candidate.model_type == BLEND:
            members = candidate.settings["members"]
            return BlendEstimator(
                candidate.settings, [self.fitted[each["model_type"]] for each in members]
            )
        rows = self.examples
        self.fitted[candidate.model_type] = fit_estimator(
            candidate.model_type,
            candidate.settings,
            self.X,
            rows.label,
            rows.weight,
            seed=self.seed,
            groups=self.encoder.groups_,
        )
        return self.fitted[candidate.model_type]
