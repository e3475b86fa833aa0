"""Rows of leads -> one frame with the columns beside it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import numpy as np
import pandas as pd

from scoring.dataset.days import Row
from scoring.dataset.parts import concatenate
from scoring.ml.examples import Examples
from scoring.ml.frames import to_frame
from scoring.ml.schema import LeadFeatures

CHUNK = 20_000


class RowGatherer:
    """Takes rows lead by lead and makes frames of them, chunk by chunk."""

    def __init__(self) -> None:
        self._frames: list[pd.DataFrame] = []
        self._features: list[LeadFeatures] = []
        self._days: list[date | None] = []
        self._known_on: list[date | None] = []
        self._label: list[int] = []
        self._weight: list[float] = []
        self._lead: list[int] = []

    def add(self, lead: int, rows: list[Row], features: Callable[[int], LeadFeatures]) -> None:
        """A lead's rows; `features` gives those of a state's number."""
        for row in rows:
            self._features.append(features(row.state))
            self._days.append(row.day)
            self._known_on.append(row.known_on)
            self._label.append(row.label)
            self._weight.append(1 / len(rows))
            self._lead.append(lead)
        if len(self._features) >= CHUNK:
            self._close_frame()

    def examples(self) -> Examples:
        """All rows, in the order in which they came."""
        self._close_frame()
        frame = concatenate(self._frames)
        return Examples(
            features=frame,
            label=np.array(self._label, dtype=np.int8),
            weight=np.array(self._weight, dtype=np.float64),
            day=frame["day"].to_numpy().astype("datetime64[D]"),
            known_on=np.array(self._known_on, dtype="datetime64[D]"),
            lead=np.array(self._lead, dtype=np.int64),
        )

    def _close_frame(self) -> None:
        self._frames.append(to_frame(self._features, self._days))
        self._features, self._days = [], []
