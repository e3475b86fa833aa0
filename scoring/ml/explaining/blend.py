"""What each field adds to a blend: the weighted sum of what it adds to the members."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from scoring.ml.explaining.carrying import Carrier
from scoring.ml.serving.blend import BlendEngine

Array = npt.NDArray[np.float64]
Matrix = npt.NDArray[np.float32]


class BlendShapley:
    """A field's points in each member, by the member's weight: Shapley values are linear too."""

    def __init__(self, engine: BlendEngine, carriers: Sequence[Carrier]) -> None:
        self._parts = list(zip(engine.members, carriers, strict=True))
        nothing = np.zeros((1, 0))
        self.base = sum(
            member.weight * carrier.carry(nothing, np.zeros(1), np.asarray).base
            for member, carrier in self._parts
        )

    def contributions(self, X: Matrix) -> tuple[Array, Array]:
        """(n, fields) for X (n, k): with `base` they add up to the mean; and standard errors.

        The errors of members add up as if they went the same way, which is the worst case.
        """
        found = []
        for member, carrier in self._parts:
            points, error, _ = carrier.points(X, member.probabilities(X))
            found.append(member.weight / 100 * np.stack([points.values, error]))
        values, errors = np.sum(found, axis=0)
        return values, errors
