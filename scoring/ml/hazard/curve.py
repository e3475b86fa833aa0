"""By when a lead is won: a table that turns its probability into one by 30, 60, 90, 180 days."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]


@dataclass(frozen=True)
class ConversionCurve:
    """For some probabilities of a win within the window: those of a win by each of `days`.

    days:    (t,) ascending; `window` is one of them.
    anchors: (m,) ascending probabilities, from 0 to 1.
    table:   (m, t) rising along days; at `window` it is `anchors`.
    """

    window: int
    days: tuple[int, ...]
    anchors: tuple[float, ...]
    table: tuple[tuple[float, ...], ...]

    def by_day(self, probability: Array) -> Array:
        """Probability of a win by each of `days` (n, t) for those within the window (n,).

        Straight lines between the rows: as each row rises, so does what lies between two, and at
        the window it is `probability` itself.
        """
        found = np.stack(
            [np.interp(probability, self.anchors, column) for column in self._columns], axis=1
        )
        place = self.days.index(self.window)
        # Rounding must not set apart, nor turn round, what is one number.
        found[:, :place] = np.minimum(found[:, :place], probability[:, None])
        found[:, place] = probability
        found[:, place + 1 :] = np.maximum(found[:, place + 1 :], probability[:, None])
        return np.maximum.accumulate(found, axis=1)

    @cached_property
    def _columns(self) -> list[Array]:
        return list(np.array(self.table, dtype=np.float64).T)

    def to_dict(self) -> dict[str, Any]:
        """JSON; numbers survive exactly."""
        return {
            "window": self.window,
            "days": list(self.days),
            "anchors": list(self.anchors),
            "table": [list(row) for row in self.table],
        }

    @classmethod
    def from_dict(cls, stored: Mapping[str, Any]) -> ConversionCurve:
        """The curve that `to_dict` wrote."""
        return cls(
            window=stored["window"],
            days=tuple(stored["days"]),
            anchors=tuple(stored["anchors"]),
            table=tuple(tuple(row) for row in stored["table"]),
        )
