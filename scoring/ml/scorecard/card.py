"""A scorecard: points that people give by rules, and what they mean as a probability.

A lead with `average_points` converts with `expected_rate`; every `points_to_double` more double
its odds ("points to double the odds": Siddiqi 2006, Credit Risk Scorecards, ch. 6).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import log
from typing import Any

import numpy as np
import numpy.typing as npt

from scoring.ml.encoding.conditions import Condition, ConditionColumn
from scoring.ml.encoding.features import LeadEncoder
from scoring.ml.model_types import BASE_RATE, SCORECARD
from scoring.ml.serving.calibration import Calibration
from scoring.ml.serving.engines import LinearEngine
from scoring.ml.serving.runtime import Scorer

Array = npt.NDArray[np.float64]
# Of a normal distribution: 95 % lie within so many standard deviations.
SIGMAS = 1.96


@dataclass(frozen=True, slots=True)
class Rule:
    """Points for a lead whose frame column meets a condition."""

    column: str
    condition: Condition
    points: float


@dataclass(frozen=True)
class Card:
    """Rules and what their points mean.

    expected_rate:    share won, 0 to 1, of leads with `average_points`.
    points_to_double: so many points more double the odds.
    certainty:        by which factor (above 1) a rule's odds, or those of the average lead, may
                      be wrong; with 95 % certainty by no more.
    """

    rules: tuple[Rule, ...]
    expected_rate: float
    average_points: float
    points_to_double: float
    certainty: float

    @property
    def per_point(self) -> float:
        """What a point adds to the log-odds."""
        return log(2) / self.points_to_double

    @property
    def bias(self) -> float:
        """The log-odds of a lead that no rule gives points."""
        rate = self.expected_rate
        average = self.average_points if self.rules else 0.0
        return log(rate / (1 - rate)) - self.per_point * average

    @property
    def prior_deviation(self) -> float:
        """Standard deviation of each weight's and the bias' distribution before any outcome."""
        return log(self.certainty) / SIGMAS

    def ordered(self) -> list[Rule]:
        """The rules field by field, each field where it first occurs: the matrix' columns."""
        columns = list(dict.fromkeys(rule.column for rule in self.rules))
        return sorted(self.rules, key=lambda rule: columns.index(rule.column))

    def encoder(self, placeholders: frozenset[str]) -> LeadEncoder:
        """Leads as a 0 or 1 for each rule, as `ordered` has them."""
        by_column: dict[str, list[Condition]] = {}
        for rule in self.rules:
            by_column.setdefault(rule.column, []).append(rule.condition)
        columns = [
            ConditionColumn(column, placeholders, tuple(conditions)).to_dict()
            for column, conditions in by_column.items()
        ]
        return LeadEncoder.from_dict(
            {
                "placeholders": sorted(placeholders),
                "drop": [],
                "dropped": {},
                "twins": {},
                "columns": columns,
            }
        )

    def weights(self) -> Array:
        """The rules' points as log-odds (k,), as `ordered` has them."""
        return np.array([self.per_point * rule.points for rule in self.ordered()])

    def importance(self) -> list[dict[str, Any]]:
        """[{"name", "value"}], the largest first, values sum to 1: the span of points by field."""
        encoder = self.encoder(frozenset())
        weights = self.weights()
        spans: dict[str, float] = {}
        for field, column in zip(encoder.fields_, encoder.columns, strict=True):
            if not isinstance(column, ConditionColumn):
                raise TypeError(f"A scorecard has no {type(column).__name__}.")
            sums = [
                float(np.dot(column.one(value, day), weights[field.columns]))
                for value, day in column.likely_values()
            ]
            spans[field.name] = max(sums) - min(sums)
        total = sum(spans.values()) or 1.0
        return [
            {"name": name, "value": span / total}
            for name, span in sorted(spans.items(), key=lambda each: -each[1])
        ]

    def to_json(self) -> dict[str, Any]:
        """As it is stored with a version; `from_json` gives an equal card."""
        return {
            "expectedRate": self.expected_rate,
            "averagePoints": self.average_points,
            "pointsToDouble": self.points_to_double,
            "certainty": self.certainty,
            "rules": [
                {
                    "column": rule.column,
                    "condition": rule.condition.to_json(),
                    "points": rule.points,
                }
                for rule in self.rules
            ],
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Card:
        """The card that `to_json` wrote."""
        rules = tuple(
            Rule(each["column"], Condition.from_json(each["condition"]), each["points"])
            for each in stored["rules"]
        )
        return cls(
            rules=rules,
            expected_rate=stored["expectedRate"],
            average_points=stored["averagePoints"],
            points_to_double=stored["pointsToDouble"],
            certainty=stored["certainty"],
        )

    @property
    def model_type(self) -> str:
        """A card without rules says the same of everybody: the base rate."""
        return SCORECARD if self.rules else BASE_RATE


def card_scorer(
    card: Card,
    *,
    placeholders: frozenset[str],
    weights: Array | None = None,
    bias: float | None = None,
) -> Scorer:
    """A scorer of the card as it stands, or with weights (k,) and bias that outcomes corrected.

    What no rule tells of is the base of every explanation: there each part is a rule's own points.
    """
    width = len(card.rules)
    zeros, ones = np.zeros(width), np.ones(width)
    engine = LinearEngine(
        fill=zeros,
        mean=zeros,
        scale=ones,
        weights=card.weights() if weights is None else weights,
        bias=np.array([card.bias if bias is None else bias]),
    )
    return Scorer(card.model_type, card.encoder(placeholders), engine, Calibration())
