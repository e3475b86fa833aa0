"""Training rows: a lead as of a day, what came of it, and when that could be known."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from scoring.ml.values import distinct


@dataclass(frozen=True)
class Examples:
    """n training rows; all arrays have length n, in the same order as `features`.

    features: a frame as `frames.to_frame` makes it.
    label:    int8, 1 = won within the window of `day`.
    weight:   float64, a lead's weights sum to 1.
    day:      datetime64[D], the day the features are as of; NaT where nobody knows.
    known_on: datetime64[D], the first day on which the label could be known; NaT with `day`.
    lead:     int64, which lead; a lead is never on both sides of a split.
    """

    features: pd.DataFrame
    label: npt.NDArray[np.int8]
    weight: npt.NDArray[np.float64]
    day: npt.NDArray[np.datetime64]
    known_on: npt.NDArray[np.datetime64]
    lead: npt.NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.label)

    def coded(self) -> Examples:
        """The same rows; a column of numbers alone as such, of words or a mixture as a categorical.

        What reads them then tells a million values apart by number, or need not at all; it reads
        the same.
        """
        frame = self.features.copy(deep=False)
        for column in frame.columns:
            if frame[column].dtype.kind != "O" or _is_coded(frame[column]):
                continue
            if pd.api.types.infer_dtype(frame[column]) == "floating":
                frame[column] = frame[column].astype(np.float64)
            else:
                codes, found = distinct(frame[column])
                words = pd.Index(found, dtype=object)
                frame[column] = pd.Categorical.from_codes(codes, words, validate=False)
        return replace(self, features=frame)

    def take(self, rows: npt.NDArray[np.intp] | npt.NDArray[np.bool_]) -> Examples:
        """The rows at these positions (or where this mask is true), in that order."""
        positions = np.flatnonzero(rows) if rows.dtype == bool else rows
        return Examples(
            features=self.features.iloc[positions].reset_index(drop=True),
            label=self.label[positions],
            weight=self.weight[positions],
            day=self.day[positions],
            known_on=self.known_on[positions],
            lead=self.lead[positions],
        )


def _is_coded(values: pd.Series) -> bool:
    return isinstance(values.dtype, pd.CategoricalDtype)
