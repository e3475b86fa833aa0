"""What the API says of leads beside their probability."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from scoring.ml.serving.outlook import CONVERSION_BY_DAY, FAMILIARITY, INTERVAL
from scoring.services.outlook import LeadFamiliarity, LeadOutlook

# Name of a part -> name of the answer's field.
FIELDS: Mapping[str, str] = {
    INTERVAL: "interval",
    FAMILIARITY: "familiarity",
    CONVERSION_BY_DAY: "conversion_by_day",
}


class ProbabilityInterval(Struct):
    """The true probability lies within it for a share `level` of leads."""

    low: float
    high: float
    level: float


class UnlikeField(Struct):
    """A value that only this share of the leads learned from had."""

    name: str
    value: str
    share: float
    text: str


class Familiarity(Struct):
    """Whether there is enough data like this lead; if not, `text` says what is unlike.

    `share` of the leads learned from are as unusual as this one, or more so.
    """

    enough: bool
    share: float
    text: str
    unlike: list[UnlikeField]


class DayProbability(Struct):
    """Probability of a win by so many days from today."""

    day: int
    probability: float


def told(outlook: LeadOutlook) -> dict[str, Any]:
    """Field of an answer -> what it says; None where it cannot be told."""
    interval, familiarity, by_day = outlook.interval, outlook.familiarity, outlook.by_day
    return {
        "interval": interval and ProbabilityInterval(interval.low, interval.high, interval.level),
        "familiarity": familiarity and _familiarity(familiarity),
        "conversion_by_day": by_day and [DayProbability(*each) for each in by_day],
    }


def _familiarity(found: LeadFamiliarity) -> Familiarity:
    return Familiarity(
        enough=found.enough,
        share=found.share,
        text=found.text,
        unlike=[UnlikeField(each.name, each.value, each.share, each.text) for each in found.unlike],
    )
