"""How one frame column becomes columns of the matrix: a class for each kind of column.

Each has `names`, what its matrix columns are beside the field's name ("" for the value itself);
`one`, which reads a value (with its row's day, in days since 1970, NaN if nobody knows) into plain
floats; and `many`, which reads a whole column into float32. Once `finish` is done with what `one`
gave, the two agree to the last bit.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import numpy.typing as npt

from scoring.ml.encoding.conditions import ConditionColumn
from scoring.ml.encoding.titles import mail_kind, seniority
from scoring.ml.values import (
    NAN,
    Placeholders,
    day_of,
    number_of,
    read_days,
    read_numbers,
    read_words,
    word_of,
)

if TYPE_CHECKING:
    from scoring.ml.values import Values

Row = tuple[float, ...]
Matrix = npt.NDArray[np.float32]
# Of the span between two limits: one unit beyond them.
SOFT_SHARE = 0.25
DERIVED: Mapping[str, Callable[[str], str]] = {"position": seniority, "email_domain": mail_kind}


def finish(
    raw: npt.NDArray[np.float64],
    low: npt.ArrayLike,
    high: npt.ArrayLike,
    logged: bool | npt.NDArray[np.intp],
) -> npt.NDArray[np.float64]:
    """`raw` softly within its limits; of the `logged` columns the logarithm that keeps the sign.

    Beyond a limit a number goes on by the logarithm of its distance, measured in quarters of the
    span between the limits: as things drift, leads keep their order but no sum runs away.
    """
    limited = np.minimum(np.maximum(raw, low), high)
    beyond = (limited < raw) | (limited > raw)
    if beyond.any():
        span = SOFT_SHARE * (np.asarray(high, np.float64) - np.asarray(low, np.float64))
        unit = np.broadcast_to(span, raw.shape)[beyond]
        far = (raw - limited)[beyond]
        units = np.divide(far, unit, out=np.zeros_like(far), where=unit > 0)
        limited[beyond] += unit * signed_log(units)
    if isinstance(logged, bool):
        return signed_log(limited) if logged else limited
    limited[:, logged] = signed_log(limited[:, logged])
    return limited


def signed_log(values: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """log(1 + |x|) with the sign of x: tames heavy tails, keeps the order."""
    return np.copysign(np.log1p(np.abs(values)), values)


@dataclass(frozen=True)
class NumberColumn:
    """A number, softly limited to what training saw, heavy tails logged; a flag for "missing"."""

    kind: ClassVar[str] = "number"
    column: str
    placeholders: Placeholders
    low: float
    high: float
    logged: bool
    flagged: bool

    @property
    def names(self) -> tuple[str, ...]:
        """The value, and whether it is missing."""
        return ("", "missing") if self.flagged else ("",)

    def one(self, value: object, day: float) -> Row:
        """The number, NaN for none."""
        return self._row(number_of(value, self.placeholders))

    def many(self, values: Values, days: npt.NDArray[np.float64]) -> Matrix:
        """The same for a column: (n, 1 or 2)."""
        return self._matrix(read_numbers(values, self.placeholders))

    def _row(self, number: float) -> Row:
        if not self.flagged:
            return (number,)
        return (number, 1.0 if number != number else 0.0)

    def _matrix(self, numbers: npt.NDArray[np.float64]) -> Matrix:
        matrix = np.empty((len(numbers), len(self.names)), dtype=np.float32)
        matrix[:, 0] = finish(numbers, self.low, self.high, self.logged)
        if self.flagged:
            matrix[:, 1] = np.isnan(numbers)
        return matrix

    def to_dict(self) -> dict[str, Any]:
        """All but the placeholders, which the encoder keeps once."""
        return {
            "kind": self.kind,
            "column": self.column,
            "low": self.low,
            "high": self.high,
            "logged": self.logged,
            "flagged": self.flagged,
        }


@dataclass(frozen=True)
class DateColumn(NumberColumn):
    """A date, only ever as its age in days on the row's own day; without one it is missing."""

    kind: ClassVar[str] = "date"

    def one(self, value: object, day: float) -> Row:
        """Days from the date to `day`, negative if the date lies ahead."""
        when = day_of(value, self.placeholders)
        return self._row(NAN if when is None else day - when)

    def many(self, values: Values, days: npt.NDArray[np.float64]) -> Matrix:
        """The same for a column: (n, 1 or 2)."""
        return self._matrix(days - read_days(values, self.placeholders))


@dataclass(frozen=True)
class CategoryColumn:
    """A category: one row of numbers for each known word, one for rare words, one for none.

    kind is "category" (a column of 0/1 for each word), "many categories" (how much likelier than
    usual a win is, as a difference of log-odds, and how common the word is, as log(1 + leads)) or
    "known" (only whether there is a value).
    """

    column: str
    placeholders: Placeholders
    kind: str
    names: tuple[str, ...]
    table: Mapping[str, Row]
    rare: Row
    missing: Row

    def read(self, value: object) -> str | None:
        """The word that the table knows a value by."""
        word = word_of(value, self.placeholders)
        derive = DERIVED.get(self.column)
        return derive(word) if derive and word is not None else word

    def one(self, value: object, day: float) -> Row:
        """The numbers of a value; an unseen word is a rare one."""
        word = self.read(value)
        return self.missing if word is None else self.table.get(word, self.rare)

    def many(self, values: Values, days: npt.NDArray[np.float64]) -> Matrix:
        """The same for a column: (n, width)."""
        codes, words, _ = read_words(values, self.read)
        rows = [*(self.table.get(word, self.rare) for word in words), self.missing]
        table = np.array(rows, dtype=np.float64).reshape(len(rows), len(self.names))
        matrix: Matrix = table.astype(np.float32)[codes]
        return matrix

    def to_dict(self) -> dict[str, Any]:
        """All but the placeholders, which the encoder keeps once."""
        return {
            "kind": self.kind,
            "column": self.column,
            "names": list(self.names),
            "table": {word: list(row) for word, row in self.table.items()},
            "rare": list(self.rare),
            "missing": list(self.missing),
        }


Column = NumberColumn | CategoryColumn | ConditionColumn


def column_from_dict(stored: Mapping[str, Any], placeholders: Placeholders) -> Column:
    """The column that `to_dict` wrote."""
    kind = stored["kind"]
    if kind == ConditionColumn.stored_as:
        return ConditionColumn.from_dict(stored, placeholders)
    if kind in (NumberColumn.kind, DateColumn.kind):
        make = NumberColumn if kind == NumberColumn.kind else DateColumn
        rest = {name: stored[name] for name in ("low", "high", "logged", "flagged")}
        return make(column=stored["column"], placeholders=placeholders, **rest)
    return CategoryColumn(
        column=stored["column"],
        placeholders=placeholders,
        kind=kind,
        names=tuple(stored["names"]),
        table={word: tuple(row) for word, row in stored["table"].items()},
        rare=tuple(stored["rare"]),
        missing=tuple(stored["missing"]),
    )
