"""A trained model as it serves: leads in, probabilities out, for one or a million."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pandas as pd

from scoring.ml.encoding.features import LeadEncoder
from scoring.ml.explaining.explainer import Explained, Explainer
from scoring.ml.schema import LeadFeatures
from scoring.ml.serving.calibration import Calibration
from scoring.ml.serving.engines import Engine
from scoring.ml.serving.outlook import Outlook

Array = npt.NDArray[np.float64]

# So that a million leads need no more memory than some.
CHUNK_ROWS = 50_000


@dataclass(frozen=True)
class Scorer:
    """Encoder, model and calibration: all that a probability comes from.

    outlook: what can be said beside it; empty in a version from before.
    """

    model_type: str
    encoder: LeadEncoder
    engine: Engine
    calibration: Calibration
    outlook: Outlook = field(default_factory=Outlook)

    def probabilities(self, leads: Sequence[LeadFeatures], days: Sequence[date | None]) -> Array:
        """Probability of a win (n,) for a few leads, each as of its day; None: not known."""
        return self.probabilities_of_matrix(self.encoder.encode(leads, days))

    def probabilities_of_frame(self, frame: pd.DataFrame) -> Array:
        """The same (n,) for a frame as `frames.to_frame` makes it."""
        parts = [
            self.probabilities_of_matrix(
                self.encoder.transform(frame.iloc[start : start + CHUNK_ROWS])
            )
            for start in range(0, len(frame), CHUNK_ROWS)
        ]
        return np.concatenate(parts) if parts else np.empty(0)

    @cached_property
    def explainer(self) -> Explainer:
        """Finds the parts of a score; built when first needed."""
        return Explainer(self.encoder.fields_, self.engine, self.calibration)

    def explain(self, leads: Sequence[LeadFeatures], days: Sequence[date | None]) -> Explained:
        """What `probabilities` gives, with the parts that it is the sum of."""
        X = self.encoder.encode(leads, days)
        return self.explainer.explain(X, self.probabilities_of_matrix(X))

    def probabilities_of_matrix(self, X: npt.NDArray[np.float32]) -> Array:
        """The same (n,) for rows as the encoder makes them (n, k)."""
        if not len(X):
            return np.empty(0)
        return self.calibration.apply(self.engine.probabilities(X))
