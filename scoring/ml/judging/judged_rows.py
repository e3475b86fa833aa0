"""What a model said of rows it had not learned from, with the rows themselves."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from scoring.ml.judging.judged import Judged


@dataclass(frozen=True)
class JudgedRows:
    """features: a frame as `frames.to_frame` makes it, its rows those of `judged`."""

    features: pd.DataFrame
    judged: Judged
