"""What the API says of why a lead has its score."""

from __future__ import annotations

from msgspec import Struct

from scoring.ml.explaining import reasons


class Reason(Struct, rename="camel"):
    """What one field adds to the score, as people read it: "Last contact 3 days ago: +11"."""

    name: str
    value: str
    points: float
    text: str


class FullReason(Reason):
    """`logOdds` is the same part of log(p / (1 - p)); `error` the standard error of the points."""

    log_odds: float
    error: float


class Explanation(Struct, rename="camel"):
    """base + the points of all reasons + rest = 100 × conversionProbability.

    `base` is the score of a lead of which nothing is known, `rest` what no reason names.
    """

    base: float
    rest: float


class FullExplanation(Explanation):
    """The same for log-odds: baseLogOdds + the logOdds of all reasons (rest is 0)."""

    base_log_odds: float


def listed(found: reasons.Reasons) -> list[Reason]:
    return [Reason(each.name, each.value, each.points, each.text) for each in found.listed]


def in_full(found: reasons.Reasons) -> list[FullReason]:
    return [
        FullReason(each.name, each.value, each.points, each.text, each.log_odds, each.error)
        for each in found.listed
    ]
