"""What fitting a column gives, and when it gives nothing."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from scoring.ml.encoding.columns import Column

# Fewer rows than this that differ from all others teach nothing.
FEWEST_DIFFERENT = 10
# That a value is missing is worth a column of its own when it is neither rare nor the rule.
MISSING_SHARE = (0.01, 0.99)


class Uninformative(Exception):
    """The column is left out; the message is the reason."""


@dataclass(frozen=True)
class Fitted:
    """A column, a mark that is equal for columns that say the same, and what training rows get.

    honest: (n,) what the first matrix column is in training rows, where it differs from serving.
    """

    column: Column
    mark: bytes
    honest: npt.NDArray[np.float64] | None = None
