"""Many leads as a frame of raw values. Apart from the fields, which need no pandas."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from operator import attrgetter
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from scoring.ml.schema import (
    ATTRIBUTE_PREFIX,
    DATES,
    DAY,
    NUMBERS,
    SCALAR_FIELDS,
    LeadFeatures,
)
from scoring.ml.values import EPOCH

# NumPy's NaT as a number.
NO_DAY = int(np.iinfo(np.int64).min)


def to_frame(leads: Sequence[LeadFeatures], days: Sequence[date | None]) -> pd.DataFrame:
    """Leads as a frame of raw values, one row each.

    Columns: SCALAR_FIELDS, one `attributes.<key>` (dtype object) for each key that any lead has,
    and `day` (datetime64), the day that dates are measured from; NaT where nobody knows it.
    """
    keys = dict.fromkeys(key for lead in leads for key in lead.attributes)
    columns = [*SCALAR_FIELDS, *(ATTRIBUTE_PREFIX + key for key in keys)]
    raw = {column: _series(raw_column(leads, column)) for column in columns}
    fields = {column: raw[column].infer_objects() for column in SCALAR_FIELDS}
    frame = pd.DataFrame({**raw, **fields})
    frame[DAY] = pd.to_datetime(pd.Series(list(days), dtype=object))
    return frame


def raw_column(leads: Sequence[LeadFeatures], column: str) -> npt.NDArray[Any]:
    """The leads' raw values in a frame column (n,): numbers, dates or objects."""
    if column.startswith(ATTRIBUTE_PREFIX):
        key = column.removeprefix(ATTRIBUTE_PREFIX)
        return _objects([lead.attributes.get(key) for lead in leads])
    values = list(map(attrgetter(column), leads))
    if column in NUMBERS:
        return np.array(values, dtype=np.float64)
    if column not in DATES:
        return _objects(values)
    # NumPy reads dates one by one, which takes twenty times as long.
    days = [NO_DAY if day is None else day.toordinal() - EPOCH for day in values]
    return np.array(days, dtype="datetime64[D]").astype("datetime64[s]")


def _objects(values: list[Any]) -> npt.NDArray[Any]:
    """(n,), whatever they are: NumPy would make a matrix of lists."""
    return np.fromiter(values, dtype=object, count=len(values))


def _series(values: npt.NDArray[Any]) -> pd.Series:
    """As it is: pandas would make text of objects."""
    return pd.Series(values, dtype=values.dtype)
