"""What a model said of rows it had not learned from, and what came of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Judged:
    """n rows, all arrays (n,).

    probability: as it would have been served. base: the constant that knows only the share won
    among the rows learned from. chosen: whether the row was above the threshold of its time.
    """

    probability: Array
    base: Array
    chosen: npt.NDArray[np.bool_]
    label: npt.NDArray[np.int8]
    weight: Array
    lead: npt.NDArray[np.int64]

    @property
    def loss(self) -> Array:
        """Log loss of each row."""
        return log_loss(self.probability, self.label)

    @property
    def base_loss(self) -> Array:
        """Log loss of each row, had one only known the share won."""
        return log_loss(self.base, self.label)


def log_loss(probability: Array, label: npt.NDArray[np.int8]) -> Array:
    """-log of the probability given to what happened, for each row."""
    return -np.log(np.where(label == 1, probability, 1 - probability))


def together(parts: Sequence[Judged]) -> Judged:
    """The rows of several folds as one."""
    return Judged(
        **{
            each.name: np.concatenate([getattr(part, each.name) for part in parts])
            for each in fields(Judged)
        }
    )
