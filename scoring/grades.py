"""Grades A to D: what a salesperson reads instead of a probability.

A grade says how a lead's odds of being won compare with those of an average lead, so it means the
same where 5 % are won and where half are: A at least three times the odds, B half as much again,
C at least half of them, D below. `GRADE_THRESHOLDS` puts fixed probabilities in their place.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from django.conf import settings
from django.db.models import Q

from scoring.models import ModelVersion

GRADES = ("A", "B", "C", "D")
# Of the average lead's odds, for an A, a B and a C.
TIMES_THE_ODDS = (3.0, 1.5, 0.5)


@dataclass(frozen=True, slots=True)
class GradeScale:
    """The least probabilities of an A, a B and a C, falling; below all of them is D."""

    least: tuple[float, ...]

    @classmethod
    def of_base_rate(cls, base_rate: float) -> Self:
        """The scale for a share won of `base_rate`, within (0, 1)."""
        odds = base_rate / (1 - base_rate)
        return cls(tuple(times * odds / (1 + times * odds) for times in TIMES_THE_ODDS))

    @classmethod
    def of_version(cls, version: ModelVersion) -> Self | None:
        """The scale for what this version says.

        The average is the share won among the rows that the version was judged on, and for a
        scorecard that was not judged what it expects. None if there is neither, and no thresholds.
        """
        if settings.GRADE_THRESHOLDS is not None:
            return cls(settings.GRADE_THRESHOLDS)
        base_rate = version.metrics.get("baseRate") or version.metrics.get("expectedRate")
        return cls.of_base_rate(base_rate) if base_rate and base_rate < 1 else None

    def grade(self, probability: float) -> str:
        """ "A" to "D"."""
        reached = zip(GRADES, self.least, strict=False)
        return next((grade for grade, least in reached if probability >= least), GRADES[-1])

    def least_for(self, grade: str) -> float:
        """The least probability of a grade. Raises ValueError for what is no grade."""
        return (*self.least, 0.0)[GRADES.index(grade)]


def grade_condition(grade: str, *, prefix: str = "") -> Q:
    """Which scores have this grade; each version has a scale of its own. prefix: leads to them."""
    condition = Q(pk__in=[])
    for version in ModelVersion.objects.only("metrics"):
        scale = GradeScale.of_version(version)
        if scale is None:
            continue
        within = {"version": version, "probability__gte": scale.least_for(grade)}
        if grade != GRADES[0]:
            within["probability__lt"] = scale.least_for(GRADES[GRADES.index(grade) - 1])
        condition |= Q(**{prefix + name: value for name, value in within.items()})
    return condition
