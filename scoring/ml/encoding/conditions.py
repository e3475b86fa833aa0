"""Conditions that people write ("budget at least 50,000"), and the columns of 0 and 1 they make."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import numpy.typing as npt

from scoring.ml.values import (
    NAN,
    Placeholders,
    day_of,
    fold,
    is_filled,
    number_of,
    read_days,
    read_filled,
    read_numbers,
    read_words,
    word_of,
)

if TYPE_CHECKING:
    from scoring.ml.values import Values

Bools = npt.NDArray[np.bool_]
Numbers = npt.NDArray[np.float64]
ONE_OF, CONTAINS = "one-of", "contains"
KNOWN, UNKNOWN = "known", "unknown"
AT_LEAST, AT_MOST, BETWEEN, WITHIN_DAYS = "at-least", "at-most", "between", "within-days"
NUMERIC = (AT_LEAST, AT_MOST, BETWEEN)
WORDY = (ONE_OF, CONTAINS)
# A yes or no is kept as the number it is.
_YES_AND_NO = {"yes": "1", "true": "1", "no": "0", "false": "0"}


@dataclass(frozen=True)
class Condition:
    """What a value must be. Nothing but `unknown` holds of a value that is not known.

    kind: one of the constants above. words: of one-of and contains, compared without case.
    low, high: the limits of a number, both included; `high` is also the most days between a date
    and the lead's day, before or after it.
    """

    kind: str
    words: tuple[str, ...] = ()
    low: float = -np.inf
    high: float = np.inf

    @cached_property
    def _allowed(self) -> frozenset[str]:
        folded = {fold(word) for word in self.words}
        numbers = {word_of(number_of(word, frozenset()), frozenset()) for word in folded}
        also = {_YES_AND_NO.get(word) for word in folded}
        return frozenset(word for word in folded | numbers | also if word)

    def one(self, value: object, day: float, placeholders: Placeholders) -> bool:
        """Whether it holds of a value as of a day (days since 1970, NaN if nobody knows)."""
        if self.kind in NUMERIC:
            return self.low <= number_of(value, placeholders) <= self.high
        if self.kind == WITHIN_DAYS:
            when = day_of(value, placeholders)
            return when is not None and abs(day - when) <= self.high
        if self.kind in WORDY:
            return self._names(word_of(value, placeholders))
        return is_filled(value, placeholders) is (self.kind == KNOWN)

    def many(self, values: Values, days: Numbers, placeholders: Placeholders) -> Bools:
        """The same for a column: (n,)."""
        if self.kind in NUMERIC:
            numbers = read_numbers(values, placeholders)
            return np.asarray((numbers >= self.low) & (numbers <= self.high))
        if self.kind == WITHIN_DAYS:
            return np.asarray(np.abs(days - read_days(values, placeholders)) <= self.high)
        if self.kind in WORDY:
            codes, words, _ = read_words(values, lambda value: word_of(value, placeholders))
            held: Bools = np.array([*(self._names(word) for word in words), False])[codes]
            return held
        return np.equal(read_filled(values, placeholders), self.kind == KNOWN)

    def _names(self, word: str | None) -> bool:
        if word is None:
            return False
        if self.kind == ONE_OF:
            return word in self._allowed
        return any(part in word for part in self._allowed)

    def to_json(self) -> dict[str, Any]:
        """JSON without infinities; `from_json` gives an equal condition."""
        limits = {"low": self.low, "high": self.high}
        return {
            "kind": self.kind,
            "words": list(self.words),
            **{name: limit for name, limit in limits.items() if np.isfinite(limit)},
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Condition:
        """The condition that `to_json` wrote."""
        return cls(**{**stored, "words": tuple(stored["words"])})


@dataclass(frozen=True)
class ConditionColumn:
    """A frame column as 0 and 1: one matrix column for each condition, in their order."""

    stored_as: ClassVar[str] = "conditions"
    column: str
    placeholders: Placeholders
    conditions: tuple[Condition, ...]

    @property
    def kind(self) -> str:
        """How its values read to people: "date", "number" or "category"."""
        kinds = {condition.kind for condition in self.conditions}
        if WITHIN_DAYS in kinds:
            return "date"
        return "number" if kinds.intersection(NUMERIC) else "category"

    @property
    def names(self) -> tuple[str, ...]:
        """The conditions, told apart by their place."""
        return tuple(f"{place} {each.kind}" for place, each in enumerate(self.conditions))

    def one(self, value: object, day: float) -> tuple[float, ...]:
        """1.0 for each condition that holds."""
        return tuple(float(each.one(value, day, self.placeholders)) for each in self.conditions)

    def many(self, values: Values, days: Numbers) -> npt.NDArray[np.float32]:
        """The same for a column: (n, conditions)."""
        held = [each.many(values, days, self.placeholders) for each in self.conditions]
        return np.stack(held, axis=1).astype(np.float32)

    def likely_values(self) -> list[tuple[object, float]]:
        """Values (each with a day) that between them meet whatever the conditions can tell apart.

        Limits and what lies just beyond them, the words, something else, and nothing.
        """
        found: list[tuple[object, float]] = [(None, 0.0), ("\u0000", 0.0)]
        for each in self.conditions:
            if each.kind in WORDY:
                found += [(word, 0.0) for word in each.words]
            elif each.kind == WITHIN_DAYS:
                epoch = "1970-01-01"
                found += [(epoch, each.high), (epoch, each.high + 1)]
            elif each.kind in NUMERIC:
                limits = [limit for limit in (each.low, each.high) if np.isfinite(limit)]
                around = [np.nextafter(limit, way) for limit in limits for way in (-np.inf, np.inf)]
                found += [(float(number), NAN) for number in (*limits, *around)]
        return found

    def to_dict(self) -> dict[str, Any]:
        """All but the placeholders, which the encoder keeps once."""
        return {
            "kind": self.stored_as,
            "column": self.column,
            "conditions": [each.to_json() for each in self.conditions],
        }

    @classmethod
    def from_dict(cls, stored: Mapping[str, Any], placeholders: Placeholders) -> ConditionColumn:
        """The column that `to_dict` wrote."""
        conditions = tuple(Condition.from_json(each) for each in stored["conditions"])
        return cls(stored["column"], placeholders, conditions)
