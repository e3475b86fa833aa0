"""Leads as a matrix of numbers: learned once from training rows, then the same for few and many."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any, Self

import numpy as np
import numpy.typing as npt
import pandas as pd

from scoring.ml.encoding.columns import Column, NumberColumn, column_from_dict, finish
from scoring.ml.encoding.drafts import Uninformative
from scoring.ml.encoding.fitting import fit_column
from scoring.ml.examples import Examples
from scoring.ml.frames import raw_column
from scoring.ml.schema import ATTRIBUTE_PREFIX, DAY, LeadFeatures, display_names
from scoring.ml.values import EPOCH, NAN, days_since_1970, fold

if TYPE_CHECKING:
    from scoring.ml.values import Values

Matrix = npt.NDArray[np.float32]
# From here leads are encoded column by column: each distinct value is read once.
MANY_LEADS = 32


@dataclass(frozen=True)
class EncodedField:
    """A frame column, the name a salesperson knows it by, its kind and its matrix columns."""

    column: str
    name: str
    kind: str
    columns: slice


class LeadEncoder:
    """Fits how each column of a frame becomes numbers, and does it for frames and for leads.

    placeholders: texts that stand for "not known" in every column, without case and space.
    drop: frame columns to leave out.

    Fitted: `fields_`, `feature_names_` (k,), `dropped_` (column -> reason), `twins_` (a dropped
    column -> the one that says exactly the same).
    """

    def __init__(
        self, *, placeholders: frozenset[str] = frozenset({""}), drop: tuple[str, ...] = ()
    ) -> None:
        self.placeholders = placeholders
        self.drop = drop

    def fit(self, examples: Examples) -> Self:
        """Learn the columns from training rows."""
        self._fit(examples)
        return self

    def fit_transform(self, examples: Examples) -> Matrix:
        """Learn from training rows and encode them: (n, k), NaN for missing numbers.

        Differs from `transform` where a column is encoded by outcomes: there each training row
        sees only those that were known before its day (without days: those of other folds).
        """
        honest = self._fit(examples)
        matrix = self.transform(examples.features)
        for field in self.fields_:
            if field.column in honest:
                matrix[:, field.columns.start] = honest[field.column]
        return matrix

    def transform(self, frame: pd.DataFrame) -> Matrix:
        """Encode a frame as `frames.to_frame` makes it: (n, k). Absent columns are missing.

        Categorical columns do as well as columns of objects; only columns that are known to
        `fields_` are looked at.
        """
        days = days_since_1970(frame[DAY].to_numpy().astype("datetime64[D]"))
        absent = np.full(len(frame), None, dtype=object)
        columns = [frame.get(column.column, absent) for column in self._columns]
        return self._many(columns, days)

    def encode(self, leads: Sequence[LeadFeatures], days: Sequence[date | None]) -> Matrix:
        """Encode leads as of their days: (n, k), what `transform(to_frame())` gives."""
        known = {day: NAN if day is None else float(day.toordinal() - EPOCH) for day in set(days)}
        when = [known[day] for day in days]
        if len(leads) >= MANY_LEADS:
            columns = [raw_column(leads, column.column) for column in self._columns]
            return self._many(columns, np.array(when))
        rows: list[float] = []
        for lead, day in zip(leads, when, strict=True):
            attributes = lead.attributes
            for key, is_attribute, one in self._readers:
                value = attributes.get(key) if is_attribute else getattr(lead, key)
                rows += one(value, day)
        raw = np.array(rows, dtype=np.float64).reshape(len(leads), len(self.feature_names_))
        return finish(raw, self._low, self._high, self._logged).astype(np.float32)

    def _many(self, columns: Sequence[Values], days: npt.NDArray[np.float64]) -> Matrix:
        matrix = np.empty((len(days), len(self.feature_names_)), dtype=np.float32)
        for column, values, field in zip(self._columns, columns, self.fields_, strict=True):
            matrix[:, field.columns] = column.many(values, days)
        return matrix

    def to_dict(self) -> dict[str, Any]:
        """The fitted state as JSON; numbers survive exactly."""
        return {
            "placeholders": sorted(self.placeholders),
            "drop": list(self.drop),
            "dropped": dict(self.dropped_),
            "twins": dict(self.twins_),
            "columns": [column.to_dict() for column in self._columns],
        }

    @classmethod
    def from_dict(cls, stored: Mapping[str, Any]) -> LeadEncoder:
        """The fitted encoder that `to_dict` wrote."""
        encoder = cls(placeholders=frozenset(stored["placeholders"]), drop=tuple(stored["drop"]))
        folded = encoder._folded_placeholders()
        encoder.dropped_ = dict(stored["dropped"])
        encoder.twins_ = dict(stored["twins"])
        encoder._set([column_from_dict(column, folded) for column in stored["columns"]])
        return encoder

    @property
    def columns(self) -> Sequence[Column]:
        """The fitted columns, in the order of `fields_`."""
        return self._columns

    @property
    def groups_(self) -> npt.NDArray[np.intp]:
        """A number for each matrix column (k,), the same for the words of one field."""
        groups: list[int] = []
        for field in self.fields_:
            width = field.columns.stop - field.columns.start
            first = groups[-1] + 1 if groups else 0
            alone = field.kind != "category"
            groups += range(first, first + width) if alone else [first] * width
        return np.array(groups, dtype=np.intp)

    def _fit(self, examples: Examples) -> dict[str, npt.NDArray[np.float64]]:
        placeholders = self._folded_placeholders()
        self.dropped_: dict[str, str] = {}
        self.twins_: dict[str, str] = {}
        columns: list[Column] = []
        honest: dict[str, npt.NDArray[np.float64]] = {}
        same: dict[bytes, str] = {}
        columns_left_out = examples.features.columns.intersection(list(self.drop))
        self.dropped_ |= dict.fromkeys(columns_left_out, "it was left out on request")
        examples = replace(examples, features=examples.features.drop(columns=columns_left_out))
        for name in examples.features.columns.drop(DAY):
            try:
                fitted = fit_column(name, examples, placeholders)
            except Uninformative as reason:
                self.dropped_[name] = str(reason)
                continue
            twin = same.setdefault(fitted.mark, name)
            if twin != name:
                self.dropped_[name] = f"it says the same as {twin}"
                self.twins_[name] = twin
                continue
            columns.append(fitted.column)
            if fitted.honest is not None:
                honest[name] = fitted.honest
        self._set(columns)
        return honest

    def _folded_placeholders(self) -> frozenset[str]:
        return frozenset(fold(text) for text in self.placeholders) | {""}

    def _set(self, columns: list[Column]) -> None:
        """Take the columns, and build once what each call needs."""
        self._columns = columns
        names = display_names([column.column for column in columns])
        fields: list[EncodedField] = []
        self.feature_names_: list[str] = []
        for column, name in zip(columns, names, strict=True):
            start = len(self.feature_names_)
            self.feature_names_ += [f"{name}: {part}" if part else name for part in column.names]
            where = slice(start, len(self.feature_names_))
            fields.append(EncodedField(column.column, name, column.kind, where))
        self.fields_ = tuple(fields)
        self._readers = [
            (
                column.column.removeprefix(ATTRIBUTE_PREFIX),
                column.column.startswith(ATTRIBUTE_PREFIX),
                column.one,
            )
            for column in columns
        ]
        self._low = np.full(len(self.feature_names_), -np.inf)
        self._high = np.full(len(self.feature_names_), np.inf)
        logged = []
        for column, field in zip(columns, fields, strict=True):
            if isinstance(column, NumberColumn):
                self._low[field.columns.start] = column.low
                self._high[field.columns.start] = column.high
                if column.logged:
                    logged.append(field.columns.start)
        self._logged = np.array(logged, dtype=np.intp)
