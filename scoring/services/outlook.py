"""What can be said of leads beside their probability, when somebody asks."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

from scoring.ml.certainty.familiarity import Likeness
from scoring.ml.certainty.spread import LEVEL
from scoring.ml.encoding.features import EncodedField
from scoring.ml.explaining.wording import folded, label, readable
from scoring.ml.schema import LeadFeatures, value_of
from scoring.ml.serving.outlook import CONVERSION_BY_DAY, FAMILIARITY, INTERVAL
from scoring.ml.serving.runtime import Scorer
from scoring.services.units import units

PARTS = (INTERVAL, FAMILIARITY, CONVERSION_BY_DAY)

Array = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class ProbabilityInterval:
    """The true probability lies within it with `level`."""

    low: float
    high: float
    level: float = LEVEL


@dataclass(frozen=True, slots=True)
class UnlikeField:
    """A value that few leads had, or none: `share` of them."""

    name: str
    value: str
    share: float
    text: str


@dataclass(frozen=True, slots=True)
class LeadFamiliarity:
    """enough: whether there were leads like it. share: of those learned from, the share that is as
    unusual. text: which fields are unlike, as a sentence; "" if there is enough."""

    enough: bool
    share: float
    text: str
    unlike: tuple[UnlikeField, ...]


@dataclass(frozen=True, slots=True)
class LeadOutlook:
    """Parts that were not asked for, or cannot be told, are None.

    by_day: probability of a win by each of some days.
    """

    interval: ProbabilityInterval | None = None
    familiarity: LeadFamiliarity | None = None
    by_day: tuple[tuple[int, float], ...] | None = None


@dataclass(frozen=True, slots=True)
class Outlooks:
    """One for each lead; unavailable: a part that was asked for -> why it cannot be told."""

    leads: list[LeadOutlook]
    unavailable: Mapping[str, str]


def leads_outlook(
    *,
    scorer: Scorer,
    leads: Sequence[LeadFeatures],
    day: date,
    probabilities: Sequence[float],
    parts: Collection[str] = PARTS,
) -> Outlooks:
    """The asked `parts` for leads as of `day`, whose probabilities by this scorer are known."""
    outlook, said = scorer.outlook, np.asarray(probabilities, dtype=np.float64)
    there = {
        INTERVAL: outlook.spread is not None and outlook.familiarity is not None,
        FAMILIARITY: outlook.familiarity is not None,
        CONVERSION_BY_DAY: outlook.curve is not None,
    }
    tell = {part for part in parts if there[part]}
    likeness: list[Likeness] = []
    if outlook.familiarity is not None and tell & {INTERVAL, FAMILIARITY}:
        likeness = outlook.familiarity.likeness(leads, [day] * len(leads))
    intervals = _intervals(scorer, said, likeness) if INTERVAL in tell else [None] * len(leads)
    familiar: Sequence[LeadFamiliarity | None] = [None] * len(leads)
    if FAMILIARITY in tell:
        familiar = _familiarities(scorer, leads, day, likeness)
    by_day = _by_day(scorer, said) if CONVERSION_BY_DAY in tell else [None] * len(leads)
    return Outlooks(
        leads=[LeadOutlook(*each) for each in zip(intervals, familiar, by_day, strict=True)],
        unavailable={part: outlook.why_absent(part) for part in parts if not there[part]},
    )


def _intervals(
    scorer: Scorer, said: Array, likeness: Sequence[Likeness]
) -> Sequence[ProbabilityInterval | None]:
    spread = scorer.outlook.spread
    if spread is None:
        return []
    low, high = spread.interval(said, np.array([each.distance for each in likeness]))
    return [ProbabilityInterval(*ends) for ends in zip(low.tolist(), high.tolist(), strict=True)]


def _by_day(scorer: Scorer, said: Array) -> Sequence[tuple[tuple[int, float], ...] | None]:
    curve = scorer.outlook.curve
    if curve is None:
        return []
    return [tuple(zip(curve.days, row, strict=True)) for row in curve.by_day(said).tolist()]


def _familiarities(
    scorer: Scorer, leads: Sequence[LeadFeatures], day: date, likeness: Sequence[Likeness]
) -> list[LeadFamiliarity]:
    fields = {field.column: field for field in scorer.encoder.fields_}
    placeholders = folded(scorer.encoder.placeholders)

    def unlike(lead: LeadFeatures, column: str, share: float) -> UnlikeField:
        field = fields.get(column) or EncodedField(column, column, "category", slice(0))
        value = readable(value_of(lead, column), field, day, placeholders, units())
        how = "no lead" if share == 0 else f"{share:.1%} of the leads" if share >= 0.001 else "few"
        return UnlikeField(field.name, value, share, f"{label(field)} {value}: {how} like that")

    found = []
    for lead, each in zip(leads, likeness, strict=True):
        named = tuple(unlike(lead, column, share) for column, share in each.unlike)
        text = ""
        if not each.enough:
            text = f"Not enough data like this lead. {'; '.join(field.text for field in named)}."
        found.append(LeadFamiliarity(each.enough, each.share, text, named))
    return found
