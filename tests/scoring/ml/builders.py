"""Small sets of training examples, made column by column."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from scoring.ml.examples import Examples
from scoring.ml.frames import to_frame
from scoring.ml.schema import FIELD_NAMES, LeadFeatures

NO_DAY = np.datetime64("NaT")
FIRST_DAY = np.datetime64("2024-01-01")


def examples(
    columns: Mapping[str, Sequence[Any]],
    *,
    label: Sequence[int] | npt.NDArray[Any] | None = None,
    day: npt.NDArray[np.datetime64] | None = None,
    known_after: int = 0,
    lead: Sequence[int] | None = None,
) -> Examples:
    """Examples with these fields, or attributes where a name is no field.

    Labels alternate and rows have no day unless given; a label is known `known_after` days after
    its row's day; each row is a lead unless `lead` says otherwise, with weights that sum to 1.
    """
    n = len(next(iter(columns.values())))
    leads = [
        LeadFeatures(
            **{name: values[row] for name, values in columns.items() if name in FIELD_NAMES},
            attributes={
                name: values[row] for name, values in columns.items() if name not in FIELD_NAMES
            },
        )
        for row in range(n)
    ]
    days = np.full(n, NO_DAY, dtype="datetime64[D]") if day is None else day
    numbers = np.arange(n) if lead is None else np.asarray(lead)
    _, place, count = np.unique(numbers, return_inverse=True, return_counts=True)
    return Examples(
        features=to_frame(leads, [value.item() for value in days]),
        label=np.asarray(np.arange(n) % 2 if label is None else label, dtype=np.int8),
        weight=1.0 / count[place],
        day=days,
        known_on=days + known_after,
        lead=numbers.astype(np.int64),
    )
