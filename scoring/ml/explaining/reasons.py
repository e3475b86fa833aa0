"""Why a lead has its score, in sentences whose points add up to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from scoring.ml.explaining.wording import folded, readable, sentence
from scoring.ml.schema import LeadFeatures, value_of
from scoring.ml.serving.runtime import Scorer

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
    placeholders = folded(scorer.encoder.placeholders)
    rows = zip(
        leads,
        days,
        explained.probability.tolist(),
        explained.points.values.tolist(),
        explained.log_odds.values.tolist(),
        explained.error.tolist(),
        strict=True,
    )
    base, base_log_odds = explained.points.base, explained.log_odds.base
    found = []
    for lead, day, probability, points, odds, errors in rows:
        listed = []
        for place in _largest(points, most):
            field, own = explained.fields[place], points[place]
            value = readable(value_of(lead, field.column), field, day, placeholders, units)
            text = sentence(field, value, own)
            listed.append(
                Reason(field.column, field.name, value, own, text, odds[place], errors[place])
            )
        counting = sum(abs(each) > LEAST_POINTS for each in points)
        rest = 0.0
        if counting > len(listed):
            rest = 100 * probability - base - sum(reason.points for reason in listed)
        found.append(Reasons(probability, base, base_log_odds, tuple(listed), rest))
    return found


def _largest(points: list[float], most: int | None) -> list[int]:
    """Which fields to list, the largest points of either sign first."""
    order = sorted(range(len(points)), key=lambda place: -abs(points[place]))
    up = [place for place in order if points[place] > LEAST_POINTS][:most]
    down = [place for place in order if points[place] < -LEAST_POINTS][:most]
    chosen = {*up, *down}
    return [place for place in order if place in chosen]
