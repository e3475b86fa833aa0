"""How common the values of one field are among the leads that were learned from."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import ndtri

from scoring.ml.schema import DAY
from scoring.ml.values import (
    Placeholders,
    day_of,
    days_since_1970,
    number_of,
    read_days,
    read_numbers,
    read_words,
    word_of,
)

Array = npt.NDArray[np.float64]

# The share of leads beyond which a number counts as no farther out.
OUTERMOST = 1e-3


@dataclass(frozen=True)
class NumberTable:
    """A number or an age in days.

    values (m,) ascending, up_to (m,): the share of known values up to each. missing: share of
    leads without one.
    """

    column: str
    kind: str
    values: tuple[float, ...]
    up_to: tuple[float, ...]
    missing: float

    def share(self, value: object, day: float, placeholders: Placeholders) -> float:
        """The share of leads whose value is as far out, on either side; of none, that of none."""
        number = _number(self.kind, value, day, placeholders)
        if number != number:
            return self.missing
        up_to = bisect_right(self.values, number)
        before = bisect_left(self.values, number)
        at_most = self.up_to[up_to - 1] if up_to else 0.0
        at_least = 1.0 - (self.up_to[before - 1] if before else 0.0)
        return (1.0 - self.missing) * min(1.0, 2.0 * min(at_most, at_least))

    def shares(
        self, values: pd.Series, days: npt.NDArray[np.float64], placeholders: Placeholders
    ) -> Array:
        """The same for a column: (n,)."""
        numbers = numbers_of(self.kind, values, days, placeholders)
        steps = np.concatenate([[0.0], self.up_to])
        at_most = steps[np.searchsorted(self.values, numbers, side="right")]
        at_least = 1.0 - steps[np.searchsorted(self.values, numbers, side="left")]
        known = (1.0 - self.missing) * np.minimum(1.0, 2.0 * np.minimum(at_most, at_least))
        return np.where(np.isnan(numbers), self.missing, known)

    def cells(
        self, values: pd.Series, days: npt.NDArray[np.float64], placeholders: Placeholders
    ) -> npt.NDArray[np.intp]:
        """Which tenth of the known values a row is in (n,); 10 where there is none."""
        numbers = numbers_of(self.kind, values, days, placeholders)
        place = np.searchsorted(self.values, numbers, side="right")
        tenth = np.concatenate([[0.0], self.up_to])[place] * 10
        tenth = np.clip(np.ceil(tenth - 1e-9) - 1, 0, 9)
        return np.where(np.isnan(numbers), 10, tenth).astype(np.intp)

    def normal_scores(
        self, values: pd.Series, days: npt.NDArray[np.float64], placeholders: Placeholders
    ) -> Array:
        """Where a row's number stands, as on a standard normal distribution; 0 without one (n,)."""
        numbers = numbers_of(self.kind, values, days, placeholders)
        steps = np.concatenate([[0.0], self.up_to])
        before, up_to = (
            steps[np.searchsorted(self.values, numbers, side=side)] for side in ("left", "right")
        )
        scores = ndtri(np.clip((before + up_to) / 2, OUTERMOST, 1 - OUTERMOST))
        return np.where(np.isnan(numbers), 0.0, scores)

    def to_dict(self) -> dict[str, Any]:
        """JSON; numbers survive exactly."""
        return asdict(self)


@dataclass(frozen=True)
class WordTable:
    """A category. table: word -> share of leads whose word is as rare or rarer.

    others: the same for words that are not in it; missing: for leads without one.
    """

    column: str
    kind: str
    table: Mapping[str, float]
    others: float
    missing: float

    def share(self, value: object, day: float, placeholders: Placeholders) -> float:
        """The share of leads whose word is as rare as this one, or rarer."""
        word = word_of(value, placeholders)
        return self.missing if word is None else self.table.get(word, self.others)

    def shares(
        self, values: pd.Series, days: npt.NDArray[np.float64], placeholders: Placeholders
    ) -> Array:
        """The same for a column: (n,)."""
        codes, words, _ = read_words(values, lambda value: word_of(value, placeholders))
        table = np.array([*(self.table.get(word, self.others) for word in words), self.missing])
        return np.asarray(table[codes])

    def cells(
        self, values: pd.Series, days: npt.NDArray[np.float64], placeholders: Placeholders
    ) -> npt.NDArray[np.intp]:
        """The number of a row's word in the table (n,); then one for others, one for none."""
        codes, words, _ = read_words(values, lambda value: word_of(value, placeholders))
        places = {word: place for place, word in enumerate(self.table)}
        count = len(places)
        table = np.array([*(places.get(word, count) for word in words), count + 1], dtype=np.intp)
        return np.asarray(table[codes])

    def to_dict(self) -> dict[str, Any]:
        """JSON; numbers survive exactly."""
        return {**asdict(self), "table": dict(self.table)}


FieldTable = NumberTable | WordTable
NUMBER_KINDS = ("number", "date")


def table_from_dict(stored: Mapping[str, Any]) -> FieldTable:
    """The table that `to_dict` wrote."""
    if stored["kind"] not in NUMBER_KINDS:
        return WordTable(**stored)
    return NumberTable(
        **{**stored, "values": tuple(stored["values"]), "up_to": tuple(stored["up_to"])}
    )


def row_days(frame: pd.DataFrame) -> Array:
    """The rows' own days since 1970 (n,), NaN where nobody knows."""
    return days_since_1970(frame[DAY].to_numpy().astype("datetime64[D]"))


def _number(kind: str, value: object, day: float, placeholders: Placeholders) -> float:
    if kind == "number":
        return number_of(value, placeholders)
    when = day_of(value, placeholders)
    return float("nan") if when is None else day - when


def numbers_of(kind: str, values: pd.Series, days: Array, placeholders: Placeholders) -> Array:
    """A column as numbers, or as ages on the rows' own days: (n,), NaN for none."""
    if kind == "number":
        return read_numbers(values, placeholders)
    return days - read_days(values, placeholders)
