"""Whom to call today, if there is time for so many calls."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import DecimalField, F, FloatField, QuerySet, Value
from django.db.models.functions import Cast, Coalesce

from crm.models import Lead
from scoring.grades import GradeScale
from scoring.models import LeadScore, ModelVersion


@dataclass(frozen=True)
class Call:
    """A lead to call. value: its budget or what stands in for it; None if no budget is known."""

    lead: Lead
    score: int
    probability: float
    grade: str | None
    value: Decimal | None
    version: int
    scored_on: date

    @property
    def value_stands_in(self) -> bool:
        """Whether the value is not the lead's own budget."""
        return self.value is not None and self.lead.budget is None

    @property
    def expected_value(self) -> float | None:
        """Probability × value."""
        return None if self.value is None else self.probability * float(self.value)


@dataclass(frozen=True)
class Worklist:
    """The best calls, the best first, and what they promise together.

    stand_in: the value taken for leads without a budget, the median of the known budgets; None
    if none is known, and then probability alone decides. open_leads, unscored: how many open
    leads there are, and how many of them have no score and so cannot be on the list.
    """

    capacity: int
    calls: Sequence[Call]
    stand_in: Decimal | None
    open_leads: int
    unscored: int

    @property
    def expected_wins(self) -> float:
        """How many of the calls should be won: the sum of their probabilities."""
        return sum(call.probability for call in self.calls)

    @property
    def expected_value(self) -> float | None:
        """What they should bring in, in the installation's currency; None if nobody can know."""
        if self.stand_in is None:
            return None
        return sum(call.expected_value or 0.0 for call in self.calls)

    @property
    def stand_ins(self) -> int:
        """Calls whose value is not their own budget."""
        return sum(call.value_stands_in for call in self.calls)

    @property
    def scored_from(self) -> date | None:
        """The day of the oldest score on the list."""
        return min((call.scored_on for call in self.calls), default=None)


def worklist_make(*, capacity: int, owner: str | None = None) -> Worklist:
    """The `capacity` open leads with the highest probability × value, by their stored scores.

    owner: only the leads of the user with this name.
    """
    open_leads = Lead.objects.open()
    if owner is not None:
        open_leads = open_leads.filter(owner__username=owner)
    scored = open_leads.exclude(current_score=None)
    stand_in = _median_budget(scored)
    rows = (
        scored.select_related("owner", "current_score")
        .annotate(promise=_promise(stand_in))
        .order_by("-promise", "-current_score__probability", "pk")[:capacity]
    )
    leads = list(rows)
    scales = _scales({lead.current_score.version_id for lead in leads})
    everything = open_leads.count()
    return Worklist(
        capacity=capacity,
        calls=[_call(lead, stand_in, scales) for lead in leads],
        stand_in=stand_in,
        open_leads=everything,
        unscored=everything - scored.count(),
    )


def _median_budget(leads: QuerySet[Lead]) -> Decimal | None:
    """The median, not the mean: one giant must not set what every unknown is worth."""
    known = leads.exclude(budget=None)
    count = known.count()
    if not count:
        return None
    budgets = known.order_by("budget").values_list("budget", flat=True)
    return budgets[(count - 1) // 2]


def _promise(stand_in: Decimal | None) -> Cast | F:
    probability = F("current_score__probability")
    if stand_in is None:
        return probability
    money = DecimalField(max_digits=15, decimal_places=2)
    value = Coalesce(F("budget"), Value(stand_in, money), output_field=money)
    return Cast(probability * Cast(value, FloatField()), FloatField())


def _scales(versions: set[int]) -> dict[int, tuple[int, GradeScale | None]]:
    """Version -> its number and how it grades."""
    found = ModelVersion.objects.filter(pk__in=versions).only("number", "metrics")
    return {version.pk: (version.number, GradeScale.of_version(version)) for version in found}


def _call(
    lead: Lead, stand_in: Decimal | None, scales: dict[int, tuple[int, GradeScale | None]]
) -> Call:
    score: LeadScore = lead.current_score
    number, scale = scales[score.version_id]
    return Call(
        lead=lead,
        score=score.score,
        probability=score.probability,
        grade=scale.grade(score.probability) if scale else None,
        value=stand_in if lead.budget is None else lead.budget,
        version=number,
        scored_on=score.day,
    )
