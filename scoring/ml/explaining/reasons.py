"""Why a lead has its score, in sentences whose points add up to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from scoring.ml.explaining.wording import folded, readable, sentence
from scoring.ml.runtime import Scorer
from scoring.ml.schema import LeadFeatures, value_of

# As many reasons up, and as many down, as a person reads.
MOST_REASONS = 5
# Less is what rounding makes of nothing.
LEAST_POINTS = 1e-9


@dataclass(frozen=True, slots=True)
class Reason:
    """What one field adds to a score.

    column: the frame column. name: the field's as importances have it. value: as people read it.
    log_odds: the same part of log(p / (1 - p)). error: the standard error of the points.
    """

    column: str
    name: str
    value: str
    points: float
    text: str
    log_odds: float
    error: float


@dataclass(frozen=True, slots=True)
class Reasons:
    """base + the points of `listed` + rest = 100 * probability; the largest points come first."""

    probability: float
    base: float
    base_log_odds: float
    listed: tuple[Reason, ...]
    rest: float


def find_reasons(
    scorer: Scorer,
    leads: Sequence[LeadFeatures],
    days: Sequence[date | None],
    *,
    most: int | None = MOST_REASONS,
    units: Mapping[str, str] | None = None,
) -> list[Reasons]:
    """The reasons of each lead as of its day: the `most` largest up and down, or all for None.

    units: frame column -> what its numbers are counted in. Fields without points are not listed.
    """
    if not leads:
        return []
    explained = scorer.explain(leads, days)
    fields, points, odds = explained.fields, explained.points, explained.log_odds
    placeholders = folded(scorer.encoder.placeholders)
    found = []
    for number, (lead, day) in enumerate(zip(leads, days, strict=True)):
        listed = []
        for place in _largest(points.values[number].tolist(), most):
            field = fields[place]
            value = readable(value_of(lead, field.column), field, day, placeholders, units)
            own = float(points.values[number, place])
            listed.append(
                Reason(
                    column=field.column,
                    name=field.name,
                    value=value,
                    points=own,
                    text=sentence(field, value, own),
                    log_odds=float(odds.values[number, place]),
                    error=float(explained.error[number, place]),
                )
            )
        probability = float(explained.probability[number])
        rest = 100 * probability - points.base - sum(reason.points for reason in listed)
        counting = np.count_nonzero(np.abs(points.values[number]) > LEAST_POINTS)
        found.append(
            Reasons(
                probability=probability,
                base=points.base,
                base_log_odds=odds.base,
                listed=tuple(listed),
                rest=0.0 if len(listed) == counting else rest,
            )
        )
    return found


def _largest(points: list[float], most: int | None) -> list[int]:
    """Which fields to list, the largest points of either sign first."""
    order = sorted(range(len(points)), key=lambda place: -abs(points[place]))
    up = [place for place in order if points[place] > LEAST_POINTS][:most]
    down = [place for place in order if points[place] < -LEAST_POINTS][:most]
    chosen = {*up, *down}
    return [place for place in order if place in chosen]
