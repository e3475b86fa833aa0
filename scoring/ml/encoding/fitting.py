"""What kind of column the training data shows, and whether it can say anything at all."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from scoring.ml.encoding.category_fitting import fit_category
from scoring.ml.encoding.columns import DERIVED, DateColumn, NumberColumn
from scoring.ml.encoding.drafts import FEWEST_DIFFERENT, MISSING_SHARE, Fitted, Uninformative
from scoring.ml.encoding.numbered_groups import name_groups
from scoring.ml.examples import Examples
from scoring.ml.schema import NUMBERS
from scoring.ml.values import (
    NUMERIC_KINDS,
    Placeholders,
    day_of,
    days_since_1970,
    distinct,
    is_filled,
    number_of,
    read_days,
    read_numbers,
)

# A kind is right if this share of the filled rows reads as it.
CLEAR_SHARE = 0.95
LIMITS = (0.001, 0.999)
# Upper tail against upper tenth: 2.4 for a bell curve, 3.9 for an exponential, 8 for a lognormal.
HEAVY_TAIL = 5.0


def fit_column(name: str, examples: Examples, placeholders: Placeholders) -> Fitted:
    """Type one frame column from its training values. Raises Uninformative."""
    values = examples.features[name]
    kind = "category" if name in DERIVED else kind_of(values, placeholders)
    if kind == "number":
        numbers = read_numbers(values, placeholders)
        if name in NUMBERS or not name_groups(numbers, examples):
            return _number(NumberColumn, name, numbers, placeholders)
    if kind == "date":
        age = days_since_1970(examples.day.astype("datetime64[D]")) - read_days(
            values, placeholders
        )
        return _number(DateColumn, name, age, placeholders)
    return fit_category(name, examples, placeholders)


def kind_of(values: pd.Series, placeholders: Placeholders) -> str:
    """ "number", "date" or "category", by what most filled rows read as. Raises Uninformative."""
    if isinstance(values.dtype, np.dtype) and values.dtype.kind in NUMERIC_KINDS + "M":
        return "date" if values.dtype.kind == "M" else "number"
    codes, found = distinct(values)
    rows = np.bincount(codes[codes >= 0], minlength=len(found))
    filled = rows[[is_filled(value, placeholders) for value in found]].sum()
    if not filled:
        raise Uninformative("it is never filled in")
    numbers = [number_of(value, placeholders) for value in found]
    if rows[[number == number for number in numbers]].sum() >= CLEAR_SHARE * filled:
        return "number"
    days = [day_of(value, placeholders) for value in found]
    if rows[[day is not None for day in days]].sum() >= CLEAR_SHARE * filled:
        return "date"
    return "category"


def _number(
    make: type[NumberColumn],
    name: str,
    numbers: npt.NDArray[np.float64],
    placeholders: Placeholders,
) -> Fitted:
    present = numbers[~np.isnan(numbers)]
    if not len(present):
        raise Uninformative("it is never filled in")
    most = pd.Series(numbers).value_counts(dropna=False).iloc[0]
    if len(numbers) - most < FEWEST_DIFFERENT:
        raise Uninformative("nearly all rows have the same value")
    low, high = np.quantile(present, LIMITS)
    if low == high:
        low, high = present.min(), present.max()
    missing = 1.0 - len(present) / len(numbers)
    column = make(
        column=name,
        placeholders=placeholders,
        low=float(low),
        high=float(high),
        logged=_heavy_tailed(present),
        flagged=bool(MISSING_SHARE[0] < missing < MISSING_SHARE[1]),
    )
    return Fitted(column, numbers.tobytes())


def _heavy_tailed(numbers: npt.NDArray[np.float64]) -> bool:
    low, tenth, middle, ninetieth, high = np.quantile(numbers, [0.001, 0.1, 0.5, 0.9, 0.999])
    upper = high - middle > HEAVY_TAIL * (ninetieth - middle)
    lower = middle - low > HEAVY_TAIL * (middle - tenth)
    return bool(upper or lower)
