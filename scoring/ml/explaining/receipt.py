"""Why a score changed: what was learned of the lead, and what the model learned; to the last point.

First the data changes under the old model: the Shapley values of the fields that differ, so that
fields which stayed get nothing. Then the model changes for the lead as it is now.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt

from scoring.ml.encoding.features import EncodedField
from scoring.ml.explaining.coalitions import EXACT_PLAYERS, all_coalitions, sample_coalitions
from scoring.ml.explaining.wording import folded, label, readable, signed
from scoring.ml.schema import LeadFeatures, value_of
from scoring.ml.serving.runtime import Scorer

Matrix = npt.NDArray[np.float32]
# Enough that two receipts of one change could hardly differ by a point.
ORDERS = 32


@dataclass(frozen=True, slots=True)
class Said:
    """A score: who gave it, of what and as of which day."""

    scorer: Scorer
    lead: LeadFeatures
    day: date | None


@dataclass(frozen=True, slots=True)
class Change:
    """What one field did to a score; `before` and `after` as people read them."""

    column: str
    name: str
    before: str
    after: str
    points: float
    text: str


@dataclass(frozen=True, slots=True)
class Receipt:
    """The points of `data` + those of `model` + `base` = 100 * (probability after - before).

    data:  fields of the lead that are other than before, under the model of before.
    model: fields that the model of after weighs otherwise. base: how its base differs.
    """

    before: float
    after: float
    data: tuple[Change, ...]
    model: tuple[Change, ...]
    base: float

    def to_json(self) -> dict[str, Any]:
        """As the API tells it, without the two probabilities."""
        return {
            "change": 100 * (self.after - self.before),
            "data": [
                {
                    "name": each.name,
                    "before": each.before,
                    "after": each.after,
                    "points": each.points,
                    "text": each.text,
                }
                for each in self.data
            ],
            "model": [
                {"name": each.name, "points": each.points, "text": each.text} for each in self.model
            ],
            "base": self.base,
        }


def write_receipt(before: Said, after: Said, *, units: Mapping[str, str] | None = None) -> Receipt:
    """The receipt for what was said of one lead twice; the largest points come first.

    units: frame column -> what its numbers are counted in.
    """
    data = _data_changes(before, after, units)
    model, base = ((), 0.0) if after.scorer is before.scorer else _model_changes(before, after)
    (first,) = before.scorer.probabilities([before.lead], [before.day])
    (last,) = after.scorer.probabilities([after.lead], [after.day])
    return Receipt(float(first), float(last), data, model, base)


def _data_changes(before: Said, after: Said, units: Mapping[str, str] | None) -> tuple[Change, ...]:
    scorer = before.scorer
    X = scorer.encoder.encode([before.lead, after.lead], [before.day, after.day])
    changed = [field for field in scorer.encoder.fields_ if _differs(X[:, field.columns])]
    if not changed:
        return ()
    placeholders = folded(scorer.encoder.placeholders)
    changes = []
    for field, points in zip(changed, _values(scorer, X, changed), strict=True):
        old, new = (
            readable(value_of(said.lead, field.column), field, said.day, placeholders, units)
            for said in (before, after)
        )
        text = f"{label(field)} from {old} to {new}: {signed(points)}"
        changes.append(Change(field.column, field.name, old, new, points, text))
    return _sorted(changes)


def _differs(rows: Matrix) -> bool:
    return not np.array_equal(rows[0], rows[1], equal_nan=True)


def _values(scorer: Scorer, X: Matrix, changed: list[EncodedField]) -> list[float]:
    """The Shapley values, in points, of going from X[0] to X[1] by these fields."""
    players = len(changed)
    exact = players <= EXACT_PLAYERS
    asked = all_coalitions(players) if exact else sample_coalitions(players, seed=0, orders=ORDERS)
    mixed = np.repeat(X[:1], len(asked.members), axis=0)
    for player, field in enumerate(changed):
        mixed[asked.members[:, player] > 0, field.columns] = X[1, field.columns]
    points: list[float] = (asked.weights @ (100 * scorer.probabilities_of_matrix(mixed))).tolist()
    return points


def _model_changes(before: Said, after: Said) -> tuple[tuple[Change, ...], float]:
    old = before.scorer.explain([after.lead], [after.day])
    new = after.scorer.explain([after.lead], [after.day])
    points: dict[str, float] = {}
    for explained, sign in ((old, -1.0), (new, 1.0)):
        for field, value in zip(explained.fields, explained.points.values[0], strict=True):
            points[field.column] = points.get(field.column, 0.0) + sign * float(value)
    fields = {field.column: field for field in (*old.fields, *new.fields)}
    changes = []
    for column, value in points.items():
        if value:
            field = fields[column]
            text = f"The model weighs {field.name} otherwise: {signed(value)}"
            changes.append(Change(column, field.name, "", "", value, text))
    return _sorted(changes), new.points.base - old.points.base


def _sorted(changes: list[Change]) -> tuple[Change, ...]:
    return tuple(sorted(changes, key=lambda change: -abs(change.points)))
