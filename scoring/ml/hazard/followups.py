"""How long leads were watched, and what came of them meanwhile: young open leads too."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np
import numpy.typing as npt
import pandas as pd

# What ended the watching of a lead.
OPEN, WON, LOST = 0, 1, 2

Days = npt.NDArray[np.int32]


@dataclass(frozen=True)
class Delays:
    """n times from one day to another; arrays (n,).

    elapsed: whole days until the lead was won or lost, or until today if it is open.
    event:   int8, OPEN, WON or LOST.
    watched: whole days until today, whatever came: how long an event could have been seen.
    """

    elapsed: Days
    event: npt.NDArray[np.int8]
    watched: Days

    def __len__(self) -> int:
        return len(self.event)

    @classmethod
    def together(cls, parts: Sequence[Delays]) -> Delays:
        """The rows of all parts, one after the other."""
        return cls(
            **{
                each.name: np.concatenate([getattr(part, each.name) for part in parts])
                for each in fields(cls)
            }
        )

    def take(self, rows: npt.NDArray[np.intp]) -> Delays:
        """The rows at these positions."""
        return Delays(**{each.name: getattr(self, each.name)[rows] for each in fields(self)})


@dataclass(frozen=True)
class FollowUps:
    """What became of leads after a day, in two views.

    first:    a row for each lead, from the day it became known.
    features: a frame as `frames.to_frame` makes it: leads as they were on some day, with
    delays:   from that day on, and
    weight:   float64; a lead's weights sum to 1.
    undated:  leads whose outcome nobody dated, or whose first day nobody knows: in neither view.
    """

    first: Delays
    features: pd.DataFrame
    delays: Delays
    weight: npt.NDArray[np.float64]
    undated: int = 0
