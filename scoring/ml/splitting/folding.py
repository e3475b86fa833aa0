"""Folds for looking at training rows without time."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from scoring.ml.examples import Examples
from scoring.ml.splitting.grouping import group_rows


def deal_folds(examples: Examples, count: int, seed: int = 0) -> npt.NDArray[np.intp]:
    """Fold numbers (n,) from 0 to count - 1; rows that belong together are in one fold."""
    group = group_rows(examples)
    groups = group.max() + 1 if len(group) else 0
    return (np.random.default_rng(seed).permutation(groups) % count)[group]
