"""Is there enough data like this lead? How unusual it is, beside the leads learned from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from scoring.ml.certainty.tables import FieldTable, row_days, table_from_dict
from scoring.ml.schema import LeadFeatures, value_of
from scoring.ml.values import EPOCH, NAN, fold

Array = npt.NDArray[np.float64]

# Of the leads learned from, at most this share would be called unlike the others.
FLAGGED_SHARE = 0.01
# A field is named where no larger share of leads has such a value.
UNLIKE_SHARE = 0.02
MOST_NAMED = 3


@dataclass(frozen=True, slots=True)
class Likeness:
    """How a lead compares with those learned from.

    distance: how unusual it is. share: of the leads learned from, those that are as unusual, or
    more so. enough: whether there are leads like it. unlike: fields to name if not, the most
    unusual first, each with the share of leads that have such a value.
    """

    distance: float
    share: float
    enough: bool
    unlike: tuple[tuple[str, float], ...]


@dataclass(frozen=True)
class Familiarity:
    """Tables of the fields that the model uses, and how far apart the leads learned from lie.

    A lead's distance is the sum over its fields of -log(share of leads whose value is as unusual),
    as Fisher (1932) adds up tails. It is compared with the distances of the leads learned from, so
    no law is assumed and of those at most FLAGGED_SHARE are flagged. It sees each field alone: two
    common values that never came together do not count as unusual.

    leads: how many. distances (m,), shares (m,): of the leads, the share that lies farther out.
    """

    placeholders: frozenset[str]
    leads: int
    tables: tuple[FieldTable, ...]
    distances: tuple[float, ...]
    shares: tuple[float, ...]

    @property
    def limit(self) -> float:
        """The distance beyond which a lead is flagged."""
        place = int(np.searchsorted(-np.array(self.shares), -FLAGGED_SHARE))
        return self.distances[min(place, len(self.distances) - 1)]

    @property
    def floor(self) -> float:
        """What stands for "nobody": one lead more might have it."""
        return 1.0 / (self.leads + 1)

    def likeness(
        self, leads: Sequence[LeadFeatures], days: Sequence[date | None]
    ) -> list[Likeness]:
        """Of a few leads as of their days."""
        limit, rows = self.limit, []
        for lead, day in zip(leads, days, strict=True):
            when = NAN if day is None else float(day.toordinal() - EPOCH)
            rows.append(
                [
                    table.share(value_of(lead, table.column), when, self.placeholders)
                    for table in self.tables
                ]
            )
        shares = np.array(rows, dtype=np.float64).reshape(len(leads), len(self.tables))
        distances = -np.log(np.maximum(shares, self.floor)).sum(axis=1)
        as_far = np.interp(distances, self.distances, self.shares)
        return [
            Likeness(distance, share, distance <= limit, self._unlike(row, distance > limit))
            for row, distance, share in zip(rows, distances.tolist(), as_far.tolist(), strict=True)
        ]

    def distances_of(self, frame: pd.DataFrame) -> Array:
        """Distances (n,) of a frame's rows."""
        days = row_days(frame)
        absent = pd.Series(np.full(len(frame), None, dtype=object))
        total = np.zeros(len(frame))
        for table in self.tables:
            values = frame.get(table.column, absent)
            shares = table.shares(values, days, self.placeholders)
            total -= np.log(np.maximum(shares, self.floor))
        return total

    def _unlike(self, shares: Sequence[float], flagged: bool) -> tuple[tuple[str, float], ...]:
        if not flagged:
            return ()
        order = sorted(range(len(shares)), key=lambda place: shares[place])
        named = [place for place in order if shares[place] <= UNLIKE_SHARE] or order[:MOST_NAMED]
        return tuple((self.tables[place].column, shares[place]) for place in named[:MOST_NAMED])

    def to_dict(self) -> dict[str, Any]:
        """JSON; numbers survive exactly."""
        return {
            "placeholders": sorted(self.placeholders),
            "leads": self.leads,
            "tables": [table.to_dict() for table in self.tables],
            "distances": list(self.distances),
            "shares": list(self.shares),
        }

    @classmethod
    def from_dict(cls, stored: Mapping[str, Any]) -> Familiarity:
        """What `to_dict` wrote."""
        return cls(
            placeholders=frozenset(stored["placeholders"]),
            leads=stored["leads"],
            tables=tuple(table_from_dict(each) for each in stored["tables"]),
            distances=tuple(stored["distances"]),
            shares=tuple(stored["shares"]),
        )


def folded(placeholders: frozenset[str]) -> frozenset[str]:
    """Placeholders as values are compared with them."""
    return frozenset(fold(text) for text in placeholders) | {""}
